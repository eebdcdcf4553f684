"""`provisioner schema`: the JSON Schema of a workspace file, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from provisioner.cli.shared_options import console_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema")(schema)


def schema(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.")] = None,
) -> int:
    """Print the JSON Schema with which an editor completes and explains every key."""
    from provisioner.engine.declare import mounts
    from provisioner.spec.schema import workspace_schema

    document = workspace_schema(
        {path: mounted.model.model_json_schema(by_alias=True) for path, mounted in mounts().items()}
    )
    console = console_of(context)
    if out is None:
        console.out_json(document)
    else:
        out.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
        console.say(f"Schema written to {out}.")
    return 0
