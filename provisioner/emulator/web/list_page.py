"""A list or library in a browser: one of its views, and the others as tabs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from sqlite3 import Row

from starlette.responses import Response

from provisioner.emulator.model import roles, views
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.open_list import OpenList, of_row
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.cells import NAMES, Cells
from provisioner.emulator.web.frame import Crumb, page, quick_launch, region, told
from provisioner.emulator.web.markup import Markup, Part, address, link, tag
from provisioner.emulator.web.records import Record
from provisioner.emulator.web.selection import Selection, select, sorted_by, visible
from provisioner.emulator.web.upload import may_upload, upload_form
from provisioner.emulator.web.visitor import Visitor

_CLASSES: Mapping[str, str] = {
    "DateTime": "day", "Number": "number", "Currency": "number", "Counter": "number",
    "Note": "long", "User": "words", "Text": "words", "Lookup": "words", "LookupMulti": "words",
}  # fmt: skip


def list_page(
    tenant: Tenant,
    visitor: Visitor,
    site: Row,
    row: Row,
    *,
    asked: Mapping[str, str],
    view_url: str = "",
    folder: str = "",
) -> Response:
    """The page of a list, with a form to upload to where the visitor may add to it.

    `asked` may hold "view", a view's title, and "page"; `view_url` is the server-relative address
    of a view; `folder` the path of a folder below the library's root.
    """
    opened = of_row(tenant, site, row)
    choices = visible(tenant, opened.id)
    view, unknown = _view(choices, asked.get("view", ""), view_url)
    launch = quick_launch(tenant, site, str(row["url"]))
    top: list[Part] = [
        tag("p", opened.settings.get("Description"), class_="about"),
        tag("p", _summary(tenant, opened), class_="meta"),
    ]
    crumbs: list[Crumb] = [(site["title"], address(site["path"]))]
    title = str(row["title"])
    if folder:
        crumbs.append((title, address(row["url"])))
        title = folder.rpartition("/")[2]
    if view is None:
        top.append(told("This list has no view that can be shown."))
        return page(title, top, visitor=visitor, launch=launch, site=site, crumbs=crumbs)
    number = asked.get("page", "1")
    cells = Cells(tenant, opened)
    shown = select(
        tenant,
        opened,
        view,
        cells,
        folder=folder,
        number=int(number) if number.isdecimal() else 1,
        user=visitor.number(tenant, opened.site_id),
    )
    base = str(row["url"]) + folder
    return page(
        title,
        top,
        _tabs(choices, view, base),
        _notices(shown, unknown, visitor),
        tag("p", _count(shown), class_="count"),
        _table(shown, opened, cells, label=f"{title}, view {view['title']}"),
        _pages(shown, base),
        upload_form(base) if may_upload(tenant, visitor, opened) else None,
        visitor=visitor,
        launch=launch,
        site=site,
        crumbs=crumbs,
    )


def _view(choices: list[Row], title: str, url: str) -> tuple[Row | None, str]:
    """The view to show, and the title asked for if no view has it."""
    if title:
        for each in choices:
            if each["title"].casefold() == title.casefold():
                return each, ""
    elif url:
        for each in choices:
            if str(views.properties(each)["ServerRelativeUrl"]).lower() == url.lower():
                return each, ""
        title = url.rpartition("/")[2]
    return (choices[0] if choices else None), title


def _summary(tenant: Tenant, opened: OpenList) -> str:
    own = roles.has_unique(tenant, roles.list_scope(opened.id))
    parts = [
        "Library" if opened.library else "List",
        "versions are kept" if opened.versioned else "no versions are kept",
    ]
    if opened.moderated:
        parts.append("items need approval")
    parts.append("permissions of its own" if own else "permissions of the site")
    return " · ".join(parts)


def _tabs(choices: list[Row], view: Row, base: str) -> Markup:
    return tag(
        "nav",
        tag("ul", [tag("li", _tab(each, view, base)) for each in choices]),
        class_="tabs",
        aria_label="Views",
    )


def _tab(each: Row, view: Row, base: str) -> Markup:
    default = views.properties(each)["DefaultView"]
    target = address(base) if default else address(base, view=each["title"])
    return link(target, each["title"], current="page" if each["id"] == view["id"] else None)


def _notices(shown: Selection, unknown: str, visitor: Visitor) -> list[Part]:
    found: list[Part] = []
    if unknown:
        found.append(told(f"There is no view “{unknown}” here; this is “{shown.view['title']}”."))
    if shown.query.asks_user and not visitor:
        found.append(
            told(
                "This view asks who is looking, and nobody is signed in on these pages, so it shows "
                "no item as “mine”. In SharePoint each person sees their own."
            )
        )
    if shown.problem:
        found.append(
            told(f"The filter of this view is not used: {shown.problem} Every item is shown.")
        )
    return found


def _count(shown: Selection) -> str:
    found, of = len(shown.found), shown.of
    said = f"{found} of {of} {_items(of)}" if found != of else f"{of} {_items(of)}"
    if len(shown.page) != found:
        said += f", {len(shown.page)} on this page"
    return said


def _items(count: int) -> str:
    return "item" if count == 1 else "items"


def _table(shown: Selection, opened: OpenList, cells: Cells, *, label: str) -> Markup:
    if not shown.page:
        words = "No item meets the filter of this view." if shown.of else "Nothing is here yet."
        return tag("div", tag("p", words), class_="card empty")
    # A view of a list need not show a column that leads to the item.
    leads = any(field.internal_name in NAMES for field in shown.columns)
    heads: list[Part] = [] if leads else [tag("th", "Item", scope="col")]
    heads += [_head(field, shown) for field in shown.columns]
    table = tag(
        "table",
        tag("caption", label, class_="unseen"),
        tag("thead", tag("tr", heads)),
        _bodies(shown, opened, cells, leads=leads),
    )
    return region(f"Table: {label}", table)


def _head(field: Field, shown: Selection) -> Markup:
    number = "number" if _CLASSES.get(field.type) == "number" else None
    help_text = str(field.doc.get("Description") or "") or None
    order = sorted_by(shown.query, field)
    arrow = {"ascending": "\N{NO-BREAK SPACE}▲", "descending": "\N{NO-BREAK SPACE}▼"}.get(
        order or ""
    )
    mark = tag("span", arrow, aria_hidden="true") if arrow else None
    title = "Type" if field.internal_name == "DocIcon" else field.title
    return tag("th", title, mark, scope="col", class_=number, title=help_text, aria_sort=order)


def _bodies(shown: Selection, opened: OpenList, cells: Cells, *, leads: bool) -> list[Part]:
    rows = [(shown.headings(item, cells, opened.columns), item) for item in shown.page]
    if not shown.query.groups:
        return [tag("tbody", [_row(shown, cells, item, leads=leads) for _, item in rows])]
    every = [shown.headings(item, cells, opened.columns) for item in shown.found]
    counts = Counter(path[:depth] for path in every for depth in range(1, len(path) + 1))
    names = [opened.columns[sort.name].title for sort in shown.query.groups]
    width = len(shown.columns) + (not leads)
    bodies: list[Part] = []
    part: list[Part] = []
    last: tuple[str, ...] = ()
    for path, item in rows:
        for depth in range(1, len(path) + 1):
            if path[:depth] != last[:depth]:
                if depth == 1 and part:
                    bodies, part = [*bodies, tag("tbody", part)], []
                part.append(_group(names[depth - 1], path[:depth], counts[path[:depth]], width))
        last = path
        part.append(_row(shown, cells, item, leads=leads))
    return [*bodies, tag("tbody", part)]


def _group(column: str, path: tuple[str, ...], count: int, width: int) -> Markup:
    value = path[-1] or f"No {column.lower()}"
    of = tag("span", f" {count} {_items(count)}", class_="of")
    head = tag("th", column, ": ", value, of, colspan=width, scope="rowgroup")
    return tag("tr", head, class_="group" if len(path) == 1 else "group second")


def _row(shown: Selection, cells: Cells, item: Record, *, leads: bool) -> Markup:
    first = [] if leads else [tag("td", link(cells.address(item), f"Open {item.values['ID']}"))]
    return tag("tr", first, [_cell(field, cells, item) for field in shown.columns])


def _cell(field: Field, cells: Cells, item: Record) -> Markup:
    kind = _CLASSES.get(field.type)
    if field.internal_name in NAMES:
        kind = "name"
    elif field.internal_name == "Flags":
        kind = "flags"
    return tag("td", cells.of(field, item), class_=kind)


def _pages(shown: Selection, base: str) -> Markup | None:
    if shown.pages == 1:
        return None
    title, number = str(shown.view["title"]), shown.number

    def to(page_number: int, words: str) -> Part:
        if not 1 <= page_number <= shown.pages:
            return tag("span", words, class_="quiet", aria_disabled="true")
        return link(address(base, view=title, page=page_number), words)

    return tag(
        "nav",
        to(number - 1, "Previous page"),
        tag("span", f"Page {number} of {shown.pages}"),
        to(number + 1, "Next page"),
        class_="pages",
        aria_label="Pages",
    )
