"""The text on a page in one normal form, from Markdown or from HTML as SharePoint gives it back.

The normal form is HTML of headings (h2 to h4), paragraphs, lists, bold, italic and links, without any
attribute but `href`. SharePoint writes classes, styles and empty spans of its own into a text web
part; what is not in the normal form is not compared.
"""

from __future__ import annotations

import re
from html import escape, unescape
from html.parser import HTMLParser

_BLOCKS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4", "p": "p"}
_INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^)\s\[]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"(?<!\*)\*([^*\s](?:[^*]*[^*\s])?)\*(?!\*)")
_EMPTY = re.compile(r"<(strong|em|a)(?: [^>]*)?>( *)</\1>")


def normal(text: str) -> str:
    """Markdown, or HTML where it begins with a tag, as normal HTML. The same for its own result."""
    return normal_html(text if text.lstrip().startswith("<") else _from_markdown(text))


def normal_html(html: str) -> str:
    """HTML as normal HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.done())


class _Reader(HTMLParser):
    """Gathers blocks; everything it does not know is passed through as the text inside it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[str] = []
        self._lists: list[str] = []
        self._tag = "p"
        self._text = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and self._tag == "li":
            self._text += " "  # SharePoint puts paragraphs into the points of a list
        elif tag in _BLOCKS:
            self._flush()
            self._tag = _BLOCKS[tag]
        elif tag in {"ul", "ol"}:
            self._flush()
            self._lists.append(tag)
            self._blocks.append(f"<{tag}>")
        elif tag == "li":
            self._flush()
            self._tag = "li"
        elif tag in _INLINE:
            self._start(_INLINE[tag], "")
        elif tag == "a":
            self._start("a", f' href="{escape(dict(attrs).get("href") or "")}"')
        elif tag in {"br", "div", "tr", "td"}:
            self._text += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            if self._tag == "li":
                self._text += " "
            else:
                self._flush()
                self._tag = "p"
        elif tag == "li":
            self._flush()
            self._tag = "p"
        elif tag in {"ul", "ol"} and self._lists:
            self._flush()
            self._tag = "p"
            self._blocks.append(f"</{self._lists.pop()}>")
        elif tag in _INLINE:
            self._end(_INLINE[tag])
        elif tag == "a":
            self._end("a")
        elif tag in {"div", "td"}:
            self._text += " "

    def handle_data(self, data: str) -> None:
        self._text += escape(data, quote=False)

    def done(self) -> list[str]:
        """The blocks, all closed."""
        self._flush()
        while self._lists:
            self._blocks.append(f"</{self._lists.pop()}>")
        return self._blocks

    def _start(self, tag: str, attribute: str) -> None:
        self._text += f"<{tag}{attribute}>"
        self._open.append(tag)

    def _end(self, tag: str) -> None:
        if tag in self._open:
            while self._open:
                last = self._open.pop()
                self._text += f"</{last}>"
                if last == tag:
                    break

    def _flush(self) -> None:
        while self._open:
            self._text += f"</{self._open.pop()}>"
        text = _SPACE.sub(" ", self._text)
        while (shorter := _EMPTY.sub(r"\2", text)) != text:
            text = shorter
        text = _SPACE.sub(" ", text).strip()
        self._text = ""
        if text:
            self._blocks.append(f"<{self._tag}>{text}</{self._tag}>")


def _from_markdown(text: str) -> str:
    made: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        made += _block(lines)
    return "".join(made)


def _block(lines: list[str]) -> list[str]:
    """One block of lines; a heading or a list may follow text without an empty line between."""
    made: list[str] = []
    plain: list[str] = []
    items: list[str] = []
    kind = ""

    def close() -> None:
        nonlocal kind
        if plain:
            made.append(f"<p>{_inline(' '.join(plain))}</p>")
        if items:
            made.append(f"<{kind}>{''.join(items)}</{kind}>")
        plain.clear()
        items.clear()
        kind = ""

    for line in lines:
        heading = re.match(r"(#{1,4})\s+(.*)", line)
        item = re.match(r"(?:[-*+]|(\d+)[.)])\s+(.*)", line)
        if heading:
            close()
            level = max(2, len(heading[1]))
            made.append(f"<h{level}>{_inline(heading[2])}</h{level}>")
        elif item:
            now = "ol" if item[1] else "ul"
            if now != kind:
                close()
                kind = now
            items.append(f"<li>{_inline(item[2])}</li>")
        elif items:
            items[-1] = items[-1].removesuffix("</li>") + f" {_inline(line)}</li>"
        else:
            plain.append(line)
    close()
    return made


def _inline(text: str) -> str:
    """Bold, italic and links; everything else is text, so that `<` stays what it is."""
    text = escape(text, quote=False)
    text = _LINK.sub(lambda m: f'<a href="{escape(unescape(m[2]))}">{m[1]}</a>', text)
    text = _BOLD.sub(r"<strong>\1</strong>", text)
    return _ITALIC.sub(r"<em>\1</em>", text)
