"""Content types of a list: children of the site's, in an order of the list's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.emulator.model import content_type_fields, field_copies
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant
from provisioner.emulator.model.content_types import (
    DOCUMENT,
    FOLDER,
    ITEM,
    Row,
    all_of,
    check_name,
    child_id,
    get,
    insert,
    set_template,
    template,
)


def seed_list(tenant: Tenant, site_id: str, list_id: str, *, library: bool) -> None:
    """Give a new list children of Item or Document, and of Folder."""
    for parent in (DOCUMENT if library else ITEM, FOLDER):
        copy_to_list(tenant, get(tenant, site_id, "", parent), list_id)


def copy_to_list(tenant: Tenant, source: Row, list_id: str) -> Row:
    """Add a site content type to a list as a child, and its columns to the list.

    Raises `Refusal` 409 when the list already has one of that name.
    """
    check_name(tenant, source["site_id"], list_id, source["name"])
    for field in content_type_fields.linked(tenant, source):
        field_copies.copy_to_list(tenant, field, list_id)
    new_id = child_id(tenant, source["id"])
    insert(
        tenant,
        source["site_id"],
        list_id,
        new_id,
        name=source["name"],
        description=source["description"],
        group=source["group_name"],
        parent_id=source["id"],
        hidden=bool(source["hidden"]),
    )
    content_type_fields.copy_links(tenant, source, list_id, new_id)
    if template(source):
        set_template(tenant, get(tenant, source["site_id"], list_id, new_id), template(source))
    return get(tenant, source["site_id"], list_id, new_id)


def set_order(tenant: Tenant, site_id: str, list_id: str, type_ids: list[str]) -> None:
    """Put the list's content types in this order; the first is the default, the rest are hidden.

    Raises `Refusal` 400 for an id the list does not have.
    """
    known = {row["id"].lower() for row in all_of(tenant, site_id, list_id)}
    for type_id in type_ids:
        if type_id.lower() not in known:
            raise Refusal(
                400,
                "invalidRequest",
                f"The content type '{type_id}' is not in the list.",
                rest_code="-2147024809, System.ArgumentException",
            )
    for row in all_of(tenant, site_id, list_id):
        lowered = [t.lower() for t in type_ids]
        position = lowered.index(row["id"].lower()) if row["id"].lower() in lowered else 10_000
        tenant.run(
            "UPDATE content_type SET position = ? WHERE site_id = ? AND list_id = ? AND id = ?",
            position,
            site_id,
            list_id,
            row["id"],
        )
