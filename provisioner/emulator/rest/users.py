"""SharePoint REST for the users of a site: people and directory groups it has met.

Bodies and answers: learn.microsoft.com "Users, groups, and roles REST API reference", and
pnp/cli-microsoft365 (spo user, spo site admin).
"""

from __future__ import annotations

import sqlite3
from urllib.parse import unquote

from provisioner.emulator.model import principal_view, principals, sites
from provisioner.emulator.model.app_roles import FULL_CONTROL, READ, WRITE
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import Node, collection, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("rest")

_REFERENCE = "learn.microsoft.com/previous-versions/office/developer/sharepoint-rest-reference"
_USERS = _REFERENCE + "/dn531432(v=office.15)"
_EXCEPTION = "-2146232832, Microsoft.SharePoint.SPException"


def _site(tenant: Tenant, call: Call) -> str:
    return str(sites.by_path(tenant, call.site_path)["id"])


def user_row(tenant: Tenant, site_id: str, selector: str) -> sqlite3.Row:
    """A site user by "id=", "login=" or "email="; 404 "User cannot be found."."""
    key, _, value = unquote(selector).partition("=")
    column = {"login": "login", "email": "email"}.get(key, "id")
    row = tenant.one(
        f"SELECT * FROM principal WHERE site_id = ? AND type <> 8 AND {column} = ? COLLATE NOCASE",  # noqa: S608 - closed set
        site_id,
        int(value) if column == "id" and value.isdigit() else value,
    )
    if row is None:
        raise Refusal(404, "itemNotFound", "User cannot be found.", rest_code=_EXCEPTION)
    return row


@ROUTES.add(
    "POST",
    "/_api/web/ensureuser",
    cost=2,
    permissions=WRITE,
    selected_role="write",
    title="Ensure a site user",
    source=_REFERENCE + "/dn499819(v=office.15)",
)
def ensure_user(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """`EnsureUser('login')` or `{"logonName": …}`; an unknown name is refused."""
    row = principals.ensure_user(
        tenant, _site(tenant, call), str(argument(call, "logonName", "") or "")
    )
    return Reply(200, shape(call, principal_view.entity(row), {}), kind="SP.User")


@ROUTES.add(
    "GET",
    "/_api/web/siteusers",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List site users",
    source=_USERS,
)
def list_users(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """Every user and directory group the site has met."""
    rows = tenant.rows(
        "SELECT * FROM principal WHERE site_id = ? AND type <> 8 ORDER BY id", _site(tenant, call)
    )
    found = [Node(principal_view.entity(row)) for row in rows]
    return Reply(200, collection(call, found), kind="SP.User")


@ROUTES.add(
    "GET",
    r"/_api/web/siteusers\((?P<user>[^()]*)\)",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a site user",
    source=_USERS,
)
def get_user(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One site user by id, login name or mail."""
    row = user_row(tenant, _site(tenant, call), match["user"])
    return Reply(200, shape(call, principal_view.entity(row), {}), kind="SP.User")


@ROUTES.add(
    "PATCH",
    r"/_api/web/siteusers\((?P<user>[^()]*)\)",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Make a user a site collection administrator",
    source="pnp/cli-microsoft365 spo site admin add",
)
def update_user(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """MERGE of ``{"IsSiteAdmin": true}``; nothing else of a user is changed here."""
    row, body = user_row(tenant, _site(tenant, call), match["user"]), call.json()
    wanted = body.get("IsSiteAdmin")
    if not isinstance(wanted, bool) or set(body) - {"IsSiteAdmin", "__metadata", "odata.type"}:
        raise Refusal(501, "notImplemented", "The emulator changes IsSiteAdmin of a user alone.")
    principals.set_administrator(tenant, row, administrator=wanted)
    return Reply(204)


@ROUTES.add(
    "DELETE",
    r"/_api/web/siteusers\((?P<user>[^()]*)\)",
    cost=5,
    permissions=FULL_CONTROL,
    selected_role="fullcontrol",
    title="Remove a site user",
    source=_USERS,
)
def delete_user(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Take a user off the site; memberships and role assignments go with them."""
    row = user_row(tenant, _site(tenant, call), match["user"])
    principals.delete_principal(tenant, str(row["site_id"]), int(row["id"]))
    return Reply(200)


@ROUTES.add(
    "GET",
    "/_api/web/currentuser",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get the calling principal",
    source=_USERS,
)
def current_user(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """The caller's own principal; an app is "SharePoint App"-like."""
    site_id = _site(tenant, call)
    own = principals.by_id(
        tenant, site_id, principals.caller_principal(tenant, site_id, call.caller)
    )
    assert own is not None
    return Reply(200, shape(call, principal_view.entity(own), {}), kind="SP.User")
