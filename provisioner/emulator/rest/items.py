"""SharePoint REST list items, with what Graph cannot do: hyperlink values and overwriting updates.

Requests and answers: learn.microsoft.com/sharepoint/dev/sp-add-ins/
working-with-lists-and-list-items-with-rest; ValidateUpdateListItem: pnp/pnpcore#1433,
sp-dev-docs#7424.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from sqlite3 import Row
from typing import Any
from urllib.parse import quote, unquote, urlencode

from provisioner.emulator.model import (
    form_values,
    items,
    odata,
    paths,
    principals,
    roles,
    sites,
    values,
)
from provisioner.emulator.model.app_roles import READ, WRITE
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.lookups import Texts
from provisioner.emulator.model.open_list import (
    LOOKUPS,
    OpenList,
    is_veiled,
    open_list,
    sees_pending,
)
from provisioner.emulator.rest.entities import assignment_node
from provisioner.emulator.rest.shape import shape
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
_ON_REQUEST = frozenset(
    {
        "FileLeafRef",
        "FileRef",
        "FileDirRef",
        "FSObjType",
        "HasUniqueRoleAssignments",
        "owshiddenversion",
    }
)
_HIDDEN = frozenset({"Counter", "ContentTypeId", "File", "ModStat", "Computed", "Attachments"})


def _open(tenant: Tenant, call: Call, match: dict[str, str]) -> OpenList:
    return open_list(tenant, sites.by_path(tenant, call.site_path), match["list"])


class _Entities:
    """Rows of one list as REST entities."""

    def __init__(self, tenant: Tenant, call: Call, opened: OpenList) -> None:
        self._tenant, self._call, self._opened = tenant, call, opened
        self._texts = Texts(tenant, opened)
        self._custom = [
            field
            for field in opened.columns.values()
            if not (field.builtin and field.internal_name != "Title") and field.type not in _HIDDEN
        ]

    def of(self, row: Row) -> dict[str, Any]:
        """One item, shaped by the request's `$select` and `$expand`."""
        stored: dict[str, Any] = json.loads(row["fields"])
        entity = self._plain(row, stored)
        expandable: dict[str, Callable[[], Any]] = {
            field.internal_name: self._target(field, stored.get(field.internal_name))
            for field in self._custom
            if field.type in LOOKUPS
        }
        columns = self._opened.columns
        expandable["Author"] = self._target(columns.get("Author"), row["author"])
        expandable["Editor"] = self._target(columns.get("Editor"), row["editor"])
        expandable["ContentType"] = lambda: {
            "Id": {"StringValue": row["content_type_id"]},
            "StringId": row["content_type_id"],
            "Name": self._opened.type_name(str(row["content_type_id"])),
        }
        site_id = self._opened.site_id
        scope = roles.item_scope(self._opened.id, int(row["id"]))
        expandable["RoleAssignments"] = lambda: [
            assignment_node(each) for each in roles.assignments(self._tenant, site_id, scope)
        ]
        found = shape(self._call, entity, expandable, _ON_REQUEST)
        return {"odata.etag": items.etag(row), **found}

    def _plain(self, row: Row, stored: dict[str, Any]) -> dict[str, Any]:
        entity: dict[str, Any] = {
            "FileSystemObjectType": 1 if row["kind"] == "folder" else 0,
            "Id": row["id"],
            "ID": row["id"],
            "ServerRedirectedEmbedUri": None,
            "ServerRedirectedEmbedUrl": "",
            "ContentTypeId": row["content_type_id"],
            "GUID": row["guid"],
            "Modified": row["modified"],
            "Created": row["created"],
            "AuthorId": row["author"],
            "EditorId": row["editor"],
            "OData__UIVersionString": items.label(stored),
        }
        if self._opened.moderated:
            entity["OData__ModerationStatus"] = row["moderation"]
        if not self._opened.library:
            entity["Attachments"] = False
        elif row["checked_out"]:
            entity["CheckoutUserId"] = row["checked_out"]
        for field in self._custom:
            name = field.internal_name
            key = f"OData_{name}" if name.startswith("_") else name
            value = stored.get(name)
            if field.type in LOOKUPS:
                entity[f"{key}Id"] = value
            else:
                entity[key] = value
        root = str(self._opened.row["url"])
        folder = root + str(row["parent_path"])
        leaf = row["name"] or f"{row['id']}_.000"
        on_request = {
            "FileLeafRef": leaf,
            "FileRef": f"{folder}/{leaf}",
            "FileDirRef": folder,
            "FSObjType": 1 if row["kind"] == "folder" else 0,
            "HasUniqueRoleAssignments": bool(row["unique_permissions"]),
            "owshiddenversion": row["version"],
        }
        return entity | on_request

    def _target(self, field: Field | None, value: Any) -> Callable[[], Any]:
        def one(number: int) -> dict[str, Any]:
            if field is not None and field.type.startswith("Lookup"):
                shown = self._texts.of(field, number)
                return {"Id": number, "ID": number, field.lookup_field or "Title": shown}
            row = principals.by_id(self._tenant, self._opened.site_id, number)
            if row is None:
                return {"Id": number, "Title": None, "EMail": None, "Name": None}
            return {
                "Id": number,
                "ID": number,
                "Title": row["title"],
                "EMail": row["email"],
                "Name": row["login"],
            }

        def expanded() -> Any:
            if value is None:
                return None
            return [one(number) for number in value] if isinstance(value, list) else one(value)

        return expanded


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
    entities = _Entities(tenant, call, opened)
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
    return Reply(
        201, _Entities(tenant, call, opened).of(row), {"ETag": items.etag(row)}, kind=_KIND
    )


@ROUTES.add(
    "GET", _ITEM, cost=1, permissions=READ, selected_role="read", title="Get an item", source=_DOCS
)
def get_item(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One item; empty columns are null here, unlike in Graph."""
    opened = _open(tenant, call, match)
    row = items.get(tenant, opened, int(match["item"]))
    if is_veiled(tenant, opened, row, call.caller):
        raise items.missing()
    return Reply(
        200, _Entities(tenant, call, opened).of(row), {"ETag": items.etag(row)}, kind=_KIND
    )


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
    items.check_free(tenant, row, editor, metadata=True)
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
    items.check_free(tenant, row, editor, metadata=True)
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
    items.check_free(tenant, row, principal, metadata=False)
    items.delete(tenant, opened, row)
