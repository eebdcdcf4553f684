"""SharePoint REST list items, with what Graph cannot do: hyperlink values and overwriting updates.

Requests and answers: learn.microsoft.com/sharepoint/dev/sp-add-ins/
working-with-lists-and-list-items-with-rest; ValidateUpdateListItem: pnp/pnpcore#1433,
sp-dev-docs#7424.
"""

from __future__ import annotations

from sqlite3 import Row
from typing import Any
from urllib.parse import quote, unquote, urlencode

from provisioner.emulator.model import (
    form_values,
    item_rules,
    items,
    odata,
    paths,
    principals,
    sites,
    values,
)
from provisioner.emulator.model.app_roles import READ, WRITE
from provisioner.emulator.model.open_list import (
    OpenList,
    is_veiled,
    open_list,
    sees_pending,
)
from provisioner.emulator.rest.item_entities import Entities
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")

_ITEMS = r"/_api/web/lists\((?P<list>[^()]*)\)/items"
_ITEM = _ITEMS + r"\((?P<item>\d+)\)"
_DOCS = "learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-lists-and-list-items-with-rest"
_FILES = "learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-folders-and-files-with-rest"
_KIND = "SP.Data.ListItem"
_PAGE, _MAX_PAGE = 100, 5000


def _open(tenant: Tenant, call: Call, match: dict[str, str]) -> OpenList:
    return open_list(tenant, sites.by_path(tenant, call.site_path), match["list"])


@ROUTES.add(
    "GET", _ITEMS, cost=2, permissions=READ, selected_role="read", title="List items", source=_DOCS
)
def list_items(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A page of items; `$skip` does nothing here, `$skiptoken=Paged=TRUE&p_ID=n` pages."""
    opened = _open(tenant, call, match)
    query, order = odata.Query(), "id"
    if text := call.query.get("$filter", ""):
        query = odata.where(opened, text, graph=False)
    if text := call.query.get("$orderby", ""):
        order, _ = odata.order(opened, text, graph=False)
    top = call.query.get("$top", str(_PAGE))
    if not top.isdigit() or int(top) < 1:
        raise odata.bad_filter(top)
    size = min(int(top), _MAX_PAGE)
    token = dict(part.partition("=")[::2] for part in call.query.get("$skiptoken", "").split("&"))
    after = token.get("p_ID", "0")
    offset = token.get("p_Skip", "0")
    if not after.isdigit() or not offset.isdigit():
        raise odata.bad_filter(call.query["$skiptoken"])
    rows = items.page(
        tenant,
        opened,
        where=f"({query.sql}) AND id > ?",
        values=(*query.values, int(after)),
        order=order,
        limit=size + 1,
        offset=int(offset),
        pending=sees_pending(tenant, opened.site_id, call.caller),
    )
    entities = Entities(tenant, call, opened)
    body: dict[str, Any] = {"value": [entities.of(row) for row in rows[:size]]}
    if len(rows) > size:
        position = (
            f"p_ID={rows[size - 1]['id']}" if order == "id" else f"p_Skip={int(offset) + size}"
        )
        others = {**call.query, "$skiptoken": f"Paged=TRUE&{position}"}
        body["odata.nextLink"] = (
            f"{call.base_url}{call.site_path}{quote(call.path, safe='/()=%')}"
            f"?{urlencode(others, safe='$', quote_via=quote)}"
        )
    return Reply(200, body, kind=_KIND)


@ROUTES.add(
    "POST",
    _ITEMS,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Create an item",
    source=_DOCS,
)
def create_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """A new row; people and lookups as ``<Name>Id``, a hyperlink as SP.FieldUrlValue."""
    opened = _open(tenant, call, match)
    if opened.library:
        raise Refusal(
            400,
            "invalidRequest",
            "To add an item to a document library, use SPFileCollection.Add().",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    stored = values.from_rest(tenant, opened, call.json())
    author = principals.caller_principal(tenant, opened.site_id, call.caller)
    row = items.create_item(tenant, opened, stored, author=author)
    return Reply(201, Entities(tenant, call, opened).of(row), {"ETag": items.etag(row)}, kind=_KIND)


@ROUTES.add(
    "GET", _ITEM, cost=1, permissions=READ, selected_role="read", title="Get an item", source=_DOCS
)
def get_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One item; empty columns are null here, unlike in Graph."""
    opened = _open(tenant, call, match)
    row = items.get(tenant, opened, int(match["item"]))
    if is_veiled(tenant, opened, row, call.caller):
        raise items.missing()
    return Reply(200, Entities(tenant, call, opened).of(row), {"ETag": items.etag(row)}, kind=_KIND)


@ROUTES.add(
    "GET",
    r"/_api/web/get(?P<sort>file|folder)byserverrelative(?:path|url)\((?:decodedurl=)?(?P<path>[^()=]*)\)"
    "/listitemallfields",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the item of a file or folder by its path",
    source=_FILES,
)
def get_item_at(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`GetFolderByServerRelativePath(DecodedUrl='…')/ListItemAllFields`, and of a file alike."""
    site = sites.by_path(tenant, call.site_path)
    found, row = paths.list_and_item(
        tenant, site["id"], unquote(match["path"]), match["sort"].lower()
    )
    return get_item(tenant, call, {"list": f"id={found['id']}", "item": str(row["id"])})


@ROUTES.add(
    "PATCH",
    _ITEM,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Update an item",
    source=_DOCS,
)
def update_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """MERGE; ``If-Match: *`` or the ETag, a stale one answers 412."""
    opened = _open(tenant, call, match)
    row = items.get(tenant, opened, int(match["item"]))
    items.check_match(row, call.headers.get("if-match"))
    editor = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, editor, metadata=True)
    stored = values.from_rest(tenant, opened, call.json())
    row = items.update_fields(tenant, opened, row, stored, editor=editor)
    return Reply(204, None, {"ETag": items.etag(row)})


@ROUTES.add(
    "DELETE",
    _ITEM,
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Delete an item",
    source=_DOCS,
)
def delete_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Delete with ``If-Match``."""
    _remove(tenant, call, match)
    return Reply(200)


@ROUTES.add(
    "POST",
    _ITEM + "/recycle",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Move an item to the recycle bin",
    source=_DOCS,
)
def recycle_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Gives the id of the recycle bin entry."""
    _remove(tenant, call, match)
    return Reply(200, {"value": tenant.guid()})


@ROUTES.add(
    "POST",
    _ITEM + "/validateupdatelistitem",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Update an item like a form, or overwrite its version",
    source="pnp/pnpcore#1433, SharePoint/sp-dev-docs#7424",
)
def validate_update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`{"formValues": [..], "bNewDocumentUpdate": true}`: 200, with an outcome for each field.

    No If-Match is looked at. With `bNewDocumentUpdate` there is no new version.
    """
    opened = _open(tenant, call, match)
    row = items.get(tenant, opened, int(match["item"]))
    editor = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, editor, metadata=True)
    body = call.json()
    outcomes = form_values.judge(tenant, opened, body.get("formValues"))
    if outcomes and not any(each.problem for each in outcomes):
        stored = {each.name: each.value for each in outcomes}
        if "ContentType" in stored:
            stored["ContentTypeId"] = stored.pop("ContentType")
        stamps = {name: stored.pop(name) for name in form_values.STAMPS if name in stored}
        overwrite = bool(body.get("bNewDocumentUpdate"))
        _apply(tenant, opened, row, stored, editor=editor, overwrite=overwrite)
        _keep_stamps(tenant, call, opened, row, stamps if overwrite else {})
    found = [each.answer(int(row["id"])) for each in outcomes]
    return Reply(200, {"value": found}, kind="SP.ListItemFormUpdateValue")


def _apply(
    tenant: Tenant,
    opened: OpenList,
    row: Row,
    stored: dict[str, Any],
    *,
    editor: int,
    overwrite: bool,
) -> None:
    leaf = stored.pop("FileLeafRef", None)
    if leaf is not None:
        # Imported here: a rename is rare, and files build on items.
        from provisioner.emulator.model import files  # noqa: PLC0415

        row = files.rename(tenant, opened, row, str(leaf), editor=editor)
    items.update_fields(tenant, opened, row, stored, editor=editor, overwrite=overwrite)


def _keep_stamps(
    tenant: Tenant, call: Call, opened: OpenList, row: Row, stamps: dict[str, Any]
) -> None:
    """Keep Modified and Editor as sent, when both are, by full control, and the setting says so."""
    full = call.caller is not None and "Sites.FullControl.All" in call.caller.roles
    both = "Modified" in stamps and "Editor" in stamps
    if full and both and tenant.setting("overwriteKeepsModified"):
        tenant.run(
            "UPDATE item SET modified = ?, editor = ? WHERE list_id = ? AND id = ?",
            stamps["Modified"],
            stamps["Editor"],
            opened.id,
            row["id"],
        )


def _remove(tenant: Tenant, call: Call, match: dict[str, str]) -> None:
    opened = _open(tenant, call, match)
    row = items.get(tenant, opened, int(match["item"]))
    items.check_match(row, call.headers.get("if-match"))
    principal = principals.caller_principal(tenant, opened.site_id, call.caller)
    item_rules.check_free(tenant, row, principal, metadata=False)
    items.delete(tenant, opened, row)
