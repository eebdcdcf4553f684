"""Graph: site pages.

learn.microsoft.com/graph/api/ sitepage-create (``@odata.type`` is needed), basesitepage-list,
sitepage-get, sitepage-update (with the cast; without it 404, msgraph-sdk-powershell#3109),
sitepage-publish, basesitepage-delete.
"""

from __future__ import annotations

from sqlite3 import Row
from typing import Any
from urllib.parse import quote

from provisioner.emulator.graph.projection import Resource, many, one
from provisioner.emulator.model import (
    item_rules,
    items,
    page_layout,
    pages,
    principal_view,
    principals,
    sites,
)
from provisioner.emulator.model.app_roles import READ, WRITE
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_DOCS = "learn.microsoft.com/graph/api/"
_CAST = r"/(?:microsoft\.)?graph\.sitePage"  # the SDKs write the namespace's alias
_PAGES = sites.SITE + "/pages"
_PAGE = _PAGES + r"/(?P<page>(?!(?:microsoft\.)?graph\.)[^/]+)"
_TYPE = "#microsoft.graph.sitePage"
_KIND = "microsoft.graph.sitePage"
_SWITCHES = ("showComments", "showRecommendedPages")
_WORDS = ("description", "thumbnailWebUrl")
_KNOWN = frozenset(
    {"name", "title", "pageLayout", "titleArea", "canvasLayout", "promotionKind"}
    | {*_SWITCHES, *_WORDS}
)
_CHOICES = {"pageLayout": ("article", "home"), "promotionKind": ("page", "newsPost")}
_TITLE_AREA = {
    "enableGradientEffect": False,
    "layout": "plain",
    "showAuthor": False,
    "showPublishedDate": False,
    "showTextBlockAboveTitle": False,
    "textAlignment": "left",
}


@ROUTES.add(
    "GET",
    _PAGES + f"(?:{_CAST})?",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List pages",
    source=_DOCS + "basesitepage-list",
)
def list_pages(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The site's pages, as ``baseSitePage`` or, with the cast, as ``sitePage``."""
    opened = _opened(tenant, match)
    found = [_resource(tenant, call, opened, row) for row in pages.all_of(tenant, opened)]
    body = many(call, found, "sites/pages", int(tenant.setting("pageSize")))
    return Reply(200, body, kind=_KIND)


@ROUTES.add(
    "POST",
    _PAGES,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Create a page",
    source=_DOCS + "sitepage-create",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """201 with the page, checked out to the caller."""
    opened, body = _opened(tenant, match), _body(call)
    page_title = str(body.pop("title", "") or "")
    name = pages.file_name(str(body.pop("name", "") or ""), page_title)
    doc = {"pageLayout": "article"} | _content(body)
    author = principals.caller_principal(tenant, opened.site_id, call.caller)
    row = pages.create(tenant, opened, name, page_title, doc, author)
    return _reply(tenant, call, opened, row, 201)


@ROUTES.add(
    "GET",
    _PAGE + f"(?:{_CAST})?",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a page",
    source=_DOCS + "sitepage-get",
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One page; ``$expand=canvasLayout`` brings what stands on it."""
    opened = _opened(tenant, match)
    return _reply(tenant, call, opened, pages.find(tenant, opened, match["page"]), 200)


@ROUTES.add(
    "PATCH",
    _PAGE + _CAST,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Change a page",
    source=_DOCS + "sitepage-update",
    permission_note="No row with the cast; the page names Sites.ReadWrite.All.",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A new draft; 423 while another has the page checked out."""
    opened, body = _opened(tenant, match), _body(call)
    row = pages.find(tenant, opened, match["page"])
    items.check_match(row, call.headers.get("if-match"))
    page_title = body.pop("title", None)
    if "name" in body:
        raise Refusal(400, "invalidRequest", "The name of a page cannot be changed.")
    doc = pages.content(tenant, row) | _content(body)
    if "canvasLayout" in body:
        doc.pop("CanvasContent1", None)
    editor = principals.caller_principal(tenant, opened.site_id, call.caller)
    row = pages.save(tenant, opened, row, doc, editor, page_title=page_title)
    return _reply(tenant, call, opened, row, 200)


@ROUTES.add(
    "PATCH",
    _PAGE,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Change a page without the cast: refused",
    source="microsoftgraph/msgraph-sdk-powershell#3109",
)
def update_uncast(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """404, whether or not the page is there: only the cast address takes a PATCH."""
    del tenant, call, match
    raise Refusal(404, "itemNotFound", "The resource could not be found.")


@ROUTES.add(
    "POST",
    _PAGE + _CAST + "/publish",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Publish a page",
    source=_DOCS + "sitepage-publish",
    permission_note="No row; the page names Sites.ReadWrite.All.",
)
def publish(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """204; the page is checked in and becomes the next major version."""
    opened = _opened(tenant, match)
    row = pages.find(tenant, opened, match["page"])
    editor = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, editor, metadata=False)
    pages.publish(tenant, opened, row)
    return Reply(204)


@ROUTES.add(
    "DELETE",
    _PAGE + f"(?:{_CAST})?",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Delete a page",
    source=_DOCS + "basesitepage-delete",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """To the recycle bin."""
    opened = _opened(tenant, match)
    row = pages.find(tenant, opened, match["page"])
    items.check_match(row, call.headers.get("if-match"))
    principal = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, principal, metadata=False)
    items.delete(tenant, opened, row)
    return Reply(204)


def _opened(tenant: Tenant, match: dict[str, str]) -> OpenList:
    return pages.library(tenant, sites.by_ref(tenant, match["site"]))


def _body(call: Call) -> dict[str, Any]:
    body = call.json()
    if not isinstance(body, dict) or body.get("@odata.type") != _TYPE:
        raise Refusal(
            400, "invalidRequest", f'The body must name its type, "@odata.type": "{_TYPE}".'
        )
    given = {key: value for key, value in body.items() if not key.startswith("@odata.")}
    unknown = set(given) - _KNOWN
    if unknown:
        raise Refusal(
            400, "invalidRequest", f"The property '{min(unknown)}' cannot be set on a sitePage."
        )
    return given


def _content(body: dict[str, Any]) -> dict[str, Any]:
    """The checked content of a page body."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name == "titleArea":
            found[name] = page_layout.title_area(value)
        elif name == "canvasLayout":
            found[name] = page_layout.canvas(value)
        elif name in _CHOICES and value not in _CHOICES[name]:
            raise Refusal(400, "invalidRequest", f"The value '{value}' of {name} is not valid.")
        elif name in _SWITCHES and not isinstance(value, bool):
            raise Refusal(400, "invalidRequest", f"{name} must be true or false.")
        elif name in _WORDS and not isinstance(value, str | None):
            raise Refusal(400, "invalidRequest", f"{name} must be text.")
        else:
            found[name] = value
    return found


def _reply(tenant: Tenant, call: Call, opened: OpenList, row: Row, status: int) -> Reply:
    body = one(call, _resource(tenant, call, opened, row), "sites/pages")
    return Reply(status, body, {"ETag": items.etag(row)}, kind=_KIND)


def _resource(tenant: Tenant, call: Call, opened: OpenList, row: Row) -> Resource:
    doc, tag = pages.content(tenant, row), items.etag(row)
    base = sites.url(tenant, opened.site, call.base_url)
    entity: dict[str, Any] = {
        "@odata.type": _TYPE,
        "@odata.etag": tag,
        "id": row["guid"],
        "name": row["name"],
        "title": pages.title(row),
        "description": doc.get("description") or "",
        "webUrl": f"{base}/SitePages/{quote(str(row['name']))}",
        "eTag": tag,
        "createdDateTime": row["created"],
        "lastModifiedDateTime": row["modified"],
        "createdBy": principal_view.identity(tenant, opened.site_id, int(row["author"])),
        "lastModifiedBy": principal_view.identity(tenant, opened.site_id, int(row["editor"])),
        "parentReference": {"siteId": opened.site_id},
        "pageLayout": doc.get("pageLayout", "article"),
        "promotionKind": doc.get("promotionKind", "page"),
        "publishingState": {"level": pages.level(row), "versionId": pages.version(row)},
        "showComments": doc.get("showComments", True),
        "showRecommendedPages": doc.get("showRecommendedPages", False),
        "titleArea": _TITLE_AREA | doc.get("titleArea", {}),
        "reactions": {},
    }
    if doc.get("thumbnailWebUrl"):
        entity["thumbnailWebUrl"] = doc["thumbnailWebUrl"]
    return Resource(
        entity,
        {
            "canvasLayout": lambda: _canvas(doc),
            "webParts": lambda: [Resource(each) for each in page_layout.web_parts(_canvas(doc))],
        },
    )


def _canvas(doc: dict[str, Any]) -> dict[str, Any]:
    if "CanvasContent1" in doc:
        raise Refusal(
            501,
            "notImplemented",
            "The emulator does not translate a page saved through SharePoint REST.",
        )
    found: dict[str, Any] = doc.get("canvasLayout") or {"horizontalSections": []}
    return found
