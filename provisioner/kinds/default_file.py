"""The file in which a library keeps default values of columns by folder.

``<MetadataDefaults><a href="/sites/x/Lib/2026"><DefaultValue FieldName="Area">Access</DefaultValue>
</a></MetadataDefaults>``, as pnp/cli-microsoft365 (spo list defaultvalue set) and @pnp/sp
(column-defaults) read and write it. People and other tools write it too, not always as XML should
be, so it is read with patterns as @pnp/sp does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote

_PLACE = re.compile(
    r"<a\s[^>]*?href=\"([^\"]*)\"[^>]*?(?:/>|>(.*?)</a>)", re.DOTALL | re.IGNORECASE
)
_VALUE = re.compile(
    r"<DefaultValue\s[^>]*?FieldName=\"([^\"]*)\"[^>]*?(?:/>|>(.*?)</DefaultValue>)",
    re.DOTALL | re.IGNORECASE,
)


def read_file(body: object, url: str) -> list[tuple[str, str, str]]:
    """Folder, column and text of each value in the file.

    Folders are from the root of the library at `url`; one outside it keeps its whole address. Where
    a folder is there twice, which happens, the first counts.
    """
    text = body.decode("utf-8-sig", "replace") if isinstance(body, bytes) else str(body or "")
    found: dict[tuple[str, str], str] = {}
    for href, inside in _PLACE.findall(text):
        place = unquote(unescape(href)).rstrip("/")
        if place.casefold() == url.casefold():
            place = ""
        elif place.casefold().startswith(f"{url.casefold()}/"):
            place = place[len(url) + 1 :]
        for column, value in _VALUE.findall(inside):
            found.setdefault((place, unescape(column)), unescape(value))
    return [(place, column, value) for (place, column), value in found.items() if value]


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
