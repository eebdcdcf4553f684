"""The gate for people: an app that acts for a person may do what both of them may.

"Delegated access" (learn.microsoft.com/entra/identity-platform/delegated-access-primer): the app
needs the delegated permission, the person their own right on the site. Built strictly: the person
needs the right on the whole scope that a request reads or writes, down to lists and items with
permissions of their own; what cannot be told from the address is refused. SharePoint would trim an
answer to what the person may see; here it is 403.
"""

from __future__ import annotations

import re
from sqlite3 import Row

from provisioner.emulator.model import lists, roles, user_rights
from provisioner.emulator.places import site_of
from provisioner.emulator.routing import Route
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

_DIRECTORY = re.compile(r"/(?:me|users|groups)(?:/[^/]+(?:/(?:members|owners))?)?/?\Z")
# What shows nothing of any list, so it needs no right on each of them.
_SITE_ITSELF = re.compile(
    r"/sites/[^/:]+(?::/[^:]+:?)?/?\Z|/_api/(?:web|site|contextinfo)/?\Z", re.IGNORECASE
)
_NEW_LIST = re.compile(r"/lists/?\Z", re.IGNORECASE)


def admit(tenant: Tenant, route: Route, call: Call) -> None:
    """Let a person's call pass or raise `Refusal` 403."""
    caller = call.caller
    assert caller is not None
    assert caller.user is not None
    if not caller.scopes & set(route.permissions):
        raise _denied()
    site = site_of(tenant, call)
    if site is None:
        directory = call.face == "graph" and _DIRECTORY.match(call.path) and call.method == "GET"
        if directory or route.selected_role:  # a site that is not there: the handler says so
            return
        raise _denied()
    needed = route.selected_role or "fullcontrol"
    try:
        target = _list(tenant, site, route, call)
    except Refusal:
        return  # a list that is not there: the handler says so
    site_id, person = str(site["id"]), caller.user
    if target is None:
        _on_site(tenant, site_id, person, needed, call)
    else:
        _on_list(tenant, site_id, person, needed, str(target["id"]))


def _on_site(tenant: Tenant, site_id: str, person: str, needed: str, call: Call) -> None:
    held = user_rights.mask(tenant, site_id, roles.WEB, person)
    allowed = user_rights.suffices(held, needed)
    if needed == "manage" and not _NEW_LIST.search(call.path):
        allowed = allowed and bool(held & user_rights.MANAGE_WEB)
    if not allowed:
        raise _denied()
    bare = "$expand" not in call.query and _SITE_ITSELF.match(call.path)
    if bare and call.method in ("GET", "POST"):
        return
    for row in lists.all_of(tenant, site_id):
        if row["unique_permissions"]:
            _on_list(tenant, site_id, person, "read", str(row["id"]))


def _on_list(tenant: Tenant, site_id: str, person: str, needed: str, list_id: str) -> None:
    held = user_rights.mask(tenant, site_id, roles.list_scope(list_id), person)
    if not user_rights.suffices(held, needed):
        raise _denied()
    apart = tenant.rows(
        "SELECT id FROM item WHERE list_id = ? AND unique_permissions = 1 AND deleted = 0", list_id
    )
    for row in apart:
        scope = roles.item_scope(list_id, int(row["id"]))
        if not user_rights.suffices(user_rights.mask(tenant, site_id, scope, person), needed):
            raise _denied()


def _list(tenant: Tenant, site: Row, route: Route, call: Call) -> Row | None:
    """The list a call is about; None for the site as a whole. `Refusal` 404 for a missing one."""
    found = route.pattern.match(call.path)
    groups = found.groupdict() if found else {}
    if groups.get("list"):
        return lists.resolve(tenant, str(site["id"]), groups["list"])
    drive = groups.get("drive") or groups.get("site_drive")
    if drive:
        return tenant.one("SELECT * FROM list WHERE drive_id = ? AND deleted = 0", drive)
    return None


def _denied() -> Refusal:
    return Refusal(
        403,
        "accessDenied",
        "Access denied",
        rest_code="-2147024891, System.UnauthorizedAccessException",
    )
