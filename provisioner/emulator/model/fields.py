"""Columns of sites and lists: one store for Graph `columnDefinition` and REST `SP.Field`.

A column made through either face is read by both, so a multi-choice column made in REST appears in
Graph as `choice` with `displayAs` "checkBoxes" (issue microsoftgraph/microsoft-graph-docs#2745).
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import field_rules as rules
from provisioner.emulator.model.builtin_fields import builtin_fields
from provisioner.emulator.model.localised import Language
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

# TypeAsString -> FieldTypeKind (learn.microsoft.com/previous-versions/office/sharepoint-csom,
# FieldType enumeration).
KINDS = {
    "Integer": 1,
    "Text": 2,
    "Note": 3,
    "DateTime": 4,
    "Counter": 5,
    "Choice": 6,
    "Lookup": 7,
    "LookupMulti": 7,
    "Boolean": 8,
    "Number": 9,
    "Currency": 10,
    "URL": 11,
    "Computed": 12,
    "Guid": 14,
    "MultiChoice": 15,
    "Calculated": 17,
    "File": 18,
    "Attachments": 19,
    "User": 20,
    "UserMulti": 20,
    "ModStat": 23,
    "ContentTypeId": 25,
    # Installed by the taxonomy feature, not numbered: FieldType.Invalid.
    "TaxonomyFieldType": 0,
    "TaxonomyFieldTypeMulti": 0,
}


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One column, as it is: `list_id` is "" for a site column, `doc` the rest under REST names."""

    id: str
    site_id: str
    list_id: str
    internal_name: str
    title: str
    type: str
    builtin: bool
    indexed: bool
    unique: bool
    multi: bool
    hidden: bool
    read_only: bool
    required: bool
    lookup_list: str
    lookup_field: str
    choices: tuple[str, ...]
    default: str | None
    doc: MappingProxyType[str, Any]


def _field(row: sqlite3.Row) -> Field:
    return _read(tuple(row)[:8])


@lru_cache(maxsize=8192)
def _read(row: tuple[Any, ...]) -> Field:
    """The column of a row. Equal rows are read once: columns are asked for at every turn."""
    field_id, site_id, list_id, internal_name, title, kind, builtin, text = row
    doc = json.loads(text)
    return Field(
        id=field_id,
        site_id=site_id,
        list_id=list_id,
        internal_name=internal_name,
        title=title,
        type=kind,
        builtin=bool(builtin),
        indexed=bool(doc.get("Indexed")),
        unique=bool(doc.get("EnforceUniqueValues")),
        multi=kind in rules.MULTIPLE,
        hidden=bool(doc.get("Hidden")),
        read_only=bool(doc.get("ReadOnlyField")) or kind == "Calculated",
        required=bool(doc.get("Required")),
        lookup_list=str(doc.get("LookupList") or ""),
        lookup_field=str(doc.get("LookupField") or ""),
        choices=tuple(doc.get("Choices") or ()),
        default=doc.get("DefaultValue"),
        doc=MappingProxyType(doc),
    )


def of_site(tenant: Tenant, site_id: str) -> list[Field]:
    """The site's columns, in the order they were made."""
    return of(tenant, site_id, "")


def of_list(tenant: Tenant, list_id: str) -> list[Field]:
    """The list's columns, built-in ones first."""
    sql = "SELECT * FROM field WHERE list_id = ? ORDER BY position, rowid"
    return _all(tenant, list_id, sql, list_id)


def of(tenant: Tenant, site_id: str, list_id: str) -> list[Field]:
    """The columns of a list, or of the site where `list_id` is ""."""
    sql = "SELECT * FROM field WHERE site_id = ? AND list_id = ? ORDER BY position, rowid"
    return _all(tenant, list_id, sql, site_id, list_id)


def _all(tenant: Tenant, list_id: str, sql: str, *values: str) -> list[Field]:
    def read() -> list[Field]:
        return [_field(row) for row in tenant.rows(sql, *values)]

    return list(tenant.kept_columns(list_id, (sql, *values), read))


def find(tenant: Tenant, site_id: str, list_id: str, name: str) -> Field | None:
    """The column with this id, internal name or (last) title, or None."""
    wanted = name.strip("{}").lower()
    all_fields = of(tenant, site_id, list_id)
    for key in ("id", "internal_name", "title"):
        for field in all_fields:
            if str(getattr(field, key)).lower() == wanted:
                return field
    return None


def get(tenant: Tenant, site_id: str, list_id: str, name: str) -> Field:
    """The column with this id, internal name or title. Raises `Refusal` 404 for none."""
    field = find(tenant, site_id, list_id, name)
    if field is None:
        raise Refusal(
            404,
            "itemNotFound",
            f"Column '{name}' does not exist. It may have been deleted by another user.",
            rest_code="-2147024809, System.ArgumentException",
        )
    return field


def seed(tenant: Tenant, site_id: str, list_id: str, language: Language, *, library: bool) -> None:
    """Give a new list its built-in columns."""
    for position, built in enumerate(builtin_fields(library=library)):
        hidden = built.hidden or (built.name == "FileLeafRef" and not library)
        doc: dict[str, Any] = {
            "Required": built.required and not (library and built.name == "Title"),
            "Hidden": hidden,
            "ReadOnlyField": built.read_only,
            "Sealed": built.sealed,
            "FromBaseType": True,
            "CanBeDeleted": False,
            "Group": "_Hidden" if hidden or built.sealed else language("Custom Columns"),
            "SourceID": "http://schemas.microsoft.com/sharepoint/v3",
        }
        if built.type == "Text":
            doc["MaxLength"] = 255
        if built.type == "User":
            doc["SelectionMode"] = 1
        tenant.run(
            "INSERT INTO field VALUES (?,?,?,?,?,?,1,?,?)",
            built.id,
            site_id,
            list_id,
            built.name,
            language(built.title),
            built.type,
            json.dumps(doc),
            position - 1000,
        )


def _taken(tenant: Tenant, site_id: str, list_id: str, column: str, value: str) -> bool:
    sql = f"SELECT 1 FROM field WHERE site_id = ? AND list_id = ? AND {column} = ? COLLATE NOCASE"  # noqa: S608
    return tenant.one(sql, site_id, list_id, value) is not None


def free_name(tenant: Tenant, site_id: str, list_id: str, wanted: str) -> str:
    """`wanted` escaped, with a digit after it while another column of the scope has the name."""
    base = rules.escape_name(wanted)
    name, number = base, 0
    while _taken(tenant, site_id, list_id, "internal_name", name):
        suffix = str(number)
        name, number = base[: rules.MAX_INTERNAL_NAME - len(suffix)] + suffix, number + 1
    return name


def add(
    tenant: Tenant,
    *,
    site_id: str,
    list_id: str,
    internal_name: str,
    title: str,
    type: str,  # noqa: A002 - SharePoint's word
    doc: dict[str, Any],
    field_id: str | None = None,
) -> Field:
    """Make a column after checking its name, index, look-up target and formula.

    Raises `Refusal` 409 for a name or id that is taken, 400 for what the type cannot do.
    """
    if _taken(tenant, site_id, list_id, "internal_name", internal_name) or (
        field_id and _taken(tenant, site_id, list_id, "id", field_id)
    ):
        raise Refusal(
            409,
            "nameAlreadyExists",
            f'A duplicate field name "{internal_name}" was found.',
            rest_code="-2130575306, Microsoft.SharePoint.SPDuplicateValuesFoundException",
        )
    doc = checked(tenant, site_id, list_id, internal_name, type, doc, was_indexed=False)
    new_id = field_id or tenant.guid()
    doc.setdefault("SourceID", f"{{{list_id or site_id}}}")
    doc.setdefault("StaticName", internal_name)
    position = tenant.next_id("field position")
    tenant.run(
        "INSERT INTO field VALUES (?,?,?,?,?,?,0,?,?)",
        new_id,
        site_id,
        list_id,
        internal_name,
        title,
        type,
        json.dumps(doc),
        position,
    )
    return get(tenant, site_id, list_id, new_id)


def checked(
    tenant: Tenant,
    site_id: str,
    list_id: str,
    name: str,
    kind: str,
    doc: dict[str, Any],
    *,
    was_indexed: bool,
) -> dict[str, Any]:
    """What is said of a column, if it can be kept so. Raises `Refusal`."""
    others = [f for f in of(tenant, site_id, list_id) if f.internal_name.lower() != name.lower()]
    rules.check_index(
        kind,
        indexed=bool(doc.get("Indexed")),
        unique=bool(doc.get("EnforceUniqueValues")),
        already=sum(f.indexed for f in others) if list_id else 0,
        was_indexed=was_indexed,
    )
    doc = dict(doc)
    if kind.startswith("Lookup"):
        _check_lookup(tenant, site_id, doc)
        rules.check_relationship(kind, doc, [(f.id, f.type, f.lookup_list) for f in others])
    if kind.startswith("Taxonomy"):
        rules.check_term(doc, [f.id for f in others if f.type == "Note"])
    if kind == "Calculated":
        names = [(f.internal_name, f.title, f.type) for f in others]
        doc["Formula"] = rules.normalise_formula(str(doc.get("Formula") or ""), names)
    if kind in ("Choice", "MultiChoice"):
        choices = doc.get("Choices") or []
        if len({str(c).lower() for c in choices}) != len(choices):
            raise Refusal(400, "invalidRequest", "The choices of a column must be unique.")
    return doc


def _check_lookup(tenant: Tenant, site_id: str, doc: dict[str, Any]) -> None:
    target = str(doc.get("LookupList") or "")
    row = tenant.one(
        "SELECT id FROM list WHERE id = ? AND site_id = ? AND deleted = 0", target, site_id
    )
    if row is None:
        raise _no_target("The list that the lookup column refers to does not exist.")
    shown = str(doc.get("LookupField") or "Title")
    found = find(tenant, site_id, target, shown)
    if found is None:
        raise _no_target(f"The lookup column '{shown}' does not exist in the target list.")
    doc["LookupField"] = found.internal_name


def _no_target(message: str) -> Refusal:
    return Refusal(
        400, "invalidRequest", message, rest_code="-2147024809, System.ArgumentException"
    )
