"""The users and groups that a new site begins with."""

from __future__ import annotations

import json
import sqlite3

from provisioner.emulator.model import role_names
from provisioner.emulator.model.principals import (
    SHAREPOINT_GROUP,
    by_id,
    ensure_user,
    group_doc,
    to_user_information,
)
from provisioner.emulator.tenant import Tenant


def seed_site(tenant: Tenant, site_row: sqlite3.Row, owner_upn: str | None) -> None:
    """Give a new site its permission levels, three default groups, their roles and its owner.

    The names follow the site's language (role and group names are localised at creation:
    learn.microsoft.com "Default SharePoint groups").
    """
    site_id, lcid = str(site_row["id"]), int(site_row["lcid"])
    for level in role_names.definitions(lcid):
        tenant.run(
            "INSERT INTO role_definition VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", site_id, *level
        )
    owner_id = 0
    if owner_upn:
        owner_id = int(ensure_user(tenant, site_id, owner_upn)["id"])
    names = role_names.default_groups(lcid, str(site_row["title"]))
    owners_id = 3
    for group_id, role_id, title in names:
        doc = group_doc({"OwnerId": owners_id})
        tenant.run(
            "INSERT INTO principal VALUES (?, ?, ?, ?, ?, '', ?)",
            site_id,
            group_id,
            SHAREPOINT_GROUP,
            title,
            title,
            json.dumps(doc),
        )
        to_user_information(tenant, site_id, group_id, title, title, email="")
        tenant.run(
            "INSERT INTO role_assignment VALUES (?, 'web', ?, ?)", site_id, group_id, role_id
        )
    if owner_id:
        tenant.run("INSERT INTO group_member VALUES (?, ?, ?)", site_id, owners_id, owner_id)
        row = by_id(tenant, site_id, owner_id)
        assert row is not None
        doc = {**json.loads(row["doc"]), "IsSiteAdmin": True}
        tenant.run(
            "UPDATE principal SET doc = ? WHERE site_id = ? AND id = ?",
            json.dumps(doc),
            site_id,
            owner_id,
        )
