"""Pages of list items written as text: thousands of rows without parsing what is stored.

Stored values are JSON close to what Graph sends, so most of an item's `fields` is copied. A row
that needs more (several people, a hand-written store) gives None and is built by `ItemView.of`;
both must say the same, which a test holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from sqlite3 import Row
from typing import Any

import orjson

from provisioner.emulator.model import items
from provisioner.emulator.model.open_list import LOOKUPS, OpenList

# A quotation mark inside a JSON string has a backslash before it, so these match keys only.
_VERSION = f'"{items.UI_VERSION}":'
_TITLE = re.compile(r'"Title":("(?:[^"\\]|\\.)+")')
_NUMBER = re.compile(r"(\d+)(?=[,}])")
_DOCUMENT_ICON = re.compile(r"\.([^.]*)\Z")


def text_of(value: Any) -> str:
    """A JSON value as text."""
    return orjson.dumps(value).decode()


class ItemText:
    """Writes rows of one list as Graph list items with all their fields, or without fields."""

    def __init__(
        self,
        opened: OpenList,
        *,
        fields: bool,
        url: Callable[[Row], str],
        identity: Callable[[int], dict[str, Any]],
        parent: Callable[[str], dict[str, Any]],
        content_type: Callable[[str], dict[str, Any]],
    ) -> None:
        self._fields, self._url = fields, url
        self._library, self._moderated = opened.library, opened.moderated
        self._opened = opened
        self._identity: dict[int, str] = {}
        self._parent: dict[str, str] = {}
        self._type: dict[str, str] = {}
        self._make_identity, self._make_parent, self._make_type = identity, parent, content_type
        single = [n for n, f in opened.columns.items() if f.type in ("User", "Lookup")]
        several = [n for n, f in opened.columns.items() if f.type in LOOKUPS and n not in single]
        self._single = tuple(
            (f"{text_of(name)}:", f'{text_of(name)[:-1]}LookupId":') for name in single
        )
        self._several = tuple(f"{text_of(name)}:" for name in several)

    def of(self, row: Row) -> orjson.Fragment | None:
        """The item as JSON; None for a row that has to be built piece by piece."""
        kind, author, editor = row["kind"], row["author"], row["editor"]
        created, modified, number = row["created"], row["modified"], row["id"]
        tag = f'"\\"{{{row["guid"].upper()}}},{row["version"]}\\""'
        more = ""
        if self._fields:
            inner = self._all(row, tag)
            if inner is None:
                return None
            more = f',"fields":{inner}'
        if kind != "item":
            more = f',"name":{text_of(row["name"])}{more}'
        return orjson.Fragment(
            f'{{"@odata.etag":{tag},"createdDateTime":"{created}","eTag":{tag},"id":"{number}",'
            f'"lastModifiedDateTime":"{modified}","webUrl":{text_of(self._url(row))},'
            f'"createdBy":{self._person(author)},"lastModifiedBy":{self._person(editor)},'
            f'"parentReference":{self._in(row["parent_path"])},'
            f'"contentType":{self._typed(row["content_type_id"])}{more}}}'
        )

    def _all(self, row: Row, tag: str) -> str | None:
        stored: str = row["fields"]
        at = stored.find(_VERSION)
        version = _NUMBER.match(stored, at + len(_VERSION)) if at > 0 else None
        if version is None:
            return None
        label = int(version[1])
        before, after = stored[1 : at - 1], stored[version.end() : -1]
        plain = self._renamed(before + after if before else after[1:])
        if plain is None:
            return None
        title = _TITLE.search(stored)
        links = f',"LinkTitle":{title[1]},"LinkTitleNoMenu":{title[1]}' if title else ""
        return (
            f'{{"@odata.etag":{tag}{"," if plain else ""}{plain}{links},"id":"{row["id"]}",'
            f'"ContentType":{text_of(self._opened.type_name(row["content_type_id"]))},'
            f'"Modified":"{row["modified"]}","Created":"{row["created"]}",'
            f'"AuthorLookupId":"{row["author"]}","EditorLookupId":"{row["editor"]}",'
            f'"_UIVersionString":"{label // 512}.{label % 512}","ItemChildCount":"0",'
            f'"FolderChildCount":"0"{self._of_place(row)}}}'
        )

    def _renamed(self, plain: str) -> str | None:
        """The values with people and lookups as ``<Name>LookupId``; None if one has several."""
        for key in self._several:
            if key in plain:
                return None
        for key, by_id in self._single:
            at = plain.find(key)
            if at < 0:
                continue
            number = _NUMBER.match(plain + "}", at + len(key))
            if number is None:
                return None
            plain = f'{plain[:at]}{by_id}"{number[1]}"{plain[number.end() :]}'
        return plain

    def _of_place(self, row: Row) -> str:
        """What a library adds to the fields, or a list."""
        more = f',"_ModerationStatus":{row["moderation"]}' if self._moderated else ""
        if not self._library:
            return f',"Attachments":false{more}'
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
        found = self._identity.get(number)
        if found is None:
            found = self._identity[number] = text_of(self._make_identity(number))
        return found

    def _in(self, path: str) -> str:
        found = self._parent.get(path)
        if found is None:
            found = self._parent[path] = text_of(self._make_parent(path))
        return found

    def _typed(self, identifier: str) -> str:
        found = self._type.get(identifier)
        if found is None:
            found = self._type[identifier] = text_of(self._make_type(identifier))
        return found
