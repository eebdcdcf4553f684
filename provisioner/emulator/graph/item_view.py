"""A list item as Graph gives it, built in one pass over a page of rows.

Read-back rules: a column without a value is left out (microsoft-graph-docs#15328); a person or
lookup comes as ``<Name>LookupId`` unless its own name is selected, at most 12 of them in a query
(learn.microsoft.com/graph/api/resources/fieldvalueset); ids are strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from sqlite3 import Row
from typing import Any
from urllib.parse import quote

import orjson

from provisioner.emulator.graph.drive_view import DriveView
from provisioner.emulator.graph.item_text import ItemText
from provisioner.emulator.graph.queries import Shape
from provisioner.emulator.model import item_versions, items, sites
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import LOOKUPS, OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

_MAX_LOOKUPS = 12
# Columns given as they are stored, and the others: name, column (None: the system's), as its id.
_Plan = tuple[tuple[str, ...], tuple[tuple[str, Field | None, bool], ...]]
_SYSTEM = frozenset(
    {
        "id",
        "ID",
        "ContentType",
        "Modified",
        "Created",
        "Author",
        "Editor",
        "AuthorLookupId",
        "EditorLookupId",
        "_UIVersionString",
        "Attachments",
        "LinkTitle",
        "LinkTitleNoMenu",
        "FileLeafRef",
        "LinkFilename",
        "LinkFilenameNoMenu",
        "DocIcon",
        "FileSizeDisplay",
        "_ModerationStatus",
        "ItemChildCount",
        "FolderChildCount",
        "CheckoutUser",
        "CheckoutUserLookupId",
        "GUID",
        "ContentTypeId",
        "FSObjType",
        "UniqueId",
    }
)


class ItemView:
    """Turns rows of one list into Graph list items of one `Shape`.

    Pages have thousands of rows: what is the same for many of them is made once and shared, so an
    answer must not be changed in place.
    """

    def __init__(self, tenant: Tenant, call: Call, opened: OpenList, shape: Shape) -> None:
        self._tenant, self._opened, self._shape = tenant, opened, shape
        self._texts = Texts(tenant, opened)
        self._drive = DriveView(tenant, call, opened, self._texts)
        self._site_id = sites.full_id(tenant, opened.site)
        self._base = sites.host_url(tenant, call.base_url) + quote(str(opened.row["url"]))
        self._library = opened.library
        self._selected = self._plan(shape.field_select)
        self._names = frozenset(opened.columns) | {item_versions.UI_VERSION}
        self._by_id = tuple(
            (name, field) for name, field in opened.columns.items() if field.type in LOOKUPS
        )
        self._types: dict[str, dict[str, Any]] = {}
        self._parents: dict[str, dict[str, Any]] = {}

    def page(self, rows: list[Row]) -> list[Any]:
        """The same items as `of` gives, as fast as it goes."""
        shape = self._shape
        if shape.select is not None or shape.drive_item or shape.versions or shape.field_select:
            return [self.of(row) for row in rows]
        text = ItemText(
            self._opened,
            fields=shape.fields,
            base=self._base,
            url=self._url,
            identity=self._texts.identity,
            parent=self._parent,
            content_type=self._type,
        )
        return [made or self.of(row) for made, row in zip(text.page(rows), rows, strict=True)]

    def of(self, row: Row) -> dict[str, Any]:
        """One item."""
        tag = items.etag(row)
        kind = row["kind"]
        found: dict[str, Any] = {
            "@odata.etag": tag,
            "createdDateTime": row["created"],
            "eTag": tag,
            "id": str(row["id"]),
            "lastModifiedDateTime": row["modified"],
            "webUrl": self._url(row),
            "createdBy": self._texts.identity(row["author"]),
            "lastModifiedBy": self._texts.identity(row["editor"]),
            "parentReference": self._parent(row["parent_path"]),
            "contentType": self._type(row["content_type_id"]),
        }
        if kind != "item":
            found["name"] = row["name"]
        select = self._shape.select
        if select is not None:
            found = {key: value for key, value in found.items() if key in select or key[0] == "@"}
        if self._shape.fields:
            found["fields"] = self.fields(row, tag)
        if self._shape.drive_item and kind != "item":
            found["driveItem"] = self._drive.of(row)
        if self._shape.versions:
            found["versions"] = self.versions(row)
        return found

    def fields(self, row: Row, tag: str = "") -> dict[str, Any]:
        """The item's `fields`: what has a value, or what was selected and has one.

        `tag` is the item's ETag where it is known already.
        """
        stored: dict[str, Any] = orjson.loads(row["fields"])
        found: dict[str, Any] = {"@odata.etag": tag or items.etag(row)}
        if self._selected is None:
            self._all(row, stored, found)
            return found
        plain, others = self._selected
        value_of = stored.get
        found.update({name: v for name in plain if (v := value_of(name)) is not None and v != ""})
        for name, field, as_id in others:
            if field is None:
                value = self._system(row, stored, name)
            else:
                value = self._value(stored, field, as_id=as_id)
            if value is not None and value != "":
                found[name] = value
        return found

    def versions(self, row: Row) -> list[dict[str, Any]]:
        """The item's versions, newest first."""
        return [
            {
                "id": each["label"],
                "lastModifiedDateTime": each["modified"],
                "lastModifiedBy": self._texts.identity(int(each["editor"])),
                "fields": {
                    "id": str(row["id"]),
                    **self._plain(each["fields"]),
                    "Modified": each["modified"],
                    "_UIVersionString": each["label"],
                },
            }
            for each in item_versions.versions(self._tenant, self._opened, row)
        ]

    def _plain(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Stored values in Graph's spelling; what is no column of the list any more is left out."""
        found = dict(stored)
        if not stored.keys() <= self._names:
            found = {name: value for name, value in stored.items() if name in self._names}
        found.pop(item_versions.UI_VERSION, None)
        for name, field in self._by_id:
            if name not in found:
                continue
            value = found.pop(name)
            if field.type in ("UserMulti", "LookupMulti"):
                found[name] = self._multiple(field, value)
            else:
                found[f"{name}LookupId"] = str(value)
        return found

    def _all(self, row: Row, stored: Mapping[str, Any], found: dict[str, Any]) -> None:
        found.update(self._plain(stored))
        title = stored.get("Title")
        if title:
            found["LinkTitle"] = found["LinkTitleNoMenu"] = title
        found["id"] = str(row["id"])
        found["ContentType"] = self._opened.type_name(str(row["content_type_id"]))
        found["Modified"], found["Created"] = row["modified"], row["created"]
        found["AuthorLookupId"] = str(row["author"])
        found["EditorLookupId"] = str(row["editor"])
        found["_UIVersionString"] = item_versions.label(stored)
        found["ItemChildCount"] = found["FolderChildCount"] = "0"
        if self._library:
            for name in ("FileLeafRef", "LinkFilename", "LinkFilenameNoMenu"):
                found[name] = row["name"]
            if row["kind"] == "file":
                found["FileSizeDisplay"] = str(row["size"])
                found["DocIcon"] = str(row["name"]).rpartition(".")[2].lower()
            if row["checked_out"]:
                found["CheckoutUserLookupId"] = str(row["checked_out"])
        else:
            found["Attachments"] = False
        if self._opened.moderated:
            found["_ModerationStatus"] = row["moderation"]

    def _system(self, row: Row, stored: Mapping[str, Any], name: str) -> Any:
        everything: dict[str, Any] = {}
        self._all(row, stored, everything)
        if name in everything:
            return everything[name]
        if name in ("Author", "Editor"):
            return self._texts.people.get(int(row[name.lower()]), ("",))[0]
        if name == "CheckoutUser":
            return self._texts.people.get(int(row["checked_out"]), ("",))[0]
        return {
            "ID": str(row["id"]),
            "GUID": row["guid"],
            "UniqueId": row["guid"],
            "ContentTypeId": row["content_type_id"],
            "FSObjType": "1" if row["kind"] == "folder" else "0",
        }.get(name)

    def _value(self, stored: Mapping[str, Any], field: Field, *, as_id: bool) -> Any:
        value = stored.get(field.internal_name)
        if value is None:
            return None
        if field.type in ("User", "Lookup"):
            return str(value) if as_id else self._texts.of(field, int(value))
        if field.type in ("UserMulti", "LookupMulti"):
            return self._multiple(field, value)
        return value

    def _multiple(self, field: Field, ids: list[int]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for number in ids:
            each: dict[str, Any] = {
                "LookupId": number,
                "LookupValue": self._texts.of(field, number) or "",
            }
            if field.type == "UserMulti":
                each["Email"] = self._texts.mail(number)
            found.append(each)
        return found

    def _plan(self, names: tuple[str, ...] | None) -> _Plan | None:
        """Selected names, those given as they are stored apart from the others.

        More than 12 lookups are silently dropped. Raises `Refusal` 400 for an unknown name.
        """
        if names is None:
            return None
        plain: list[str] = []
        others: list[tuple[str, Field | None, bool]] = []
        lookups = 0
        for name in names:
            field = self._opened.columns.get(name)
            if name in _SYSTEM:
                others.append((name, None, False))
            elif field is not None and field.type not in LOOKUPS:
                plain.append(name)
            elif field is not None:
                lookups += 1
                if lookups <= _MAX_LOOKUPS:
                    others.append((name, field, False))
            else:
                field = self._opened.columns.get(name.removesuffix("LookupId"))
                if field is None or field.type not in LOOKUPS:
                    raise Refusal(400, "invalidRequest", f"Field '{name}' is not recognized")
                others.append((name, field, True))
        return tuple(plain), tuple(others)

    def _type(self, identifier: str) -> dict[str, Any]:
        found = self._types.get(identifier)
        if found is None:
            found = {"id": identifier, "name": self._opened.type_name(identifier)}
            self._types[identifier] = found
        return found

    def _parent(self, path: str) -> dict[str, Any]:
        found = self._parents.get(path)
        if found is None:
            found = {"id": self._drive.folder_guid(path), "siteId": self._site_id}
            self._parents[path] = found
        return found

    def _url(self, row: Row) -> str:
        if row["kind"] == "item":
            return f"{self._base}/{row['id']}_.000"
        return self._base + quote(f"{row['parent_path']}/{row['name']}")
