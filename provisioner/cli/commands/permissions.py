"""`provisioner permissions`: the least an app must be allowed, and how to grant it."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from provisioner.cli.shared_options import HERE, WorkspacePath, console_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("permissions")(permissions)


def permissions(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    output: Annotated[
        Literal["text", "json", "markdown", "script"],
        typer.Option(
            "--format",
            help="text, json, markdown (the consent text) or script (what registers and grants).",
        ),
    ] = "text",
) -> int:
    """Compute the least permissions this workspace needs. Nothing is sent, no sign-in is needed."""
    from provisioner.cli.workspace import open_workspace
    from provisioner.engine.permissions import permissions as computed
    from provisioner.report.permissions_script import permissions_script
    from provisioner.report.permissions_text import permissions_markdown, permissions_text

    console = console_of(context)
    opened = open_workspace(workspace)
    notifications = opened.settings.notifications
    found = computed(opened.desired, mailbox=notifications.mail_from or "")
    if output == "json":
        console.out_json(found.json())
    elif output == "script":
        from provisioner.tenant.endpoints import graph_root_of

        cloud = opened.settings.tenant.cloud
        # A workspace of the emulator is a rehearsal of one in Microsoft's own cloud.
        real = "global" if cloud == "emulator" else cloud
        console.out(permissions_script(found, real, graph_root_of(real)))
    else:
        console.out((permissions_markdown if output == "markdown" else permissions_text)(found))
    return 0
