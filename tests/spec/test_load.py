from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provisioner.core.errors import Where
from provisioner.spec import compose
from provisioner.spec.load import MAX_BYTES, read_bytes, read_file, read_text


def plain(text: str) -> object:
    node, problems = read_text(text, "w.yaml", "w.yaml")
    assert problems == []
    assert node is not None
    return node.plain()


def codes(text: str) -> list[str]:
    return [problem.code for problem in read_text(text, "w.yaml", "w.yaml")[1]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("12", 12),
        ("-3", -3),
        ("007", "007"),
        ("0", 0),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("1.0.0", "1.0.0"),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("0x1F", "0x1F"),
        (".inf", ".inf"),
        ("~", None),
        ("null", None),
        ("", None),
        ('"12"', "12"),
        ("'true'", "true"),
        ("!!str 12", "12"),
        ("=a", "=a"),
    ],
)
def test_words_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    value = plain(f"k: {written}")
    assert value == {"k": meant}
    assert isinstance(value, dict)
    assert type(value["k"]) is type(meant)


def test_every_value_knows_its_place() -> None:
    node, _ = read_text("a:\n  - é: x\n    b: [1,  2]\n", "w.yaml", "pack@1.0.0")
    assert node is not None
    assert node.at(("a", 0, "é")).where == Where("w.yaml", 2, 8)
    assert node.at(("a", 0, "b", 1)).where == Where("w.yaml", 3, 13)
    entry = node.at(("a", 0)).entry("b")
    assert entry is not None
    assert entry.where == Where("w.yaml", 3, 5)
    assert node.at(("a", 0, "b")).origin == "pack@1.0.0"


def test_keys_are_text_however_they_look() -> None:
    assert plain("2026: a\ntrue: b\n") == {"2026": "a", "true": "b"}


def test_aliases_and_merge_keys() -> None:
    text = "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [{x: 9}, *a], z: 0}\n"
    assert plain(text) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 2},
        "c": {"x": 1, "y": 3},
        "d": {"x": 9, "y": 2, "z": 0},
    }


def test_a_byte_order_mark_is_passed_over() -> None:
    node, problems = read_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "w.yaml", "w.yaml")
    assert problems == []
    assert node is not None
    assert node.plain() == {"a": 1, "b": 2}
    assert node.at(("b",)).where == Where("w.yaml", 2, 4)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\na: 2\n", "SPEC-DUPLICATE-KEY", 2, 1),
        ("a:\n\t- x\n", "SPEC-TAB", 2, 1),
        ("a: [1, 2\nb: 3\n", "SPEC-YAML", 2, 2),
        ("a: b: c\n", "SPEC-YAML", 1, 5),
        ('a: "x\n', "SPEC-YAML", 2, 1),
        ("a: {{ client }}\n", "SPEC-YAML", 1, 5),
        ("a: *b\n", "SPEC-YAML", 1, 4),
        ("a: &b [*b]\n", "SPEC-YAML", 1, 8),
        ("a: 1\n---\nb: 2\n", "SPEC-YAML", 2, 1),
        ("a: !python/object x\n", "SPEC-TAG", 1, 4),
        ("a: !!set {x}\n", "SPEC-TAG", 1, 4),
        ("a: {<<: 3}\n", "SPEC-YAML", 1, 9),
        ("? [a]\n: b\n", "SPEC-YAML", 1, 3),
        ("a: 1e999\n", "SPEC-NUMBER", 1, 4),
        ("a: " + "9" * 5000, "SPEC-NUMBER", 1, 4),
        ("a: x\x01\n", "SPEC-CHARACTER", 1, 5),
        ("[" * 5000, "SPEC-TOO-DEEP", 1, 41),
        ("", "SPEC-EMPTY", 1, 1),
        ("# only a comment\n", "SPEC-EMPTY", 1, 1),
        ("a: \ud800\n", "SPEC-ENCODING", 1, 1),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, code: str, line: int, column: int) -> None:
    node, problems = read_text(text, "w.yaml", "w.yaml")
    assert problems, node
    problem = problems[-1]
    assert (problem.code, problem.where) == (code, Where("w.yaml", line, column))
    assert problem.message.endswith(".")
    assert problem.hint


def test_several_problems_are_told_at_once() -> None:
    found = codes("a: 1\na: 2\nb: !x 1\npassword: hunter2\nc: [\n")
    assert found == ["SPEC-DUPLICATE-KEY", "SPEC-TAG", "SPEC-YAML"]
    assert codes("a: 1\na: 2\npassword: hunter2\n") == ["SPEC-DUPLICATE-KEY", "SPEC-SECRET"]


def test_a_duplicate_key_names_both_places() -> None:
    _, problems = read_text("a: 1\nb: 2\na: 3\n", "w.yaml", "w.yaml")
    assert problems[0].where.line == 3
    assert "w.yaml:1:1" in problems[0].message


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert codes("\n".join(lines)) == ["SPEC-TOO-LARGE"]


def test_depth_counts_through_aliases() -> None:
    lines = ["a0: &a0 [[[[[[[[[[1]]]]]]]]]]"]
    lines += [f"a{n}: &a{n} [[[[[[[[[[*a{n - 1}]]]]]]]]]]" for n in range(1, 5)]
    assert codes("\n".join(lines)) == ["SPEC-TOO-DEEP"]


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text("#" * (MAX_BYTES + 1))
    assert [p.code for p in read_file(file)[1]] == ["SPEC-TOO-LARGE"]


def test_a_file_of_too_many_values_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "MAX_NODES", 1_000)
    text = "".join(f"key{number}: v\n" for number in range(1_500)) + "a: ["
    (problem,) = read_text(text, "w.yaml", "w.yaml")[1]
    assert (problem.code, problem.where.line) == ("SPEC-TOO-LARGE", 1_000)


def test_bytes_that_are_not_utf_8_are_placed() -> None:
    _, problems = read_bytes("a: 1\nb: é\n".encode("latin-1"), "w.yaml", "w.yaml")
    assert (problems[0].code, problems[0].where) == ("SPEC-ENCODING", Where("w.yaml", 2, 4))


def test_a_missing_file_and_a_folder_are_problems_not_tracebacks(tmp_path: Path) -> None:
    assert [p.code for p in read_file(tmp_path / "absent.yaml")[1]] == ["SPEC-NOT-FOUND"]
    assert [p.code for p in read_file(tmp_path)[1]] == ["SPEC-UNREADABLE"]
    assert [p.code for p in read_file(Path("a\0b"))[1]] == ["SPEC-NOT-FOUND"]


def test_a_file_gives_its_tree(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text("a: 1\n")
    node, problems = read_file(file, shown="w.yaml", origin="here")
    assert node is not None
    assert (node.plain(), node.where.file, node.origin) == ({"a": 1}, "w.yaml", "here")
    assert problems == []


def test_problems_of_a_text_that_is_read_twice_are_told_twice_and_not_added_up() -> None:
    _, first = read_text("a: [", "w.yaml", "w.yaml")
    first += first
    _, again = read_text("a: [", "w.yaml", "w.yaml")
    _, elsewhere = read_text("a: [", "other.yaml", "w.yaml")
    assert (len(again), again[0].where.file) == (1, "w.yaml")
    assert elsewhere[0].where.file == "other.yaml"


KEY_BLOCK = "-----BEGIN RSA PRIVATE KEY-----"
ENTRA = "abc8Q~" + "x1" * 17
TOKEN = "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4"


@pytest.mark.parametrize(
    "text",
    [
        f"a: {KEY_BLOCK}",
        f"a: |\n  {KEY_BLOCK}\n  MIIE\n",
        f"note: see {ENTRA} there",
        f"a: [{TOKEN}]",
        "tenant: {auth: {secret: hunter2}}",
        "clientSecret: hunter2",
        "client_secret: hunter2",
        "Password: hunter2",
        "url: https://x.example/workflows?api=1&sig=Abcdefghijklmnop123",
    ],
)
def test_a_secret_in_the_file_is_an_error_that_does_not_repeat_it(text: str) -> None:
    _, problems = read_text(text, "w.yaml", "w.yaml")
    assert [problem.code for problem in problems] == ["SPEC-SECRET"]
    said = f"{problems[0]} {problems[0].hint}"
    assert not any(word in said for word in ("hunter2", ENTRA, TOKEN, "MIIE", "Abcdef"))


@pytest.mark.parametrize(
    "text",
    [
        "auth: {method: secret, secret: env:CLIENT_SECRET}",
        "certificatePassword: file:~/pw",
        "password: ''",
        "title: Secrets and keys",
        "sourceSystem: vault",
    ],
)
def test_references_and_words_about_secrets_are_fine(text: str) -> None:
    assert codes(text) == []


FRAGMENTS = st.sampled_from(
    ["a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ", ", "&x ", "*x", "<<: ", "!", "!!int ", "'",
     '"', "|\n", ">", "#", "---\n", "...\n", "%", "@", "\t", "? ", "1e9", "0", "é", "\\", "~", "\r",
     "\ufeff", "\x85"]
)  # fmt: skip


@given(st.text() | st.lists(FRAGMENTS, max_size=40).map("".join))
@example("%YAML 9.9\n--- a")
@example("? ")
@example(": ")
@example("!<tag:yaml.org,2002:int> x")
def test_no_text_makes_the_loader_fail(text: str) -> None:
    node, problems = read_text(text, "w.yaml", "w.yaml")
    assert node is not None or problems
    for problem in problems:
        assert problem.where.line >= 1
        assert problem.where.column >= 1


@given(st.binary())
def test_no_bytes_make_the_loader_fail(data: bytes) -> None:
    node, problems = read_bytes(data, "w.yaml", "w.yaml")
    assert node is not None or problems
