"""`provisioner explain`: any finding or error code, at length."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from provisioner.cli.shared_options import TextOrJson, console_of
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.report.codes import Explanation

WIDTH = 88


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    context: typer.Context,
    code: Annotated[
        str | None,
        typer.Argument(help="A code, as findings and errors print it.", show_default=False),
    ] = None,
    every: Annotated[
        bool, typer.Option("--list", help="List all codes with their titles.")
    ] = False,
    output: TextOrJson = "text",
) -> int:
    """Say what a code means, why it matters, and what to do."""
    from provisioner.report.codes import CODES, all_json, nearest

    console = console_of(context)
    if every and code is None:
        if output == "json":
            console.out_json(all_json())
        else:
            _list(console)
        return 0
    if code is None or every:
        raise Usage(
            "USAGE",
            "Name one code, or ask for all of them with --list.",
            hint="Write it like `provisioner explain STALE`.",
        )
    one = CODES.get(code.strip().upper())
    if one is None:
        near = nearest(code)
        asked = f"Did you mean {' or '.join(near)}? " if near else ""
        raise Usage(
            "UNKNOWN-CODE",
            f"{code} is not a code we know.",
            hint=f"{asked}`provisioner explain --list` shows every code.",
        )
    if output == "json":
        console.out_json({"apiVersion": "provisioner/v1", "kind": "Explanation", **one.json()})
    else:
        _page(console, one)
    return 0


def _page(console: Console, one: Explanation) -> None:
    kind = f" ({one.severity})" if one.severity else ""
    console.out(f"{console.paint(one.code, 'bold')}: {one.title}{kind}")
    paragraphs = [one.meaning, f"What to do: {one.next}"]
    if one.why:
        paragraphs.insert(1, f"Why it matters: {one.why}")
    for paragraph in paragraphs:
        console.out()
        console.out(fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False))


def _list(console: Console) -> None:
    from provisioner.report.codes import CODES, ROOMS

    width = max(len(code) for code in CODES)
    for place, (room, several) in enumerate(ROOMS.items()):
        if place:
            console.out()
        console.out(console.paint(room, "bold"))
        for one in several:
            console.out(f"  {one.code:<{width}}  {one.title}")
