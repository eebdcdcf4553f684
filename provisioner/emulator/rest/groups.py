"""SharePoint REST for SharePoint groups.

Bodies and answers: learn.microsoft.com "Users, groups, and roles REST API reference", and
pnp/cli-microsoft365 (spo group).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from provisioner.emulator.model import principal_view, principals, sites
from provisioner.emulator.model.app_roles import FULL_CONTROL, READ
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import Node, collection, shape
from provisioner.emulator.rest.users import user_row
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")

_REFERENCE = "learn.microsoft.com/previous-versions/office/developer/sharepoint-rest-reference"
_USERS = _REFERENCE + "/dn531432(v=office.15)"
_OWNER = "pnp/cli-microsoft365#3487, SharePoint/sp-dev-docs#5031"
_GROUP = r"/_api/web/sitegroups\((?P<group>[^()]*)\)"
_EXCEPTION = "-2146232832, Microsoft.SharePoint.SPException"


def _site(tenant: Tenant, call: Call) -> str:
    return str(sites.by_path(tenant, call.site_path)["id"])


def _group(tenant: Tenant, call: Call, match: dict[str, str]) -> sqlite3.Row:
    site_id = _site(tenant, call)
    key, _, value = unquote(match["group"]).partition("=")
    column = "title = ? COLLATE NOCASE" if key == "name" else "id = ?"
    row = tenant.one(
        f"SELECT * FROM principal WHERE site_id = ? AND type = 8 AND {column}",  # noqa: S608 - closed set
        site_id,
        value if key == "name" else int(value) if value.isdigit() else -1,
    )
    if row is None:
        raise Refusal(404, "itemNotFound", "Group cannot be found.", rest_code=_EXCEPTION)
    return row


def _group_node(tenant: Tenant, row: sqlite3.Row) -> Node:
    site_id = str(row["site_id"])
    owner = principal_view.owner_of(tenant, row)
    entity = {
        **principal_view.entity(row),
        "OwnerTitle": owner["title"] if owner is not None else "",
    }
    expandable: dict[str, Callable[[], Any]] = {
        "Users": lambda: [
            principal_view.entity(each) for each in principals.members(tenant, site_id, row["id"])
        ],
        "Owner": lambda: principal_view.entity(owner) if owner is not None else None,
    }
    return Node(entity, expandable)


def _group_entity(tenant: Tenant, call: Call, row: sqlite3.Row) -> dict[str, Any]:
    node = _group_node(tenant, row)
    return shape(call, node.entity, node.expandable)


@ROUTES.add(
    "GET",
    "/_api/web/sitegroups",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List SharePoint groups",
    source=_USERS,
)
def list_groups(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """All groups of the site; `$expand=Users,Owner`."""
    rows = tenant.rows(
        "SELECT * FROM principal WHERE site_id = ? AND type = 8 ORDER BY id", _site(tenant, call)
    )
    found = [_group_node(tenant, row) for row in rows]
    return Reply(200, collection(call, found), kind="SP.Group")


@ROUTES.add(
    "POST",
    "/_api/web/sitegroups",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Create a SharePoint group",
    source=_USERS,
)
def create_group(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """A new group; its owner is the caller whatever the body says (pnp/pnpjs#957)."""
    site_id, body = _site(tenant, call), call.json()
    caller = principals.caller_principal(tenant, site_id, call.caller)
    title = body.get("Title")
    if not isinstance(title, str):
        raise Refusal(
            400,
            "invalidRequest",
            "An unexpected node was found for the property Title.",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    principals.refuse_name(title)
    row = principals.create_group(tenant, site_id, title, body, caller)
    return Reply(201, _group_entity(tenant, call, row), kind="SP.Group")


@ROUTES.add(
    "POST",
    "/_api/web/sitegroups/(?:removebyid|removebyloginname)",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Delete a SharePoint group",
    source=_USERS,
)
def delete_group(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """`removebyid(n)` or `removebyloginname('name')`."""
    name = argument(call, "id", argument(call, "loginName", ""))
    key = "name" if call.path.lower().rstrip("/").endswith("loginname") else "id"
    row = _group(tenant, call, {"group": f"{key}={name}"})
    principals.delete_principal(tenant, str(row["site_id"]), int(row["id"]))
    return Reply(200)


@ROUTES.add(
    "GET",
    _GROUP,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a SharePoint group",
    source=_USERS,
)
def get_group(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One group by id or name; 404 "Group cannot be found."."""
    row = _group(tenant, call, match)
    return Reply(200, _group_entity(tenant, call, row), kind="SP.Group")


@ROUTES.add(
    "PATCH",
    _GROUP,
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Update a SharePoint group",
    source=_USERS,
)
def update_group(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """MERGE of title, description and flags; an Owner is taken and ignored (sp-dev-docs#5031)."""
    body = call.json()
    principals.refuse_name(str(body.get("Title") or ""))
    principals.update_group(tenant, _group(tenant, call, match), body)
    return Reply(204)


@ROUTES.add(
    "POST",
    _GROUP + "/setuserasowner",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Set the owner of a SharePoint group",
    source=_OWNER,
)
def set_owner(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`SetUserAsOwner(userId)`: users only, a group id is refused."""
    row = _group(tenant, call, match)
    value = str(argument(call, "ownerId", ""))
    principals.set_owner(tenant, row, int(value) if value.isdigit() else 0)
    return Reply(200)


@ROUTES.add(
    "GET",
    _GROUP + "/owner",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the owner of a SharePoint group",
    source=_USERS,
)
def get_owner(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The owner, a user or a group."""
    owner = principal_view.owner_of(tenant, _group(tenant, call, match))
    if owner is None:
        raise Refusal(404, "itemNotFound", "User cannot be found.", rest_code=_EXCEPTION)
    return Reply(200, shape(call, principal_view.entity(owner), {}), kind="SP.Principal")


@ROUTES.add(
    "GET",
    _GROUP + "/users",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the members of a SharePoint group",
    source=_USERS,
)
def list_members(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Members: users and directory groups."""
    row = _group(tenant, call, match)
    rows = principals.members(tenant, str(row["site_id"]), int(row["id"]))
    found = [Node(principal_view.entity(each)) for each in rows]
    return Reply(200, collection(call, found), kind="SP.User")


@ROUTES.add(
    "POST",
    _GROUP + "/users",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Add a member to a SharePoint group",
    source=_USERS,
)
def add_member(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`{"LoginName": "i:0#.f|membership|upn"}`; adding a member again changes nothing."""
    row = _group(tenant, call, match)
    login = str(argument(call, "LoginName", "") or "")
    user = principals.ensure_user(tenant, str(row["site_id"]), login)
    tenant.run(
        "INSERT OR IGNORE INTO group_member VALUES (?, ?, ?)",
        row["site_id"],
        row["id"],
        user["id"],
    )
    return Reply(201, principal_view.entity(user), kind="SP.User")


@ROUTES.add(
    "POST",
    _GROUP + "/users/(?:removebyid|removebyloginname)",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Remove a member from a SharePoint group",
    source=_USERS,
)
def remove_member(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """`removebyid(n)`, or `removebyLoginName` with the name in the URL, an alias or the body."""
    row = _group(tenant, call, match)
    site_id = str(row["site_id"])
    by_login = call.path.lower().rstrip("/").endswith("loginname")
    selector = (
        f"login={argument(call, 'loginName', '')}" if by_login else f"id={argument(call, 'id', '')}"
    )
    user = user_row(tenant, site_id, selector)
    gone = tenant.run(
        "DELETE FROM group_member WHERE site_id = ? AND group_id = ? AND principal_id = ?",
        site_id,
        row["id"],
        user["id"],
    )
    if not gone:
        raise Refusal(404, "itemNotFound", "User cannot be found.", rest_code=_EXCEPTION)
    return Reply(200)


def default_groups(tenant: Tenant, site_id: str) -> dict[str, Callable[[], Any]]:
    """What `$expand` of a web gives for the groups that came with the site."""

    def of(which: str) -> Callable[[], Any]:
        def found() -> Any:
            row = principals.default_group(tenant, site_id, which)
            return _group_node(tenant, row) if row is not None else None

        return found

    return {f"Associated{word.title()}Group": of(word) for word in ("owner", "member", "visitor")}


@ROUTES.add(
    "GET",
    "/_api/web/associated(?P<which>owner|member|visitor)group",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a group that came with the site",
    source="pnp/cli-microsoft365 spo web get",
)
def get_default_group(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Owners, members or visitors of the site, whatever they are called."""
    row = principals.default_group(tenant, _site(tenant, call), match["which"].lower())
    if row is None:
        return Reply(200, {"odata.null": True}, kind="SP.Group")
    return Reply(200, _group_entity(tenant, call, row), kind="SP.Group")
