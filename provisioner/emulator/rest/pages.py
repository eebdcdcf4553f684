"""SharePoint REST site pages: made, checked out, saved and published, with any web part.

pnp/cli-microsoft365 (spo page add, set, publish): ``POST _api/sitepages/pages``, ``checkoutpage``,
``SavePage`` with ``CanvasContent1``, then ``Publish`` of the file. A page made through Graph has its
text here too; the reverse, what Graph says of a page saved here, is not documented and not built.
"""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Row
from typing import Any
from urllib.parse import unquote

from provisioner.emulator.model import item_rules, items, page_controls, pages, principals, sites
from provisioner.emulator.model.app_roles import READ, WRITE
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.rest import bodies
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import Node, collection, shape
from provisioner.emulator.routing import Handler, Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")
_KIND = "SP.Publishing.SitePage"
_ALL = "/_api/sitepages/pages"
_ONE = _ALL + r"\((?P<page>\d+)\)"
_FILE = r"/_api/web/getfilebyserverrelative(?:path|url)\((?P<file>[^()]*)\)"
_LAYOUTS = (
    "Article",
    "Home",
    "SingleWebPartAppPage",
    "Spaces",
    "RepostPage",
    "HeaderlessSearchResults",
)
_CONTENT = frozenset(
    {"CanvasContent1", "LayoutWebpartsContent", "BannerImageUrl", "Description", "TopicHeader"}
)
_SETTABLE = _CONTENT | {"Title", "AuthorByline", "ShouldSaveAsDraft"}
_ARGUMENT = "-2147024809, System.ArgumentException"
_MAJOR = 1  # checkintype: 0 minor, 1 major, 2 overwrite


def _write(method: str, pattern: str, title: str) -> Callable[[Handler], Handler]:
    return ROUTES.add(
        method,
        pattern,
        cost=2,
        permissions=WRITE,
        selected_role="write",
        title=title,
        source="pnp/cli-microsoft365 spo page",
    )


@ROUTES.add(
    "GET",
    _ALL,
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List pages, or get one",
    source="pnp/cli-microsoft365 spo page get",
)
def read(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``pages`` or ``pages(3)``."""
    opened = _opened(tenant, call)
    if call.args:
        row = pages.find(tenant, opened, _number(call.args.get("0", "")))
        return _reply(tenant, call, opened, row, 200)
    found = [Node(_entity(tenant, call, opened, row)) for row in pages.all_of(tenant, opened)]
    return Reply(200, collection(call, found), kind=_KIND)


@_write("POST", _ALL, "Create a page")
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``{"PageLayoutType", "Name", "Title", "PromotedState"}`` -> 201, checked out."""
    if call.args:
        raise _bad("A page is changed with SavePage.")
    opened, body = _opened(tenant, call), bodies.entity(call, _KIND)
    layout = body.get("PageLayoutType") or "Article"
    if layout not in _LAYOUTS:
        raise _bad(f"The layout {layout} is not valid.")
    page_title = str(body.get("Title") or "")
    name = pages.file_name(str(body.get("Name") or ""), page_title)
    doc = {
        "PageLayoutType": layout,
        "pageLayout": "home" if layout == "Home" else "article",
        "PromotedState": int(body.get("PromotedState") or 0),
    }
    author = principals.caller_principal(tenant, opened.site_id, call.caller)
    row = pages.create(tenant, opened, name, page_title, doc, author)
    return _reply(tenant, call, opened, row, 201)


@_write("POST", _ONE + "/checkoutpage", "Check a page out")
def check_out(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """200 with the page; 423 when another has it."""
    opened = _opened(tenant, call)
    row = pages.find(tenant, opened, int(match["page"]))
    principal = principals.caller_principal(tenant, opened.site_id, call.caller)
    row = pages.check_out(tenant, opened, row, principal)
    return _reply(tenant, call, opened, row, 200)


@_write("POST", _ONE + "/(?:savepage|savepageasdraft)", "Save a page")
@_write("PATCH", _ONE + "/(?:savepage|savepageasdraft)", "Save a page")
def save(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Keep title and content; the page has to be checked out to the caller."""
    opened, body = _opened(tenant, call), bodies.entity(call, _KIND)
    unknown = set(body) - _SETTABLE
    if unknown:
        raise _bad(f"The property '{min(unknown)}' cannot be saved on a page.")
    row = pages.find(tenant, opened, int(match["page"]))
    editor = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, editor, metadata=False)
    if not row["checked_out"]:
        raise Refusal(
            409,
            "conflict",
            "The page is not checked out. Check it out before you save it.",
            rest_code="-2130575306, Microsoft.SharePoint.SPFileCheckOutException",
        )
    doc = pages.content(tenant, row) | {name: body[name] for name in _CONTENT & set(body)}
    if "CanvasContent1" in body:
        doc["CanvasContent1"] = page_controls.checked(body["CanvasContent1"])
        doc.pop("canvasLayout", None)
    pages.save(tenant, opened, row, doc, editor, page_title=body.get("Title"))
    if call.path.lower().endswith("draft"):
        pages.check_in(tenant, opened, pages.find(tenant, opened, int(match["page"])))
    return Reply(200, {"value": True})


@_write("POST", _ONE + "/publish", "Publish a page")
def publish(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The next major version."""
    opened = _opened(tenant, call)
    row = pages.find(tenant, opened, int(match["page"]))
    _free(tenant, call, opened, row)
    pages.publish(tenant, opened, row)
    return Reply(200, {"value": True})


@_write("DELETE", _ALL, "Delete a page")
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """``pages(3)`` to the recycle bin."""
    opened = _opened(tenant, call)
    row = pages.find(tenant, opened, _number(call.args.get("0", "")))
    _free(tenant, call, opened, row)
    items.delete(tenant, opened, row)
    return Reply(200)


@_write("POST", _FILE + "/publish", "Publish a file")
def publish_file(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``GetFileByServerRelativePath(DecodedUrl='…')/Publish()``; needs minor versions."""
    opened, row = _file(tenant, call, match)
    _free(tenant, call, opened, row)
    if not opened.minor_versions:
        raise _bad("The library keeps major versions only; there is nothing to publish.")
    pages.publish(tenant, opened, row)
    return Reply(200)


@_write("POST", _FILE + "/approve", "Approve a file")
def approve_file(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``Approve(comment='…')`` (SP.File.Approve); 400 where the library asks for no approval."""
    opened, row = _file(tenant, call, match)
    _free(tenant, call, opened, row)
    if not opened.moderated:
        raise _bad("The library does not ask for approval.")
    pages.approve(tenant, opened, row)
    return Reply(200)


@_write("POST", _FILE + "/recycle", "Send a file to the recycle bin")
def recycle_file(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The file goes to the recycle bin -> the id of its entry there."""
    opened, row = _file(tenant, call, match)
    _free(tenant, call, opened, row)
    items.delete(tenant, opened, row)
    return Reply(200, {"value": tenant.guid()})


@_write("POST", _FILE + "/checkin", "Check a file in")
def check_in_file(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``CheckIn(comment='…',checkintype=1)``; 1 is a major version."""
    opened, row = _file(tenant, call, match)
    _free(tenant, call, opened, row)
    if not row["checked_out"]:
        raise Refusal(
            400,
            "invalidRequest",
            "The file is not checked out.",
            rest_code="-2130575306, Microsoft.SharePoint.SPFileCheckOutException",
        )
    kind = _number(str(argument(call, "checkintype", 0)))
    if kind == _MAJOR and opened.minor_versions:
        pages.publish(tenant, opened, row)
    else:
        pages.check_in(tenant, opened, row)
    return Reply(200)


def _opened(tenant: Tenant, call: Call) -> OpenList:
    return pages.library(tenant, sites.by_path(tenant, call.site_path))


def _file(tenant: Tenant, call: Call, match: dict[str, str]) -> tuple[OpenList, Row]:
    site = sites.by_path(tenant, call.site_path)
    path = unquote(match["file"].removeprefix("decodedurl="))
    if not path.startswith("/"):
        path = f"{site['path']}/{path}"
    found = pages.file_at(tenant, site, path)
    if found is None:
        raise Refusal(
            404,
            "itemNotFound",
            f"The file {path} does not exist.",
            rest_code="-2130575338, Microsoft.SharePoint.SPException",
        )
    return found


def _free(tenant: Tenant, call: Call, opened: OpenList, row: Row) -> None:
    principal = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, principal, metadata=False)


def _number(text: str) -> int:
    if not text.isdigit():
        raise _bad(f"'{text}' is not a number.")
    return int(text)


def _bad(message: str) -> Refusal:
    return Refusal(400, "invalidRequest", message, rest_code=_ARGUMENT)


def _reply(tenant: Tenant, call: Call, opened: OpenList, row: Row, status: int) -> Reply:
    entity = _entity(tenant, call, opened, row)
    return Reply(status, shape(call, entity, {}), kind=_KIND)


def _entity(tenant: Tenant, call: Call, opened: OpenList, row: Row) -> dict[str, Any]:
    doc = pages.content(tenant, row)
    own = principals.caller_principal(tenant, opened.site_id, call.caller)
    base = sites.url(tenant, opened.site, call.base_url)
    return {
        "AbsoluteUrl": f"{base}/SitePages/{row['name']}",
        "BannerImageUrl": doc.get("BannerImageUrl"),
        "CallToAction": "",
        "CanvasContent1": page_controls.content(doc),
        "ContentTypeId": None,
        "Description": doc.get("Description") or doc.get("description") or "",
        "DoesUserHaveEditPermission": True,
        "FileName": row["name"],
        "Id": row["id"],
        "IsPageCheckedOutToCurrentUser": row["checked_out"] == own,
        "IsWebWelcomePage": opened.site["welcome_page"] == f"SitePages/{row['name']}",
        "LayoutWebpartsContent": page_controls.header(doc),
        "Modified": row["modified"],
        "PageLayoutType": doc.get("PageLayoutType")
        or ("Home" if doc.get("pageLayout") == "home" else "Article"),
        "Path": {"DecodedUrl": f"SitePages/{row['name']}"},
        "PromotedState": doc.get("PromotedState", 0),
        "Title": pages.title(row),
        "TopicHeader": doc.get("TopicHeader"),
        "UniqueId": row["guid"],
        "Url": f"SitePages/{row['name']}",
        "Version": pages.version(row),
    }
