"""Requests as kinds write them: permission words, list paths, and the two faces' conventions.

SharePoint REST updates are MERGE (learn.microsoft.com, "Complete basic operations using SharePoint
REST endpoints"), to which the sender adds `If-Match: *`; Graph paths are below `/v1.0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from provisioner.core.address import root_of, split
from provisioner.core.transport import Operation, Reading, ref

GRAPH_READ = "graph:Sites.Selected/read"
GRAPH_WRITE = "graph:Sites.Selected/write"
GRAPH_MANAGE = "graph:Sites.Selected/manage"
REST_READ = "sharepoint:Sites.Selected/read"
REST_WRITE = "sharepoint:Sites.Selected/write"
REST_MANAGE = "sharepoint:Sites.Selected/manage"
REST_FULL = "sharepoint:Sites.Selected/fullcontrol"
CREATE_SITE = "graph:Sites.Create.All"

PERMISSION_COST = 5
"""Resource units of a permission operation (learn.microsoft.com, "Avoid getting throttled or
blocked in SharePoint Online"); other writes cost 2, reading one thing 1, reading many 2."""

VERBOSE = {"Content-Type": "application/json;odata=verbose"}
"""For the few bodies whose types SharePoint must be told."""

GRAPH_ROOT = "https://graph.microsoft.com/v1.0"
"""Start of the canonical addresses Graph wants inside bodies; the same text in every cloud's
examples, so the sender puts its own cloud's host in its place."""


def graph_site() -> str:
    """The Graph path of the site."""
    return f"/sites/{ref('site')}"


def graph_list(address: str) -> str:
    """The Graph path of the list at `address` (or of the list that a deeper address sits in)."""
    return f"{graph_site()}/lists/{ref(root_of(address))}"


def rest_list(address: str) -> str:
    """The SharePoint path of the list at `address` (or that a deeper address sits in)."""
    return f"/_api/web/lists(guid'{ref(root_of(address))}')"


def rest_list_by_id(list_id: str) -> str:
    """The SharePoint path of a list whose id is known, for readings."""
    return f"/_api/web/lists(guid'{list_id}')"


def scope_of(address: str) -> str:
    """What must stay serial with this address.

    One list's schema; the site's columns, content types and lists ("site"); its bars of navigation.
    A row, a principal, a group and who may do what in one place stand alone: the conflicts that are
    known are about one item or one list's schema (github.com/pnp/pnpjs, issue 2324).
    """
    kind = split(address)[0]
    if kind in {"item", "principal", "group", "permissions"}:
        return address
    root = root_of(address)
    word = split(root)[0]
    if word in {"navigation", "topNavigation", "navigationBar"}:
        return "navigation"
    return root if word == "list" else "site"


def read_rest(path: str, *, cost: int = 2, pages: bool = True, absent_ok: bool = False) -> Reading:
    """A SharePoint reading; the path may hold `'` and spaces, which are encoded here."""
    return Reading(
        "sharepoint",
        encoded(path),
        cost=cost,
        pages=pages,
        absent_ok=absent_ok,
        permission=REST_READ,
    )


def encoded(path: str) -> str:
    """The path as it goes over the wire; references and OData punctuation are left as they are."""
    return quote(path, safe="/?&=$,'()@:*!;%⟦⟧#~-_.+")


def rest(
    method: str,
    path: str,
    address: str,
    body: Any = None,
    *,
    what: str = "",
    cost: int = 2,
    permission: str = REST_MANAGE,
    produces: Mapping[str, str] | None = None,
    tolerates: tuple[int, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Operation:
    """One SharePoint request. `method` is GET, POST, MERGE or DELETE."""
    return Operation(
        audience="sharepoint",
        method=method,  # type: ignore[arg-type]
        path=path,
        address=address,
        scope=scope_of(address),
        body=body,
        headers=headers or {},
        cost=cost,
        permission=permission,
        produces=produces or {},
        tolerates=tolerates,
        what=what,
    )


def graph(
    method: str,
    path: str,
    address: str,
    body: Any = None,
    *,
    what: str = "",
    cost: int = 2,
    permission: str = GRAPH_MANAGE,
    produces: Mapping[str, str] | None = None,
    tolerates: tuple[int, ...] = (),
    scope: str | None = None,
) -> Operation:
    """One Graph request. `method` is GET, POST, PATCH or DELETE."""
    return Operation(
        audience="graph",
        method=method,  # type: ignore[arg-type]
        path=path,
        address=address,
        scope=scope or scope_of(address),
        body=body,
        cost=cost,
        permission=permission,
        produces=produces or {},
        tolerates=tolerates,
        what=what,
    )


def rows(body: Any) -> list[dict[str, Any]]:
    """The members of a collection answer, whichever metadata level it came in; [] for none."""
    if isinstance(body, dict):
        body = body.get("d", body)
        found = body.get("value", body.get("results", [])) if isinstance(body, dict) else body
        return list(found) if isinstance(found, list) else []
    return list(body) if isinstance(body, list) else []


def many(value: Any) -> list[Any]:
    """A collection inside an entity: a list, or `{"results": […]}` as verbose answers write it."""
    if isinstance(value, dict):
        value = value.get("results")
    return list(value) if isinstance(value, list) else []


def quoted(text: str) -> str:
    """Text inside an OData string literal: `'` doubled, then percent-encoded."""
    return quote(text.replace("'", "''"), safe="")
