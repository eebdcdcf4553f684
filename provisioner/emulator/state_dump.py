"""A plain dump of the tenant for assertions: read from the store, not through any face."""

from __future__ import annotations

import json
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import page_controls, pages
from provisioner.emulator.tenant import Tenant

_PAGES = (
    "SELECT page.*, item.name, item.fields, item.checked_out FROM page "
    "JOIN item ON item.guid = page.guid WHERE page.site_id = ? AND item.deleted = 0 "
    "ORDER BY item.id"
)


def state_of(tenant: Tenant) -> dict[str, Any]:
    """Sites with their lists, columns, views, content types, items, files and permissions."""
    return {
        "clock": tenant.now().isoformat(),
        "sites": [_site(tenant, row) for row in tenant.rows("SELECT * FROM site ORDER BY path")],
        "users": [_plain(row) for row in tenant.rows("SELECT * FROM user ORDER BY upn")],
        "groups": [_group(tenant, row) for row in tenant.rows("SELECT * FROM entra_group")],
        "subscriptions": [_plain(row) for row in tenant.rows("SELECT * FROM subscription")],
        "grants": [
            _plain(row)
            for row in tenant.rows(
                "SELECT app_grant.role, app_grant.list_id, app.name AS app, site.path AS site "
                "FROM app_grant JOIN app ON app.app_id = app_grant.app_id "
                "JOIN site ON site.id = app_grant.site_id ORDER BY site.path, app.name"
            )
        ],
    }


def _group(tenant: Tenant, group: Row) -> dict[str, Any]:
    members = tenant.rows(
        "SELECT user.upn, owner FROM entra_group_member JOIN user ON user.id = member_id "
        "WHERE group_id = ? ORDER BY user.upn",
        group["id"],
    )
    return _plain(group) | {
        "owners": [row["upn"] for row in members if row["owner"]],
        "members": [row["upn"] for row in members if not row["owner"]],
    }


def _site(tenant: Tenant, site: Row) -> dict[str, Any]:
    site_id = site["id"]
    lists = tenant.rows("SELECT * FROM list WHERE site_id = ? ORDER BY url", site_id)
    members = tenant.rows(
        "SELECT group_id, principal_id FROM group_member WHERE site_id = ? "
        "ORDER BY group_id, principal_id",
        site_id,
    )
    return _plain(site) | {
        "columns": _structure(tenant, site_id, "")["columns"],
        "contentTypes": _structure(tenant, site_id, "")["contentTypes"],
        "lists": [_list(tenant, row) for row in lists],
        "principals": _all(tenant, "principal", "site_id", site_id, "id"),
        "groupMembers": [_plain(row) for row in members],
        "roleDefinitions": _all(tenant, "role_definition", "site_id", site_id, "id"),
        "permissions": _all(tenant, "role_assignment", "site_id", site_id, "scope, principal_id"),
        "pages": [_page(row) for row in tenant.rows(_PAGES, site_id)],
        "navigation": _all(tenant, "navigation_node", "site_id", site_id, "bar, position"),
    }


def _page(row: Row) -> dict[str, Any]:
    """A page that is not in the recycle bin, with what stands on it as SharePoint keeps it."""
    held = {
        "CanvasContent1": page_controls.content(json.loads(row["doc"])),
        "LayoutWebpartsContent": page_controls.header(json.loads(row["doc"])),
    }
    return _plain(row) | {"title": pages.title(row), "version": pages.version(row)} | held


def _list(tenant: Tenant, row: Row) -> dict[str, Any]:
    items = tenant.rows("SELECT * FROM item WHERE list_id = ? ORDER BY id", row["id"])
    return (
        _plain(row)
        | _structure(tenant, row["site_id"], row["id"])
        | {
            "views": _all(tenant, "view", "list_id", row["id"], "position, title"),
            "items": [_item(tenant, item) for item in items],
        }
    )


def _structure(tenant: Tenant, site_id: str, list_id: str) -> dict[str, Any]:
    columns = tenant.rows(
        "SELECT * FROM field WHERE site_id = ? AND list_id = ? ORDER BY position, internal_name",
        site_id,
        list_id,
    )
    types = tenant.rows(
        "SELECT * FROM content_type WHERE site_id = ? AND list_id = ? ORDER BY position, id",
        site_id,
        list_id,
    )
    links = tenant.rows(
        "SELECT content_type_id, field_id, required, hidden FROM content_type_field "
        "WHERE site_id = ? AND list_id = ? ORDER BY content_type_id, position",
        site_id,
        list_id,
    )
    return {
        "columns": [_plain(row) for row in columns],
        "contentTypes": [_plain(row) for row in types],
        "contentTypeColumns": [_plain(row) for row in links],
    }


def _item(tenant: Tenant, item: Row) -> dict[str, Any]:
    versions = tenant.rows(
        "SELECT * FROM item_version WHERE list_id = ? AND item_id = ? ORDER BY position",
        item["list_id"],
        item["id"],
    )
    return _plain(item) | {"versions": [_plain(row) for row in versions]}


def _all(tenant: Tenant, table: str, key: str, value: str, order: str) -> list[dict[str, Any]]:
    # The names are ours, not the caller's.
    sql = f"SELECT * FROM {table} WHERE {key} = ? ORDER BY {order}"  # noqa: S608
    return [_plain(row) for row in tenant.rows(sql, value)]


def _plain(row: Row) -> dict[str, Any]:
    """A row as a dict: JSON columns parsed, file contents left out (their `hash` is there)."""
    values = {name: row[name] for name in row.keys() if not isinstance(row[name], bytes)}  # noqa: SIM118
    for name in ("doc", "fields"):
        if isinstance(values.get(name), str):
            values[name] = json.loads(values[name])
    return values
