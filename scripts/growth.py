"""How cost grows with the number of lists: a table, and a plot of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import plot
import yaml
from measuring import Count, Tenant, counted, limits

SIZES = (1, 10, 50, 200)
BUDGET = 1_000_000  # units a minute: the budget's waiting would hide everything else
FIRST, AGAIN, DRIFT, PLAN = "first apply", "apply again", "drift", "plan"
COMMANDS = ((FIRST, "apply"), (AGAIN, "apply"), (DRIFT, "drift"), (PLAN, "plan"))
Grown = Mapping[str, list[Count]]
"""What each command cost, in the order of `SIZES`."""


def growth(tenant: Tenant, folder: Path, chart: Path) -> None:
    """Each command on workspaces of growing size; print a table and draw the plots."""
    grown: Grown = {name: [] for name, _ in COMMANDS}
    for size in SIZES:
        file = folder / f"lists-{size}.yaml"
        file.write_text(yaml.safe_dump(workspace(size), sort_keys=False), "utf-8")
        tenant.control("POST", "reset")
        tenant.control("PUT", "settings", limits(BUDGET))
        for name, command in COMMANDS:
            yes = ("--yes",) if command == "apply" else ()
            one = counted(tenant, name, command, file, *yes)
            grown[name].append(one)
            print(f"{size} lists, {name}: {one.seconds:.1f} s", file=sys.stderr)
    print_table(grown)
    draw(grown, chart)


def print_table(grown: Grown) -> None:
    """A row for each command and size."""
    print("\n### How cost grows\n")
    print("| command | lists | requests | round trips | parts | units | CPU s | wall s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, counts in grown.items():
        for size, one in zip(SIZES, counts, strict=True):
            asked = (one.requests, one.in_turn, one.parts, one.units)
            cells = " | ".join(map(str, (name, size, *asked)))
            print(f"| {cells} | {one.cpu:.1f} | {one.seconds:.1f} |")


def draw(grown: Grown, chart: Path) -> None:
    """What a first apply asks of Microsoft 365; and beside it the seconds that commands take."""
    first = grown[FIRST]
    asked: dict[str, list[float]] = {
        "resource units": [one.units for one in first],
        "requests": [one.requests for one in first],
        "round trips": [one.in_turn for one in first],
    }
    took = {name: [one.seconds for one in grown[name]] for name in (FIRST, AGAIN, DRIFT)}
    took["CPU, first apply"] = [one.cpu for one in first]
    for path, lines, unit, title in (
        (chart, asked, "count", "What a first apply asks for, by lists"),
        (chart.with_stem(f"{chart.stem}-seconds"), took, "seconds", "What it takes, by lists"),
    ):
        series = {name: list(zip(SIZES, values, strict=True)) for name, values in lines.items()}
        plot.lines(path, series, "lists", unit, title)


def workspace(size: int) -> dict[str, object]:
    """So many lists with five columns, settings, a view and permissions of their own."""
    return {
        "apiVersion": "provisioner/v1",
        "kind": "Workspace",
        "tenant": {"cloud": "emulator"},
        "site": {
            "url": f"/sites/growth-{size}",
            "title": "Growth",
            "create": "communication",
            "owner": "vciso@contoso.example",
        },
        "groups": [{"name": "Team", "members": ["user:vciso@contoso.example"]}],
        "lists": [
            {
                "key": f"list-{number}",
                "title": f"List {number}",
                "versioning": {"major": 100},
                "permissions": {
                    "inherit": False,
                    "grants": [{"to": "group:Team", "role": "Contribute"}],
                },
                "columns": [
                    {"name": "Status", "type": "choice", "choices": ["Open", "Closed"]},
                    {"name": "Due", "type": "dateTime", "format": "dateOnly"},
                    {"name": "Score", "type": "number", "decimals": 0},
                    {"name": "Owner", "type": "person"},
                    {"name": "Cost", "type": "currency", "decimals": 2},
                ],
                "views": [{"name": "Open", "columns": ["LinkTitle", "Status", "Due"]}],
            }
            for number in range(1, size + 1)
        ],
    }
