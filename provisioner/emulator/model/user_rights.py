"""What a person may do on a site: the base permissions of every level they hold, joined.

Bits: SPBasePermissions (learn.microsoft.com/previous-versions/office/sharepoint-server,
"SPBasePermissions enumeration"). A person holds a level by themselves, through a SharePoint group,
or through a directory group that is on the site.
"""

from __future__ import annotations

import json

from provisioner.emulator.model import principals, roles
from provisioner.emulator.model.logins import SECURITY_GROUP
from provisioner.emulator.tenant import Tenant

_ALL = (1 << 63) - 1
_VIEW_ITEMS = 0x1
_ADD, _EDIT, _DELETE = 0x2, 0x4, 0x8
_APPROVE = 0x10
MANAGE_LISTS = 0x800
_OPEN = 0x10000
_MANAGE_PERMISSIONS = 0x2000000
MANAGE_WEB = 0x40000000
_NEEDED = {
    "read": _VIEW_ITEMS | _OPEN,
    "add": _VIEW_ITEMS | _OPEN | _ADD,
    "edit": _VIEW_ITEMS | _OPEN | _EDIT,
    "write": _VIEW_ITEMS | _OPEN | _ADD | _EDIT | _DELETE,
    "manage": _VIEW_ITEMS | _OPEN | MANAGE_LISTS,
    "fullcontrol": _MANAGE_PERMISSIONS | MANAGE_WEB,
}
_EVERYONE = "c:0(.s|true"
_EVERYONE_BUT_EXTERNAL = "c:0-.f|rolemanager|spo-grid-all-users/"


def mask(tenant: Tenant, site_id: str, scope: str, upn: str) -> int:
    """The person's base permissions on a scope ("web", "list:…", "item:…:n"); 0 for none."""
    own = _identities(tenant, site_id, upn)
    if own is None:
        return _ALL
    found = 0
    for assignment in roles.assignments(tenant, site_id, scope):
        if assignment["PrincipalId"] in own:
            for level in assignment["RoleDefinitionBindings"]:
                bits = level["BasePermissions"]
                found |= (int(bits["High"]) << 32) | int(bits["Low"])
    return found


def suffices(held: int, role: str) -> bool:
    """Whether base permissions are enough for a role: "read", "add", "edit", "write" and up."""
    needed = _NEEDED[role]
    return held & needed == needed


def approves(tenant: Tenant, site_id: str, upn: str) -> bool:
    """Whether the person may see and approve what awaits approval on the site."""
    return bool(mask(tenant, site_id, roles.WEB, upn) & _APPROVE)


def _identities(tenant: Tenant, site_id: str, upn: str) -> frozenset[int] | None:
    """The site's principal ids that are the person, or hold them; None for a site administrator."""
    user = tenant.one("SELECT * FROM user WHERE upn = ? AND enabled = 1", upn)
    if user is None:
        return frozenset()
    held: set[int] = set()
    login = f"i:0#.f|membership|{str(user['upn']).lower()}"
    row = principals.by_login(tenant, site_id, login)
    if row is not None:
        if json.loads(row["doc"]).get("IsSiteAdmin"):
            return None
        held.add(int(row["id"]))
    groups = tenant.rows(
        "SELECT * FROM principal WHERE site_id = ? AND type = ?", site_id, SECURITY_GROUP
    )
    for group in groups:
        group_login = str(group["login"])
        everyone = group_login == _EVERYONE
        colleagues = group_login.startswith(_EVERYONE_BUT_EXTERNAL) and not user["guest"]
        if everyone or colleagues or _is_member(tenant, group["doc"], group_login, user["id"]):
            held.add(int(group["id"]))
    held_by_groups = tenant.rows(
        "SELECT group_id, principal_id FROM group_member WHERE site_id = ?", site_id
    )
    held |= {int(each["group_id"]) for each in held_by_groups if each["principal_id"] in held}
    return frozenset(held)


def _is_member(tenant: Tenant, doc: str, login: str, user_id: str) -> bool:
    group_id = json.loads(doc).get("GroupId")
    if not group_id:
        return False
    owners = login.endswith("_o")
    row = tenant.one(
        "SELECT 1 FROM entra_group_member WHERE group_id = ? AND member_id = ? AND owner >= ?",
        group_id,
        user_id,
        int(owners),
    )
    return row is not None
