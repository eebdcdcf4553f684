"""`provisioner templates`: the packs a workspace can extend."""

from __future__ import annotations

import typer

from provisioner.cli.shared_options import console_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("templates")(templates)


def templates(context: typer.Context) -> int:
    """List the packs, a line each."""
    from provisioner.spec.packs import available

    for pack in available():
        console_of(context).out(f"{pack.name}@{pack.version.partition('.')[0]}  {pack.summary}")
    return 0
