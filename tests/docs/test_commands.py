"""The command line is documented, explains itself, and does what the README shows."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator

import pages
import pytest
import typer

from provisioner.cli.app import _global_first, app
from provisioner.cli.command_list import COMMANDS
from provisioner.cli.commands.later import LATER

COMMAND = typer.main.get_command(app)


def walk(command=COMMAND, path=()) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, each in command.commands.items():
        yield (*path, name), each
        if hasattr(each, "commands"):
            yield from walk(each, (*path, name))


EVERY = [pytest.param(path, command, id=" ".join(path)) for path, command in walk()]
VISIBLE = [each for each in EVERY if not each.values[1].hidden]
LINES = [line for page in pages.PAGES for line in pages.command_lines(page)]


@pytest.mark.parametrize(("path", "command"), VISIBLE)
def test_every_command_is_in_the_readme_or_the_docs(path, command):
    named = re.compile(rf"\bprovisioner (?:-\S+ )*{' '.join(path)}\b|`{' '.join(path)}[ `]")
    assert any(named.search(page.read_text("utf-8")) for page in pages.PAGES)


@pytest.mark.parametrize(("path", "command"), EVERY)
def test_every_command_and_every_option_has_help(path, command):
    assert command.help
    silent = [
        parameter.name
        for parameter in command.params
        if not getattr(parameter, "help", "") and parameter.name != "help"
    ]
    assert silent == []


def test_the_list_in_help_names_what_the_files_of_commands_register():
    registered = {}
    for file in (pages.ROOT / "provisioner" / "cli" / "commands").glob("[!_]*.py"):
        alone = typer.Typer()
        importlib.import_module(f"provisioner.cli.commands.{file.stem}").register(alone)
        registered |= dict.fromkeys(typer.main.get_group(alone).commands, file.stem)
    listed = {word: each.module for word, each in COMMANDS.items()}
    assert listed == {word: file for word, file in registered.items() if file != "later"}


def test_no_line_of_the_list_in_help_is_cut_or_wrapped():
    too_long = {word: each.purpose for word, each in COMMANDS.items() if len(each.purpose) > 61}
    assert too_long == {}


def test_what_is_not_built_yet_is_in_the_changelog():
    text = (pages.ROOT / "CHANGELOG.md").read_text("utf-8").partition("### Not built yet")[2]
    listed = set(re.findall(r"`([a-z]+)`", text)) - {"apply"}
    assert listed == set(LATER)


def test_the_pages_show_commands():
    assert len(LINES) > 10


@pytest.mark.parametrize("line", LINES, ids=str)
def test_every_command_line_of_the_pages_parses(line):
    command, words = COMMAND, _global_first(list(line.words[1:]))
    while words and words[0] == "--record":  # an option of every command, with its file
        del words[:2]
    while hasattr(command, "commands"):
        assert words, "a group needs a command"
        assert words[0] in command.commands, f"there is no command {words[0]}"
        command = command.commands[words.pop(0)]
    command.make_context("provisioner", words)


def test_every_command_named_in_passing_exists():
    known = {path[0] for path, _ in walk()} | {"reset", "serve"}
    named = {
        (page.name, word)
        for page in pages.PAGES
        for code in pages.inline_code(page)
        for word in re.findall(r"^provisioner ([a-z]+)", code)
    }
    assert named
    assert {(page, word) for page, word in named if word not in known} == set()


def test_the_readme_makes_a_workspace_that_is_sound_and_can_be_planned(
    provisioner, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    shown = {
        line.words[1]: line.words[1:] for line in pages.command_lines(pages.ROOT / "README.md")
    }
    assert provisioner(*shown["templates"]).code == 0
    made = provisioner(*shown["new"])
    assert (made.code, made.out.strip()) == (0, "acme-payments/workspace.yaml")
    monkeypatch.chdir(tmp_path / "acme-payments")
    assert provisioner(*shown["validate"]).code == 0
    planned = provisioner(*shown["plan"])
    assert (planned.code, provisioner.writes()) == (2, [])
