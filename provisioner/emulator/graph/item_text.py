"""Pages of list items written as text: thousands of rows without parsing what is stored.

Stored values are JSON close to what Graph sends, so most of an item's `fields` is copied. A row
that needs more (several people, a hand-written store) gives None and is built by `ItemView.of`;
both must say the same, which a test holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from operator import itemgetter
from sqlite3 import Row
from typing import Any

import orjson

from provisioner.emulator.model import item_versions
from provisioner.emulator.model.open_list import LOOKUPS, OpenList

# A quotation mark inside a JSON string has a backslash before it, so these match keys only.
_VERSION = f'"{item_versions.UI_VERSION}":'
_TITLE = re.compile(r'"Title":("(?:[^"\\]|\\.)+")')
_NUMBER = re.compile(r"(\d+)(?=[,}])")
_SEVERAL = ("UserMulti", "LookupMulti")
_COLUMNS = (
    "id",
    "guid",
    "version",
    "content_type_id",
    "fields",
    "author",
    "editor",
    "created",
    "modified",
    "kind",
    "parent_path",
)
_NO_FILE = ',"Attachments":false'
_DOCUMENT_ICON = re.compile(r"\.([^.]*)\Z")


def text_of(value: Any) -> str:
    """A JSON value as text."""
    return orjson.dumps(value).decode()


def keys_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds one of these columns in stored values; None without columns."""
    found = "|".join(re.escape(name) for name in names)
    return re.compile(rf'"(?:{found})":') if found else None


class ItemText:
    """Writes rows of one list as Graph list items with all their fields, or without fields."""

    def __init__(
        self,
        opened: OpenList,
        *,
        fields: bool,
        base: str,
        url: Callable[[Row], str],
        identity: Callable[[int], dict[str, Any]],
        parent: Callable[[str], dict[str, Any]],
        content_type: Callable[[str], dict[str, Any]],
    ) -> None:
        self._fields, self._url, self._base = fields, url, base
        self._library, self._moderated = opened.library, opened.moderated
        self._special = opened.library or opened.moderated
        self._people: dict[int, str] = {}
        self._parents: dict[str, str] = {}
        self._types: dict[str, tuple[str, str]] = {}
        self._make_identity, self._make_parent, self._make_type = identity, parent, content_type
        # The system's own people (Author, Editor) are no stored values.
        stored = {n: f for n, f in opened.columns.items() if not (f.builtin and f.read_only)}
        self._by_id = keys_of(n for n, f in stored.items() if f.type in LOOKUPS)
        self._single = tuple(n for n, f in stored.items() if f.type in ("User", "Lookup"))
        self._several = keys_of(n for n, f in stored.items() if f.type in _SEVERAL)

    def page(self, rows: list[Row]) -> list[orjson.Fragment | None]:
        """The items as JSON; None for a row that has to be built piece by piece."""
        if not rows:
            return []
        # Columns by place: by name sqlite3 compares strings, for each row anew.
        places = itemgetter(*(rows[0].keys().index(name) for name in _COLUMNS))
        return [self._of(row, *places(row)) for row in rows]

    def _of(
        self,
        row: Row,
        number: int,
        guid: str,
        version: int,
        type_id: str,
        stored: str,
        author: int,
        editor: int,
        created: str,
        modified: str,
        kind: str,
        path: str,
    ) -> orjson.Fragment | None:
        tag = f'"\\"{{{guid.upper()}}},{version}\\""'
        by = self._people.get(author) or self._person(author)
        last_by = self._people.get(editor) or self._person(editor)
        type_text, type_name = self._types.get(type_id) or self._typed(type_id)
        parent = self._parents.get(path) or self._in(path)
        if kind == "item":
            more, url = "", f'"{self._base}/{number}_.000"'
        else:
            more, url = f',"name":{text_of(row["name"])}', text_of(self._url(row))
        if self._fields:
            at = stored.rfind(_VERSION)
            found = _NUMBER.match(stored, at + len(_VERSION)) if at > 0 else None
            if found is None:
                return None
            label = int(found[1])
            before, after = stored[1 : at - 1], stored[found.end() : -1]
            plain = before + after if before else after[1:]
            if self._by_id is not None and self._by_id.search(plain):
                renamed = self._renamed(plain)
                if renamed is None:
                    return None
                plain = renamed
            title = _TITLE.search(plain)
            links = f',"LinkTitle":{title[1]},"LinkTitleNoMenu":{title[1]}' if title else ""
            more += (
                f',"fields":{{"@odata.etag":{tag}{"," if plain else ""}{plain}{links},'
                f'"id":"{number}","ContentType":{type_name},"Modified":"{modified}",'
                f'"Created":"{created}","AuthorLookupId":"{author}","EditorLookupId":"{editor}",'
                f'"_UIVersionString":"{label // 512}.{label % 512}","ItemChildCount":"0",'
                f'"FolderChildCount":"0"{self._of_place(row) if self._special else _NO_FILE}}}'
            )
        return orjson.Fragment(
            f'{{"@odata.etag":{tag},"createdDateTime":"{created}","eTag":{tag},"id":"{number}",'
            f'"lastModifiedDateTime":"{modified}","webUrl":{url},"createdBy":{by},'
            f'"lastModifiedBy":{last_by},"parentReference":{parent},"contentType":{type_text}{more}}}'
        )

    def _renamed(self, plain: str) -> str | None:
        """The values with people and lookups as ``<Name>LookupId``; None if one has several."""
        if self._several is not None and self._several.search(plain):
            return None
        for name in self._single:
            key = f'"{name}":'
            at = plain.find(key)
            if at < 0:
                continue
            number = _NUMBER.match(f"{plain}}}", at + len(key))
            if number is None:
                return None
            plain = f'{plain[:at]}"{name}LookupId":"{number[1]}"{plain[number.end() :]}'
        return plain

    def _of_place(self, row: Row) -> str:
        """What a library adds to the fields, or a list."""
        more = f',"_ModerationStatus":{row["moderation"]}' if self._moderated else ""
        if not self._library:
            return f"{_NO_FILE}{more}"
        name = text_of(row["name"])
        more += f',"FileLeafRef":{name},"LinkFilename":{name},"LinkFilenameNoMenu":{name}'
        if row["kind"] == "file":
            icon = _DOCUMENT_ICON.search(row["name"])
            shown = text_of((icon[1] if icon else row["name"]).lower())
            more += f',"FileSizeDisplay":"{row["size"]}","DocIcon":{shown}'
        if row["checked_out"]:
            more += f',"CheckoutUserLookupId":"{row["checked_out"]}"'
        return more

    def _person(self, number: int) -> str:
        return self._people.setdefault(number, text_of(self._make_identity(number)))

    def _in(self, path: str) -> str:
        return self._parents.setdefault(path, text_of(self._make_parent(path)))

    def _typed(self, identifier: str) -> tuple[str, str]:
        found = self._make_type(identifier)
        return self._types.setdefault(identifier, (text_of(found), text_of(found["name"])))
