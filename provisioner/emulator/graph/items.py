"""Graph list items: read, filter, page, create, change, delete, versions.

Requests and answers: learn.microsoft.com/graph/api/listitem-list, -get, -create, -update, -delete,
-list-versions.
"""

from __future__ import annotations

from typing import Any

from provisioner.emulator.graph.item_view import ItemView
from provisioner.emulator.graph.queries import (
    NON_INDEXED,
    Shape,
    item_shape,
    link,
    option,
    page_size,
    skip_token,
)
from provisioner.emulator.model import item_rules, items, odata, principals, sites, values
from provisioner.emulator.model.app_roles import READ, WRITE
from provisioner.emulator.model.open_list import OpenList, is_veiled, open_list, sees_pending
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")

_ITEMS = sites.SITE + r"/lists/(?P<list>[^/]+)/items"
_ITEM = _ITEMS + r"/(?P<item>(?!delta(?:/|\Z))[^/]+)"
_API = "learn.microsoft.com/graph/api/"
_WITH_FIELDS = Shape(fields=True)


def opened_list(tenant: Tenant, match: dict[str, str]) -> OpenList:
    """The list of a Graph path. Raises `Refusal` 404."""
    return open_list(tenant, sites.by_ref(tenant, match["site"]), match["list"])


def _item(tenant: Tenant, opened: OpenList, match: dict[str, str]) -> Any:
    if not match["item"].isdigit():
        raise Refusal(400, "invalidRequest", "The list item id is not a number.")
    return items.get(tenant, opened, int(match["item"]))


@ROUTES.add(
    "GET",
    _ITEMS,
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List items",
    source=_API + "listitem-list",
)
def list_items(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A page of items; filter and order need an index unless the Prefer header allows otherwise."""
    opened, shape = opened_list(tenant, match), item_shape(call)
    query, order, ordered = odata.Query(), "id", False
    names: frozenset[str] = frozenset()
    if text := option(call, "filter"):
        query = odata.where(opened, text, graph=True)
    if text := option(call, "orderby"):
        order, names = odata.order(opened, text, graph=True)
        ordered = True
    prefer = call.headers.get("prefer", "").lower()
    if NON_INDEXED not in prefer:
        odata.check_indexes(opened, query.names, names)
    size = page_size(tenant, call)
    offset = skip_token(call, "p_Skip") if ordered else 0
    after = 0 if ordered else skip_token(call, "p_ID")
    rows = items.page(
        tenant,
        opened,
        where=f"({query.sql}) AND id > ?",
        values=(*query.values, after),
        order=order,
        limit=size + 1,
        offset=offset,
        pending=sees_pending(tenant, opened.site_id, call.caller),
    )
    view = ItemView(tenant, call, opened, shape)
    body: dict[str, Any] = {"value": view.page(rows[:size])}
    if len(rows) > size:
        token = f"p_Skip={offset + size}" if ordered else f"p_ID={rows[size - 1]['id']}"
        body["@odata.nextLink"] = link(call, skiptoken=f"Paged=TRUE&{token}")
    return Reply(200, body, kind="microsoft.graph.listItem")


@ROUTES.add(
    "POST",
    _ITEMS,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Create an item",
    source=_API + "listitem-create",
)
def create_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A new row from `{"fields": {...}}`; in a library only files can be made, by upload."""
    opened, body = opened_list(tenant, match), call.json()
    if opened.library:
        raise Refusal(400, "invalidRequest", "To add an item to a document library, upload a file.")
    unknown = {key for key in body if "@" not in key} - {"fields", "contentType"}
    given = body.get("fields")
    if unknown or not isinstance(given, dict | None):
        raise values.invalid()
    stored = values.from_graph(tenant, opened, given or {})
    stored |= _content_type(opened, body)
    author = principals.caller_principal(tenant, opened.site_id, call.caller)
    row = items.create_item(tenant, opened, stored, author=author)
    return Reply(
        201,
        ItemView(tenant, call, opened, _WITH_FIELDS).of(row),
        {"ETag": items.etag(row)},
        kind="microsoft.graph.listItem",
    )


@ROUTES.add(
    "GET",
    _ITEM,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get an item",
    source=_API + "listitem-get",
)
def get_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One item; an unapproved one is not found by who may not see it."""
    opened = opened_list(tenant, match)
    row = _item(tenant, opened, match)
    if is_veiled(tenant, opened, row, call.caller):
        raise items.missing()
    return Reply(
        200,
        ItemView(tenant, call, opened, item_shape(call)).of(row),
        {"ETag": items.etag(row)},
        kind="microsoft.graph.listItem",
    )


@ROUTES.add(
    "PATCH",
    _ITEM,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Change an item's content type or fields",
    source=_API + "listitem-update",
)
def update_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`{"contentType": {"id"}, "fields": {...}}`."""
    opened, body = opened_list(tenant, match), call.json()
    row = _item(tenant, opened, match)
    stored = values.from_graph(tenant, opened, body.get("fields") or {})
    row = _write(tenant, call, opened, row, stored | _content_type(opened, body))
    return Reply(
        200,
        ItemView(tenant, call, opened, _WITH_FIELDS).of(row),
        {"ETag": items.etag(row)},
        kind="microsoft.graph.listItem",
    )


@ROUTES.add(
    "DELETE",
    _ITEM,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Delete an item",
    source=_API + "listitem-delete",
)
def delete_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """To the recycle bin."""
    opened = opened_list(tenant, match)
    row = _item(tenant, opened, match)
    items.check_match(row, call.headers.get("if-match"))
    principal = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, principal, metadata=False)
    items.delete(tenant, opened, row)
    return Reply(204)


@ROUTES.add(
    "GET",
    _ITEM + "/fields",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get an item's fields",
    source=_API + "listitem-get",
    permission_note="No row for the fields alone; they ask for what the item asks for.",
)
def get_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The fields alone; `$select` names columns."""
    opened = opened_list(tenant, match)
    row = _item(tenant, opened, match)
    chosen = option(call, "select")
    names = tuple(name.strip() for name in chosen.split(",")) if chosen else None
    view = ItemView(tenant, call, opened, Shape(fields=True, field_select=names))
    return Reply(
        200, view.fields(row), {"ETag": items.etag(row)}, kind="microsoft.graph.fieldValueSet"
    )


@ROUTES.add(
    "PATCH",
    _ITEM + "/fields",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Change an item's fields",
    source=_API + "listitem-update",
)
def update_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Each PATCH makes a version (microsoft-graph-docs#4909); a stale If-Match answers 412."""
    opened = opened_list(tenant, match)
    row = _item(tenant, opened, match)
    stored = values.from_graph(tenant, opened, call.json())
    row = _write(tenant, call, opened, row, stored)
    view = ItemView(tenant, call, opened, _WITH_FIELDS)
    return Reply(
        200, view.fields(row), {"ETag": items.etag(row)}, kind="microsoft.graph.fieldValueSet"
    )


@ROUTES.add(
    "GET",
    _ITEM + "/versions",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List an item's versions",
    source=_API + "listitem-list-versions",
)
def list_versions(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Versions, newest first; the present one is the first."""
    opened = opened_list(tenant, match)
    row = _item(tenant, opened, match)
    view = ItemView(tenant, call, opened, _WITH_FIELDS)
    return Reply(200, {"value": view.versions(row)}, kind="microsoft.graph.listItemVersion")


@ROUTES.add(
    "GET",
    _ITEM + "/driveItem",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the drive item of an item",
    source=_API + "listitem-get",
    permission_note="Stricter: Files.* suffices for the drive item's own address; this one goes through the "
    "list, which Files.* does not reach.",
)
def get_drive_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The file or folder behind an item of a library."""
    opened = opened_list(tenant, match)
    row = _item(tenant, opened, match)
    if row["kind"] == "item":
        raise items.missing()
    view = ItemView(tenant, call, opened, Shape(drive_item=True))
    return Reply(200, view.of(row)["driveItem"], kind="microsoft.graph.driveItem")


def write_fields(
    tenant: Tenant, call: Call, opened: OpenList, row: Any, body: dict[str, Any]
) -> Any:
    """Change fields as Graph does, for list items and drive items alike; gives the new row."""
    return _write(tenant, call, opened, row, values.from_graph(tenant, opened, body))


def _write(tenant: Tenant, call: Call, opened: OpenList, row: Any, stored: dict[str, Any]) -> Any:
    items.check_match(row, call.headers.get("if-match"))
    editor = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, editor, metadata=True)
    record = stored.pop("FileLeafRef", None)
    if record is not None:
        # Imported here: files need items' writes too, and a rename is rare.
        from provisioner.emulator.model import files  # noqa: PLC0415

        row = files.rename(tenant, opened, row, str(record), editor=editor)
        if not stored:
            return row
    return items.update_fields(tenant, opened, row, stored, editor=editor)


def _content_type(opened: OpenList, body: dict[str, Any]) -> dict[str, Any]:
    given = body.get("contentType")
    if not isinstance(given, dict):
        return {}
    wanted = given.get("id") or given.get("name")
    return {"ContentTypeId": opened.find_type(str(wanted))} if wanted else {}
