"""Columns that are there: changed and removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant
from provisioner.emulator.model.fields import Field, checked, get


def change(tenant: Tenant, field: Field, *, title: str | None, changes: dict[str, Any]) -> Field:
    """Change a column's title and properties (REST names). Raises `Refusal` 400 as `add` does."""
    if field.doc.get("Sealed") and set(changes) - {"CustomFormatter", "Hidden"}:
        raise Refusal(
            400,
            "invalidRequest",
            "This field cannot be updated: it is sealed.",
            rest_code="-2130575322, Microsoft.SharePoint.SPException",
        )
    doc = checked(
        tenant,
        field.site_id,
        field.list_id,
        field.internal_name,
        field.type,
        field.doc | changes,
        was_indexed=field.indexed,
    )
    tenant.run(
        "UPDATE field SET title = ?, doc = ? WHERE site_id = ? AND list_id = ? AND id = ?",
        title or field.title,
        json.dumps(doc),
        field.site_id,
        field.list_id,
        field.id,
    )
    if title and field.internal_name == "Title":
        # The columns that show Title as a link are named after it.
        tenant.run(
            "UPDATE field SET title = ? WHERE site_id = ? AND list_id = ?"
            " AND internal_name IN ('LinkTitle', 'LinkTitleNoMenu')",
            title,
            field.site_id,
            field.list_id,
        )
    return get(tenant, field.site_id, field.list_id, field.id)


def remove(tenant: Tenant, field: Field) -> None:
    """Delete a column with its place in content types and views. Raises `Refusal` 400 if built-in."""
    if field.builtin or field.doc.get("CanBeDeleted") is False:
        raise Refusal(
            400,
            "invalidRequest",
            "The field cannot be deleted because it is a built-in field.",
            rest_code="-2130575305, Microsoft.SharePoint.SPException",
        )
    if not field.list_id:
        used = tenant.one(
            "SELECT 1 FROM content_type_field WHERE site_id = ? AND list_id = '' AND field_id = ?",
            field.site_id,
            field.id,
        )
        if used is not None:
            raise Refusal(
                400,
                "invalidRequest",
                "Site columns which are included in content types cannot be deleted. Remove all "
                "references to this site column prior to deleting it.",
                rest_code="-2146232832, Microsoft.SharePoint.SPException",
            )
    where = (field.site_id, field.list_id, field.id)
    tenant.run("DELETE FROM field WHERE site_id = ? AND list_id = ? AND id = ?", *where)
    tenant.run(
        "DELETE FROM content_type_field WHERE site_id = ? AND list_id = ? AND field_id = ?", *where
    )
    if field.list_id:  # the values go with the column
        tenant.run(
            "UPDATE item SET fields = json_remove(fields, ?) WHERE list_id = ?",
            f'$."{field.internal_name}"',
            field.list_id,
        )
    for view in tenant.rows("SELECT id, fields FROM view WHERE list_id = ?", field.list_id):
        kept = [name for name in json.loads(view["fields"]) if name != field.internal_name]
        tenant.run("UPDATE view SET fields = ? WHERE id = ?", json.dumps(kept), view["id"])
