"""Content types of sites and lists.

An id says what a content type descends from: a child's id is its parent's id, ``00`` and 32
hexadecimal digits (learn.microsoft.com/previous-versions/office/developer/sharepoint-2010/
aa543822). A list gets a *child* of the site's content type, so ids never match across the two.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import content_type_fields, fields
from provisioner.emulator.model.builtin_fields import FILE_LEAF_REF, TITLE
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.localised import Language
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

Row = sqlite3.Row

ITEM, DOCUMENT, FOLDER = "0x01", "0x0101", "0x0120"
_BUILTIN = (
    (ITEM, "Item", "List Content Types", "0x"),
    (DOCUMENT, "Document", "Document Content Types", ITEM),
    (FOLDER, "Folder", "Folder Content Types", ITEM),
)


def seed_site(tenant: Tenant, site: Row, language: Language) -> None:
    """Give a new site its columns and the built-in content types."""
    fields.seed(tenant, site["id"], "", language, library=True)
    for position, (type_id, name, group, parent) in enumerate(_BUILTIN):
        tenant.run(
            "INSERT INTO content_type (id, site_id, list_id, name, group_name, parent_id, sealed,"
            " position, doc) VALUES (?,?,'',?,?,?,0,?,'{}')",
            type_id,
            site["id"],
            language(name),
            language(group),
            parent,
            position,
        )
        for index, field_id in enumerate((TITLE,) if type_id == ITEM else (FILE_LEAF_REF, TITLE)):
            content_type_fields.link(
                tenant, site["id"], "", type_id, field_id, required=index == 0, at=index
            )


def all_of(tenant: Tenant, site_id: str, list_id: str) -> list[Row]:
    """The content types of a list in its order, or of the site where `list_id` is ""."""
    return tenant.rows(
        "SELECT * FROM content_type WHERE site_id = ? AND list_id = ? ORDER BY position, rowid",
        site_id,
        list_id,
    )


def get(tenant: Tenant, site_id: str, list_id: str, type_id: str) -> Row:
    """The content type of an id. Raises `Refusal` 404."""
    row = tenant.one(
        "SELECT * FROM content_type WHERE site_id = ? AND list_id = ? AND id = ?",
        site_id,
        list_id,
        type_id,
    )
    if row is None:
        raise Refusal(
            404,
            "itemNotFound",
            f"The content type '{type_id}' does not exist.",
            rest_code="-2147024809, System.ArgumentException",
        )
    return row


def builtin(row: Row) -> bool:
    """Whether the site came with this content type."""
    return row["list_id"] == "" and row["id"] in (ITEM, DOCUMENT, FOLDER)


def child_id(tenant: Tenant, parent_id: str) -> str:
    """A new id below `parent_id`."""
    return f"{parent_id}00{tenant.guid().replace('-', '').upper()}"


_NO_NAME = re.compile(r'[\\/:*?"#%<>{}|~&\x00-\x1f]|\.\.')
"""learn.microsoft.com, "SPContentType.ValidateName"."""


def check_name(tenant: Tenant, site_id: str, list_id: str, name: str, but: str = "") -> None:
    """Raises `Refusal` for a name that cannot be, or that another one there has."""
    if not name.strip() or _NO_NAME.search(name):
        raise Refusal(400, "invalidRequest", f"The content type name '{name}' is not valid.")
    for row in all_of(tenant, site_id, list_id):
        if row["name"].lower() == name.lower() and row["id"] != but:
            raise Refusal(
                409,
                "nameAlreadyExists",
                f'A content type with the name "{name}" already exists in this scope.',
                rest_code="-2130575155, Microsoft.SharePoint.SPException",
            )


def create(
    tenant: Tenant,
    site_id: str,
    *,
    name: str,
    description: str,
    group: str,
    parent_id: str,
    type_id: str | None = None,
    hidden: bool = False,
) -> Row:
    """Make a site content type with its parent's columns. Raises `Refusal` 409 for a name taken."""
    parent = get(tenant, site_id, "", parent_id)
    check_name(tenant, site_id, "", name)
    new_id = type_id or child_id(tenant, parent["id"])
    insert(
        tenant,
        site_id,
        "",
        new_id,
        name=name,
        description=description,
        group=group,
        parent_id=parent["id"],
        hidden=hidden,
    )
    content_type_fields.copy_links(tenant, parent, "", new_id)
    return get(tenant, site_id, "", new_id)


def insert(
    tenant: Tenant,
    site_id: str,
    list_id: str,
    type_id: str,
    *,
    name: str,
    description: str,
    group: str,
    parent_id: str,
    hidden: bool,
) -> None:
    """Store a new one of a site, or of a list."""
    position = tenant.next_id("content type position", 10)
    tenant.run(
        "INSERT INTO content_type (id, site_id, list_id, name, description, group_name, parent_id,"
        " hidden, position, doc) VALUES (?,?,?,?,?,?,?,?,?,'{}')",
        type_id,
        site_id,
        list_id,
        name,
        description,
        group,
        parent_id,
        int(hidden),
        position,
    )


def link_new_field(tenant: Tenant, field: Field, *, everywhere: bool = False) -> None:
    """Join a new list column to the list's default content type, or to all but Folder."""
    rows = [
        r
        for r in all_of(tenant, field.site_id, field.list_id)
        if not r["id"].upper().startswith(FOLDER.upper())
    ]
    for row in rows if everywhere else rows[:1]:
        content_type_fields.link(
            tenant, field.site_id, field.list_id, row["id"], field.id, required=field.required
        )


def change(tenant: Tenant, row: Row, changes: dict[str, Any], *, push: bool) -> Row:
    """Set name, description, group_name or hidden; with `push` on the children in lists too.

    Then every content type that descends from this one gets the columns it lacks, as well.
    """
    if "name" in changes:
        check_name(tenant, row["site_id"], row["list_id"], str(changes["name"]), but=row["id"])
    targets = [row, *(content_type_fields.children(tenant, row) if push else [])]
    for target in targets:
        for name, value in changes.items():
            assert name in ("name", "description", "group_name", "hidden")
            tenant.run(
                f"UPDATE content_type SET {name} = ? WHERE site_id = ? AND list_id = ? AND id = ?",  # noqa: S608
                value,
                target["site_id"],
                target["list_id"],
                target["id"],
            )
    if push:
        content_type_fields.hand_on(tenant, row)
    return get(tenant, row["site_id"], row["list_id"], row["id"])


def template(row: Row) -> str:
    """Server-relative URL of the content type's document template, "" for none."""
    return str(json.loads(row["doc"]).get("template") or "")


def set_template(tenant: Tenant, row: Row, url: str) -> None:
    """Give a content type its document template. Raises `Refusal` 400 for a file that is not there.

    Copies in lists keep theirs. What the service says of a missing file is not documented.
    """
    found = tenant.one(
        "SELECT 1 FROM item JOIN list ON list.id = item.list_id WHERE list.site_id = ? AND"
        " list.deleted = 0 AND item.deleted = 0 AND item.kind = 'file' AND"
        " lower(list.url || item.parent_path || '/' || item.name) = lower(?)",
        row["site_id"],
        url,
    )
    if url and found is None:
        raise Refusal(400, "invalidRequest", f"The document template '{url}' does not exist.")
    tenant.run(
        "UPDATE content_type SET doc = ? WHERE site_id = ? AND list_id = ? AND id = ?",
        json.dumps(json.loads(row["doc"]) | {"template": url}),
        row["site_id"],
        row["list_id"],
        row["id"],
    )


def delete(tenant: Tenant, row: Row) -> None:
    """Delete a content type. Raises `Refusal` 400 while it is built-in or in use."""
    in_use = (
        tenant.one(
            "SELECT 1 FROM item WHERE list_id = ? AND content_type_id = ? AND deleted = 0",
            row["list_id"],
            row["id"],
        )
        if row["list_id"]
        else tenant.one(
            "SELECT 1 FROM content_type WHERE site_id = ? AND parent_id = ?",
            row["site_id"],
            row["id"],
        )
    )
    if in_use is not None or builtin(row):
        raise Refusal(
            400,
            "invalidRequest",
            "The content type is in use.",
            rest_code="-2146232832, Microsoft.SharePoint.SPContentTypeInUseException",
        )
    where = (row["site_id"], row["list_id"], row["id"])
    tenant.run("DELETE FROM content_type WHERE site_id = ? AND list_id = ? AND id = ?", *where)
    tenant.run(
        "DELETE FROM content_type_field WHERE site_id = ? AND list_id = ? AND content_type_id = ?",
        *where,
    )
