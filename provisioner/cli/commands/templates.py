"""`provisioner templates`: the packs a workspace can extend."""

from __future__ import annotations

import typer

from provisioner.cli.shared_options import console_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("templates")(templates)


def templates(context: typer.Context) -> int:
    """List the packs to start from, a line each; then, as a note, what can be added to them."""
    from provisioner.spec.packs import available

    console = console_of(context)
    packs = available()
    for pack in packs:
        if pack.use == "workspace":
            console.out(f"{pack.name}@{pack.major}  {pack.summary}")
    for pack in packs:
        if pack.use == "option":
            console.say(f"To add, with --with {pack.name}: {pack.summary}")
    return 0
