"""Commands of the contract that are not built yet: they say so and exit 64."""

from __future__ import annotations

import typer

from provisioner.core.errors import Usage

LATER = {
    "fleet": "run many clients",
}


def register(app: typer.Typer) -> None:
    """Add one command for each."""
    for name, purpose in LATER.items():
        _add(app, name, purpose)


def _add(app: typer.Typer, name: str, purpose: str) -> None:
    @app.command(
        name,
        help=f"Not built yet: will {purpose}.",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        hidden=True,
    )
    def later(context: typer.Context) -> None:
        raise Usage(
            "NOT-BUILT-YET",
            f"`provisioner {name}` is not built yet. It will {purpose}.",
            hint="`provisioner --help` lists what works today.",
        )
