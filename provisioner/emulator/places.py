"""Which site a request is about, read from its address alone."""

from __future__ import annotations

import re
from sqlite3 import Row

from provisioner.emulator.model import sites
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

_SITE = re.compile(sites.SITE)
_DRIVE = re.compile(r"/drives/(?P<id>[^/]+)")


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
