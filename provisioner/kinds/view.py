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
    scope: recursive                       # documents in folders too
    totals: {Score: sum}
    widths: {Title: 300}                   # in pixels; what people drag is theirs if left out
    formatting: {due-date: FreshUntil}     # colours whole rows; or JSON
  - {name: Board, columns: [LinkTitle, Owner], layout: board, boardBy: Status}
  - {name: Calendar, columns: [LinkTitle], layout: calendar, calendar: {start: From, end: To}}
```

Columns are named by internal name and shown in this order. `where` is the same language as in
register checks. The view SharePoint makes with every list stays; declare one called `All Items`
(or `All Documents` in a library) to change it. Views people add, and personal views, are theirs.

`layout` is list, compact, gallery, calendar or board. `formatting` colours rows by a column with
`status-pill` or `due-date`, or is JSON as SharePoint's own pane writes it. A view that is renamed in
the file says its old names in `renamedFrom`, and stays the same view with the same address.

Only a view with `default: true` is made the default; give that to one view of a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from xml.sax.saxutils import quoteattr

from pydantic import Field, field_validator, model_validator

from provisioner.core.address import address
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.core.where import WhereError, fields_of, parse, to_caml
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.caml import normal
from provisioner.kinds.formatters import ROW_NAMES, row_normal, sent
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
from provisioner.kinds.view_parts import (
    LAYOUTS,
    NEW,
    Calendar,
    Depth,
    Layout,
    Total,
    board_data,
    calendar_data,
    calendar_query,
    canonical_parts,
    data_xml,
    settings,
    widths_xml,
)

BUILT_IN_TYPES = {
    "Title": "text",
    "FileLeafRef": "text",
    "Created": "dateTime",
    "Modified": "dateTime",
    "Author": "person",
    "Editor": "person",
    "ID": "number",
    "ContentType": "text",
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
    paged: bool = Field(
        default=True, description="Whether there are more pages; if not, `rowLimit` rows are all."
    )
    scope: Depth = Field(
        default="default",
        description="How deep it looks: default (one folder), recursive (rows in all folders), "
        "recursiveAll (folders too) or filesOnly (rows of one folder, no folders).",
    )
    totals: dict[str, Total] = Field(
        default_factory=dict, description="Columns with a total below them: `{Score: sum}`."
    )
    widths: dict[str, Annotated[int, Field(ge=20, le=2000)]] | None = Field(
        default=None, description="Widths of columns in pixels; people's own if left out."
    )
    layout: Layout = Field(
        default="list", description="How rows are drawn: list, compact, gallery, calendar, board."
    )
    board_by: str | None = Field(
        default=None, description="Internal name of the choice column whose values a board shows."
    )
    calendar: Calendar | None = Field(
        default=None, description="Columns a calendar is drawn from: `start`, `end` and `title`."
    )
    formatting: dict[str, Any] | None = Field(
        default=None,
        description="What colours rows: `{status-pill: Freshness}`, `{due-date: Due}`, or JSON.",
    )
    renamed_from: tuple[str, ...] = Field(
        default=(), description="Names it had before, so that it stays the same view."
    )

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

    @model_validator(mode="after")
    def _layout_has_its_parts(self) -> View:
        for layout, word, given in (
            ("board", "boardBy", self.board_by),
            ("calendar", "calendar", self.calendar),
        ):
            if (given is not None) is not (self.layout == layout):
                raise ValueError(f"`layout: {layout}` and `{word}` go together.")
        if self.layout == "calendar" and (self.where or self.group_by or self.order_by):
            raise ValueError("A calendar shows a month: leave `where`, `groupBy`, `orderBy` out.")
        if self.layout in {"board", "gallery", "calendar"} and self.totals:
            raise ValueError("Only lists have totals below them.")
        if self.layout == "board" and self.group_by:
            raise ValueError("A board is grouped by `boardBy` alone.")
        return self

    @field_validator("formatting")
    @classmethod
    def _is_format(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        for name in ROW_NAMES:
            if value and name in value and (len(value) > 1 or not isinstance(value[name], str)):
                raise ValueError(f"Write `{{{name}: Column}}` with one column, and nothing else.")
        return value


def list_views(list_id: str) -> Reading:
    """Every view of one list, with its columns."""
    return read_rest(
        f"{rest_list_by_id(list_id)}/views?$select=Id,Title,DefaultView,Hidden,PersonalView,"
        "ViewQuery,RowLimit,Paged,Scope,Aggregations,AggregationsStatus,ColumnWidth,ViewType2,"
        "ViewData,CustomFormatter,ServerRelativeUrl,ViewFields&$expand=ViewFields"
    )


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The view, its filter compiled to CAML."""
    spec = declared.spec
    assert isinstance(spec, View)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    properties: dict[str, Any] = {
        "name": spec.name,
        "columns": _shown(spec),
        "query": normal(_query(spec, declared, scope)),
        "rowLimit": spec.row_limit,
        "paged": spec.paged,
        "scope": spec.scope,
        "totals": dict(spec.totals),
        "layout": spec.layout,
        "formatting": row_normal(spec.formatting),
    }
    if spec.widths is not None:
        properties["widths"] = dict(spec.widths)
    if spec.board_by is not None:
        properties["layoutData"] = board_data(spec.board_by)
    if spec.calendar is not None:
        properties["layoutData"] = calendar_data(spec.calendar)
    if spec.default:
        properties["default"] = True
    first = spec.name.casefold() in _FIRST_VIEWS
    keys = (
        ("title", spec.name),
        *(("title", name) for name in spec.renamed_from),
        *((("first", "yes"),) if first else ()),
    )
    return (
        Resource(
            "view",
            address("view", spec.name, above),
            properties,
            keys,
            extra={"first": first},
            where=declared.where,
        ),
    )


def _shown(spec: View) -> list[str]:
    """The columns as SharePoint needs them: a layout's own are there, a calendar's first."""
    first: list[str] = []
    if spec.calendar is not None:
        first = [spec.calendar.start, spec.calendar.end, spec.calendar.title]
    last = [spec.board_by] if spec.board_by is not None else []
    return list(dict.fromkeys([*first, *spec.columns, *last]))


def _query(spec: View, declared: Declared, scope: Scope) -> str:
    """The parts of the query, as SharePoint stores them: Where, GroupBy, OrderBy."""
    parts = [calendar_query(spec.calendar)] if spec.calendar is not None else []
    if spec.where is not None:
        above = (
            address("list", str(getattr(declared.parent.spec, "key", "")))
            if declared.parent
            else ""
        )
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
    ids = {"id": str(row["Id"]).lower(), "url": str(row.get("ServerRelativeUrl") or "")}
    return Found("view", parent, title, keys, ids, canonical(row), builtin=first)


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
        **canonical_parts(row),
    }


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
        return _take_first(wanted, path) if wanted.extra.get("first") else _add(wanted, path)
    names = {field.path.partition(".")[0] for field in change.fields}
    body = settings({name: value for name, value in wanted.properties.items() if name in names})
    made = [rest("MERGE", path, own, body, what=f"Update {own}")] if body else []
    if "columns" in names:
        before = change.existing.properties["columns"] if change.existing else ()
        made += _columns(own, path, list(before), list(wanted.properties["columns"]))
    return made


def _add(wanted: Resource, path: str) -> Sequence[Operation]:
    """Body as pnp/cli-microsoft365 sends it (spo list view add).

    Depth and totals have no place in it, so a view that has them is told of them right after.
    """
    said = wanted.properties
    parameters: dict[str, Any] = {
        "Title": said["name"],
        "ViewFields": {"results": list(said["columns"])},
        "Query": said["query"],
        "RowLimit": said["rowLimit"],
        "Paged": said["paged"],
        "PersonalView": False,
        "SetAsDefaultView": bool(said.get("default")),
    }
    if said["layout"] != "list":
        parameters["ViewType2"] = LAYOUTS[said["layout"]]
        parameters["ViewData"] = data_xml(said.get("layoutData") or {})
    if said["formatting"] or said["layout"] == "board":
        parameters["CustomFormatter"] = sent(said["formatting"]) or "{}"
    if said.get("widths"):
        parameters["ColumnWidth"] = widths_xml(said["widths"])
    own = wanted.address
    made = rest(
        "POST",
        f"{rest_list(own)}/views/add",
        own,
        {"parameters": parameters},
        headers=VERBOSE,
        produces={"id": "/Id", "url": "/ServerRelativeUrl"},
        what=f"Create {own}",
    )
    later = {name: said[name] for name in ("scope", "totals") if said[name] != NEW[name]}
    return (
        (made, rest("MERGE", path, own, settings(later), what=f"Settle {own}"))
        if later
        else (made,)
    )


def _take_first(wanted: Resource, path: str) -> Sequence[Operation]:
    """Change the view that came with the list, the first one there is, instead of adding one."""
    own = wanted.address
    look = rest(
        "GET",
        f"{rest_list(own)}/views?$select=Id",
        own,
        cost=2,
        produces={"id": "/value/0/Id"},
        what=f"Look up {own}",
    )
    said = {
        name: value
        for name, value in wanted.properties.items()
        if name not in NEW or value != NEW[name]
    }
    body = settings(said)
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
            Action.CREATE: REST_MANAGE,
            Action.UPDATE: REST_MANAGE,
            Action.DELETE: REST_MANAGE,
        },
    ),
)
