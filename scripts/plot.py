"""Lines on two logarithmic axes, as a small SVG that reads in light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 320, 76, 150, 40, 56
COLOURS = ("#0f6cbd", "#8a6d00", "#107c10", "#b4262c", "#6b4fbb")
STYLE = (
    "text{font:12px sans-serif;fill:#24292f}.g{stroke:#c8c8c8}svg{background:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.g{stroke:#4a4a4a}svg{background:#1e1e1e}}"
)


def lines(
    path: Path,
    series: Mapping[str, Sequence[tuple[float, float]]],
    x_label: str,
    y_label: str,
    title: str,
) -> None:
    """Write a plot of `series`: points (x, y), both above 0, by the name at the line's end."""
    points = [point for some in series.values() for point in some]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    low, high = floor(log10(min(ys))), max(ceil(log10(max(ys))), floor(log10(min(ys))) + 1)
    first, last = log10(min(xs)), log10(max(xs))
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        right = LEFT + across * (log10(x) - first) / ((last - first) or 1)
        return round(right, 1), round(TOP + up * (high - log10(y)) / (high - low), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text x="{LEFT}" y="20" font-weight="bold">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        _, y = place(min(xs), 10.0**power)
        parts.append(f'<path class="g" d="M{LEFT} {y}H{LEFT + across}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{10.0**power:,g}</text>')
    for x in sorted(set(xs)):
        right, _ = place(x, 10.0**low)
        parts.append(
            f'<text x="{right}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,.0f}</text>'
        )
    middle = TOP + up / 2
    parts.append(
        f'<text x="{LEFT + across / 2}" y="{HEIGHT - 12}" text-anchor="middle">'
        f"{escape(x_label)}</text>"
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_label)}</text>"
    )
    for number, (name, some) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        drawn = " ".join("{},{}".format(*place(x, y)) for x, y in some)
        right, y = place(*some[-1])
        parts.append(
            f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<circle cx="{right}" cy="{y}" r="3" fill="{colour}"/>'
            f'<text x="{right + 8}" y="{y + 4}">{escape(name)}</text>'
        )
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")
