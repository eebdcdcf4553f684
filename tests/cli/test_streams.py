"""Answers on stdout and nothing else there; errors as documents; exit codes people script against."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioner import __version__
from provisioner.cli import app, workspace
from provisioner.core.errors import Usage
from provisioner.tenant import client

HELP_LOADS = {
    "provisioner", "provisioner.cli", "provisioner.cli.app", "provisioner.cli.command_list",
    "provisioner.cli.console", "provisioner.cli.unforeseen", "provisioner.core",
    "provisioner.core.errors", "gc", "json", "json.decoder", "json.encoder", "json.scanner",
}  # fmt: skip
SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")
Command = Callable[..., Any]


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_help_loads_typer_and_hardly_more() -> None:
    """Reading all commands' options doubles the time: what Typer itself does not need, few may add."""
    answer = python(
        "-c",
        "import sys, typer, typer._click.decorators, typer._click._textwrap\n"
        "before = set(sys.modules)\n"
        "from provisioner.cli.app import exit_code\n"
        "code = exit_code(['--help'])\n"
        "more = {n for n in set(sys.modules) - before if not n.startswith('_')}\n"
        "print(code, *sorted(more), file=sys.stderr)",
    )
    code, *more = answer.stderr.split()
    assert code == "0"
    assert set(more) <= HELP_LOADS
    assert "Usage: provisioner" in answer.stdout


def test_a_command_loads_no_other() -> None:
    answer = python(
        "-c",
        "import sys\n"
        "from provisioner.cli.app import exit_code\n"
        "exit_code(['validate', '--help'])\n"
        "print(*(n for n in sys.modules if n.startswith('provisioner.cli.commands.')), file=sys.stderr)",
    )
    assert answer.stderr.split() == ["provisioner.cli.commands.validate"]


def test_version_is_one_line_on_stdout(command: Command) -> None:
    answer = command("--version")
    assert (answer.code, answer.out, answer.err) == (0, f"provisioner {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nope"],
        ["validte"],
        ["plan", "--nope"],
        ["plan", "a.yaml", "b.yaml"],
        ["validate", "--format", "xml"],
        ["drift", "--fail-on", "everything"],
        ["emulator", "serve", "--port", "many"],
        ["emulator", "nope"],
        ["new"],
        ["new", "!!!"],
        ["new", "Acme", "--set", "auditStart"],
        ["explain", "NO-SUCH-CODE"],
        ["--log-format", "xml", "plan"],
        ["apply", "--undo", "run", "--prune"],
        ["plan", "--format", "odt"],
        ["drift", "--format", "odt"],
        ["evidence", "add"],
        ["period", "open"],
        ["period", "open", "2027", "--from", "soon"],
        ["period", "reopen", "2026"],
        ["requests", "import"],
        ["requests", "import", "pbc.csv", "--map", "Ask"],
        *([name] for name in (
            "accept", "package", "verify", "import", "schedule", "probe",
            "fleet",
        )),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_64_with_a_sentence_and_nothing_on_stdout(
    arguments: list[str], command: Command
) -> None:
    answer = command(*arguments)
    assert (answer.code, answer.out) == (64, "")
    code, _, sentence = answer.err.partition("  ")
    assert code.isupper() or code.startswith("{")
    assert sentence.splitlines()[0].endswith((".", "?"))
    assert len(answer.err.splitlines()) == 2, "a sentence, and the next step"
    assert "Input should be" not in answer.err
    assert "Value error" not in answer.err


@pytest.mark.parametrize("arguments", [[], ["emulator"], ["period"], ["requests"]])
def test_a_bare_command_shows_its_help(arguments: list[str], command: Command) -> None:
    answer = command(*arguments)
    assert answer.code == 64
    assert answer.out.startswith("Usage: provisioner")


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["plan", "nope.yaml"], "SPEC-NOT-FOUND", 1),
        (["apply", "nope.yaml", "--yes"], "SPEC-NOT-FOUND", 1),
        (["drift", "nope.yaml"], "SPEC-NOT-FOUND", 1),
        (["plan", "--nope"], "USAGE", 64),
        (["nope"], "USAGE", 64),
        (["fleet"], "NOT-BUILT-YET", 64),
    ],
)
@pytest.mark.parametrize("asked", [["--format", "json"], ["--format=json"]], ids="".join)
def test_with_a_json_format_an_error_is_a_document(
    asked: list[str], arguments: list[str], code: str, exit_code: int, command: Command
) -> None:
    answer = command(*arguments, *asked)
    document = answer.json()
    assert answer.code == exit_code
    assert (document["apiVersion"], document["kind"]) == ("provisioner/v1", "Error")
    assert document["code"] == code
    assert document["message"]
    assert document["hint"]
    assert code in answer.err, "a person at the terminal is told too"


def test_the_log_is_one_json_object_a_line_with_every_problem(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "workspace.yaml").write_text("apiVersion: x\nkind: y\n", "utf-8")
    for arguments in (["--log-format", "json", "plan"], ["plan", "--log-format=json"]):
        answer = command(*arguments)
        lines = [json.loads(line) for line in answer.err.splitlines()]
        assert (answer.code, answer.out) == (1, "")
        assert {line["level"] for line in lines} == {"error"}
        assert [line["where"] for line in lines] == [
            "workspace.yaml:1:1",
            "workspace.yaml:1:1",
            "workspace.yaml:1:13",
            "workspace.yaml:2:7",
        ]
        assert all(line["message"] and line["hint"] and line["code"] for line in lines)


def test_quiet_leaves_answers_and_errors(command: Command) -> None:
    loud, quiet = command("validate", "nope.yaml"), command("--quiet", "validate", "nope.yaml")
    assert loud.out == quiet.out
    assert "1 problem found." in loud.err
    assert quiet.err == ""
    assert "SPEC-NOT-FOUND" in command("plan", "nope.yaml", "-q").err


def test_no_traceback_without_verbose(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr("provisioner.cli.workspace.read_workspace", burst)
    answer = command("plan", "--format", "json")
    assert (answer.code, answer.json()["code"]) == (1, "INTERNAL")
    assert "Traceback" not in answer.err
    assert "--verbose" in answer.err
    for arguments in (["--verbose", "plan"], ["plan", "--verbose"]):
        assert "Traceback" in command(*arguments).err


def test_what_nobody_foresaw_in_one_workspace_leaves_the_others_alone(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(path: Path, *_: object) -> None:
        raise RuntimeError("a bug of ours") if path.name == "a" else PermissionError(13, "No", "b")

    monkeypatch.setattr("provisioner.cli.workspace.open_workspace", burst)
    for name in ("drift", "sync"):
        answer = command(name, "a", "b", "--format", "json")
        lines = [json.loads(line) for line in answer.out.splitlines()]
        assert [(one["kind"], one["workspace"]) for one in lines] == [
            ("Error", "a"),
            ("Error", "b"),
        ]
        assert [one["code"] for one in lines] == ["INTERNAL", "FILE-UNUSABLE"]
        assert answer.code == 1
        assert "2 workspaces: 2 failed. Look at a, b." in answer.err


def test_wrong_usage_in_each_workspace_is_wrong_usage_of_all(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, as_of: str) -> None:
        raise Usage("BAD-DATE", f"{as_of} is not a date.", hint=str(path))

    monkeypatch.setattr("provisioner.cli.workspace.open_workspace", refuse)
    answer = command("sync", "a", "b", "--as-of", "soon")
    assert [json.loads(line)["exitCode"] for line in answer.out.splitlines()] == [64, 64]
    assert answer.code == 64


@pytest.mark.parametrize("name", ["missing/schema.json", "."])
def test_a_file_that_cannot_be_written_is_named(name: str, command: Command) -> None:
    answer = command("schema", "--out", name)
    assert answer.code == 1
    assert answer.err.startswith(f"FILE-UNUSABLE  {name} cannot be used: ")
    assert "permissions" in answer.err


def test_colours_are_for_terminals_that_want_them(command: Command) -> None:
    from provisioner.cli.console import Console

    class Terminal:
        def isatty(self) -> bool:
            return True

    screen: Any = Terminal()
    assert "\x1b[" not in command("plan", "nope.yaml").err, "no terminal, no colours"
    assert Console(color=False).paint("x", "red", screen) == "x"
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("NO_COLOR", raising=False)
        assert Console().paint("x", "red", screen) == "\x1b[31mx\x1b[0m"
        environment.setenv("NO_COLOR", "1")
        assert Console().paint("x", "red", screen) == "x"


def test_new_leaves_nothing_behind_when_it_fails(command: Command, tmp_path: Path) -> None:
    answer = command("new", "Acme", "--set", "auditStart=soon", "--set", "auditEnd=2026-12-31")
    assert (answer.code, answer.out) == (1, "")
    assert "SPEC-PARAMETER-VALUE" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_new_says_at_once_all_that_the_pack_asks_for(command: Command, tmp_path: Path) -> None:
    answer = command("new", "Acme")
    assert (answer.code, answer.out) == (64, "")
    assert "Add --set auditStart=2026-01-01 --set auditEnd=2026-01-01" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_new_says_where_the_file_is_and_does_not_write_over_one(
    command: Command, tmp_path: Path
) -> None:
    dates = ["--set", "auditStart=2026-01-01", "--set", "auditEnd=2026-12-31"]
    made = command("new", "Acme Payments", *dates)
    assert made.code == 0
    assert made.out == "acme-payments/workspace.yaml\n"
    assert "Next: provisioner plan" in made.err
    assert command("validate", "acme-payments").code == 0
    written = (tmp_path / "acme-payments" / "workspace.yaml").read_text("utf-8")
    again = command("new", "Acme Payments", *dates)
    assert (again.code, again.out) == (1, "")
    assert "ALREADY-THERE" in again.err
    assert (tmp_path / "acme-payments" / "workspace.yaml").read_text("utf-8") == written


def test_stdout_of_a_run_is_one_document_and_progress_is_elsewhere(provisioner: Any) -> None:
    workspace = provisioner.file(SMALL)
    for arguments, code, kind in (
        (["plan", workspace], 2, "Plan"),
        (["apply", workspace, "--yes"], 0, "Receipt"),
        (["apply", workspace, "--yes"], 0, "Receipt"),
        (["drift", workspace], 0, "DriftReport"),
        (["validate", workspace], 0, "ValidationReport"),
    ):
        answer = provisioner(*arguments, "--format", "json")
        assert answer.code == code, answer.err
        assert (answer.json()["apiVersion"], answer.json()["kind"]) == ("provisioner/v1", kind)
        logged = provisioner(*arguments, "--format", "json", "--log-format", "json")
        assert all("level" in json.loads(line) for line in logged.err.splitlines())
        assert provisioner(*arguments, "--quiet").err == ""


def test_several_workspaces_are_a_line_each_and_the_worst_code_wins(
    provisioner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets, opens = [], client.open_client

    def noted(*arguments: Any, **more: Any) -> Any:
        budgets.append(more["budget"])
        return opens(*arguments, **more)

    monkeypatch.setattr(client, "open_client", noted)
    good = provisioner.file(SMALL)
    assert provisioner("apply", good, "--yes").code == 0
    also = provisioner.file(SMALL, "also.yaml")
    moved = provisioner.file(SMALL.replace("title: Risk Register", "title: Risks"), "moved.yaml")
    bad = provisioner.file("nonsense\n", "bad.yaml")
    for files, code, kinds in (
        ([good, also], 0, ["DriftReport", "DriftReport"]),
        ([good, moved], 2, ["DriftReport", "DriftReport"]),
        ([bad, good], 1, ["Error", "DriftReport"]),
        ([moved, bad], 1, ["DriftReport", "Error"]),
    ):
        budgets.clear()
        answer = provisioner("drift", *files)
        assert len({id(one) for one in budgets}) == 1, "of one app in one tenant"
        lines = [json.loads(line) for line in answer.out.splitlines()]
        assert answer.code == code
        assert [line["kind"] for line in lines] == kinds
        assert all(line["apiVersion"] == "provisioner/v1" for line in lines)
        assert [line["file"] for line in lines] == [str(file) for file in files]
        assert code in [line["exitCode"] for line in lines]
    # A folder of client folders is all of them, and one that fails does not stop the others.
    clients = provisioner.folder / "clients"
    for name, text in (("a-broken", "nonsense\n"), ("b-good", SMALL)):
        (clients / name).mkdir(parents=True)
        (clients / name / "workspace.yaml").write_text(text, "utf-8")
    (clients / "notes").mkdir()
    answer = provisioner("drift", clients)
    kinds = [json.loads(line)["kind"] for line in answer.out.splitlines()]
    assert (answer.code, kinds) == (1, ["Error", "DriftReport"])
    ending = "2 workspaces: 1 as they should be, 1 failed. Look at "
    assert answer.err.splitlines()[-1] == f"{ending}{clients / 'a-broken'}."
    page = provisioner("drift", clients, "--format", "html")
    assert (page.code, page.out, "ONE-WORKSPACE-ONLY" in page.err) == (64, "", True)
    answer = provisioner("status", clients, clients / "b-good")
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [line["kind"] for line in lines] == ["Error", "Status"], "named twice is asked once"


@pytest.mark.parametrize("verb", ["drift", "sync", "status"])
def test_who_stops_several_workspaces_learns_which_were_not_begun(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "workspace.yaml").write_text("nonsense\n", "utf-8")
    opens = workspace.open_workspace

    def stopped_at_b(path: Path, *more: Any) -> Any:
        if path.name == "b":
            raise KeyboardInterrupt
        return opens(path, *more)

    monkeypatch.setattr(workspace, "open_workspace", stopped_at_b)
    assert app.exit_code([verb, str(tmp_path), "--format", "json"]) == 1
    told = capsys.readouterr()
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert [(Path(line["file"]).name, line["exitCode"]) for line in lines] == [("a", 1), ("b", 1)]
    assert lines[-1]["code"] == "STOPPED"
    assert told.err.splitlines()[-1].startswith("3 workspaces: 2 failed, 1 not begun. Look at ")
