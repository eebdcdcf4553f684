"""What stands at an address of a site: the site, a list, a view, an item, a page or a file.

Without signing in it is for looking, on loopback, and shows everything. A person who signed in sees
what they may read, changes what they may change and uploads where they may add. A file is always a
download, so that no page of ours runs what was uploaded. Addresses are SharePoint's own, so that a
link of an API answer, a report or a mail leads here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from sqlite3 import Row
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from provisioner.emulator.model import files, roles
from provisioner.emulator.model.open_list import OpenList, of_row
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.device_login import device_login_routes
from provisioner.emulator.web.edit_page import edit_page, save
from provisioner.emulator.web.frame import not_found, quick_launch, refused
from provisioner.emulator.web.item_page import item_page
from provisioner.emulator.web.list_page import list_page
from provisioner.emulator.web.posted import Posted, from_here, posted
from provisioner.emulator.web.signin_page import signin_routes
from provisioner.emulator.web.site_page import site_page, sites_page, web_page
from provisioner.emulator.web.upload import upload
from provisioner.emulator.web.visitor import Sessions, Visitor

_FORM = re.compile(r"/(?:Forms/)?(Disp|Edit)Form\.aspx\Z", re.IGNORECASE)
_ITEM = re.compile(r"/(\d+)_\.000\Z")
_VIEW = re.compile(r"/(?:Forms/)?[^/]+\.aspx\Z", re.IGNORECASE)


def pages_app(tenant: Tenant) -> Starlette:
    """The pages as an ASGI application."""
    sessions = Sessions()

    async def endpoint(request: Request) -> Response:
        path = unquote(request.url.path).rstrip("/")
        given = await posted(request) if request.method == "POST" else None
        with tenant.lock:
            looked = _Looked(tenant, sessions.of(tenant, request), request.query_params, given)
            if given is None:
                return _at(looked, path)
            if not from_here(request):
                return PlainTextResponse("This form was not sent from its own page.", 403)
            return _written(looked, path)

    routes = [*device_login_routes(tenant), *signin_routes(tenant, sessions)]
    return Starlette(routes=[*routes, Route("/{path:path}", endpoint, methods=["GET", "POST"])])


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a browser asks of the pages: who, with which query, and a form where one was sent."""

    tenant: Tenant
    visitor: Visitor
    asked: Mapping[str, str]
    given: Posted | None

    def may_read(self, site: Row, scope: str) -> bool:
        return self.visitor.may(self.tenant, str(site["id"]), scope, "read")


def _written(looked: _Looked, path: str) -> Response:
    """What a form does, wholly or not at all."""
    database = looked.tenant.db
    database.execute("BEGIN")
    try:
        answer = _at(looked, path)
    except BaseException:
        looked.tenant.roll_back()
        raise
    if answer.status_code < 400:
        database.execute("COMMIT")
    else:
        looked.tenant.roll_back()
    return answer


def _at(looked: _Looked, path: str) -> Response:
    tenant, visitor = looked.tenant, looked.visitor
    if not path:
        return sites_page(tenant, visitor)
    site = _longest(tenant.rows("SELECT * FROM site WHERE path <> ''"), "path", path)
    if site is None:
        return not_found(path, visitor=visitor)
    inside = path[len(site["path"]) :]
    if not inside:
        if not looked.may_read(site, roles.WEB):
            return refused(visitor, site=site)
        return site_page(tenant, visitor, site)
    rows = tenant.rows("SELECT * FROM list WHERE site_id = ? AND deleted = 0", site["id"])
    row = _longest(rows, "url", path)
    found = _in_list(looked, site, row, path) if row is not None else None
    if found is not None:
        return found
    return not_found(path, visitor=visitor, site=site, launch=quick_launch(tenant, site, ""))


def _longest(rows: list[Row], column: str, path: str) -> Row | None:
    """The row whose address is the path or above it; the nearest where there are several."""
    wanted = path.lower()
    fitting = [
        row
        for row in rows
        if wanted == row[column].lower() or wanted.startswith(row[column].lower() + "/")
    ]
    return max(fitting, key=lambda row: len(row[column]), default=None)


def _in_list(looked: _Looked, site: Row, row: Row, path: str) -> Response | None:
    tenant, visitor = looked.tenant, looked.visitor
    inside = path[len(row["url"]) :]
    opened = of_row(tenant, site, row)
    named, form = _ITEM.match(inside), _FORM.match(inside)
    if named or form:
        by_key = {key.lower(): value for key, value in looked.asked.items()}
        item = _item(tenant, opened, named[1] if named else by_key.get("id", ""))
        change = form is not None and form[1].lower() == "edit"
        return None if item is None else _one(looked, opened, item, change=change)
    at = files.find(tenant, opened, inside) if inside else None
    scope = (
        roles.list_scope(opened.id) if at is None else roles.item_scope(opened.id, int(at["id"]))
    )
    if not looked.may_read(site, scope):
        return refused(visitor, site=site)
    if at is not None:
        return _stored(looked, opened, at)
    if not inside:
        return _folder(looked, opened, "")
    if _VIEW.match(inside):
        return list_page(tenant, visitor, site, row, asked=looked.asked, view_url=path)
    return None


def _folder(looked: _Looked, opened: OpenList, folder: str) -> Response:
    """A list, or a folder of a library, or what the form there does."""
    tenant, visitor, row = looked.tenant, looked.visitor, opened.row
    if looked.given is not None:
        return upload(tenant, visitor, opened, folder, looked.given)
    return list_page(tenant, visitor, opened.site, row, asked=looked.asked, folder=folder)


def _stored(looked: _Looked, opened: OpenList, at: Row) -> Response:
    tenant, visitor = looked.tenant, looked.visitor
    if at["kind"] == "folder":
        return _folder(looked, opened, f"{at['parent_path']}/{at['name']}")
    if tenant.one("SELECT 1 FROM page WHERE guid = ?", at["guid"]) is not None:
        return web_page(tenant, visitor, opened.site, at)
    return _download(tenant, at)


def _item(tenant: Tenant, opened: OpenList, number: str) -> Row | None:
    if not number.isdecimal() or len(number) > 9:
        return None
    return tenant.one(
        "SELECT * FROM item WHERE list_id = ? AND id = ? AND deleted = 0", opened.id, int(number)
    )


def _one(looked: _Looked, opened: OpenList, row: Row, *, change: bool) -> Response:
    """The page of an item, the form that changes it, or what that form does."""
    tenant, visitor = looked.tenant, looked.visitor
    if change and looked.given is not None:
        return save(tenant, visitor, opened, row, looked.given)
    if change:
        return edit_page(tenant, visitor, opened, row)
    if not looked.may_read(opened.site, roles.item_scope(opened.id, int(row["id"]))):
        return refused(visitor, site=opened.site)
    return item_page(tenant, visitor, opened.site, opened.row, row)


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
