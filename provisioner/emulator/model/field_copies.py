"""Columns of the site in its lists: a copy of each, under a name that is free there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant
from provisioner.emulator.model.fields import Field, add, find

_DIGIT = "arrivingNamesGetDigit"


def copy_to_list(tenant: Tenant, field: Field, list_id: str) -> Field:
    """Bring a site column into a list, keeping id and link; the list's own column if it is there.

    With `arrivingNamesGetDigit` it is called `Name0` there, as people report of a name that was in
    use (sharepointlessonslearned.com, "Field name uniqueness rules vary between GUI and API").
    """
    present = find(tenant, field.site_id, list_id, field.id)
    if present is not None:
        return present
    if field.type.startswith("Taxonomy"):  # its hidden note comes along
        note = find(tenant, field.site_id, "", str(field.doc.get("TextField") or ""))
        if note is not None:
            copy_to_list(tenant, note, list_id)
    return add(
        tenant,
        site_id=field.site_id,
        list_id=list_id,
        internal_name=field.internal_name + ("0" if tenant.setting(_DIGIT) else ""),
        title=field.title,
        type=field.type,
        field_id=field.id,
        doc=field.doc | {"SourceID": f"{{{field.site_id}}}"},
    )
