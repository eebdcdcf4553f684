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
| choice | `choices` in their order, `multiple`, `allowTextEntry`, `displayAs`: dropDownMenu or radioButtons |
| number | `decimals`, `percentage`, `min`, `max` |
| currency | `locale` (en-US), `decimals`, `min`, `max` |
| dateTime | `format`: dateOnly or dateTime; `displayAs`: standard, or friendly for “yesterday” |
| boolean | |
| person | `multiple`, `chooseFromType`: peopleOnly or peopleAndGroups; `fromGroup`, a group of this file |
| lookup | `list` (a key of this file), `show` (Title), `multiple`, `onDelete`, `primaryColumn` |
| hyperlink | `picture` |
| calculated | `formula`, `result`: text, number, currency, dateTime, boolean; `decimals`, `format` |
| term | `termSet`, the id of a term set that exists; `parentTerm`, `multiple`, `showFullyQualifiedName` |

All of them: `required`, `hidden`, `readOnly`, `description`, `group` (site columns), `formatting`,
and `showInForms`, the forms that show the column, of new, edit and display. `indexed`, `unique`,
`default` and `validation` go with most.

`name` is the internal name and never changes; people see `displayName`. Formulas name columns by
their display names, `[Period from]`.

Columns people add to a list are theirs, and so are descriptions they edit.

`default` is a value, `today`, or a formula such as `=[Today]+30`. `formatting` is how the column is
shown (see column formatting); that of a site column goes to lists that take the column from then
on, so lists that have it already say it in their own `formatting`; so it is with `showInForms`,
`onDelete`, and the digits of a calculated site column. A file that says nothing of `formatting` or
`showInForms` leaves them as they are.

A lookup with `primaryColumn` shows one more column of the row that another lookup points at:
`{name: RiskOwner, type: lookup, list: risks, show: Owner, primaryColumn: RelatedRisk}`. It is
read-only and changes with the other. `onDelete` says what becomes of rows that point at a deleted
one: `restrict` refuses to delete it, `cascade` deletes them too; it needs `indexed: true`.

A term column uses a term set that is there already, and the app needs `TermStore.Read.All` for
SharePoint to look it up. Terms cannot be given to starting rows.

## When the type changes

The type of a list's column can be changed where every value survives it. In place: text and choice
to text, note, choice, number, currency or dateTime; numbers and booleans to text, note or choice, and
between each other where they are 0 and 1; dateTime to text; and one value to several, or several to
one where no row has more. By making the column again under its name: note to text, choice, number,
dateTime or boolean; hyperlink to text, and text that is an address to hyperlink; text to a choice
with several values (`;#` between them), and back; text and choice to boolean. Then earlier versions
of the rows say nothing in it any more.

`plan` reads the values, counts them, and names the rows that stand in the way. `apply` does it only
when you name the column, `--allow list:risk-register/column:Score`: it first stores all values in the
site's ledger, then changes the column, compares every value with the stored one, and writes those
again that differ. What people write meanwhile stays. Cut off at any point, the same command goes on
from the stored values.

A list's column moves to the site when the file declares it among the site's `columns`, in a content
type that the list uses, and no longer in the list. It needs `--allow` as well: the list's own gives
way, the site's comes under the same name, views show it in the same place, and the values are written
to it. Rows keep their content type.

What else cannot be changed (the list a lookup points at, a term set, the type of a site column) is
refused with what to do instead: as a rule, declare another column and move the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.core.address import address, split
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Action, Change, FieldChange, Resource, Risk
from provisioner.core.transport import Operation
from provisioner.kinds.base import Again, Capabilities, Declared, Kind, Scope
from provisioner.kinds.column_canonical import canonical
from provisioner.kinds.column_found import detail, detail_found, inventory
from provisioner.kinds.column_remake import switch
from provisioner.kinds.column_requests import FORMATTER, create, delete, update
from provisioner.kinds.column_spec import Column, ListColumn, SiteColumn
from provisioner.kinds.column_type import marker_name
from provisioner.kinds.column_ways import by_either_way
from provisioner.kinds.requests import GRAPH_MANAGE


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """The column; a lookup stands on the list it points at."""
    spec = declared.spec
    assert isinstance(spec, Column)
    above = ""
    if declared.parent is not None:
        above = address("list", str(getattr(declared.parent.spec, "key", "")))
        _can_append(spec, declared)
    properties = canonical(spec, above)
    depends = tuple(
        str(one)
        for one in (
            spec.list and address("list", spec.list),
            properties.get("primaryColumn"),
            properties.get("fromGroup"),
        )
        if one
    )
    return (
        Resource(
            "column",
            address("column", spec.name, above),
            properties,
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


def operations(change: Change, _scope: Scope, can: Capabilities) -> Sequence[Operation]:
    """Through Graph, but for choice columns with several values."""
    if change.action is Action.DELETE:
        return delete(change)
    if change.desired is None:
        return ()
    if change.action is Action.REPLACE:
        return switch(change, marker_name(str(change.desired.extra["name"])))
    if change.action is Action.CREATE:
        return by_either_way(create(change), change, can)
    return update(change)


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


def again(own: str, _said: Mapping[str, Any]) -> Again:
    """The internal name, which is the address's."""
    name = split(own)[1]
    return Again((("name", name),), {"name": name})


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
        again=again,
        inventory=inventory,
        detail=detail,
        detail_found=detail_found,
        risk=risk,
        immutable=frozenset(
            {
                "type",
                "multiple",
                "list",
                "show",
                "primaryColumn",
                "fromGroup",
                "termSet",
                "parentTerm",
            }
        ),
        people_own=frozenset({"description"}),
        rests_on={"formatting": FORMATTER},
        permissions={
            Action.CREATE: GRAPH_MANAGE,
            Action.UPDATE: GRAPH_MANAGE,
            Action.DELETE: GRAPH_MANAGE,
        },
    ),
)
