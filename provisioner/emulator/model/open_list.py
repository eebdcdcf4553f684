"""A list with all that reading and writing its items needs, fetched once per request."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from provisioner.emulator.model import fields, lists
from provisioner.emulator.model.app_roles import MANAGE
from provisioner.emulator.model.fields import Field
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Caller, Refusal

LOOKUPS = frozenset({"User", "UserMulti", "Lookup", "LookupMulti"})
FOLDER_TYPE = "0x0120"
_SEES_PENDING = frozenset(MANAGE)
_GRANTS_PENDING = ("manage", "owner", "fullcontrol")


@dataclass(frozen=True, slots=True)
class OpenList:
    """One list: its row, its site's row, its columns by internal name, and its settings."""

    site: sqlite3.Row
    row: sqlite3.Row
    columns: dict[str, Field]
    settings: dict[str, Any]
    content_types: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        """The list's guid."""
        return str(self.row["id"])

    @property
    def site_id(self) -> str:
        """The site collection's guid."""
        return str(self.site["id"])

    @property
    def library(self) -> bool:
        """Whether it is a document library."""
        return lists.is_library(self.row)

    @property
    def moderated(self) -> bool:
        """Whether items need approval."""
        return bool(self.settings.get("EnableModeration"))

    @property
    def versioned(self) -> bool:
        """Whether a change keeps the version before it."""
        return bool(self.settings.get("EnableVersioning", self.library))

    @property
    def minor_versions(self) -> bool:
        """Whether changes make drafts."""
        return bool(self.settings.get("EnableMinorVersions"))

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone, in which date-only values are midnight."""
        return ZoneInfo(str(self.site["time_zone"] or "UTC"))

    @property
    def default_type(self) -> str:
        """The id of the content type a new item gets: the first that is not a folder."""
        for identifier, _ in self.content_types:
            if not identifier.startswith(FOLDER_TYPE):
                return identifier
        return "0x0101" if self.library else "0x01"

    def folder_type(self) -> str:
        """The id of the folder content type of this list."""
        for identifier, _ in self.content_types:
            if identifier.startswith(FOLDER_TYPE):
                return identifier
        return FOLDER_TYPE

    def type_name(self, identifier: str) -> str:
        """The name of a content type of this list."""
        for known, name in self.content_types:
            if known == identifier:
                return name
        return {"0x01": "Item", "0x0101": "Document", FOLDER_TYPE: "Folder"}.get(identifier, "")

    def find_type(self, wanted: str) -> str:
        """The id of a content type of this list by id, parent id or name; `Refusal` 400 for none."""
        lowered = wanted.lower()
        for match in (str.__eq__, lambda known, want: known.startswith(want + "00")):
            for identifier, name in self.content_types:
                if match(identifier.lower(), lowered) or name.lower() == lowered:
                    return identifier
        raise Refusal(
            400,
            "invalidRequest",
            f"The content type '{wanted}' does not belong to this list.",
            rest_code="-2147024809, System.ArgumentException",
        )


def open_list(tenant: Tenant, site: sqlite3.Row, selector: str) -> OpenList:
    """The list that `selector` names on `site` (path normal form, id or title); 404 if none."""
    return of_row(tenant, site, lists.resolve(tenant, str(site["id"]), selector))


def of_row(tenant: Tenant, site: sqlite3.Row, row: sqlite3.Row) -> OpenList:
    """The same, from a list's row."""
    types = tenant.rows(
        "SELECT id, name FROM content_type WHERE site_id = ? AND list_id = ? ORDER BY position, id",
        site["id"],
        row["id"],
    )
    return OpenList(
        site,
        row,
        {field.internal_name: field for field in fields.of_list(tenant, str(row["id"]))},
        json.loads(row["doc"]),
        tuple((str(each["id"]), str(each["name"])) for each in types),
    )


def is_veiled(tenant: Tenant, opened: OpenList, row: sqlite3.Row, caller: Caller | None) -> bool:
    """Whether a row waits for approval and is not shown to the caller. Folders wait for none."""
    waits = opened.moderated and row["moderation"] != 0
    return waits and not sees_pending(tenant, opened.site_id, caller)


def sees_pending(tenant: Tenant, site_id: str, caller: Caller | None) -> bool:
    """Whether unapproved items of a moderated list are shown to the caller.

    Reading a list with content approval needs Sites.Manage.All, "otherwise only approved items"
    come back (learn.microsoft.com/graph/api/listitem-get).
    """
    if caller is not None and caller.user is not None:
        # Imported here: rights build on principals and roles, which most reads do not need.
        from provisioner.emulator.model import user_rights  # noqa: PLC0415

        return user_rights.approves(tenant, site_id, caller.user)
    if caller is None or caller.roles & _SEES_PENDING:
        return True
    marks = ", ".join("?" * len(_GRANTS_PENDING))
    granted = tenant.one(
        f"SELECT 1 FROM app_grant WHERE site_id = ? AND app_id = ? AND role IN ({marks})",  # noqa: S608 - marks only
        site_id,
        caller.app_id,
        *_GRANTS_PENDING,
    )
    return granted is not None
