"""What stands at an address of a site: the site, a list, a view, an item, a page or a file.

It is for looking, on loopback, without signing in; nothing can be changed here, and a file is
always a download, so that no page of ours runs what was uploaded. Addresses are SharePoint's own,
so that a link of an API answer, a report or a mail leads here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from sqlite3 import Row
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioner.emulator.model import files
from provisioner.emulator.model.open_list import OpenList, of_row
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.device_login import device_login_routes
from provisioner.emulator.web.frame import not_found, quick_launch
from provisioner.emulator.web.item_page import item_page
from provisioner.emulator.web.list_page import list_page
from provisioner.emulator.web.site_page import site_page, sites_page, web_page

_DISPLAY_FORM = re.compile(r"/(?:Forms/)?DispForm\.aspx\Z", re.IGNORECASE)
_ITEM = re.compile(r"/(\d+)_\.000\Z")
_VIEW = re.compile(r"/(?:Forms/)?[^/]+\.aspx\Z", re.IGNORECASE)


def pages_app(tenant: Tenant) -> Starlette:
    """The pages as an ASGI application."""

    async def endpoint(request: Request) -> Response:
        path = unquote(request.url.path).rstrip("/")
        with tenant.lock:
            return _at(tenant, path, request.query_params)

    return Starlette(
        routes=[*device_login_routes(tenant), Route("/{path:path}", endpoint, methods=["GET"])]
    )


def _at(tenant: Tenant, path: str, asked: Mapping[str, str]) -> Response:
    if not path:
        return sites_page(tenant)
    site = _longest(tenant.rows("SELECT * FROM site WHERE path <> ''"), "path", path)
    if site is None:
        return not_found(path)
    inside = path[len(site["path"]) :]
    if not inside:
        return site_page(tenant, site)
    rows = tenant.rows("SELECT * FROM list WHERE site_id = ? AND deleted = 0", site["id"])
    row = _longest(rows, "url", path)
    found = _in_list(tenant, site, row, path, asked) if row is not None else None
    if found is not None:
        return found
    return not_found(path, site=site, launch=quick_launch(tenant, site, ""))


def _longest(rows: list[Row], column: str, path: str) -> Row | None:
    """The row whose address is the path or above it; the nearest where there are several."""
    wanted = path.lower()
    fitting = [
        row
        for row in rows
        if wanted == row[column].lower() or wanted.startswith(row[column].lower() + "/")
    ]
    return max(fitting, key=lambda row: len(row[column]), default=None)


def _in_list(
    tenant: Tenant, site: Row, row: Row, path: str, asked: Mapping[str, str]
) -> Response | None:
    inside = path[len(row["url"]) :]
    if not inside:
        return list_page(tenant, site, row, asked=asked)
    opened = of_row(tenant, site, row)
    named = _ITEM.match(inside)
    if named or _DISPLAY_FORM.match(inside):
        by_key = {key.lower(): value for key, value in asked.items()}
        return _item(tenant, opened, named[1] if named else by_key.get("id", ""))
    at = files.find(tenant, opened, inside)
    if at is not None:
        return _stored(tenant, opened, at, asked)
    if _VIEW.match(inside):
        return list_page(tenant, site, row, asked=asked, view_url=path)
    return None


def _stored(tenant: Tenant, opened: OpenList, at: Row, asked: Mapping[str, str]) -> Response:
    if at["kind"] == "folder":
        folder = f"{at['parent_path']}/{at['name']}"
        return list_page(tenant, opened.site, opened.row, asked=asked, folder=folder)
    if tenant.one("SELECT 1 FROM page WHERE guid = ?", at["guid"]) is not None:
        return web_page(tenant, opened.site, at)
    return _download(tenant, at)


def _item(tenant: Tenant, opened: OpenList, number: str) -> Response | None:
    if not number.isdecimal() or len(number) > 9:
        return None
    row = tenant.one(
        "SELECT * FROM item WHERE list_id = ? AND id = ? AND deleted = 0", opened.id, int(number)
    )
    return None if row is None else item_page(tenant, opened.site, opened.row, row)


def _download(tenant: Tenant, item: Row) -> Response:
    blob = tenant.one("SELECT data FROM blob WHERE digest = ?", item["blob"])
    return Response(
        bytes(blob["data"]) if blob else b"",
        media_type=item["mime"] or "application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(item['name'], safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "no-store",
        },
    )
