"""A plain view of each site: its lists, and the items of a list with every column that has a value.

It is for looking, on loopback, without signing in; nothing can be changed here.
"""

from __future__ import annotations

import json
from html import escape
from sqlite3 import Row
from typing import Any
from urllib.parse import quote, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.device_login import device_login_routes

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1b2733}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;
border-bottom:1px solid #d8dee4}th{background:#f3f5f7;position:sticky;top:0}a{color:#0b5cad}
.quiet{color:#5b6770}.scroll{overflow-x:auto}
"""


def pages_app(tenant: Tenant) -> Starlette:
    """The pages as an ASGI application."""

    def page(request: Request) -> Response:
        path = unquote(request.url.path).rstrip("/")
        with tenant.lock:
            return _page(tenant, path)

    async def endpoint(request: Request) -> Response:
        return page(request)

    return Starlette(
        routes=[*device_login_routes(tenant), Route("/{path:path}", endpoint, methods=["GET"])]
    )


def _page(tenant: Tenant, path: str) -> Response:
    if not path:
        return _sites(tenant)
    site = tenant.one("SELECT * FROM site WHERE path = ?", path)
    if site is not None:
        return _site(tenant, site)
    shown = tenant.one("SELECT * FROM list WHERE url = ? AND deleted = 0", path)
    if shown is None and "/Forms/" in path:
        shown = tenant.one(
            "SELECT * FROM list WHERE url = ? AND deleted = 0", path.partition("/Forms/")[0]
        )
    if shown is not None:
        return _list(tenant, shown)
    found = _file(tenant, path)
    if found is not None:
        return found
    return _html("Not found", "<p>There is nothing at this address.</p>", 404)


def _sites(tenant: Tenant) -> Response:
    rows = tenant.rows("SELECT * FROM site ORDER BY path")
    body = "".join(
        f'<tr><td><a href="{_href(row["path"] or "/")}">{escape(row["title"])}</a></td>'
        f"<td>{escape(row['path'] or '/')}</td></tr>"
        for row in rows
        if row["path"]
    )
    empty = "" if body else '<p class="quiet">No site has been created yet.</p>'
    return _html("Sites", f"<table><tr><th>Site</th><th>Address</th></tr>{body}</table>{empty}")


def _site(tenant: Tenant, site: Row) -> Response:
    rows = tenant.rows(
        "SELECT list.*, (SELECT count(*) FROM item WHERE item.list_id = list.id AND "
        "item.deleted = 0) AS items FROM list WHERE site_id = ? AND deleted = 0 AND hidden = 0 "
        "AND system = 0 ORDER BY title",
        site["id"],
    )
    body = "".join(
        f'<tr><td><a href="{_href(row["url"])}">{escape(row["title"])}</a></td>'
        f"<td>{'Library' if row['drive_id'] else 'List'}</td><td>{row['items']}</td></tr>"
        for row in rows
    )
    table = f"<table><tr><th>Name</th><th>Kind</th><th>Items</th></tr>{body}</table>"
    return _html(site["title"], f'<p class="quiet">{escape(site["description"])}</p>{table}')


def _list(tenant: Tenant, row: Row) -> Response:
    items = tenant.rows(
        "SELECT * FROM item WHERE list_id = ? AND deleted = 0 ORDER BY id", row["id"]
    )
    values = [json.loads(item["fields"]) for item in items]
    titles = {
        field["internal_name"]: field["title"]
        for field in tenant.rows(
            "SELECT internal_name, title FROM field WHERE list_id = ? ORDER BY position", row["id"]
        )
    }
    used = [
        name for name in titles if any(value.get(name) not in (None, "", []) for value in values)
    ]
    people = {
        person["id"]: person["title"]
        for person in tenant.rows(
            "SELECT id, title FROM principal WHERE site_id = ?", row["site_id"]
        )
    }
    is_person = {
        field["internal_name"]
        for field in tenant.rows(
            "SELECT internal_name FROM field WHERE list_id = ? AND type IN ('User', 'UserMulti')",
            row["id"],
        )
    }
    head = "".join(f"<th>{escape(titles[name])}</th>" for name in used)
    lines = []
    for item, value in zip(items, values, strict=True):
        name = item["name"]
        label = escape(name) if name else str(item["id"])
        if item["kind"] == "file":
            label = f'<a href="{_href(_address(row, item))}">{label}</a>'
        cells = "".join(
            f"<td>{_text(value.get(field), people if field in is_person else {})}</td>"
            for field in used
        )
        lines.append(f"<tr><td>{label}</td>{cells}<td>{escape(item['modified'])}</td></tr>")
    site = tenant.one("SELECT * FROM site WHERE id = ?", row["site_id"])
    back = (
        f'<p><a href="{_href(site["path"] or "/")}">{escape(site["title"])}</a></p>' if site else ""
    )
    table = f"<table><tr><th>Item</th>{head}<th>Modified</th></tr>{''.join(lines)}</table>"
    return _html(row["title"], f'{back}<div class="scroll">{table}</div>')


def _file(tenant: Tenant, path: str) -> Response | None:
    """A file of a library, as a download, so that no page of ours runs what was uploaded."""
    folder, _, name = path.rpartition("/")
    for item in tenant.rows(
        "SELECT item.*, list.url FROM item JOIN list ON list.id = item.list_id "
        "WHERE item.name = ? AND item.kind = 'file' AND item.deleted = 0 AND list.deleted = 0",
        name,
    ):
        if _address(item, item).rpartition("/")[0].lower() == folder.lower():
            blob = tenant.one("SELECT data FROM blob WHERE digest = ?", item["blob"])
            data = bytes(blob["data"]) if blob else b""
            disposition = f"attachment; filename*=UTF-8''{quote(name)}"
            return Response(
                data,
                media_type=item["mime"] or "application/octet-stream",
                headers={
                    "Content-Disposition": disposition,
                    "X-Content-Type-Options": "nosniff",
                    "Content-Security-Policy": "sandbox",
                },
            )
    return None


def _address(row: Row, item: Row) -> str:
    inside = "/".join(part for part in (item["parent_path"].strip("/"), item["name"]) if part)
    return f"{row['url']}/{inside}"


def _text(value: Any, people: dict[int, str]) -> str:
    if isinstance(value, list):
        return "; ".join(_text(member, people) for member in value)
    if isinstance(value, dict):
        return escape(str(value.get("Description") or value.get("Url") or json.dumps(value)))
    if isinstance(value, int) and value in people:
        return escape(people[value])
    return "" if value is None else escape(str(value))


def _href(path: str) -> str:
    return escape(quote(path, safe="/"), quote=True)


def _html(title: str, body: str, status: int = 200) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>",
        status,
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )
