"""How an apply's cost grows with the number of lists: a table, and a plot of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import log10
from pathlib import Path

import yaml
from measuring import Count, Tenant, counted, limits, table

SIZES = (1, 10, 50, 200)
BUDGET = 1_000_000  # units a minute: the budget's waiting would hide everything else
WIDTH, HEIGHT, LEFT, TOP = 560, 260, 56, 24
LINES = (("requests", "#8a6d00"), ("units", "#0f6cbd"), ("round trips", "#107c10"))


def growth(tenant: Tenant, folder: Path, plot: Path) -> None:
    """Apply, and apply again, workspaces of growing size; print a table and draw the plot."""
    first: list[Count] = []
    again: list[Count] = []
    for size in SIZES:
        file = folder / f"lists-{size}.yaml"
        file.write_text(yaml.safe_dump(workspace(size), sort_keys=False), "utf-8")
        tenant.control("POST", "reset")
        tenant.control("PUT", "settings", limits(BUDGET))
        lists = f"{size} list" + "s" * (size > 1)
        first.append(counted(tenant, f"{lists}, apply", "apply", file, "--yes"))
        again.append(counted(tenant, f"{lists}, again", "apply", file, "--yes"))
        print(f"{lists}: {first[-1].seconds:.1f} s, {again[-1].seconds:.1f} s", file=sys.stderr)
    table("How cost grows", [one for pair in zip(first, again, strict=True) for one in pair])
    plot.write_text(drawn(first), "utf-8")


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


def drawn(counts: Sequence[Count]) -> str:
    """Requests, units and round trips by the number of lists, both axes logarithmic, as SVG."""
    values = {
        "requests": [one.requests for one in counts],
        "units": [one.units for one in counts],
        "round trips": [one.in_turn for one in counts],
    }
    top = max(log10(max(v)) for v in values.values())
    across, up = WIDTH - LEFT - 110, HEIGHT - TOP - 40

    def place(size: int, value: int) -> tuple[float, float]:
        x = LEFT + across * log10(size) / log10(SIZES[-1])
        return round(x, 1), round(TOP + up * (1 - log10(value) / top), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        "<style>text {font: 12px sans-serif}</style>",
        "<title>What an apply costs, by the number of lists</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(int(top) + 1):
        _, y = place(1, 10**power)
        parts.append(f'<path d="M{LEFT} {y}H{LEFT + across}" stroke="#d0d0d0"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{10**power:,}</text>')
    for size in SIZES:
        x, _ = place(size, 1)
        parts.append(f'<text x="{x}" y="{HEIGHT - 20}" text-anchor="middle">{size}</text>')
    parts.append(
        f'<text x="{LEFT + across / 2}" y="{HEIGHT - 4}" text-anchor="middle">lists</text>'
    )
    for name, colour in LINES:
        points = [place(size, value) for size, value in zip(SIZES, values[name], strict=True)]
        drawn_points = " ".join(f"{x},{y}" for x, y in points)
        parts.append(
            f'<polyline points="{drawn_points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        x, y = points[-1]
        parts.append(f'<text x="{x + 8}" y="{y + 4}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
