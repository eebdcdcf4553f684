"""Views of a library or list.

```yaml
views:
  - name: Needs attention
    default: true
    columns: [DocIcon, LinkFilename, EvidenceOwner, Freshness]
    where: {any: [{Freshness: {in: [Stale, Expired]}}, {ReviewStatus: {ne: Approved}}]}
    orderBy: [FreshUntil, {Modified: desc}]
    groupBy: [ControlArea]
    rowLimit: 100
```

Columns are named by internal name and shown in this order. `where` is the same language as in
register checks. The view SharePoint makes with every list stays; declare one called `All Items`
(or `All Documents` in a library) to change it. Views people add, and personal views, are theirs.

Only a view with `default: true` is made the default; give that to one view of a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

from pydantic import Field, field_validator, model_validator

from provisioner.core.address import address
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.core.where import WhereError, fields_of, parse, to_caml
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.caml import normal
from provisioner.kinds.requests import (
    REST_MANAGE,
    VERBOSE,
    many,
    quoted,
    read_rest,
    rest,
    rest_list,
    rest_list_by_id,
    rows,
)

BUILT_IN_TYPES = {
    "Title": "text", "FileLeafRef": "text", "Created": "dateTime", "Modified": "dateTime",
    "Author": "person", "Editor": "person", "ID": "number", "ContentType": "text",
    "_UIVersionString": "text",
}
"""Type words of the columns every list has."""
_FIRST_VIEWS = frozenset({"all items", "all documents"})
_FIRST_FILES = ("/allitems.aspx", "/allpages.aspx")


class View(SpecModel):
    """One view everybody can use."""

    name: str = Field(min_length=1, max_length=255, description="The name people see.")
    default: bool = Field(default=False, description="Whether people see it first.")
    columns: tuple[str, ...] = Field(
        min_length=1, description="Internal names of the columns, in the order shown."
    )
    where: dict[str, Any] | None = Field(default=None, description="Which rows it shows.")
    order_by: tuple[str | dict[str, Literal["asc", "desc"]], ...] = Field(
        default=(), description="Columns it is sorted by: `Name`, or `{Name: desc}`."
    )
    group_by: tuple[str, ...] = Field(
        default=(), max_length=2, description="One or two columns rows are grouped by."
    )
    collapse: bool = Field(default=False, description="Whether groups are closed at first.")
    row_limit: int = Field(default=30, ge=1, le=5000, description="Rows on one page.")

    @field_validator("where")
    @classmethod
    def _is_condition(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is not None:
            parse(value)
        return value

    @field_validator("order_by")
    @classmethod
    def _one_column_each(
        cls, value: tuple[str | dict[str, Literal["asc", "desc"]], ...]
    ) -> tuple[str | dict[str, Literal["asc", "desc"]], ...]:
        if any(isinstance(part, dict) and len(part) != 1 for part in value):
            raise ValueError("Name one column in each part of `orderBy`, such as {Modified: desc}.")
        return value

    @model_validator(mode="after")
    def _no_column_twice(self) -> View:
        twice = sorted({one for one in self.columns if self.columns.count(one) > 1})
        if twice:
            raise ValueError(f"The column {twice[0]} is there twice.")
        return self


def list_views(list_id: str) -> Reading:
    """Every view of one list, with its columns."""
    return read_rest(
        f"{rest_list_by_id(list_id)}/views?$select=Id,Title,DefaultView,Hidden,PersonalView,"
        "ViewQuery,RowLimit,Paged,ServerRelativeUrl,ViewFields&$expand=ViewFields"
    )


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The view, its filter compiled to CAML."""
    spec = declared.spec
    assert isinstance(spec, View)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    properties: dict[str, Any] = {
        "name": spec.name,
        "columns": list(spec.columns),
        "query": normal(_query(spec, declared, scope)),
        "rowLimit": spec.row_limit,
        "paged": True,
    }
    if spec.default:
        properties["default"] = True
    first = spec.name.casefold() in _FIRST_VIEWS
    keys = (("title", spec.name), *((("first", "yes"),) if first else ()))
    return (
        Resource(
            "view", address("view", spec.name, above), properties, keys,
            extra={"first": first}, where=declared.where,
        ),
    )


def _query(spec: View, declared: Declared, scope: Scope) -> str:
    """The parts of the query, as SharePoint stores them: Where, GroupBy, OrderBy."""
    parts = []
    if spec.where is not None:
        above = address("list", str(getattr(declared.parent.spec, "key", ""))) if declared.parent else ""
        try:
            condition = parse(spec.where)
            named = {name: scope.type_of(above, name) for name in fields_of(condition)}
            types = BUILT_IN_TYPES | {name: word for name, word in named.items() if word}
            parts.append(f"<Where>{to_caml(condition, types)}</Where>")
        except WhereError as wrong:
            problem = Problem("VIEW-WHERE", str(wrong), declared.where, wrong.hint)
            raise SpecInvalid((problem,)) from wrong
    if spec.group_by:
        fields = "".join(_field(name) for name in spec.group_by)
        collapse = "TRUE" if spec.collapse else "FALSE"
        parts.append(f'<GroupBy Collapse="{collapse}">{fields}</GroupBy>')
    if spec.order_by:
        parts.append(f"<OrderBy>{''.join(_ordered(part) for part in spec.order_by)}</OrderBy>")
    return "".join(parts)


def _field(name: str) -> str:
    return f"<FieldRef Name={quoteattr(name)}/>"


def _ordered(part: str | Mapping[str, str]) -> str:
    if isinstance(part, str):
        return _field(part)
    name, way = next(iter(part.items()))
    return f'<FieldRef Name={quoteattr(name)} Ascending="{"FALSE" if way == "desc" else "TRUE"}"/>'


def detail(_scope: Scope, known: Known) -> Sequence[Reading]:
    """The views of each declared list."""
    return [
        list_views(one.ids["id"]) for one in known.values() if one.kind == "list" and one.declared
    ]


def detail_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Every view that is not hidden and not somebody's own."""
    made: list[Found] = []
    for one in known.values():
        answer = answers.get(list_views(one.ids["id"])) if one.kind == "list" else None
        views = rows(answer.body) if answer is not None else []
        shared = [row for row in views if not row.get("Hidden") and not row.get("PersonalView")]
        made.extend(_found(row, one.address) for row in shared)
    return made


def _found(row: Mapping[str, Any], parent: str) -> Found:
    title = str(row["Title"])
    first = str(row.get("ServerRelativeUrl") or "").lower().endswith(_FIRST_FILES)
    keys = (("title", title), *((("first", "yes"),) if first else ()))
    return Found(
        "view", parent, title, keys, {"id": str(row["Id"]).lower()}, canonical(row), builtin=first
    )


def canonical(row: Mapping[str, Any]) -> dict[str, Any]:
    """An `SP.View` in the form that is compared."""
    fields = row.get("ViewFields") or {}
    return {
        "name": str(row["Title"]),
        "columns": [str(name) for name in many(fields.get("Items"))],
        "query": normal(str(row.get("ViewQuery") or "")),
        "rowLimit": int(row.get("RowLimit") or 30),
        "paged": bool(row.get("Paged")),
        "default": bool(row.get("DefaultView")),
    }


_WORDS = {"name": "Title", "query": "ViewQuery", "rowLimit": "RowLimit", "paged": "Paged",
          "default": "DefaultView"}


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """`views/add` takes everything at once; an update sets what differs, then the columns."""
    own = change.address
    path = f"{rest_list(own)}/views(guid'{ref(own)}')"
    if change.action is Action.DELETE:
        return (rest("DELETE", path, own, tolerates=(404,), what=f"Delete {own}"),)
    wanted = change.desired
    if wanted is None:
        return ()
    if change.action is Action.CREATE:
        return _take_first(wanted, path) if wanted.extra.get("first") else (_add(wanted),)
    names = {field.path for field in change.fields}
    body = {word: wanted.properties[name] for name, word in _WORDS.items() if name in names}
    made = [rest("MERGE", path, own, body, what=f"Update {own}")] if body else []
    if "columns" in names:
        before = change.existing.properties["columns"] if change.existing else ()
        made += _columns(own, path, list(before), list(wanted.properties["columns"]))
    return made


def _add(wanted: Resource) -> Operation:
    """Body as pnp/cli-microsoft365 sends it (spo list view add)."""
    said = wanted.properties
    parameters = {
        "Title": said["name"],
        "ViewFields": {"results": list(said["columns"])},
        "Query": said["query"],
        "RowLimit": said["rowLimit"],
        "Paged": said["paged"],
        "PersonalView": False,
        "SetAsDefaultView": bool(said.get("default")),
    }
    own = wanted.address
    return rest(
        "POST", f"{rest_list(own)}/views/add", own, {"parameters": parameters}, headers=VERBOSE,
        produces={"id": "/Id"}, what=f"Create {own}",
    )


def _take_first(wanted: Resource, path: str) -> Sequence[Operation]:
    """Change the view that came with the list, the first one there is, instead of adding one."""
    own = wanted.address
    look = rest(
        "GET", f"{rest_list(own)}/views?$select=Id", own, cost=2, produces={"id": "/value/0/Id"},
        what=f"Look up {own}",
    )
    body = {word: wanted.properties[name] for name, word in _WORDS.items()
            if name in wanted.properties}
    clear = rest("POST", f"{path}/viewfields/removeallviewfields", own, what=f"Clear {own}")
    columns = _columns(own, path, [], list(wanted.properties["columns"]))
    return (look, rest("MERGE", path, own, body, what=f"Update {own}"), clear, *columns)


def _columns(own: str, path: str, now: list[str], wanted: list[str]) -> list[Operation]:
    """The fewest requests that bring the columns of a view into the wanted order."""
    made = []
    for name in [name for name in now if name not in wanted]:
        now.remove(name)
        made.append(_on_fields(own, path, f"removeviewfield('{quoted(name)}')"))
    for place, name in enumerate(wanted):
        if name not in now:
            now.append(name)
            made.append(_on_fields(own, path, f"addviewfield('{quoted(name)}')"))
        if now[place] != name:
            now.remove(name)
            now.insert(place, name)
            body = {"field": name, "index": place}
            made.append(_on_fields(own, path, "moveviewfieldto", body))
    return made


def _on_fields(own: str, path: str, call: str, body: Any = None) -> Operation:
    return rest("POST", f"{path}/viewfields/{call}", own, body, what=f"Columns of {own}")


KINDS = (
    Kind(
        name="view",
        title="View",
        rank=70,
        mounts={"libraries[].views[]": View, "lists[].views[]": View},
        desired=desired,
        operations=operations,
        detail=detail,
        detail_found=detail_found,
        after=frozenset({"column", "contentType"}),
        permissions={
            Action.CREATE: REST_MANAGE, Action.UPDATE: REST_MANAGE, Action.DELETE: REST_MANAGE,
        },
    ),
)
