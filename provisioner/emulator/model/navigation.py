"""Navigation nodes of the quick launch and the top bar (REST only).

learn.microsoft.com/previous-versions/office/sharepoint-csom, NavigationNode; bodies as in
pnp/cli-microsoft365 ``spo navigation node add``.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from provisioner.emulator.model.localised import Language
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

Row = sqlite3.Row
# The bars are nodes themselves: their ids are the parents of what stands in them.
BARS = {"quicklaunch": 1025, "topnavigationbar": 1002}
_FIRST_ID = 2001


def _bad(message: str) -> Refusal:
    return Refusal(
        400, "invalidRequest", message, rest_code="-2147024809, System.ArgumentException"
    )


def seed_site(tenant: Tenant, site: Row, language: Language) -> None:
    """Put Home at the head of the quick launch."""
    _insert(tenant, site["id"], "quicklaunch", 0, language("Home"), site["path"] or "/", False, -1)


def _insert(
    tenant: Tenant,
    site_id: str,
    bar: str,
    parent: int,
    title: str,
    url: str,
    external: bool,
    position: int,
) -> int:
    node_id = tenant.next_id(f"navigation {site_id}", _FIRST_ID)
    tenant.run(
        "INSERT INTO navigation_node VALUES (?,?,?,?,?,?,?,?)",
        node_id,
        site_id,
        bar,
        parent,
        title,
        url,
        int(external),
        position,
    )
    return node_id


def children(tenant: Tenant, site_id: str, bar: str, parent_id: int = 0) -> list[Row]:
    """The nodes of a bar, or below a node, in order."""
    return tenant.rows(
        "SELECT * FROM navigation_node WHERE site_id = ? AND bar = ? AND parent_id = ?"
        " ORDER BY position, id",
        site_id,
        bar,
        parent_id,
    )


def get(tenant: Tenant, site_id: str, node_id: int) -> Row:
    """A node of the site. Raises `Refusal` 404."""
    row = tenant.one("SELECT * FROM navigation_node WHERE site_id = ? AND id = ?", site_id, node_id)
    if row is None:
        raise Refusal(
            404,
            "itemNotFound",
            "The navigation node does not exist.",
            rest_code="-2147024809, System.ArgumentException",
        )
    return row


def checked_url(tenant: Tenant, site: Row, url: str, *, external: bool, base_url: str) -> str:
    """The URL as stored: server-relative inside the site, absolute outside.

    Raises `Refusal` 400 for an address outside the site that is not called external, and for one
    inside it that names nothing there ("Cannot open …: no such file or folder").
    """
    if not url:
        raise _bad("The navigation node needs a URL.")
    parts = urlsplit(url)
    ours = {urlsplit(base_url).netloc.lower(), str(tenant.setting("hostname")).lower()}
    if external:
        return url
    if parts.scheme and parts.netloc.lower() not in ours:
        raise _bad(f'Cannot open "{url}": no such file or folder.')
    path = unquote(parts.path)
    if not path.startswith("/"):
        path = f"{site['path']}/{path}"
    path = path.rstrip("/") or "/"
    if not _names_something(tenant, site, path):
        raise _bad(f'Cannot open "{path}": no such file or folder.')
    return path + (f"?{parts.query}" if parts.query else "")


def _names_something(tenant: Tenant, site: Row, path: str) -> bool:
    if path.lower() in (site["path"].lower() or "/", f"{site['path']}/".lower()):
        return True
    if tenant.one("SELECT 1 FROM site WHERE path = ?", path) is not None:
        return True
    if re.match(re.escape(f"{site['path']}/_layouts/"), path, re.IGNORECASE):
        return True
    for row in tenant.rows(
        "SELECT id, url FROM list WHERE site_id = ? AND deleted = 0", site["id"]
    ):
        if path.lower() == row["url"].lower():
            return True
        if path.lower().startswith(row["url"].lower() + "/"):
            return _in_list(tenant, row["id"], path)
    return False


def _in_list(tenant: Tenant, list_id: str, path: str) -> bool:
    from provisioner.emulator.model import views  # noqa: PLC0415 - views know nothing of this

    for view in views.all_of(tenant, list_id):
        if str(views.properties(view)["ServerRelativeUrl"]).lower() == path.lower():
            return True
    name = path.rsplit("/", 1)[-1]
    found = tenant.one(
        "SELECT 1 FROM item WHERE list_id = ? AND name = ? COLLATE NOCASE AND deleted = 0",
        list_id,
        name,
    )
    return found is not None


def add(
    tenant: Tenant,
    site: Row,
    *,
    bar: str,
    parent_id: int,
    title: str,
    url: str,
    external: bool,
    first: bool = False,
) -> Row:
    """Put a node at the end of a bar or below a node (`first`: at its head).

    Raises `Refusal` 400 without a title.
    """
    if not title.strip():
        raise _bad("The navigation node needs a title.")
    number = tenant.next_id("navigation position")
    position = -number - 1 if first else number
    node_id = _insert(tenant, site["id"], bar, parent_id, title, url, external, position)
    return get(tenant, site["id"], node_id)


def change(tenant: Tenant, row: Row, changes: dict[str, Any]) -> None:
    """Set title, url or external of a node."""
    for name, value in changes.items():
        assert name in ("title", "url", "external")
        tenant.run(
            f"UPDATE navigation_node SET {name} = ? WHERE site_id = ? AND id = ?",  # noqa: S608
            value,
            row["site_id"],
            row["id"],
        )


def move_after(
    tenant: Tenant, site_id: str, bar: str, parent_id: int, node_id: int, previous_id: int
) -> None:
    """Put a node behind another of the same level. Raises `Refusal` 400 for one of another level."""
    rows = children(tenant, site_id, bar, parent_id)
    order = [int(row["id"]) for row in rows]
    if node_id not in order or previous_id not in order or node_id == previous_id:
        raise _bad("The navigation nodes do not stand in this collection.")
    order.remove(node_id)
    order.insert(order.index(previous_id) + 1, node_id)
    for own, place in zip(order, [int(row["position"]) for row in rows], strict=True):
        tenant.run(
            "UPDATE navigation_node SET position = ? WHERE site_id = ? AND id = ?",
            place,
            site_id,
            own,
        )


def delete(tenant: Tenant, row: Row) -> None:
    """Delete a node and all below it."""
    for child in children(tenant, row["site_id"], row["bar"], row["id"]):
        delete(tenant, child)
    tenant.run(
        "DELETE FROM navigation_node WHERE site_id = ? AND id = ?", row["site_id"], row["id"]
    )


def show_list(tenant: Tenant, list_row: Row, *, shown: bool) -> None:
    """Put a list on the quick launch, or take it off (`OnQuickLaunch`)."""
    from provisioner.emulator.model import views  # noqa: PLC0415 - views know nothing of this

    site_id = list_row["site_id"]
    url = views.properties(views.default(tenant, list_row["id"]))["ServerRelativeUrl"]
    shared = views.all_of(tenant, list_row["id"])
    before = {views.properties(one)["ServerRelativeUrl"] for one in shared}
    present = [  # its own was made for the view that was the default then
        node
        for node in children(tenant, site_id, "quicklaunch")
        if node["url"] == url or (node["url"] in before and node["title"] == list_row["title"])
    ]
    if shown and not present:
        number = tenant.next_id("navigation position")
        _insert(tenant, site_id, "quicklaunch", 0, list_row["title"], url, False, number)
    if not shown:
        for node in present:
            delete(tenant, node)
