"""Views of a library or list.

```yaml
views:
  - name: Needs attention
    default: true
    columns: [DocIcon, LinkFilename, EvidenceOwner, Freshness]
    where: {any: [{Freshness: {in: [Stale, Expired]}}, {ReviewStatus: {ne: Approved}}]}
    orderBy: [FreshUntil, {Modified: desc}]
    groupBy: [ControlArea]                 # one column or two
    collapse: true                         # groups are closed at first
    groupLimit: 50                         # groups on one page
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
from typing import Any
from xml.sax.saxutils import quoteattr

from provisioner.core.address import address
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Action, Existing, Found, Resource
from provisioner.core.transport import Answers, Reading
from provisioner.core.where import WhereError, fields_of, parse, to_caml
from provisioner.kinds.base import Declared, Kind, Known, Scope, known_by_title
from provisioner.kinds.caml import meaning, normal
from provisioner.kinds.formatters import row_normal
from provisioner.kinds.requests import (
    REST_MANAGE,
    many,
    read_rest,
    rest_list_by_id,
    rows,
)
from provisioner.kinds.view_parts import (
    board_data,
    calendar_data,
    calendar_query,
    canonical_parts,
)
from provisioner.kinds.view_requests import operations
from provisioner.kinds.view_spec import BUILT_IN_TYPES, View

_FIRST_VIEWS = frozenset({"all items", "all documents"})
_FIRST_FILES = ("/allitems.aspx", "/allpages.aspx")


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
        limit = f'GroupLimit="{spec.group_limit}"'
        parts.append(f'<GroupBy Collapse="{collapse}" {limit}>{fields}</GroupBy>')
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


def seen(wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """What is there; a query that asks the same in other words is as declared."""
    query = wanted.properties["query"]
    if meaning(str(existing.properties["query"])) == meaning(query):
        return {**existing.properties, "query": query}
    return existing.properties


KINDS = (
    Kind(
        name="view",
        title="View",
        rank=70,
        mounts={"libraries[].views[]": View, "lists[].views[]": View},
        desired=desired,
        operations=operations,
        again=known_by_title,
        detail=detail,
        detail_found=detail_found,
        seen=seen,
        after=frozenset({"column", "contentType"}),
        permissions={
            Action.CREATE: REST_MANAGE,
            Action.UPDATE: REST_MANAGE,
            Action.DELETE: REST_MANAGE,
        },
    ),
)
