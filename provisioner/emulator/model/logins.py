"""Login names: how SharePoint names people and directory groups.

A user is ``i:0#.f|membership|{upn}``, an Entra security group ``c:0t.c|tenant|{id}``, the members of
a Microsoft 365 group ``c:0o.c|federateddirectoryclaimprovider|{id}`` and its owners the same with
``_o`` (pnp/cli-microsoft365, src/utils/spo.ts).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

USER, SECURITY_GROUP = 1, 4
_MEMBERSHIP = "i:0#.f|membership|"
_TENANT_GROUP = "c:0t.c|tenant|"
_UNIFIED_GROUP = "c:0o.c|federateddirectoryclaimprovider|"
_EVERYONE_BUT_EXTERNAL = "c:0-.f|rolemanager|spo-grid-all-users/"
_EVERYONE = "c:0(.s|true"
_EXCEPTION = "-2146232832, Microsoft.SharePoint.SPException"


@dataclass(frozen=True, slots=True)
class Login:
    """A directory object as a site would know it; `type` is SharePoint's PrincipalType."""

    type: int
    login: str
    title: str
    email: str = ""
    doc: dict[str, Any] = field(default_factory=dict)


def resolve(tenant: Tenant, name: str) -> Login:
    """The directory object of a claims login name, user principal name or mail address.

    Raises `Refusal` 400 "The specified user … could not be found." (pnp/powershell#4143).
    """
    lowered = name.lower()
    if lowered == _EVERYONE:
        return Login(SECURITY_GROUP, _EVERYONE, "Everyone")
    if lowered.startswith(_EVERYONE_BUT_EXTERNAL):
        return Login(SECURITY_GROUP, lowered, "Everyone except external users")
    for prefix, unified in ((_TENANT_GROUP, False), (_UNIFIED_GROUP, True)):
        if lowered.startswith(prefix):
            return _group(tenant, name, prefix, unified=unified)
    upn = lowered.removeprefix(_MEMBERSHIP)
    user = tenant.one("SELECT * FROM user WHERE upn = ? OR mail = ? COLLATE NOCASE", upn, upn)
    if user is None or not user["enabled"]:
        raise _unknown(name)
    login = _MEMBERSHIP + str(user["upn"]).lower()
    return Login(
        USER, login, str(user["display_name"]), str(user["mail"] or ""), {"UserId": user["id"]}
    )


def _group(tenant: Tenant, name: str, prefix: str, *, unified: bool) -> Login:
    group_id = name[len(prefix) :].lower()
    owners = group_id.endswith("_o")
    row = tenant.one("SELECT * FROM entra_group WHERE id = ?", group_id.removesuffix("_o"))
    if row is None or (unified and not row["unified"]) or (owners and not unified):
        raise _unknown(name)
    title = str(row["display_name"])
    if unified:
        title += " Owners" if owners else " Members"
    mail = f"{row['mail_nickname']}@contoso.example" if unified else ""
    return Login(SECURITY_GROUP, prefix + group_id, title, mail, {"GroupId": row["id"]})


def _unknown(name: str) -> Refusal:
    return Refusal(
        400,
        "invalidRequest",
        f"The specified user {name} could not be found.",
        rest_code=_EXCEPTION,
    )
