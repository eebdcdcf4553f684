"""The file in which a library keeps default values of columns by folder.

``<MetadataDefaults><a href="/sites/x/Lib/2026"><DefaultValue FieldName="Area">Access</DefaultValue>
</a></MetadataDefaults>``, as pnp/cli-microsoft365 (spo list defaultvalue set) and @pnp/sp
(column-defaults) read and write it. People and other tools write it too, not always as XML should
be, so it is read with patterns as @pnp/sp does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from urllib.parse import unquote

# No tag begins inside another one, so a file of many that never end is gone through once.
_TAG = re.compile(r"<(/?)(a|DefaultValue)(?=[\s/>])((?:[^\"<>]|\"[^\"]*\")*)>", re.IGNORECASE)
_HREF = re.compile(r"\bhref=\"([^\"]*)\"", re.IGNORECASE)
_FIELD = re.compile(r"\bFieldName=\"([^\"]*)\"", re.IGNORECASE)


def read_file(body: object, url: str) -> list[tuple[str, str, str]]:
    """Folder, column and text of each value in the file.

    Folders are from the root of the library at `url`; one outside it keeps its whole address. Where
    a folder is there twice, which happens, the first counts.
    """
    text = body.decode("utf-8-sig", "replace") if isinstance(body, bytes) else str(body or "")
    found: dict[tuple[str, str], str] = {}
    for href, column, value in _values(text):
        place = unquote(unescape(href)).rstrip("/")
        if place.casefold() == url.casefold():
            place = ""
        elif place.casefold().startswith(f"{url.casefold()}/"):
            place = place[len(url) + 1 :]
        found.setdefault((place, unescape(column)), unescape(value))
    return [(place, column, value) for (place, column), value in found.items() if value]


def _values(text: str) -> Iterator[tuple[str, str, str]]:
    """Address, column and text of each value, as they are written; a place that never ends has none."""
    href = column = None
    begun = 0
    inside: list[tuple[str, str, str]] = []
    for tag in _TAG.finditer(text):
        ends, attributes = bool(tag[1]), tag[3]
        if tag[2].casefold() == "a":
            if ends:
                yield from inside
                href = column = None
                inside.clear()
            elif href is None and not attributes.endswith("/"):
                named = _HREF.search(attributes)
                href = named[1] if named else None
        elif href is None:
            continue
        elif ends and column is not None:
            inside.append((href, column, text[begun : tag.start()]))
            column = None
        elif not ends and column is None and not attributes.endswith("/"):
            named = _FIELD.search(attributes)
            column, begun = (named[1] if named else None), tag.end()


def written_file(values: Mapping[str, str], url: str) -> bytes:
    """The file that says these, by folder and column; blanks in addresses are `%20`."""
    places: dict[str, list[str]] = {}
    for path, value in sorted(values.items()):
        folder, _, column = path.rpartition("/")
        places.setdefault(folder, []).append(
            f'<DefaultValue FieldName="{escape(column)}">{escape(value, quote=False)}</DefaultValue>'
        )
    links = []
    for folder, tags in places.items():
        home = folder if folder.startswith("/") else f"{url}/{folder}".rstrip("/")
        links.append(f'<a href="{escape(home.replace(" ", "%20"))}">{"".join(tags)}</a>')
    return f"<MetadataDefaults>{''.join(links)}</MetadataDefaults>".encode()
