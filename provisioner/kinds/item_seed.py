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

`permissions` beside `seed` gives single rows permissions of their own, by their key: see
[Permissions](permissions.md).

Values are text, numbers, true or false, dates written `2026-04-01`, a list of texts for a choice
with several values, an address or `{url: …, description: …}` for a hyperlink. A person is
`user:ann@contoso.com`; a lookup names a row that the file seeds in the other list by its key,
`RelatedRisk: R-001`; several of either stand in a list. People and lookups are given when the row is
made, and not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import Field, model_validator

from provisioner.core.address import address, parent_of
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.item_values import canonical, key_text, sent, texts
from provisioner.kinds.principal import address_of, checked, principal
from provisioner.kinds.requests import (
    GRAPH_WRITE,
    REST_WRITE,
    graph,
    graph_list,
    read_rest,
    rest,
    rest_list,
    rest_list_by_id,
    rows,
)

Value = str | int | float | bool | tuple[str, ...] | dict[str, str] | None
_PAGE = 5000
PEOPLE = frozenset({"person", "multiperson"})
LOOKUPS = frozenset({"lookup", "multilookup"})


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
            name = key_text(row.get(self.key))
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
        types = {name: scope.type_of(list_address, name) for name in row}
        words = {
            name: tuple(checked(word) for word in texts(row[name]))
            for name, word in types.items()
            if word in PEOPLE and row[name]
        }
        made += [principal(word, where) for several in words.values() for word in several]
        refers = {name: tuple(address_of(word) for word in named) for name, named in words.items()}
        for name, word in types.items():
            target = scope.target_of(list_address, name) if word in LOOKUPS and row[name] else ""
            if target:
                refers[name] = tuple(address("item", key, target) for key in texts(row[name]))
        properties = {
            name: canonical(value, types[name], scope)
            for name, value in row.items()
            if name not in refers and value is not None
        }
        key = key_text(properties.get(list_key_column))
        made.append(
            Resource(
                "item",
                address("item", key, list_address),
                properties,
                (("key", key),),
                tuple(dict.fromkeys(one for several in refers.values() for one in several)),
                {"key": list_key_column, "refers": refers},
                where,
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
        word = scope.type_of(above, columns[0])
        for row in rows(answer.body) if answer is not None else ():
            key = key_text(canonical(row.get(columns[0]), word, scope))
            if key:
                made.append(_found(row, key, above, columns, scope))
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
        plain, links = _apart(wanted.properties, parent_of(own), scope)
        emptied = {n: v for n, v in plain.items() if _is_emptied(n, v, parent_of(own), scope)}
        fields = _fields(plain, parent_of(own), scope)
        for name, addresses in wanted.extra.get("refers", {}).items():
            fields |= _referring(name, addresses, scope.type_of(parent_of(own), name))
        made = graph(
            "POST",
            home,
            own,
            {"fields": fields},
            permission=GRAPH_WRITE,
            produces={"id": "/id"},
            what=f"Create {own}",
        )
        return (made, *_told(own, emptied, scope), *_linked(own, links))
    names = {field.path.partition(".")[0] for field in change.fields}
    changed = {name: wanted.properties[name] for name in wanted.properties if name in names}
    if change.action is not Action.UPDATE or not changed:
        return ()
    plain, links = _apart(changed, parent_of(own), scope)
    return (*_told(own, plain, scope), *_linked(own, links))


def _is_emptied(name: str, value: Any, above: str, scope: Scope) -> bool:
    """Whether the file says nothing where SharePoint writes the column's default into a new row."""
    return value == "" and scope.is_filled(above, name)


def _told(own: str, values: Mapping[str, Any], scope: Scope) -> Sequence[Operation]:
    """The request that changes these values of a row; none for no values."""
    told = graph(
        "PATCH",
        f"{graph_list(own)}/items/{ref(own)}/fields",
        own,
        _fields(values, parent_of(own), scope),
        permission=GRAPH_WRITE,
        what=f"Update {own}",
    )
    return (told,) if values else ()


def _apart(
    values: Mapping[str, Any], above: str, scope: Scope
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Graph takes, and hyperlinks, which it answers with 400 (msgraph-sdk-dotnet, issue 2957)."""
    links = {name: one for name, one in values.items() if scope.type_of(above, name) == "hyperlink"}
    return {name: one for name, one in values.items() if name not in links}, links


def _linked(own: str, links: Mapping[str, Any]) -> Sequence[Operation]:
    """Hyperlinks of a row, by SharePoint REST (`SP.FieldUrlValue`)."""
    body = {
        name: one and {"Url": one["url"], "Description": one["description"]}
        for name, one in links.items()
    }
    path = f"{rest_list(own)}/items({ref(own)})"
    return (
        (rest("MERGE", path, own, body, permission=REST_WRITE, what=f"Link {own}"),) if body else ()
    )


def _referring(name: str, addresses: Sequence[str], column_type: str) -> dict[str, Any]:
    """A person or lookup as Graph takes it: ids as text, several with their type."""
    if not column_type.startswith("multi"):
        return {f"{name}LookupId": ref(addresses[0])}
    return {
        f"{name}LookupId@odata.type": "Collection(Edm.String)",
        f"{name}LookupId": [ref(one) for one in addresses],
    }


def _fields(values: Mapping[str, Any], above: str, scope: Scope) -> dict[str, Any]:
    """Values as Graph takes them; several must name their type (learn.microsoft.com Q&A 813838)."""
    fields: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, list):
            fields[f"{name}@odata.type"] = "Collection(Edm.String)"
        fields[name] = sent(value, scope.type_of(above, name), scope)
    return fields


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
        after=frozenset({"column", "contentType", "contentTypeOrder"}),
        people_own=frozenset({"*"}),
        deletable=False,
        permissions={Action.CREATE: GRAPH_WRITE, Action.UPDATE: GRAPH_WRITE},
    ),
)
