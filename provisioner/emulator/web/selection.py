"""What a view shows of a list: its columns, and the items its query chooses, in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

from provisioner.emulator.model import caml, views
from provisioner.emulator.model.caml import Asked, CamlError, Query, Sort
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.cells import Cells
from provisioner.emulator.web.records import Record, records

# View.Scope (learn.microsoft.com, SPViewScope): of the folder, or of all folders below it too.
_RECURSIVE, _RECURSIVE_ALL, _FILES_ONLY = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Selection:
    """A view of a list, worked out.

    `found` are the items of all pages, `page` those of the one asked for; `of` is how many there
    are without the filter. `problem` says why the query could not be used; then nothing is left
    out.
    """

    view: Row
    query: Query
    columns: tuple[Field, ...]
    found: tuple[Record, ...]
    page: tuple[Record, ...]
    number: int
    pages: int
    of: int
    problem: str = ""

    def headings(self, item: Record, cells: Cells, columns: dict[str, Field]) -> tuple[str, ...]:
        """The texts of the groups an item stands in, outermost first."""
        return tuple(
            cells.words(columns[sort.name], item) if sort.name in columns else ""
            for sort in self.query.groups
        )


def visible(tenant: Tenant, list_id: str) -> list[Row]:
    """The views a reader can choose from, the default one first."""
    rows = [
        row
        for row in views.all_of(tenant, list_id)
        if not views.properties(row)["Hidden"] and not views.properties(row)["PersonalView"]
    ]
    return sorted(rows, key=lambda row: not views.properties(row)["DefaultView"])


def select(
    tenant: Tenant,
    opened: OpenList,
    view: Row,
    cells: Cells,
    *,
    folder: str = "",
    number: int = 1,
    user: int | None = None,
) -> Selection:
    """A view of a list, in one of its folders, `number` of its pages, as `user` of the site sees it."""
    doc = views.properties(view)
    asked = Asked(opened.columns, cells.texts.of, opened.zone, tenant.now(), user)
    there = _within(records(tenant, opened), int(doc["Scope"]), folder)
    query, chosen, problem = Query(), there, ""
    try:
        query = caml.parse(str(doc["ViewQuery"] or ""))
        chosen = _chosen(there, query, asked)
    except CamlError as error:
        query, problem = Query(), str(error)
    limit = int(doc["RowLimit"])
    pages = max(1, -(-len(chosen) // limit)) if doc["Paged"] else 1
    number = min(max(1, number), pages)
    return Selection(
        view,
        query,
        tuple(opened.columns[n] for n in views.field_names(view) if n in opened.columns),
        tuple(chosen),
        tuple(chosen[(number - 1) * limit : number * limit]),
        number,
        pages,
        len(there),
        problem,
    )


def _chosen(there: Sequence[Record], query: Query, asked: Asked) -> list[Record]:
    meets = caml.condition(query.where, asked)
    by_id = {item.values["ID"]: item for item in there}
    kept = [item.values for item in there if meets(item.values)]
    found = [by_id[values["ID"]] for values in caml.ordered(kept, query.order, asked)]
    found.sort(key=lambda item: not item.folder)  # folders stand first, whatever the order
    if not query.groups:
        return found
    grouped = caml.ordered([item.values for item in found], query.groups, asked)
    return [by_id[values["ID"]] for values in grouped]


def _within(items: Sequence[Record], scope: int, folder: str) -> list[Record]:
    wanted = folder.lower()
    found: list[Record] = []
    for item in items:
        parent = str(item.row["parent_path"]).lower()
        deeper = scope in (_RECURSIVE, _RECURSIVE_ALL)
        inside = parent == wanted or (deeper and parent.startswith(f"{wanted}/"))
        if inside and not (item.folder and scope in (_RECURSIVE, _FILES_ONLY)):
            found.append(item)
    return found


def sorted_by(query: Query, field: Field) -> str | None:
    """The aria-sort of a column: only of the one that counts most."""
    sorts: tuple[Sort, ...] = query.order[:1]
    for sort in sorts:
        shown_for = {"LinkTitle": "Title", "LinkFilename": "FileLeafRef"}
        if sort.name in (field.internal_name, shown_for.get(field.internal_name)):
            return "ascending" if sort.ascending else "descending"
    return None
