from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sound_workspace import load_workspace

from provisioner.core.errors import Problem, SpecInvalid
from provisioner.spec.packs import available, pack_library
from provisioner.spec.sources import asked_by
from provisioner.spec.workspace import read_workspace

HEAD = "apiVersion: provisioner/v1\nkind: Workspace\ntenant: {cloud: emulator}\n"
PACK = """\
apiVersion: provisioner/v1
kind: Pack
name: {name}
version: "{version}"
title: A pack
summary: For tests.
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "packs"
    pack(
        folder / "base",
        "base",
        parts={
            "10-a.yaml": "groups:\n  - {name: Readers, role: Read}\n",
            "20-b.yaml": "x: '{{ client }}'\n",
        },
        more="parameters:\n"
        "  client: {description: Whose it is.}\n"
        "  tier: {default: gold, choices: [gold, tin]}\n"
        "  from: {default: 2026-01-01, type: date}\n",
    )
    return folder


def pack(
    folder: Path, name: str, *, version: str = "1.2.0", parts: dict[str, str], more: str = ""
) -> None:
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK.format(name=name, version=version) + more)
    for file, text in parts.items():
        (folder / file).write_text(text)


def write(folder: Path, text: str, name: str = "workspace.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text)
    return file


def problems(file: Path, library: Path | None = None, **options: object) -> list[Problem]:
    return read_workspace(file, library=library, **options)[1]  # type: ignore[arg-type]


def codes(file: Path, library: Path | None = None) -> list[str]:
    return [problem.code for problem in problems(file, library)]


def test_a_client_file_on_a_pack(tmp_path: Path, library: Path) -> None:
    write(
        tmp_path,
        HEAD
        + "extends: base@1\nparameters: {client: Acme}\ngroups: [{name: Readers, role: None}]\n",
    )
    loaded = load_workspace(tmp_path, library=library)
    assert loaded.root.at(("x",)).value == "Acme"
    assert loaded.root.at(("x",)).origin == "base@1.2.0"
    assert loaded.root.at(("groups", 0, "role")).value == "None"
    assert loaded.parameters == {"client": "Acme", "tier": "gold", "from": "2026-01-01"}
    assert loaded.sources == ("base@1.2.0", str(tmp_path / "workspace.yaml"))
    assert loaded.folder == tmp_path
    assert loaded.settings is not None
    assert loaded.settings.tenant.cloud == "emulator"


def test_places_in_a_pack_do_not_depend_on_where_it_is_installed(
    tmp_path: Path, library: Path
) -> None:
    write(tmp_path, HEAD + "extends: base@1\nparameters: {client: Acme}\n")
    loaded = load_workspace(tmp_path, library=library)
    assert str(loaded.root.at(("x",)).where) == "base@1.2.0/20-b.yaml:1:4"


def test_the_digest_is_of_what_is_said_and_not_of_how(tmp_path: Path, library: Path) -> None:
    one = write(tmp_path / "1", HEAD + "extends: base@1\nparameters: {client: Acme}\n")
    two = write(
        tmp_path / "2",
        "# the same, by hand\ngroups: [{role: Read, name: Readers}]\nx: Acme\n" + HEAD,
    )
    three = write(tmp_path / "3", HEAD + "extends: base@1\nparameters: {client: Beta}\n")
    first, second, third = (
        load_workspace(f, library=library).spec_digest for f in (one, two, three)
    )
    assert first == second
    assert first.startswith("sha256:")
    assert first != third


def test_several_bases_are_merged_in_order(tmp_path: Path, library: Path) -> None:
    write(tmp_path, "x: two\nsite: {title: shared}\n", "shared.yaml")
    file = write(tmp_path, HEAD + "extends: [base@1, ./shared.yaml]\nparameters: {client: Acme}\n")
    root = load_workspace(file, library=library).root
    assert root.at(("x",)).value == "two"
    assert root.at(("site", "title")).value == "shared"


def test_a_base_gives_parameters_and_is_read_from_where_it_stands(
    tmp_path: Path, library: Path
) -> None:
    write(tmp_path / "firm", "extends: base@1\nparameters: {client: Firm, tier: tin}\n", "all.yaml")
    file = write(
        tmp_path / "acme", HEAD + "extends: ../firm/all.yaml\nparameters: {client: Acme}\n"
    )
    loaded = load_workspace(file, library=library)
    assert loaded.parameters["client"] == "Acme"
    assert loaded.parameters["tier"] == "tin"


def test_a_pack_by_path_may_extend_another(tmp_path: Path, library: Path) -> None:
    pack(
        tmp_path / "mine",
        "mine",
        version="3.0.0",
        parts={"a.yaml": "y: 1\n"},
        more="extends: base@1\n",
    )
    file = write(tmp_path, HEAD + "extends: ./mine\nparameters: {client: Acme}\n")
    loaded = load_workspace(file, library=library)
    assert loaded.sources[:2] == ("base@1.2.0", "mine@3.0.0")
    assert loaded.root.at(("y",)).value == 1


def test_what_is_reached_twice_is_merged_once(tmp_path: Path, library: Path) -> None:
    write(tmp_path, "extends: base@1\nx: mine\n", "a.yaml")
    file = write(tmp_path, HEAD + "extends: [./a.yaml, base@1]\nparameters: {client: Acme}\n")
    assert load_workspace(file, library=library).root.at(("x",)).value == "mine"


def test_a_cycle_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "extends: ./b.yaml\n", "a.yaml")
    write(tmp_path, "extends: ./a.yaml\n", "b.yaml")
    file = write(tmp_path, HEAD + "extends: ./a.yaml\n")
    found = problems(file)
    assert [problem.code for problem in found] == ["SPEC-EXTENDS-CYCLE"]
    assert "a.yaml → b.yaml → a.yaml" in found[0].message


def test_a_file_that_extends_itself_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD + "extends: ./workspace.yaml\n")
    assert codes(file) == ["SPEC-EXTENDS-CYCLE"]


@pytest.mark.parametrize(
    ("extends", "code", "hint"),
    [
        ("base@2", "SPEC-PACK-VERSION", "base@1"),
        ("base@" + "9" * 5000, "SPEC-EXTENDS", "base@1"),
        ("bsae@1", "SPEC-PACK-UNKNOWN", "Did you mean “base”?"),
        ("base", "SPEC-EXTENDS", "base@1"),
        ("base@1.2", "SPEC-EXTENDS", "base@1"),
        ("./absent.yaml", "SPEC-NOT-FOUND", ""),
        ("[3]", "SPEC-EXTENDS", ""),
        ("{a: b}", "SPEC-EXTENDS", ""),
    ],
)
def test_what_cannot_be_extended(
    tmp_path: Path, library: Path, extends: str, code: str, hint: str
) -> None:
    found = problems(write(tmp_path, HEAD + f"extends: {extends}\n"), library)
    assert found[0].code == code
    assert found[0].where.line == 4
    assert hint in found[0].hint


def test_the_versions_there_are_get_named(tmp_path: Path, library: Path) -> None:
    found = problems(write(tmp_path, HEAD + "extends: base@2\n"), library)
    assert "there is 1.2.0" in found[0].message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("parameters: {}\n", "SPEC-PARAMETER-MISSING"),
        ("parameters: {client: A, cliemt: B}\n", "SPEC-PARAMETER-UNUSED"),
        ("parameters: {client: A}\nz: '{{ cliemt }}'\n", "SPEC-PARAMETER-UNKNOWN"),
        ("parameters: {client: A}\nz: '{{ client }'\n", "SPEC-PARAMETER-SYNTAX"),
        ("parameters: {client: A}\nz: '{{ client | upper }}'\n", "SPEC-PARAMETER-SYNTAX"),
        ("parameters: {client: [A]}\n", "SPEC-PARAMETER-VALUE"),
        ("parameters: {client: A, tier: lead}\n", "SPEC-PARAMETER-VALUE"),
        ("parameters: {client: A, from: 20260101}\n", "SPEC-PARAMETER-VALUE"),
        ("parameters: {client: A, from: 2026-02-30}\n", "SPEC-PARAMETER-VALUE"),
    ],
)
def test_parameters_that_do_not_fit(tmp_path: Path, library: Path, text: str, code: str) -> None:
    assert code in codes(write(tmp_path, HEAD + "extends: base@1\n" + text), library)


def test_a_misspelt_parameter_is_told_once_with_the_right_name(
    tmp_path: Path, library: Path
) -> None:
    found = problems(write(tmp_path, HEAD + "extends: base@1\nparameters: {cliemt: A}\n"), library)
    assert [problem.code for problem in found] == [
        "SPEC-PARAMETER-MISSING",
        "SPEC-PARAMETER-UNUSED",
    ]
    assert "Is “cliemt” meant for it?" in found[0].hint
    assert "Did you mean “client”?" in found[1].hint


def test_a_file_may_give_itself_parameters(tmp_path: Path) -> None:
    file = write(
        tmp_path, HEAD + "parameters: {n: 3}\na: '{{n}}'\nb: 'n={{ n }}!'\nc: [{d: '{{ n }}'}]\n"
    )
    assert load_workspace(file).root.at(("a",)).value == "3"
    assert load_workspace(file).root.at(("b",)).value == "n=3!"
    assert load_workspace(file).root.at(("c", 0, "d")).value == "3"


def test_the_message_of_a_check_may_name_columns(tmp_path: Path) -> None:
    text = "parameters: {n: x}\nlists: [{key: r, checks: [{code: C, message: '{{ n }} {{ Title }}'}]}]\n"
    root = load_workspace(write(tmp_path, HEAD + text)).root
    assert root.at(("lists", 0, "checks", 0, "message")).value == "x {{ Title }}"


def test_unknown_top_level_keys_are_refused_when_the_kinds_are_known(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD + "site: {}\nsties: {}\n")
    assert codes(file) == []
    found = problems(file, kind_keys=("site",))
    assert [(p.code, p.where.line) for p in found] == [("SPEC-UNKNOWN-KEY", 5)]
    assert "Did you mean “site”?" in found[0].hint


def test_all_problems_are_raised_together_and_each_once(tmp_path: Path, library: Path) -> None:
    text = "extends: base@1\nparameters: {client: A, other: B}\nfreshness: {leadDays: soon}\na: 1\na: 2\n"
    with pytest.raises(SpecInvalid) as caught:
        load_workspace(write(tmp_path, HEAD + text), library=library)
    assert [problem.code for problem in caught.value.problems] == [
        "SPEC-PARAMETER-UNUSED",
        "SPEC-TYPE",
        "SPEC-DUPLICATE-KEY",
    ]


def test_a_secret_is_all_there_is_to_say_of_its_place(tmp_path: Path) -> None:
    text = HEAD.replace(
        "{cloud: emulator}", "{cloud: global, auth: {method: secret, secret: hunter2}}"
    )
    assert codes(write(tmp_path, text)) == ["SPEC-SECRET"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "SPEC-EMPTY"), ("- a\n", "SPEC-TYPE"), ("a: [\n", "SPEC-YAML"), ("{}\n", "SPEC-MISSING")],
)
def test_files_that_are_no_workspace(tmp_path: Path, text: str, code: str) -> None:
    assert code in codes(write(tmp_path, text))


def test_a_folder_without_a_workspace(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["SPEC-NOT-FOUND"]


def test_a_part_of_a_pack_holds_no_head(tmp_path: Path) -> None:
    pack(tmp_path / "p", "p", parts={"a.yaml": "kind: Workspace\n", "b.yaml": "- 1\n"})
    assert codes(write(tmp_path, HEAD + "extends: ./p\n")) == ["SPEC-PACK", "SPEC-TYPE"]


@pytest.mark.parametrize(
    "said",
    ["tenant: {cloud: global}\n", "notifications: {teamsWorkflowUrl: 'file:p/where.txt'}\n"],
)
def test_a_pack_does_not_say_as_whom_and_where_or_who_is_told(tmp_path: Path, said: str) -> None:
    """It may come from anybody; a file that one's own firm shares is extended by its path."""
    pack(tmp_path / "p", "p", parts={"a.yaml": said})
    assert codes(write(tmp_path, HEAD + "extends: ./p\n")) == ["SPEC-PACK"]


def test_a_pack_with_a_wrong_manifest(tmp_path: Path) -> None:
    pack(tmp_path / "packs" / "p", "p", version="1", parts={})
    with pytest.raises(SpecInvalid) as caught:
        available(tmp_path / "packs")
    assert caught.value.code == "SPEC-VALUE"
    assert codes(write(tmp_path, HEAD + "extends: p@1\n"), tmp_path / "packs") == ["SPEC-VALUE"]


def test_the_newest_version_of_a_major_is_taken(tmp_path: Path) -> None:
    for version in ("1.9.0", "1.10.0", "2.0.0"):
        pack(tmp_path / "packs" / version, "p", version=version, parts={})
    file = write(tmp_path, HEAD + "extends: p@1\n")
    assert load_workspace(file, library=tmp_path / "packs").sources[0] == "p@1.10.0"


def test_the_packs_that_come_with_the_program_are_listed() -> None:
    assert pack_library().is_dir()
    packs = {one.name: one for one in available()}
    assert packs["soc2-fintech-api"].major == 1
    asked = {one.name: one for one in asked_by([packs["soc2-fintech-api"]])}
    assert set(asked) == {"client", "auditStart", "auditEnd", "auditType", "standard"}
    iso = {one.name: one for one in asked_by([packs["iso27001-2022"]])}
    assert (asked["standard"].default, iso["standard"].default) == (
        "a SOC 2 report",
        "ISO/IEC 27001 certification",
    )


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6)
    | st.sampled_from(["{{ a }}", "{{", "soc2-fintech-api@1", "./x", ".", "emulator", "\0"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["extends", "parameters", "tenant", "evidence", "periods", "people", "freshness",
             "name", "id", "key", "remove", "a", "cloud", "apiVersion", "kind", "holidays"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=15,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(["extends", "parameters", "tenant", "evidence", "a"]), TREES)
)
@example({"a": "\ud800"})
@example({"extends": "./x\0y"})
@example({"extends": "./" + "x" * 300})
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_workspace_file_makes_it_fail(tmp_path: Path, data: dict[str, object]) -> None:
    file = write(tmp_path, json.dumps(data))
    loaded, found = read_workspace(file, kind_keys=("site",))
    assert loaded is not None or found
    for problem in found:
        assert problem.where.line >= 1
        assert problem.message


def test_days_added_to_a_parameter_that_is_no_date_are_told(tmp_path: Path, library: Path) -> None:
    """Only a value of a declared date was reported already, where it was given."""
    head = HEAD + "extends: base@1\n"
    text = write(tmp_path / "text", head + "parameters: {client: Acme}\nx: '{{ tier - 9d }}'\n")
    assert codes(text, library) == ["SPEC-PARAMETER-DATE"]
    day = write(
        tmp_path / "day", head + "parameters: {client: A, from: soon}\nx: '{{ from - 9d }}'\n"
    )
    assert len(codes(day, library)) == 1


def test_a_long_value_that_is_named_often_fills_no_memory(tmp_path: Path) -> None:
    many = "".join(f"  r{one}: '{'{{ p }}' * 50}'\n" for one in range(20))
    text = f"parameters: {{p: '{'x' * 1_000_000}'}}\npeople:\n{many}"
    loaded, found = read_workspace(write(tmp_path, HEAD + text))
    assert [one.code for one in found].count("SPEC-TOO-LARGE") == 1
    assert loaded is not None
    assert len(str(loaded.root.plain()["people"])) < 20_000_000


def test_thousands_of_misspelt_names_beside_thousands_of_known_ones_are_told_soon(
    tmp_path: Path,
) -> None:
    given = "".join(f"  client{one}: x\n" for one in range(4000))
    used = "".join(f"  r{one}: '{{{{ clientt{one} }}}}'\n" for one in range(2000))
    begun = time.process_time()
    _, found = read_workspace(write(tmp_path, f"{HEAD}parameters:\n{given}people:\n{used}"))
    assert time.process_time() - begun < 5
    unknown = [one for one in found if one.code == "SPEC-PARAMETER-UNKNOWN"]
    assert len(unknown) == 1000
    assert unknown[0].hint.startswith("Did you mean")
