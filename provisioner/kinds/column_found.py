"""Columns as a site's answers tell them, of its own and of its lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from provisioner.core.address import SITE, address, split
from provisioner.core.resource import Found
from provisioner.core.transport import Answers, Reading
from provisioner.kinds.base import Known, Scope
from provisioner.kinds.field_xml import facets, unlocalised, with_names
from provisioner.kinds.formatters import column_normal
from provisioner.kinds.requests import read_rest, rest_list_by_id, rows

_SELECT = (
    "fields?$select=Id,InternalName,Title,Description,Required,Indexed,EnforceUniqueValues,"
    "Hidden,Group,FromBaseType,CanBeDeleted,CustomFormatter,SchemaXml"
)
SITE_FIELDS = read_rest(f"/_api/web/{_SELECT}")
_MICROSOFT = "http://schemas.microsoft.com/"


def list_fields(list_id: str) -> Reading:
    """Every column of one list."""
    return read_rest(f"{rest_list_by_id(list_id)}/{_SELECT}")


def inventory(_scope: Scope) -> Sequence[Reading]:
    """The site's columns."""
    return (SITE_FIELDS,)


def detail(_scope: Scope, known: Known) -> Sequence[Reading]:
    """The columns of each declared list."""
    return [list_fields(one.ids["id"]) for one in known.values() if _is_list(one)]


def detail_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """All columns, of the site too: only now are the lists known that lookups point at."""
    lists = {one.ids["id"]: split(one.address)[1] for one in known.values() if one.kind == "list"}
    site = answers.get(SITE_FIELDS)
    shared = rows(site.body) if site is not None else []
    groups = {one.ids["id"]: one.address for one in known.values() if one.kind == "group"}
    told = _Told(SITE, lists, groups, frozenset(), shared)
    made = [_found(row, told) for row in shared]
    ids = frozenset(str(row["Id"]).lower() for row in shared)
    for one in known.values():
        answer = answers.get(list_fields(one.ids["id"])) if _is_list(one) else None
        if answer is not None:
            columns = rows(answer.body)
            told = _Told(one.address, lists, groups, ids, columns)
            made.extend(_found(row, told) for row in columns)
    return _without_notes(made)


def _without_notes(found: Iterable[Found]) -> list[Found]:
    """The hidden notes that keep the labels of terms belong to their columns: nobody's extras."""
    made = list(found)
    notes = {(one.parent, one.properties.get("textField")) for one in made}
    return [
        replace(one, builtin=True) if (one.parent, one.ids["id"]) in notes else one for one in made
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the columns of one place are read with.

    lists, groups: what ids stand for. `shared`: ids of the site's columns. `rows`: all the columns
    of the place.
    """

    parent: str
    lists: Mapping[str, str]
    groups: Mapping[str, str]
    shared: frozenset[str]
    rows: Sequence[Mapping[str, Any]]

    def columns(self) -> dict[str, str]:
        """The addresses of the place's columns, by id."""
        above = "" if self.parent == SITE else self.parent
        return {
            str(row["Id"]).lower(): address("column", str(row["InternalName"]), above)
            for row in self.rows
        }


def _is_list(one: Any) -> bool:
    return bool(one.kind == "list" and one.declared)


def _found(row: Mapping[str, Any], told: _Told) -> Found:
    """A column as read. One that a list has from the site keeps the site column's id."""
    name, own_id = str(row["InternalName"]), str(row["Id"]).lower()
    read = with_names(facets(str(row["SchemaXml"])), unlocalised(told.rows))
    source = str(read.pop("source"))
    builtin = (
        bool(row.get("FromBaseType"))
        or source.startswith(_MICROSOFT)
        or row.get("CanBeDeleted") is False
        or own_id in told.shared
    )
    return Found(
        "column",
        told.parent,
        name,
        (("name", name),),
        {"id": own_id},
        _read(row, read, told),
        builtin=builtin,
    )


def _read(row: Mapping[str, Any], read: dict[str, Any], told: _Told) -> dict[str, Any]:
    if "list" in read:
        read["list"] = told.lists.get(read["list"], read["list"])
    if read.get("primaryColumn"):
        read["primaryColumn"] = told.columns().get(read["primaryColumn"], read["primaryColumn"])
    if read.get("fromGroup"):
        read["fromGroup"] = told.groups.get(read["fromGroup"], read["fromGroup"])
    return {
        "displayName": str(row.get("Title") or ""),
        "description": str(row.get("Description") or "").strip(),
        "required": bool(row.get("Required")),
        "indexed": bool(row.get("Indexed")),
        "unique": bool(row.get("EnforceUniqueValues")),
        "hidden": bool(row.get("Hidden")),
        "group": str(row.get("Group") or ""),
        "formatting": column_normal(row.get("CustomFormatter")),
        **read,
    }
