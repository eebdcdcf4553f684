"""HTML put together from parts, each escaped unless it was built here.

There is no way to write a page with text that is not escaped, but to make `Markup` of it by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote, urlencode, urlsplit


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Part = str | int | None | Iterable["Part"]

_VOID = frozenset({"meta", "link", "br", "col", "hr", "input"})
_SCHEMES = frozenset({"http", "https", "mailto"})


def text(part: Part) -> Markup:
    """The parts one after another; what is not `Markup` is escaped, None is nothing."""
    if part is None:
        return Markup()
    if isinstance(part, Markup):
        return part
    if isinstance(part, str | int):
        return Markup(escape(str(part), quote=True))
    return Markup("".join(text(each) for each in part))


def tag(name: str, /, *parts: Part, **attributes: str | int | bool | None) -> Markup:
    """An element. ``class_`` is written class, ``aria_label`` aria-label; None and False are left out."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{text(parts)}</{name}>")


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'


def lines(value: str) -> Markup:
    """Text with its line breaks."""
    broken: list[Part] = []
    for line in value.splitlines():
        broken += [tag("br"), line] if broken else [line]
    return text(broken)


def address(path: str, **query: str | int) -> str:
    """A path of this server as a link's target, quoted; `query` behind it."""
    asked = f"?{urlencode(query)}" if query else ""
    # "//host" would leave this server.
    return quote("/" + path.lstrip("/"), safe="/") + asked


def outside(url: str) -> str | None:
    """An address that may be followed (web or mail), or None for any other scheme."""
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return None
    return url.strip() if scheme in _SCHEMES else None


def link(href: str, *parts: Part, current: str | None = None, class_: str | None = None) -> Markup:
    """A link; `current` is its aria-current ("page")."""
    return tag("a", *parts, href=href, aria_current=current, class_=class_)
