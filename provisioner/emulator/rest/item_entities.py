"""Rows of a list as SharePoint REST shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import (
    item_versions,
    items,
    principals,
    roles,
)
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import (
    LOOKUPS,
    OpenList,
)
from provisioner.emulator.rest.entities import assignment_node
from provisioner.emulator.rest.shape import shape
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call

_ON_REQUEST = frozenset(
    {
        "FileLeafRef",
        "FileRef",
        "FileDirRef",
        "FSObjType",
        "HasUniqueRoleAssignments",
        "owshiddenversion",
    }
)
_HIDDEN = frozenset({"Counter", "ContentTypeId", "File", "ModStat", "Computed", "Attachments"})


class Entities:
    """Rows of one list as REST entities."""

    def __init__(self, tenant: Tenant, call: Call, opened: OpenList) -> None:
        self._tenant, self._call, self._opened = tenant, call, opened
        self._texts = Texts(tenant, opened)
        self._custom = [
            field
            for field in opened.columns.values()
            if not (field.builtin and field.internal_name != "Title") and field.type not in _HIDDEN
        ]

    def of(self, row: Row) -> dict[str, Any]:
        """One item, shaped by the request's `$select` and `$expand`."""
        stored: dict[str, Any] = json.loads(row["fields"])
        entity = self._plain(row, stored)
        expandable: dict[str, Callable[[], Any]] = {
            field.internal_name: self._target(field, stored.get(field.internal_name))
            for field in self._custom
            if field.type in LOOKUPS
        }
        columns = self._opened.columns
        expandable["Author"] = self._target(columns.get("Author"), row["author"])
        expandable["Editor"] = self._target(columns.get("Editor"), row["editor"])
        expandable["ContentType"] = lambda: {
            "Id": {"StringValue": row["content_type_id"]},
            "StringId": row["content_type_id"],
            "Name": self._opened.type_name(str(row["content_type_id"])),
        }
        site_id = self._opened.site_id
        scope = roles.item_scope(self._opened.id, int(row["id"]))
        expandable["RoleAssignments"] = lambda: [
            assignment_node(each) for each in roles.assignments(self._tenant, site_id, scope)
        ]
        found = shape(self._call, entity, expandable, _ON_REQUEST)
        return {"odata.etag": items.etag(row), **found}

    def _plain(self, row: Row, stored: dict[str, Any]) -> dict[str, Any]:
        entity: dict[str, Any] = {
            "FileSystemObjectType": 1 if row["kind"] == "folder" else 0,
            "Id": row["id"],
            "ID": row["id"],
            "ServerRedirectedEmbedUri": None,
            "ServerRedirectedEmbedUrl": "",
            "ContentTypeId": row["content_type_id"],
            "GUID": row["guid"],
            "Modified": row["modified"],
            "Created": row["created"],
            "AuthorId": row["author"],
            "EditorId": row["editor"],
            "OData__UIVersionString": item_versions.label(stored),
        }
        if self._opened.moderated:
            entity["OData__ModerationStatus"] = row["moderation"]
        if not self._opened.library:
            entity["Attachments"] = False
        elif row["checked_out"]:
            entity["CheckoutUserId"] = row["checked_out"]
        for field in self._custom:
            name = field.internal_name
            key = f"OData_{name}" if name.startswith("_") else name
            value = stored.get(name)
            if field.type in LOOKUPS:
                entity[f"{key}Id"] = value
            else:
                entity[key] = value
        root = str(self._opened.row["url"])
        folder = root + str(row["parent_path"])
        leaf = row["name"] or f"{row['id']}_.000"
        on_request = {
            "FileLeafRef": leaf,
            "FileRef": f"{folder}/{leaf}",
            "FileDirRef": folder,
            "FSObjType": 1 if row["kind"] == "folder" else 0,
            "HasUniqueRoleAssignments": bool(row["unique_permissions"]),
            "owshiddenversion": row["version"],
        }
        return entity | on_request

    def _target(self, field: Field | None, value: Any) -> Callable[[], Any]:
        def one(number: int) -> dict[str, Any]:
            if field is not None and field.type.startswith("Lookup"):
                shown = self._texts.of(field, number)
                return {"Id": number, "ID": number, field.lookup_field or "Title": shown}
            row = principals.by_id(self._tenant, self._opened.site_id, number)
            if row is None:
                return {"Id": number, "Title": None, "EMail": None, "Name": None}
            return {
                "Id": number,
                "ID": number,
                "Title": row["title"],
                "EMail": row["email"],
                "Name": row["login"],
            }

        def expanded() -> Any:
            if value is None:
                return None
            return [one(number) for number in value] if isinstance(value, list) else one(value)

        return expanded
