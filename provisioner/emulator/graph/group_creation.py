"""Graph: groups made, and the site that comes with a Microsoft 365 group.

learn.microsoft.com/graph/api/group-post-groups: an app that names no owners gets a group without a
site ("associated SharePoint Online site not being created automatically"). The site takes a while:
until then, and for ever where none was made, ``sites/root`` answers 404 "Resource provisioning is
in progress" (microsoftgraph/microsoft-graph-docs-contrib#8215, pnp/pnpjs#740).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from sqlite3 import Row
from typing import Any

from provisioner.emulator.graph import directory
from provisioner.emulator.graph.projection import one
from provisioner.emulator.graph.sites import resource
from provisioner.emulator.model import principals, site_removal, sites
from provisioner.emulator.model.app_roles import READ
from provisioner.emulator.model.localised import by_tag
from provisioner.emulator.routing import Routes
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal, Reply

ROUTES = Routes("graph")
_SOURCE = "learn.microsoft.com/graph/api/group-post-groups"
_REFERENCE = re.compile(r"https://[^/]+/(?:v1\.0|beta)/(?:users|directoryObjects)/([^/]+)\Z")
_BAD_NICKNAME = re.compile(r'[@()\\\[\]";:.<>, ]|[^\x00-\x7f]')
_KNOWN = frozenset(
    {
        "displayName",
        "description",
        "groupTypes",
        "mailEnabled",
        "mailNickname",
        "securityEnabled",
        "visibility",
        "owners@odata.bind",
        "members@odata.bind",
    }
)
_MOST_REFERENCES = 20
_OWNERS_GROUP, _MEMBERS_GROUP = 3, 5


def _bad(message: str) -> Refusal:
    return Refusal(400, "Request_BadRequest", message)


@ROUTES.add(
    "POST",
    "/groups",
    cost=2,
    permissions=(
        "Group.Create",
        "Group.ReadWrite.All",
        "Group-PreferredDataLocation.ReadWrite.All",
        "Directory.ReadWrite.All",
    ),
    selected_role="",
    title="Create a group",
    source=_SOURCE,
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:  # noqa: ARG001
    """201 with the group; a Microsoft 365 group with owners gets a site after a while."""
    body = {k: v for k, v in call.json().items() if k != "@odata.type"}
    unknown = set(body) - _KNOWN
    if unknown:
        raise Refusal(501, "notImplemented", f"The emulator keeps no '{min(unknown)}' of a group.")
    unified = _kind(body)
    nickname = _nickname(tenant, body)
    owners = _people(tenant, body, "owners@odata.bind")
    members = _people(tenant, body, "members@odata.bind")
    if len(owners) + len(members) > _MOST_REFERENCES:
        raise _bad("At most 20 owners and members can be added with a new group.")
    if not owners and call.caller is not None and call.caller.user:
        owners = [call.caller.user]  # a person who makes a group owns it
    group_id = tenant.guid()
    doc: dict[str, Any] = {
        "description": body.get("description"),
        "visibility": body.get("visibility") or ("Public" if unified else None),
    }
    tenant.run(
        "INSERT INTO entra_group (id, display_name, mail_nickname, unified, doc) "
        "VALUES (?, ?, ?, ?, ?)",
        group_id,
        body["displayName"],
        nickname,
        int(unified),
        json.dumps(doc),
    )
    for people, owner in ((owners, 1), (members, 0)):
        for upn in people:
            tenant.run(
                "INSERT INTO entra_group_member (group_id, member_id, owner) "
                "SELECT ?, id, ? FROM user WHERE upn = ?",
                group_id,
                owner,
                upn,
            )
    if unified and owners:
        doc["siteId"] = _site(tenant, group_id, nickname, body, owners[0])
        tenant.run("UPDATE entra_group SET doc = ? WHERE id = ?", json.dumps(doc), group_id)
    made = directory.get_group(tenant, replace(call, query={}), {"group": group_id})
    return Reply(201, made.body, kind="microsoft.graph.group")


@ROUTES.add(
    "GET",
    r"/groups/(?P<group>[^/]+)/sites/root",
    cost=1,
    permissions=READ,
    selected_role="",
    title="Get the site of a group",
    source="learn.microsoft.com/graph/api/site-get",
)
def root_site(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The group's site, once it is there."""
    group = tenant.one("SELECT doc FROM entra_group WHERE id = ?", match["group"].lower())
    if group is None:
        raise Refusal(
            404,
            "Request_ResourceNotFound",
            f"Resource '{match['group']}' does not exist or one of its queried reference-property "
            "objects are not present.",
        )
    site_id = json.loads(group["doc"]).get("siteId")
    if site_id is None:
        raise Refusal(
            404,
            "ResourceNotFound",
            "Resource provisioning is in progress. Please try again.",
            inner="resourceBeingProvisioned",
        )
    row = sites.by_id(tenant, site_id)
    return Reply(200, one(call, resource(tenant, call, row), "sites"), kind="microsoft.graph.site")


def _kind(body: dict[str, Any]) -> bool:
    """Whether a Microsoft 365 group is asked for; `Refusal` 400 for what Graph cannot make."""
    if not isinstance(body.get("displayName"), str) or not body["displayName"].strip():
        raise _bad("A value is required for property 'displayName' of resource 'Group'.")
    for name in ("mailEnabled", "securityEnabled"):
        if not isinstance(body.get(name), bool):
            raise _bad(f"A value is required for property '{name}' of resource 'Group'.")
    types = body.get("groupTypes") or []
    if not isinstance(types, list) or set(types) - {"Unified"}:
        raise _bad("Invalid value specified for property 'groupTypes' of resource 'Group'.")
    unified = bool(types)
    if unified != body["mailEnabled"] or not (unified or body["securityEnabled"]):
        raise _bad(
            "The service does not currently support writes of mail-enabled groups. Please ensure "
            "that the mail-enablement property is unset and the security-enablement property is "
            "set."
        )
    if body.get("visibility") not in (None, "Private", "Public", "HiddenMembership"):
        raise _bad("Invalid value specified for property 'visibility' of resource 'Group'.")
    return unified


def _nickname(tenant: Tenant, body: dict[str, Any]) -> str:
    nickname = body.get("mailNickname")
    if not isinstance(nickname, str) or not nickname:
        raise _bad("A value is required for property 'mailNickname' of resource 'Group'.")
    if len(nickname) > 64 or _BAD_NICKNAME.search(nickname):
        raise _bad("Invalid value specified for property 'mailNickname' of resource 'Group'.")
    taken = tenant.one("SELECT 1 FROM entra_group WHERE mail_nickname = ? COLLATE NOCASE", nickname)
    if taken is not None:
        raise _bad("Another object with the same value for property mailNickname already exists.")
    return nickname


def _people(tenant: Tenant, body: dict[str, Any], name: str) -> list[str]:
    found: list[str] = []
    references = body.get(name) or []
    if not isinstance(references, list):
        raise _bad(f"{name} must be an array of addresses.")
    for reference in references:
        match = _REFERENCE.match(str(reference))
        if match is None:
            raise _bad(f"Invalid URL format specified in '{name}'.")
        user = tenant.one(
            "SELECT upn FROM user WHERE id = ? OR upn = ?", match[1].lower(), match[1]
        )
        if user is None:
            raise Refusal(
                404,
                "Request_ResourceNotFound",
                f"Resource '{match[1]}' does not exist or one of its queried reference-property "
                "objects are not present.",
            )
        found.append(str(user["upn"]))
    return found


def _site(tenant: Tenant, group_id: str, nickname: str, body: dict[str, Any], owner: str) -> str:
    path, number = f"/sites/{nickname}", 1
    while tenant.one(
        "SELECT 1 FROM site WHERE path = ?", path
    ) is not None or site_removal.is_taken(tenant, path):
        number += 1
        path = f"/sites/{nickname}{number}"
    row = sites.create_site(
        tenant,
        path=path,
        title=body["displayName"],
        template="GROUP#0",
        lcid=by_tag(str(tenant.setting("locale"))).lcid,
        owner_upn=owner,
        time_zone=str(tenant.setting("timeZone") or "UTC"),
        description=str(body.get("description") or ""),
        delay_ms=int(tenant.setting("provisioningDelayMs")),
    )
    _into(tenant, row, _OWNERS_GROUP, f"{group_id}_o")
    _into(tenant, row, _MEMBERS_GROUP, group_id)
    return str(row["id"])


def _into(tenant: Tenant, site: Row, sharepoint_group: int, claim: str) -> None:
    """Put the owners or members of the Microsoft 365 group into a group of its site."""
    login = f"c:0o.c|federateddirectoryclaimprovider|{claim}"
    principal = principals.ensure_user(tenant, site["id"], login)
    tenant.run(
        "INSERT OR IGNORE INTO group_member VALUES (?, ?, ?)",
        site["id"],
        sharepoint_group,
        principal["id"],
    )
