"""What stands beside the workspace file: references to values, and accepted deviations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from provisioner.core.errors import ProvisionerError, SpecInvalid, Where
from provisioner.spec.deviations import load_deviations
from provisioner.spec.references import check_set, resolve, resolve_path


def test_references_are_resolved_from_the_environment_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "id.txt").write_text("app-1\r\n")
    assert resolve("env:ID", {"ID": "x"}, tmp_path) == "x"
    assert resolve("file:id.txt", {}, tmp_path) == "app-1"
    assert resolve("plain", {}, tmp_path) == "plain"
    assert resolve_path("file:/etc/app.pem", tmp_path) == Path("/etc/app.pem")
    assert resolve("environment", {}, tmp_path) == "environment"


@pytest.mark.parametrize("environment", [{}, {"ID": ""}])
def test_a_missing_variable_is_named_with_the_next_step(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with pytest.raises(ProvisionerError) as caught:
        resolve("env:ID", environment, tmp_path, Where("w.yaml", 3, 4))
    assert caught.value.code == "REFERENCE-ENV-MISSING"
    assert "export ID=" in caught.value.hint
    assert str(caught.value).startswith("w.yaml:3:4: ")


def test_all_missing_variables_are_named_at_once() -> None:
    texts = ("env:A", None, "plain", "env:B", "env:SET", "env:A")
    with pytest.raises(ProvisionerError) as caught:
        check_set(texts, {"SET": "x", "B": ""})
    assert caught.value.message == "The environment variables A and B are not set."
    assert "`export A=… B=…`" in caught.value.hint
    check_set(texts, {"A": "1", "B": "2", "SET": "3"})


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_bytes(b"x" * (1024 * 1024 + 1))
    for name in ("absent", "binary", "large", "."):
        with pytest.raises(ProvisionerError) as caught:
            resolve(f"file:{name}", {}, tmp_path)
        assert caught.value.code == "REFERENCE-FILE"


ONE = """\
- address: library:vendor-evidence
  path: versioning.major
  value: 100
  reason: The client keeps fewer versions.
  approver: vciso@contoso.example
  expires: 2027-01-31
"""


def test_a_folder_without_deviations_has_none(tmp_path: Path) -> None:
    assert load_deviations(tmp_path) == ()
    (tmp_path / "deviations.yaml").write_text("# none yet\n")
    assert load_deviations(tmp_path) == ()


def test_deviations_are_read_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "deviations.yaml").write_text(
        ONE + "- {address: site, value: [a, {b: 1}], reason: R, approver: A, expires: 2027-02-28}\n"
    )
    first, second = load_deviations(tmp_path)
    assert (first.address, first.path, first.value) == (
        "library:vendor-evidence",
        "versioning.major",
        100,
    )
    assert (first.expires, first.ticket, first.where.line) == (date(2027, 1, 31), None, 1)
    assert (second.value, second.path, second.where.line) == (["a", {"b": 1}], "", 7)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ONE.replace("2027-01-31", "soon"), "SPEC-VALUE"),
        (ONE.replace("approver", "aprover"), "SPEC-UNKNOWN-KEY"),
        (ONE.replace("  value: 100\n", ""), "SPEC-MISSING"),
        (ONE + ONE, "SPEC-DUPLICATE-NAME"),
        ("a: 1\n", "SPEC-TYPE"),
        ("a: [\n", "SPEC-YAML"),
    ],
)
def test_wrong_deviations_are_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "deviations.yaml").write_text(text)
    with pytest.raises(SpecInvalid) as caught:
        load_deviations(tmp_path)
    assert code in [problem.code for problem in caught.value.problems]
