"""The colours of a site, all told from one: the theme's primary colour.

SharePoint takes a palette of shades and gives back only the primary one, as `PrimaryColor` of the
web (pnp/cli-microsoft365 `spo theme apply`; pnp/script-samples, "Detect theme installed in
SharePoint Site"). So the file says that one, and the shades are made from it: lighter ones by
mixing in white, darker ones by mixing in black.
"""

from __future__ import annotations

import json
import re
from typing import Any

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_Rgb = tuple[int, int, int]
_WHITE, _BLACK, _TEXT = (255, 255, 255), (0, 0, 0), (51, 51, 51)
_SHADES: dict[str, tuple[_Rgb, float]] = {
    "themePrimary": (_WHITE, 0.0),
    "themeLighterAlt": (_WHITE, 0.95),
    "themeLighter": (_WHITE, 0.85),
    "themeLight": (_WHITE, 0.7),
    "themeTertiary": (_WHITE, 0.45),
    "themeSecondary": (_WHITE, 0.15),
    "themeDarkAlt": (_BLACK, 0.1),
    "themeDark": (_BLACK, 0.25),
    "themeDarker": (_BLACK, 0.45),
    "accent": (_BLACK, 0.1),
}
"""What is mixed into the primary colour for each slot, and how much of it."""
_GREYS = {
    "neutralLighterAlt": 248,
    "neutralLighter": 243,
    "neutralLight": 234,
    "neutralQuaternaryAlt": 218,
    "neutralQuaternary": 208,
    "neutralTertiaryAlt": 200,
    "neutralTertiary": 166,
    "neutralSecondary": 102,
    "neutralPrimaryAlt": 60,
    "neutralPrimary": 51,
    "neutralDark": 33,
}


def spelled(colour: Any) -> str | None:
    """The colour as it is compared, "#0b6a0b"; None for what is no colour."""
    text = str(colour or "").strip()
    return text.lower() if COLOUR.fullmatch(text) else None


def theme_body(colour: str) -> dict[str, str]:
    """The body of `ThemeManager/ApplyTheme` for a primary colour "#rrggbb"."""
    primary = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    palette = {name: _mixed(primary, other, part) for name, (other, part) in _SHADES.items()}
    palette |= {name: (grey, grey, grey) for name, grey in _GREYS.items()}
    palette |= {
        "black": _BLACK,
        "white": _WHITE,
        "primaryBackground": _WHITE,
        "primaryText": _TEXT,
    }
    slots = {name: dict(zip("RGBA", (*rgb, 255), strict=True)) for name, rgb in palette.items()}
    return {"name": "Workspace", "themeJson": json.dumps({"palette": slots})}


def _mixed(one: _Rgb, other: _Rgb, part: float) -> _Rgb:
    red, green, blue = (round(a * (1 - part) + b * part) for a, b in zip(one, other, strict=True))
    return red, green, blue
