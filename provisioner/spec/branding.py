"""`branding:` the name, logo, colour and footer words of the firm whose reports these are.

Whatever is shown comes with the page: the logo is read here and carried inside, nothing is fetched.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path

from provisioner.core.errors import Problem
from provisioner.core.node import Node
from provisioner.spec.references import resolve_path

LARGEST = 200_000
"""Bytes of a logo: it stands in every page."""
LEAST_CONTRAST = 4.5
"""What text needs (WCAG 2.2, success criterion 1.4.3, level AA: www.w3.org/TR/WCAG22/)."""
PAPER = "#f5f6f8"
"""The lightest ground but white that a report has; links in the colour stand on it."""
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class UnusableLogo(Exception):
    """A logo that cannot be used; the text ends a sentence."""


def logo_of(node: Node) -> str:
    """The logo a `branding.logo` names, as a `data:` address. Raises `UnusableLogo`."""
    named = str(node.value)
    try:
        if named.startswith("data:"):
            _, comma, text = named.partition(";base64,")
            if not comma:
                raise UnusableLogo("its address is not `data:image/png;base64,…`")
            content = base64.b64decode(text, validate=True)
        else:
            content = _bytes_of(resolve_path(named, Path(node.where.file).parent))
    except binascii.Error:
        raise UnusableLogo("its address is not base64") from None
    except OSError as error:
        raise UnusableLogo((error.strerror or "it cannot be read").lower()) from None
    if len(content) > LARGEST:
        raise UnusableLogo(f"it has more than {LARGEST} bytes")
    kind = next((kind for mark, kind in _PICTURES.items() if content.startswith(mark)), None)
    if kind is None:
        raise UnusableLogo("it is neither a PNG nor a JPEG picture")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _bytes_of(path: Path) -> bytes:
    """So many that one too many shows; a device or a pipe, which may have no end, is no logo."""
    if path.exists() and not path.is_file():
        raise UnusableLogo("it is no file")
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def branding_problems(root: Node) -> Iterator[Problem]:
    """What is wrong with logo and colour. Codes: BRANDING-LOGO, BRANDING-CONTRAST."""
    logo, color = (root.exactly(("branding", word)) for word in ("logo", "color"))
    if logo is not None and isinstance(logo.value, str):
        try:
            if logo.value.startswith(("file:", "data:")):
                logo_of(logo)
        except UnusableLogo as why:
            yield Problem(
                "BRANDING-LOGO",
                f"The logo cannot be used: {why}.",
                logo.where,
                "Take a PNG or JPEG of up to 200 KB, `file:logo.png` beside this file.",
            )
    text = color.value if color is not None else None
    if color is None or not isinstance(text, str) or not _is_color(text):
        return
    found = contrast(text, PAPER)
    if found < LEAST_CONTRAST:
        yield Problem(
            "BRANDING-CONTRAST",
            f"The colour {text} cannot be read: its contrast with the page is {found:.1f} to 1, "
            f"and text needs {LEAST_CONTRAST}.",
            color.where,
            f"{darker(text)} is the same colour, dark enough.",
        )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darker(color: str) -> str:
    """The lightest shade of a colour that can be read on the page."""
    parts = _parts(color)
    for step in range(100, -1, -1):
        shade = "#" + "".join(f"{part * step // 100:02x}" for part in parts)
        if contrast(shade, PAPER) >= LEAST_CONTRAST:
            return shade
    return "#000000"


def _is_color(text: str) -> bool:
    return (
        len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in text[1:])
    )


def _parts(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(color: str) -> float:
    shares = [part / 255 for part in _parts(color)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
