"""Which site and list a request is about, read from its address alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from sqlite3 import Row

from provisioner.emulator.model import lists, sites
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

_SITE = re.compile(sites.SITE, re.IGNORECASE)
_DRIVE = re.compile(r"/drives/(?P<id>[^/]+)", re.IGNORECASE)


def site_of(tenant: Tenant, call: Call) -> Row | None:
    """The site a Graph or REST call addresses; None if it names none, or none that is there."""
    if call.face == "rest":
        return tenant.one("SELECT * FROM site WHERE path = ?", call.site_path)
    if drive := _DRIVE.match(call.path):
        return tenant.one(
            "SELECT site.* FROM site JOIN list ON list.site_id = site.id WHERE list.drive_id = ?",
            drive["id"],
        )
    if named := _SITE.match(call.path):
        try:
            return sites.by_ref(tenant, named["site"])
        except Refusal:
            return None
    return None


def list_of(tenant: Tenant, call: Call, groups: Mapping[str, str]) -> str | None:
    """The id of the list or library a Graph call addresses; None if it names none that is there."""
    drive = groups.get("drive") or groups.get("site_drive")
    if drive:
        row = tenant.one("SELECT id FROM list WHERE drive_id = ? AND deleted = 0", drive)
        return None if row is None else str(row["id"])
    site = site_of(tenant, call) if groups.get("list") else None
    if site is None:
        return None
    try:
        return str(lists.resolve(tenant, str(site["id"]), groups["list"])["id"])
    except Refusal:
        return None
