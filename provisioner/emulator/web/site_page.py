"""The sites of the tenant, and one site: its home page, libraries, lists and who may enter."""

from __future__ import annotations

from sqlite3 import Row

from starlette.responses import Response

from provisioner.emulator.model import lists, pages, roles
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.canvas import canvas
from provisioner.emulator.web.frame import page, quick_launch, region
from provisioner.emulator.web.markup import Markup, Part, address, link, tag
from provisioner.emulator.web.permission_table import permissions
from provisioner.emulator.web.visitor import Visitor


def sites_page(tenant: Tenant, visitor: Visitor) -> Response:
    """Every site but the tenant's root, which holds nothing of interest."""
    rows = [row for row in tenant.rows("SELECT * FROM site ORDER BY path") if row["path"]]
    if not rows:
        return page(
            "Sites",
            tag("p", "No site has been created yet. They appear here as soon as one has."),
            visitor=visitor,
        )
    found = [
        tag("tr", tag("td", link(address(row["path"]), row["title"])), tag("td", row["path"]))
        for row in rows
    ]
    return page("Sites", _table("Sites", ("Site", "Address"), found), visitor=visitor)


def site_page(tenant: Tenant, visitor: Visitor, site: Row) -> Response:
    """The home of a site."""
    shown = [
        row
        for row in lists.all_of(tenant, str(site["id"]))
        if not row["hidden"] and not row["system"]
    ]
    shown.sort(key=lambda row: str(row["title"]).casefold())
    libraries = [row for row in shown if lists.is_library(row)]
    others = [row for row in shown if not lists.is_library(row)]
    return page(
        str(site["title"]),
        tag("p", site["description"], class_="about") if site["description"] else None,
        _home(tenant, site),
        _lists(tenant, "Libraries", "Documents", libraries),
        _lists(tenant, "Lists", "Items", others),
        permissions(tenant, site, roles.WEB, what="site"),
        visitor=visitor,
        launch=quick_launch(tenant, site, str(site["path"])),
        site=site,
    )


def web_page(tenant: Tenant, visitor: Visitor, site: Row, row: Row) -> Response:
    """A page of the site's pages library."""
    return page(
        pages.title(row) or str(row["name"]),
        tag("p", f"Site page, version {pages.version(row)}, {pages.level(row)}", class_="meta"),
        canvas(tenant, pages.content(tenant, row))
        or tag("p", "This page is empty.", class_="quiet"),
        visitor=visitor,
        launch=quick_launch(tenant, site, ""),
        site=site,
        crumbs=[(site["title"], address(site["path"]))],
    )


def _lists(tenant: Tenant, heading: str, counted: str, rows: list[Row]) -> list[Part]:
    if not rows:
        return []
    found = [
        tag(
            "tr",
            tag("td", link(address(row["url"]), row["title"]), class_="words"),
            tag("td", _count(tenant, row), class_="number"),
            tag("td", lists.settings(row).get("Description")),
        )
        for row in rows
    ]
    return [tag("h2", heading), _table(heading, ("Name", counted, "What it is for"), found)]


def _count(tenant: Tenant, row: Row) -> int:
    found = tenant.one(
        "SELECT count(*) AS n FROM item WHERE list_id = ? AND deleted = 0 AND kind <> 'folder'",
        row["id"],
    )
    return int(found["n"]) if found is not None else 0


def _table(label: str, words: tuple[str, ...], rows: list[Markup]) -> Markup:
    numbers = ("Documents", "Items")
    head = [
        tag("th", word, scope="col", class_="number" if word in numbers else None) for word in words
    ]
    caption = tag("caption", label, class_="unseen")
    return region(
        f"Table: {label}",
        tag("table", caption, tag("thead", tag("tr", head)), tag("tbody", rows), class_="lists"),
    )


def _home(tenant: Tenant, site: Row) -> Markup | None:
    welcome = str(site["welcome_page"])
    found = pages.file_at(tenant, site, f"{site['path']}/{welcome}") if welcome else None
    return canvas(tenant, pages.content(tenant, found[1])) if found else None
