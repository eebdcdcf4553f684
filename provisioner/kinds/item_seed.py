"""Rows a list starts with.

```yaml
lists:
  - key: risk-register
    items:
      key: RiskId
      seed:
        - {RiskId: R-001, Title: Key material leaks, Status: Open, NextReview: 2026-04-01}
```

A row is known by the value of its key column. It is created when the list has no such row; from
then on people own it: what they change is theirs, and a row that leaves the file stays in the list.
When the file's value changes and nobody touched the row's, it follows the file.

Values are text, numbers, true or false, dates written `2026-04-01`, a list of texts for a choice
with several values, and `user:ann@contoso.com` for a person (given when the row is made, not
compared). Lookups cannot be seeded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from provisioner.core.address import address, parent_of
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.principal import address_of, checked, principal
from provisioner.kinds.requests import (
    GRAPH_WRITE,
    graph,
    graph_list,
    many,
    read_rest,
    rest_list_by_id,
    rows,
)

Value = str | int | float | bool | tuple[str, ...] | None
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d\d:\d\d)")
_PAGE = 5000
_DATES = frozenset({"dateOnly", "dateTime"})
_HALF_A_DAY = timedelta(hours=12)


class Items(SpecModel):
    """The rows a list starts with."""

    key: str = Field(description="The column whose value tells rows apart.")
    seed: tuple[dict[str, Value], ...] = Field(
        default=(), description="The rows: internal column name to value."
    )

    @model_validator(mode="after")
    def _keys_tell_apart(self) -> Items:
        seen: set[str] = set()
        for row in self.seed:
            name = str(row.get(self.key) or "")
            if not name:
                raise ValueError(f"A row has no value for its key column {self.key}.")
            if name.casefold() in seen:
                raise ValueError(f"Two rows have the same {self.key}: {name}.")
            seen.add(name.casefold())
        return self


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """A resource for each row."""
    spec = declared.spec
    assert isinstance(spec, Items)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    return row_resources(above, spec.key, spec.seed, scope, declared.where)


def row_resources(
    list_address: str,
    list_key_column: str,
    seed: Iterable[Mapping[str, Any]],
    scope: Scope,
    where: Where | None,
) -> list[Resource]:
    """A resource for each row of a list, and one for each person the rows name.

    `seed` maps internal column names to text, numbers, booleans, lists of texts, or ISO dates.
    """
    made: list[Resource] = []
    for row in seed:
        people = {
            name: checked(str(value)) for name, value in row.items()
            if scope.type_of(list_address, name) == "person" and value
        }
        made += [principal(word, where) for word in people.values()]
        properties = {
            name: canonical(value, scope.type_of(list_address, name), scope)
            for name, value in row.items() if name not in people and value is not None
        }
        key = str(row[list_key_column])
        made.append(
            Resource(
                "item", address("item", key, list_address), properties, (("key", key),),
                tuple(address_of(word) for word in people.values()),
                {"key": list_key_column, "people": people}, where,
            )
        )
    return made


def seeded_columns(resources: Iterable[Resource]) -> dict[str, tuple[str, ...]]:
    """For `Scope.seeded`: by list address, the key column and the others that are compared."""
    columns: dict[str, dict[str, None]] = {}
    for one in resources:
        if one.kind == "item":
            of_list = columns.setdefault(one.address.partition("/")[0], {})
            of_list[str(one.extra["key"])] = None
            of_list.update(dict.fromkeys(one.properties))
    return {name: tuple(found) for name, found in columns.items()}


def canonical(value: Any, column_type: str, scope: Scope) -> Any:
    """A value in the one form that is compared, whether the file or SharePoint wrote it."""
    if isinstance(value, (list, tuple, dict)):
        several = many(value) if isinstance(value, dict) else value
        return sorted(str(one) for one in several)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").strip()
    if column_type in _DATES and _MOMENT.fullmatch(text):
        return _moment(text, column_type, scope)
    return _sent(text, column_type, scope) if column_type == "dateTime" else text


def _moment(text: str, column_type: str, scope: Scope) -> str:
    """A day for columns of days, a moment in UTC for others.

    SharePoint keeps a day as its midnight in the site's zone. Where that is not the declared zone,
    the nearest midnight in UTC is meant.
    """
    moment = datetime.fromisoformat(text).astimezone(UTC)
    if column_type == "dateTime":
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    local = moment.astimezone(ZoneInfo(scope.time_zone))
    if local.time() == time():
        return local.date().isoformat()
    return (moment + _HALF_A_DAY).date().isoformat()


def list_items(list_id: str) -> Reading:
    """Every row of a list, whole: `$select` would be refused while a column is still missing."""
    return read_rest(f"{rest_list_by_id(list_id)}/items?$top={_PAGE}")


def detail(scope: Scope, known: Known) -> Sequence[Reading]:
    """The rows of each list that the file seeds."""
    return [list_items(known[above].ids["id"]) for above in scope.seeded if above in known]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Every row with a key; rows people added are never extras."""
    made = []
    for above, columns in scope.seeded.items():
        answer = answers.get(list_items(known[above].ids["id"])) if above in known else None
        for row in rows(answer.body) if answer is not None else ():
            key = row.get(columns[0])
            if key not in (None, ""):
                made.append(_found(row, str(key), above, columns, scope))
    return made


def _found(
    row: Mapping[str, Any], key: str, above: str, columns: Sequence[str], scope: Scope
) -> Found:
    properties = {
        name: canonical(row.get(name), scope.type_of(above, name), scope) for name in columns
    }
    return Found(
        "item", above, key, (("key", key),), {"id": str(row["Id"])}, properties, builtin=True
    )


def operations(change: Change, scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Graph creates a row, or changes the values that moved in the file."""
    wanted = change.desired
    if wanted is None:
        return ()
    own = change.address
    home = f"{graph_list(own)}/items"
    if change.action is Action.CREATE:
        fields = _fields(wanted.properties, parent_of(own), scope)
        for name, word in wanted.extra.get("people", {}).items():
            fields[f"{name}LookupId"] = ref(address_of(word))
        return (
            graph("POST", home, own, {"fields": fields}, permission=GRAPH_WRITE,
                  produces={"id": "/id"}, what=f"Create {own}"),
        )
    names = {field.path for field in change.fields}
    changed = {name: wanted.properties[name] for name in wanted.properties if name in names}
    if change.action is not Action.UPDATE or not changed:
        return ()
    return (
        graph("PATCH", f"{home}/{ref(own)}/fields", own, _fields(changed, parent_of(own), scope),
              permission=GRAPH_WRITE, what=f"Update {own}"),
    )


def _fields(values: Mapping[str, Any], above: str, scope: Scope) -> dict[str, Any]:
    """Values as Graph takes them; several must name their type (learn.microsoft.com Q&A 813838)."""
    fields: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list):
            fields[f"{name}@odata.type"] = "Collection(Edm.String)"
        fields[name] = _sent(value, scope.type_of(above, name), scope)
    return fields


def _sent(value: Any, column_type: str, scope: Scope) -> Any:
    """A day goes as its noon, which is the same day should the site be in a zone near by."""
    if not (isinstance(value, str) and _DAY.fullmatch(value) and column_type in _DATES):
        return value
    at = time(12) if column_type == "dateOnly" else time()
    moment = datetime.combine(date.fromisoformat(value), at, ZoneInfo(scope.time_zone))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


KINDS = (
    Kind(
        name="item",
        title="Row",
        rank=90,
        mounts={"lists[].items": Items},
        desired=desired,
        operations=operations,
        detail=detail,
        detail_found=detail_found,
        after=frozenset({"column", "contentType"}),
        people_own=frozenset({"*"}),
        deletable=False,
        permissions={Action.CREATE: GRAPH_WRITE, Action.UPDATE: GRAPH_WRITE},
    ),
)
