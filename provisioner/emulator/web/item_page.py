"""An item or a document in a browser: every column, its versions, and who may do what with it."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Row
from typing import Any

from starlette.responses import Response

from provisioner.emulator.model import item_versions, roles
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.open_list import OpenList, of_row
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.cells import NAMES, Cells, form, size
from provisioner.emulator.web.frame import Crumb, page, quick_launch, region
from provisioner.emulator.web.markup import Markup, Part, address, link, tag
from provisioner.emulator.web.permission_table import permissions
from provisioner.emulator.web.records import Record, record
from provisioner.emulator.web.visitor import Visitor

# Built-in columns that say what the page says already, or that say nothing here.
_LEFT_OUT = NAMES | {
    "Edit", "DocIcon", "FileLeafRef", "Attachments", "ItemChildCount", "FolderChildCount",
    "FileSizeDisplay", "_UIVersionString",
}  # fmt: skip


def item_page(tenant: Tenant, visitor: Visitor, site: Row, list_row: Row, row: Row) -> Response:
    """The page of one item."""
    opened = of_row(tenant, site, list_row)
    item, cells = record(opened, row), Cells(tenant, opened)
    title = str(row["name"] or item.values.get("Title") or f"Item {row['id']}")
    scope = roles.item_scope(opened.id, int(row["id"]))
    may_edit = bool(visitor) and visitor.may(tenant, opened.site_id, scope, "edit")
    return page(
        title,
        _file(opened, item),
        _change(opened, row) if may_edit else None,
        _columns(opened, item, cells),
        _versions(tenant, opened, item, cells),
        permissions(tenant, site, scope, what="item"),
        visitor=visitor,
        launch=quick_launch(tenant, site, str(list_row["url"])),
        site=site,
        crumbs=crumbs(site, list_row, row),
    )


def _change(opened: OpenList, row: Row) -> Markup:
    to = form(str(opened.row["url"]), int(row["id"]), library=opened.library, name="EditForm")
    return tag("p", link(to, "Edit the columns", class_="get"))


def crumbs(site: Row, list_row: Row, row: Row) -> list[Crumb]:
    """The path to an item: the site, its list and the folders it lies in."""
    path = str(list_row["url"])
    found = [(site["title"], address(site["path"])), (list_row["title"], address(path))]
    for name in [part for part in str(row["parent_path"]).split("/") if part]:
        path = f"{path}/{name}"
        found.append((name, address(path)))
    return found


def _file(opened: OpenList, item: Record) -> list[Part]:
    row = item.row
    if row["kind"] != "file":
        return []
    target = address(str(opened.row["url"]) + item.path)
    return [
        tag(
            "p", f"{size(int(row['size']))}, quickXorHash ", tag("code", row["hash"]), class_="meta"
        ),
        tag("p", link(target, f"Download {row['name']}", class_="get")),
    ]


def _columns(opened: OpenList, item: Record, cells: Cells) -> list[Part]:
    fields = [
        field
        for field in opened.columns.values()
        if not field.hidden and field.internal_name not in _LEFT_OUT
    ]
    own = [field for field in fields if not field.builtin or field.internal_name == "Title"]
    rest = [field for field in fields if field not in own]
    return [
        region(
            "Table: columns", tag("table", tag("tbody", _facts(own, item, cells)), class_="facts")
        ),
        tag("h2", "About this item"),
        region(
            "Table: about this item",
            tag("table", tag("tbody", _facts(rest, item, cells)), class_="facts"),
        ),
    ]


def _facts(fields: Sequence[Field], item: Record, cells: Cells) -> list[Part]:
    return [_fact(field, item, cells) for field in fields]


def _fact(field: Field, item: Record, cells: Cells) -> Markup:
    said = str(field.doc.get("Description") or "")
    help_text = tag("span", said, class_="help") if said else None
    shown = cells.of(field, item)
    empty = [
        tag("span", "-", class_="quiet", aria_hidden="true"),
        tag("span", "empty", class_="unseen"),
    ]
    return tag(
        "tr",
        tag("th", field.title, help_text, scope="row"),
        tag("td", empty if shown in (None, "") else shown),
    )


def _versions(tenant: Tenant, opened: OpenList, item: Record, cells: Cells) -> list[Part]:
    kept = item_versions.versions(tenant, opened, item.row)
    before: list[dict[str, Any] | None] = [*kept[1:], None]
    rows = [_version(opened, cells, new, old) for new, old in zip(kept, before, strict=True)]
    words = ("Version", "When", "Who", "Size", "What changed")
    head = tag("tr", [tag("th", word, scope="col") for word in words])
    return [
        tag("h2", "Versions"),
        region("Table: versions", tag("table", tag("thead", head), tag("tbody", rows))),
    ]


def _version(
    opened: OpenList, cells: Cells, new: dict[str, Any], old: dict[str, Any] | None
) -> Markup:
    who = cells.texts.people.get(int(new["editor"]), ("",))[0]
    return tag(
        "tr",
        tag("td", new["label"]),
        tag("td", cells.moment(str(new["modified"]), day=False), class_="day"),
        tag("td", who),
        tag("td", size(int(new["size"])) if new["blob"] else None, class_="day"),
        tag("td", _changed(opened, new, old)),
    )


def _changed(opened: OpenList, new: dict[str, Any], old: dict[str, Any] | None) -> str:
    if old is None:
        return "First version kept"
    said = ["The file"] if new["hash"] != old["hash"] else []
    for name in sorted({*new["fields"], *old["fields"]} - {item_versions.UI_VERSION}):
        field = opened.columns.get(name)
        if field is None or field.hidden:
            continue
        if new["fields"].get(name) != old["fields"].get(name):
            said.append(field.title)
    return ", ".join(said) if said else "No column that is shown"
