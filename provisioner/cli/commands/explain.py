"""`provisioner explain`: any finding or error code, at length."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from provisioner.cli.shared_options import console_of
from provisioner.core.errors import Usage


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="A code, as findings and errors print it.")],
) -> int:
    """Say what a code means, why it matters, and what to do."""
    from provisioner.report.codes import CODES
    from provisioner.sync.rules import TABLE

    console = console_of(context)
    wanted = code.upper()
    rules = {rule.code: rule for rule in TABLE}
    if wanted in rules:
        rule = rules[wanted]
        paragraphs = [rule.meaning, f"Why it matters: {rule.why}", f"What to do: {rule.next}"]
        console.out(f"{rule.code}: {rule.title} ({rule.severity})")
    elif wanted in CODES:
        one = CODES[wanted]
        paragraphs = [one.meaning, f"What to do: {one.next}"]
        console.out(f"{one.code}: {one.title}")
    else:
        near = get_close_matches(wanted, [*rules, *CODES], 1)
        hint = (
            f"Did you mean {near[0]}?" if near else f"Known codes: {', '.join([*rules, *CODES])}."
        )
        raise Usage("UNKNOWN-CODE", f"{code} is not a code we know.", hint=hint)
    for paragraph in paragraphs:
        console.out("")
        console.out(paragraph)
    return 0
