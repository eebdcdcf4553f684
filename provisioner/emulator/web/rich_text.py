"""Text that people formatted, shown with its headings, lists and links and with nothing else of it.

The markup is of others, so none of it is passed on: its words are read, and the few elements that
are known are built anew. Attributes are left out but for the target of a link.
"""

from __future__ import annotations

from html.parser import HTMLParser

from provisioner.emulator.web.markup import Markup, Part, address, link, outside, tag

_KNOWN = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "b", "i", "u", "a", "blockquote"}
)
_UNREAD = frozenset({"script", "style"})


def rich_text(value: str) -> Markup | None:
    """The text as HTML of our own; None where it holds no words."""
    reader = _Reader()
    reader.feed(value)
    reader.close()
    return reader.whole()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str, list[Part]]] = [("", "", [])]
        self._words = False

    def handle_data(self, data: str) -> None:
        if self._open[-1][0] not in _UNREAD:
            self._open[-1][2].append(data)
            self._words = self._words or bool(data.strip())

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        if name == "br":
            self._open[-1][2].append(tag("br"))
        elif name in _KNOWN | _UNREAD:
            self._open.append((name, dict(attrs).get("href") or "", []))

    def handle_endtag(self, name: str) -> None:
        if any(opened == name for opened, _, _ in self._open[1:]):
            while self._close() != name:
                pass

    def whole(self) -> Markup | None:
        while len(self._open) > 1:
            self._close()
        return tag("div", self._open[0][2], class_="about") if self._words else None

    def _close(self) -> str:
        name, href, parts = self._open.pop()
        if name == "a":
            self._open[-1][2].append(_linked(href, parts))
        elif name not in _UNREAD:
            self._open[-1][2].append(tag(name, parts))
        return name


def _linked(href: str, parts: list[Part]) -> Markup:
    if href.startswith("/") and not href.startswith("//"):
        return link(address(href), parts)
    safe = outside(href)
    return link(safe, parts) if safe else tag("span", parts)
