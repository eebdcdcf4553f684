"""Every command by its word, with its line in `provisioner --help`; a command is loaded when it is used.

Reading the options of all commands takes longer than Python's own start, and a run needs those of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup


class Listed(NamedTuple):
    """A command: its file in `provisioner.cli.commands`, and what it does in at most 61 characters."""

    module: str
    purpose: str


COMMANDS = {
    "demo": Listed("demo", "Tell the whole story on the local tenant."),
    "new": Listed("new", "Write a workspace file for a new client."),
    "templates": Listed("templates", "List the packs to start from."),
    "validate": Listed("validate", "Say everything that is wrong with a workspace file."),
    "schema": Listed("schema", "Print the JSON Schema for an editor."),
    "plan": Listed("plan", "Show what apply would do."),
    "apply": Listed("apply", "Make the site what the file says, and read it back."),
    "drift": Listed("drift", "Say what differs, to the property; change nothing."),
    "accept": Listed("accept", "Accept what differs now at an address, until a day."),
    "sync": Listed("sync", "Say what is missing, stale or unreviewed, on the items."),
    "report": Listed("report", "Write how ready the evidence is, and why."),
    "rows": Listed("rows", "Show the rows of a list for which a condition holds."),
    "package": Listed("package", "Write the sound evidence of an audit period as one ZIP."),
    "verify": Listed("package", "Check that an auditor's package is as it was made."),
    "evidence": Listed("evidence", "Evidence that a script collects."),
    "requests": Listed("requests", "What auditors ask for."),
    "period": Listed("period", "Audit periods: the year goes on."),
    "schedule": Listed("schedule", "Write files that run sync every day and drift every Monday."),
    "import": Listed("import_", "Write an existing site as a workspace file, and check it."),
    "status": Listed("status", "Show the last runs and what is recorded."),
    "receipts": Listed("receipts", "What each apply did, kept in the ledger."),
    "detach": Listed("detach", "Remove our own records from the site; leave the workspace."),
    "permissions": Listed("permissions", "Compute the least permissions this workspace needs."),
    "doctor": Listed("doctor", "Check sign-in, consent, permissions, clock and limits."),
    "probe": Listed("probe", "Try, in scratch lists, what no document settles."),
    "replay": Listed("replay", "Plan, look for drift or judge, on recorded answers."),
    "explain": Listed("explain", "Say what a code means, why it matters, and what to do."),
    "emulator": Listed("emulator", "The local Microsoft 365 tenant."),
}


class CommandGroup(TyperGroup):
    """The commands under `provisioner`: named and described without loading them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: Mapping[str, Any] = Loaded()  # type: ignore[assignment]  # nothing adds to it

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        """Every word, in the order of `COMMANDS`."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's signature
        """The list in `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl([(word, listed.purpose) for word, listed in COMMANDS.items()])


class Loaded(Mapping[str, Any]):
    """Commands by word, each loaded when it is first asked for; those not built yet come last."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, word: str) -> Any:
        if word not in self._made:
            self._made |= _commands_of(COMMANDS[word].module if word in COMMANDS else "later")
        return self._made[word]

    def __iter__(self) -> Iterator[str]:
        return iter([*COMMANDS, *(word for word in _commands_of("later") if word not in COMMANDS)])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _commands_of(module: str) -> Mapping[str, Any]:
    """What one file of commands registers."""
    alone = typer.Typer(rich_markup_mode=None)
    import_module(f"provisioner.cli.commands.{module}").register(alone)
    return typer.main.get_group(alone).commands
