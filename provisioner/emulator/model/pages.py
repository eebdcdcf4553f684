"""Site pages: files of the pages library with a layout, checked out, saved and published.

A page's name, title and versions are those of its file; what stands on it is kept apart. Made
pages are checked out to who made them until they are published or checked in
(learn.microsoft.com/graph/api/sitepage-create: "publishingState": {"level": "checkout"}).
"""

from __future__ import annotations

import json
import re
from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import files, item_rules, item_versions, items
from provisioner.emulator.model.hashes import quick_xor_hash, store_blob
from provisioner.emulator.model.localised import Language
from provisioner.emulator.model.open_list import OpenList, of_row
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

PAGES_TEMPLATE = 119
HOME = "SitePages/Home.aspx"
_PAGE = b'<%@ Page language="C#" %>'


def library(tenant: Tenant, site: Row) -> OpenList:
    """The pages library of a site. Raises `Refusal` 404 if it was deleted."""
    row = tenant.one(
        "SELECT * FROM list WHERE site_id = ? AND template = ? AND deleted = 0",
        site["id"],
        PAGES_TEMPLATE,
    )
    if row is None:
        raise Refusal(404, "itemNotFound", "The site has no pages library.")
    return of_row(tenant, site, row)


def seed_site(tenant: Tenant, site: Row, language: Language, author: int) -> None:
    """Give a new site its home page."""
    opened = library(tenant, site)
    row = create(tenant, opened, "Home.aspx", language("Home"), {"pageLayout": "home"}, author)
    publish(tenant, opened, row)
    tenant.run("UPDATE site SET welcome_page = ? WHERE id = ?", HOME, site["id"])


def all_of(tenant: Tenant, opened: OpenList) -> list[Row]:
    """The pages of a library, by id."""
    return tenant.rows(
        "SELECT item.* FROM item JOIN page ON page.guid = item.guid "
        "WHERE item.list_id = ? AND item.deleted = 0 ORDER BY item.id",
        opened.id,
    )


def find(tenant: Tenant, opened: OpenList, key: str | int) -> Row:
    """The page with this guid or item id. Raises `Refusal` 404."""
    column = "id" if isinstance(key, int) else "guid"
    value = key if isinstance(key, int) else key.lower()
    row = tenant.one(
        f"SELECT item.* FROM item JOIN page ON page.guid = item.guid "  # noqa: S608 - closed set
        f"WHERE item.list_id = ? AND item.{column} = ? AND item.deleted = 0",
        opened.id,
        value,
    )
    if row is None:
        raise Refusal(
            404,
            "itemNotFound",
            "The page could not be found.",
            rest_code="-2147024894, System.IO.FileNotFoundException",
        )
    return row


def content(tenant: Tenant, row: Row) -> dict[str, Any]:
    """What stands on a page."""
    kept = tenant.one("SELECT doc FROM page WHERE guid = ?", row["guid"])
    found: dict[str, Any] = json.loads(kept["doc"]) if kept is not None else {}
    return found


def title(row: Row) -> str:
    """The page's title."""
    return str(json.loads(row["fields"]).get("Title") or "")


def version(row: Row) -> str:
    """The page's version label, "0.1"."""
    return item_versions.label(json.loads(row["fields"]))


def level(row: Row) -> str:
    """``checkout``, ``published`` or ``draft``."""
    if row["checked_out"]:
        return "checkout"
    return "published" if version(row).endswith(".0") else "draft"


def file_name(name: str, page_title: str) -> str:
    """The file's name: as given, or made of the title, always with its extension."""
    stem = name.strip() or re.sub(r'[\s"*:<>?/\\|#%]+', "-", page_title.strip()).strip("-.")
    if not stem:
        raise Refusal(400, "invalidRequest", "A page needs a name or a title.")
    return stem if stem.lower().endswith(".aspx") else f"{stem}.aspx"


def create(
    tenant: Tenant, opened: OpenList, name: str, page_title: str, doc: dict[str, Any], author: int
) -> Row:
    """A new page, checked out to its author. Raises `Refusal` 409 for a name that is taken."""
    files.check_name(opened, "", name)
    if files.find(tenant, opened, f"/{name}") is not None:
        raise Refusal(
            409,
            "nameAlreadyExists",
            f"A file with the name {name} already exists.",
            rest_code="-2130575257, Microsoft.SharePoint.SPException",
        )
    columns = {
        "name": name,
        "blob": store_blob(tenant, _PAGE),
        "hash": quick_xor_hash(_PAGE),
        "size": len(_PAGE),
        "mime": "application/octet-stream",
        "checked_out": author,
    }
    row = items.create_item(
        tenant, opened, {"Title": page_title}, author=author, kind="file", columns=columns
    )
    tenant.run("INSERT INTO page VALUES (?, ?, ?)", row["guid"], opened.site_id, json.dumps(doc))
    return row


def check_out(tenant: Tenant, opened: OpenList, row: Row, principal: int) -> Row:
    """Take the page for editing. Raises `Refusal` 423 when another has it."""
    item_rules.check_free(tenant, row, principal, metadata=False)
    return _mark(tenant, opened, row, checked_out=principal)


def save(
    tenant: Tenant,
    opened: OpenList,
    row: Row,
    doc: dict[str, Any],
    editor: int,
    *,
    page_title: str | None = None,
) -> Row:
    """Write the page's content as a new draft, checked out to the editor."""
    item_rules.check_free(tenant, row, editor, metadata=False)
    stored: dict[str, Any] = json.loads(row["fields"])
    if page_title is not None:
        stored["Title"] = page_title
    tenant.run("UPDATE page SET doc = ? WHERE guid = ?", json.dumps(doc), row["guid"])
    return items.change(tenant, opened, row, stored, {"checked_out": editor}, editor=editor)


def publish(tenant: Tenant, opened: OpenList, row: Row) -> Row:
    """Make the draft the next major version and check it in; approval, where needed, still waits."""
    stored: dict[str, Any] = json.loads(row["fields"])
    number = int(stored.get(item_versions.UI_VERSION, 512))
    if number % 512:
        stored[item_versions.UI_VERSION] = (number // 512 + 1) * 512
    moderation = items.PENDING if opened.moderated else items.APPROVED
    tenant.run(
        "UPDATE item SET fields = ?, moderation = ? WHERE list_id = ? AND id = ?",
        json.dumps(stored),
        moderation,
        opened.id,
        row["id"],
    )
    return _mark(tenant, opened, row, checked_out=0)


def approve(tenant: Tenant, opened: OpenList, row: Row) -> None:
    """Approve what waits; its columns and versions stay as they are."""
    tenant.run(
        "UPDATE item SET moderation = ? WHERE list_id = ? AND id = ?",
        items.APPROVED,
        opened.id,
        row["id"],
    )
    items.changed(tenant, opened.id, row["id"], row["guid"], row["kind"])


def check_in(tenant: Tenant, opened: OpenList, row: Row) -> Row:
    """Give the page back as a draft."""
    return _mark(tenant, opened, row, checked_out=0)


def file_at(tenant: Tenant, site: Row, path: str) -> tuple[OpenList, Row] | None:
    """The file at a server-relative path of the site, with its library; None if there is none."""
    lowered = path.lower()
    libraries = tenant.rows(
        "SELECT * FROM list WHERE site_id = ? AND drive_id IS NOT NULL AND deleted = 0", site["id"]
    )
    for each in libraries:
        root = str(each["url"])
        if lowered.startswith(root.lower() + "/"):
            opened = of_row(tenant, site, each)
            row = files.find(tenant, opened, path[len(root) :])
            return (opened, row) if row is not None and row["kind"] == "file" else None
    return None


def _mark(tenant: Tenant, opened: OpenList, row: Row, *, checked_out: int) -> Row:
    tenant.run(
        "UPDATE item SET checked_out = ?, version = version + 1 WHERE list_id = ? AND id = ?",
        checked_out,
        opened.id,
        row["id"],
    )
    items.changed(tenant, opened.id, int(row["id"]), str(row["guid"]), "update")
    return items.get(tenant, opened, int(row["id"]))
