"""The columns of content types: which, in what order, and whether they are required or hidden there.

What descends from a content type has an id that begins with its id; a push brings columns there.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from provisioner.emulator.model import field_copies, fields
from provisioner.emulator.model.fields import Field
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

Row = sqlite3.Row


def links(tenant: Tenant, row: Row) -> list[Row]:
    """The rows that join the content type to its columns, in order."""
    return tenant.rows(
        "SELECT * FROM content_type_field WHERE site_id = ? AND list_id = ? AND content_type_id = ?"
        " ORDER BY position, rowid",
        row["site_id"],
        row["list_id"],
        row["id"],
    )


def linked(tenant: Tenant, row: Row) -> list[Field]:
    """The content type's columns in order."""
    known = {f.id: f for f in fields.of(tenant, row["site_id"], row["list_id"])}
    return [known[link_["field_id"]] for link_ in links(tenant, row) if link_["field_id"] in known]


def link(
    tenant: Tenant,
    site_id: str,
    list_id: str,
    type_id: str,
    field_id: str,
    *,
    required: bool = False,
    hidden: bool = False,
    at: int | None = None,
) -> None:
    """Join a column to a content type; a join that is there stays as it is."""
    position = tenant.next_id("link position", 10) if at is None else at
    tenant.run(
        "INSERT OR IGNORE INTO content_type_field VALUES (?,?,?,?,?,?,?)",
        site_id,
        list_id,
        type_id,
        field_id,
        position,
        int(required),
        int(hidden),
    )


def unlink(tenant: Tenant, row: Row, field_id: str) -> None:
    """Take a column out of a content type; the list or site keeps the column."""
    tenant.run(
        "DELETE FROM content_type_field WHERE site_id = ? AND list_id = ? AND content_type_id = ?"
        " AND field_id = ?",
        row["site_id"],
        row["list_id"],
        row["id"],
        field_id,
    )


def children(tenant: Tenant, row: Row) -> list[Row]:
    """The content types of lists that were made from this one."""
    return tenant.rows(
        "SELECT * FROM content_type WHERE site_id = ? AND list_id <> '' AND parent_id = ?",
        row["site_id"],
        row["id"],
    )


def _heirs(tenant: Tenant, row: Row) -> list[Row]:
    """The content types below this one: an id begins with those of all it descends from."""
    return tenant.rows(
        "SELECT * FROM content_type WHERE site_id = ? AND id <> ?"
        " AND lower(substr(id, 1, ?)) = lower(?) ORDER BY length(id)",
        row["site_id"],
        row["id"],
        len(row["id"]),
        row["id"],
    )


def add_field(tenant: Tenant, row: Row, field: Field, *, push: bool) -> None:
    """Join a site column to a content type; with `push` also to those that descend from it."""
    link(tenant, row["site_id"], row["list_id"], row["id"], field.id, required=field.required)
    if push:
        hand_on(tenant, row)


def hand_on(tenant: Tenant, row: Row) -> None:
    """What descends from a content type, on the site and in lists, gets the columns it lacks.

    learn.microsoft.com/graph/api/resources/contenttype, `propagateChanges`: "pushed to inherited
    content types and lists that inherit from the content type".
    """
    joined = {one["field_id"]: one for one in links(tenant, row)}
    for heir in _heirs(tenant, row):
        for field in linked(tenant, row):
            if heir["list_id"]:
                field_copies.copy_to_list(tenant, field, heir["list_id"])
            link(
                tenant,
                row["site_id"],
                heir["list_id"],
                heir["id"],
                field.id,
                required=bool(joined[field.id]["required"]),
                hidden=bool(joined[field.id]["hidden"]),
            )


def set_link(
    tenant: Tenant, row: Row, field_id: str, changes: dict[str, bool], *, push: bool = False
) -> None:
    """Change `required` or `hidden` of a column inside one content type; `push` also in lists'."""
    for target in (row, *(children(tenant, row) if push else ())):
        for name, value in changes.items():
            assert name in ("required", "hidden")
            tenant.run(
                f"UPDATE content_type_field SET {name} = ? WHERE site_id = ? AND list_id = ?"  # noqa: S608
                " AND content_type_id = ? AND field_id = ?",
                int(value),
                target["site_id"],
                target["list_id"],
                target["id"],
                field_id,
            )


def reorder(tenant: Tenant, row: Row, names: list[str]) -> None:
    """Put the columns of a content type into the order of these internal names.

    What becomes of columns that are not named is not documented, so all must be: else `Refusal` 400.
    """
    joined = {field.internal_name: field.id for field in linked(tenant, row)}
    if sorted(names) != sorted(joined):
        raise Refusal(
            400,
            "invalidRequest",
            "Every field of the content type must be named, each once.",
            rest_code="-2147024809, System.ArgumentException",
        )
    for position, name in enumerate(names):
        tenant.run(
            "UPDATE content_type_field SET position = ? WHERE site_id = ? AND list_id = ?"
            " AND content_type_id = ? AND field_id = ?",
            position,
            row["site_id"],
            row["list_id"],
            row["id"],
            joined[name],
        )


def copy_links(tenant: Tenant, source: Row, list_id: str, target_id: str) -> None:
    """Give another content type the columns of this one, as they are in it."""
    tenant.run(
        "INSERT INTO content_type_field SELECT site_id, ?, ?, field_id, position, required, hidden"
        " FROM content_type_field WHERE site_id = ? AND list_id = ? AND content_type_id = ?",
        list_id,
        target_id,
        source["site_id"],
        source["list_id"],
        source["id"],
    )
