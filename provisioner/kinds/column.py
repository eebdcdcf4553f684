"""Columns: of the site, used through content types, or of one list.

```yaml
columns:                                  # site columns
  - {name: ControlArea, displayName: Control area, type: choice, indexed: true, choices: [A, B]}
lists:
  - key: risk-register
    columns:                              # columns of one list
      - {name: RiskId, displayName: Risk id, type: text, maxLength: 16, indexed: true, unique: true}
      - {name: Owner, displayName: Owner, type: person}
      - {name: Title, displayName: Risk}  # the column every list has: only what you say is changed
```

| type | what goes with it |
|---|---|
| text | `maxLength` (255) |
| note | `lines` (6), `richText`, `appendChanges` (the list needs `versioning`) |
| choice | `choices` in their order, `multiple` |
| number | `decimals`, `percentage`, `min`, `max` |
| currency | `locale` (en-US), `decimals`, `min`, `max` |
| dateTime | `format`: dateOnly or dateTime |
| boolean | |
| person | `multiple` |
| lookup | `list` (a key of this file), `show` (Title), `multiple` |
| hyperlink | `picture` |
| calculated | `formula`, `result`: text, number, dateTime or boolean |

`name` is the internal name and never changes; people see `displayName`. Formulas name columns by
their display names, `[Period from]`. The type of a column cannot be changed, nor whether it takes
several values: declare another column and move the values.

Columns people add to a list are theirs, and so are descriptions they edit.

`default` is a value, `today`, or a formula such as `=[Today]+30`. `formatting` is how the column is
shown (see column formatting); that of a site column goes to lists that take the column from then
on, so lists that have it already say it in their own `formatting`. A file that says nothing of it
leaves it as it is. Columns of managed terms are not made here: no supported request creates one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.core.address import SITE, address, split
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Action, Change, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.column_requests import create, delete, update
from provisioner.kinds.column_spec import BUILT_IN, Column, ListColumn, SiteColumn
from provisioner.kinds.field_xml import default, facets, formula, number, unlocalised, with_names
from provisioner.kinds.formatters import column_normal
from provisioner.kinds.requests import GRAPH_MANAGE, read_rest, rest_list_by_id, rows

_SELECT = (
    "fields?$select=Id,InternalName,Title,Description,Required,Indexed,EnforceUniqueValues,"
    "Hidden,Group,FromBaseType,CanBeDeleted,CustomFormatter,SchemaXml"
)
SITE_FIELDS = read_rest(f"/_api/web/{_SELECT}")
_MICROSOFT = "http://schemas.microsoft.com/"


def list_fields(list_id: str) -> Reading:
    """Every column of one list."""
    return read_rest(f"{rest_list_by_id(list_id)}/{_SELECT}")


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """The column; a lookup stands on the list it points at."""
    spec = declared.spec
    assert isinstance(spec, Column)
    above = ""
    if declared.parent is not None:
        above = address("list", str(getattr(declared.parent.spec, "key", "")))
        _can_append(spec, declared)
    depends = (address("list", spec.list),) if spec.list else ()
    return (
        Resource(
            "column",
            address("column", spec.name, above),
            canonical(spec),
            (("name", spec.name),),
            depends,
            {"name": spec.name},
            declared.where,
        ),
    )


def _can_append(spec: Column, declared: Declared) -> None:
    """Refuse appended changes where no versions are kept to show them from."""
    assert declared.parent is not None
    kept = getattr(declared.parent.spec, "versioning", None)
    if spec.append_changes and not (kept and kept.major):
        key = getattr(declared.parent.spec, "key", "")
        raise SpecInvalid(
            (
                Problem(
                    "APPEND-NEEDS-VERSIONS",
                    f"“{spec.name}” appends changes, and “{key}” keeps no versions to show them from.",
                    declared.where,
                    "Add `versioning: {major: 100}` to the list, or take `appendChanges` away.",
                ),
            )
        )


def canonical(spec: Column) -> dict[str, Any]:
    """What the file says, and the defaults we own, in the one form that is compared."""
    whole: dict[str, Any] = {
        "displayName": spec.display_name or spec.name,
        "type": spec.type,
        "required": spec.required,
        "indexed": spec.indexed or spec.unique,
        "unique": spec.unique,
        "hidden": spec.hidden,
        "multiple": spec.multiple,
        "default": formula(spec.default_formula) or default(spec.type or "", spec.default),
        "validation": spec.validation
        and {
            "formula": formula(spec.validation.formula),
            "message": spec.validation.message,
        },
        **_of_type(spec),
    }
    if spec.description is not None:
        whole["description"] = spec.description.strip()
    if spec.formatting is not None:
        whole["formatting"] = column_normal(spec.formatting)
    if isinstance(spec, SiteColumn) and spec.group is not None:
        whole["group"] = spec.group
    if spec.name in BUILT_IN:
        names = {Column.model_fields[name].alias or name for name in spec.model_fields_set}
        return {name: value for name, value in whole.items() if name in names}
    return whole


def _of_type(spec: Column) -> dict[str, Any]:
    dates = spec.format or "dateOnly"
    result = spec.result or "text"
    by_type: dict[str, dict[str, Any]] = {
        "text": {"maxLength": spec.max_length or 255},
        "note": {
            "lines": spec.lines or 6,
            "richText": spec.rich_text,
            "appendChanges": spec.append_changes,
        },
        "choice": {"choices": list(spec.choices or ())},
        "dateTime": {"format": dates},
        "number": {"percentage": spec.percentage, **_range(spec)},
        "currency": {"locale": spec.locale or "en-US", **_range(spec)},
        "hyperlink": {"picture": spec.picture},
        "lookup": {"list": spec.list, "show": spec.show or "Title"},
        "calculated": {
            "formula": formula(spec.formula),
            "result": result,
            **({"format": dates} if result == "dateTime" else {}),
        },
    }
    return by_type.get(spec.type or "", {})


def _range(spec: Column) -> dict[str, Any]:
    decimals = {} if spec.decimals is None else {"decimals": spec.decimals}
    return {"min": number(spec.min), "max": number(spec.max), **decimals}


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
    made = [_found(row, SITE, lists, frozenset(), unlocalised(shared)) for row in shared]
    ids = frozenset(str(row["Id"]).lower() for row in shared)
    for one in known.values():
        answer = answers.get(list_fields(one.ids["id"])) if _is_list(one) else None
        if answer is not None:
            columns = rows(answer.body)
            names = unlocalised(columns)
            made.extend(_found(row, one.address, lists, ids, names) for row in columns)
    return made


def _is_list(one: Any) -> bool:
    return bool(one.kind == "list" and one.declared)


def _found(
    row: Mapping[str, Any],
    parent: str,
    lists: Mapping[str, str],
    shared: frozenset[str],
    names: Mapping[str, str],
) -> Found:
    """A column as read. One that a list has from the site keeps the site column's id."""
    name, own_id = str(row["InternalName"]), str(row["Id"]).lower()
    read = with_names(facets(str(row["SchemaXml"])), names)
    source = str(read.pop("source"))
    builtin = (
        bool(row.get("FromBaseType"))
        or source.startswith(_MICROSOFT)
        or row.get("CanBeDeleted") is False
        or own_id in shared
    )
    return Found(
        "column",
        parent,
        name,
        (("name", name),),
        {"id": own_id},
        _read(row, read, lists),
        builtin=builtin,
    )


def _read(row: Mapping[str, Any], read: dict[str, Any], lists: Mapping[str, str]) -> dict[str, Any]:
    if "list" in read:
        read["list"] = lists.get(read["list"], read["list"])
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


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Through Graph, but for choice columns with several values."""
    if change.action is Action.DELETE:
        return delete(change)
    if change.desired is None:
        return ()
    return create(change) if change.action is Action.CREATE else update(change)


def risk(action: Action, fields: Sequence[FieldChange]) -> Risk:
    """High where values go; medium where values may stop being allowed."""
    if action in {Action.DELETE, Action.REPLACE}:
        return "high"
    if action is Action.UPDATE and any(_narrows(field) for field in fields):
        return "medium"
    return "low"


def _narrows(field: FieldChange) -> bool:
    before, after = field.before, field.after
    if field.path == "choices":
        return bool(set(_texts(before)) - set(_texts(after)))
    if field.path == "maxLength":
        return (after or 0) < (before or 0)
    return field.path in {"unique", "required", "validation", "min", "max"} and bool(after)


def _texts(value: Any) -> Iterable[str]:
    return [str(one) for one in value or ()]


KINDS = (
    Kind(
        name="column",
        title="Column",
        rank=30,
        mounts={
            "columns[]": SiteColumn,
            "libraries[].columns[]": ListColumn,
            "lists[].columns[]": ListColumn,
        },
        desired=desired,
        operations=operations,
        inventory=inventory,
        detail=detail,
        detail_found=detail_found,
        risk=risk,
        immutable=frozenset({"type", "multiple", "list", "show"}),
        people_own=frozenset({"description"}),
        permissions={
            Action.CREATE: GRAPH_MANAGE,
            Action.UPDATE: GRAPH_MANAGE,
            Action.DELETE: GRAPH_MANAGE,
        },
    ),
)
