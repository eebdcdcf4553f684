"""Whether what an app may do is enough for a workspace: consent, role on the site, lock, mail.

Pure: it compares what a token and the site said with what `permissions` computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from provisioner.core.check import Check
from provisioner.core.errors import Refused
from provisioner.core.site_role import ROLES
from provisioner.core.transport import Audience
from provisioner.engine.learning import without
from provisioner.engine.permissions import SELECTED, App, granted_role
from provisioner.engine.plan import Plan
from provisioner.kinds.base import Capabilities, Scope
from provisioner.kinds.site_zone import zone_of

_WIDER = ("Sites.Read.All", "Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All")
"""What stands for a role on every site, in the order of `ROLES`."""
OWN_RIGHTS = "own-rights"
"""Capability: SharePoint tells an app truly what it may do on a site."""
_SCRIPT = "`provisioner permissions --format script` has the commands."
_UNLOCK = (
    "Ask a SharePoint administrator to unlock it (Set-SPOSite -LockState Unlock); a site with a "
    "retention or archive policy may have to stay so."
)
_GRANTS = {
    "write": "An administrator grants it with POST /sites/{site-id}/permissions as write; "
    + _SCRIPT,
    "fullcontrol": "An administrator grants it with POST /sites/{site-id}/permissions as write, and "
    "raises it with PATCH to fullcontrol; " + _SCRIPT,
}


def consent_check(app: App, roles: Mapping[Audience, frozenset[str]], *, site_there: bool) -> Check:
    """Whether the tokens carry what the app needs. The right to make a site counts only without one."""
    name, title = "consent", "Consent"
    if len(roles) < len({need.audience for need in app.needs}):
        return Check(name, title, "unknown", "There is no token to read it from.")
    missing, hub = [], False
    for need in app.needs:
        held = roles[need.audience]
        if need.optional or need.name in held or need.name == "Mail.Send":
            continue
        if need.name == "Sites.Create.All" and (site_there or "Sites.FullControl.All" in held):
            continue
        if need.name == SELECTED and held.intersection(_WIDER):
            continue
        if need.name == "Sites.FullControl.All":
            hub = True
            continue
        missing.append(f"{need.name} on {'Graph' if need.audience == 'graph' else 'SharePoint'}")
    if missing:
        return Check(
            name,
            title,
            "fail",
            f"Nobody has consented to {', '.join(missing)}.",
            "Send the client's administrator what `provisioner permissions --format markdown` says.",
            "CONSENT-MISSING",
            refused=True,
        )
    if hub:
        return Check(
            name,
            title,
            "unknown",
            "Everything is consented to but Sites.FullControl.All on SharePoint, which is for "
            "joining the hub alone.",
            "Have an administrator join the site to the hub (Add-SPOHubSiteAssociation); if that is "
            "done, nothing is missing. Or have them consent to it until the site has joined.",
        )
    wide = sorted({role for held in roles.values() for role in held if role in _WIDER})
    if wide:
        found = f"It is enough, and more than is needed: {', '.join(wide)} reaches every site."
        return Check(name, title, "pass", found, "Use Sites.Selected with a grant on this site.")
    return Check(name, title, "pass", "Everything that is needed is consented to.")


def missing_site_check(
    app: App, roles: Mapping[Audience, frozenset[str]], *, adopted: bool
) -> Check:
    """A site that is not there yet: fine where the app may make it.

    `adopted`: the file says that nobody here makes it.
    """
    name, title = "site-graph", "The site"
    may = "Sites.Create.All" in roles.get("graph", ()) or any(
        "Sites.FullControl.All" in held for held in roles.values()
    )
    if app.key == "provisioner" and not app.role and may:
        return Check(name, title, "unknown", "It is not there yet; `provisioner apply` makes it.")
    if adopted:
        found = "It is not there, and the file says `create: never`."
        fix = "Have an administrator make the site and grant the app to it."
        return Check(name, title, "fail", found, fix, "SITE-NOT-FOUND", refused=True)
    return Check(
        name,
        title,
        "fail",
        "It is not there, and this app may not make it.",
        "Run `provisioner apply` with the app that may; or have an administrator make the site and "
        "grant the app to it.",
        "SITE-NOT-FOUND",
        refused=True,
    )


def role_check(app: App, held: str, *, approval: bool) -> Check:
    """Whether the role on the site is enough; `approval`: a list wants approval of its content."""
    name, title = "site-role", "Role on the site"
    least = app.role or app.least_role
    if held not in ROLES:
        return Check(
            name, title, "unknown", f"The site does not say what the app may do; {least} is needed."
        )
    if ROLES.index(held) < ROLES.index(app.least_role):
        found = f"The app has the role {held}, and this workspace needs {app.least_role}."
        fix = _GRANTS.get(granted_role(app.least_role), _SCRIPT)
        return Check(name, title, "fail", found, fix, "PERMISSION-MISSING", refused=True)
    found = f"The app has the role {held}; {app.least_role} is enough."
    if approval and held in {"read", "write"}:
        found += (
            " A list wants approval of its content, and with this role only approved items are seen; "
            "the job says “cannot judge” there."
        )
    return Check(name, title, "pass", found)


def check_role(made: Plan, held: str, can: Capabilities) -> None:
    """Raise `Refused` PERMISSION-MISSING where the app may not carry out a plan, before any write.

    `held` is its role by the site's own account, which no page documents for an app. So a refusal
    needs a role that is plainly too small, and a probe that found the account wrong (`own-rights`)
    takes it back.
    """
    if held not in {"read", "write"} or without(OWN_RIGHTS) in can:
        return
    asked = [
        (change.address, one.permission) for change in made.changes for one in change.operations
    ]
    roles = [(where, one.rpartition("/")[2]) for where, one in asked if f":{SELECTED}/" in one]
    beyond = [one for one in roles if ROLES.index(one[1]) > ROLES.index(held)]
    if not beyond:
        return
    first, least = beyond[0][0], max((role for _, role in beyond), key=ROLES.index)
    raise Refused(
        "PERMISSION-MISSING",
        f"The app has the role {held} on this site, and the plan needs {least}, first for {first}. "
        "Nothing was changed.",
        hint=_GRANTS.get(granted_role(least), _SCRIPT),
        address=first,
    )


def lock_check(answer: Mapping[str, Any]) -> Check:
    """Whether the site may be changed at all; `answer`: what SharePoint says of the site collection.

    A site that is locked for changes is read like any other ("SP.Site.readOnly property",
    learn.microsoft.com/previous-versions/office/sharepoint-visio/jj244899(v=office.15)).
    """
    name, title = "site-lock", "Site lock"
    if answer.get("ReadOnly") is True:
        why = str(answer.get("LockIssue") or "").strip().rstrip(".")
        found = "The site is read-only: nothing in it can be changed" + (
            f" ({why})." if why else "."
        )
        return Check(name, title, "fail", found, _UNLOCK, "SITE-LOCKED", refused=True)
    if answer.get("ReadOnly") is False:
        return Check(name, title, "pass", "The site is not locked.")
    return Check(name, title, "unknown", "The site does not say whether it is locked.")


def zone_check(answer: Mapping[str, Any], scope: Scope) -> Check:
    """Whether the site keeps its days in the zone the file names; `answer`: its regional settings."""
    name, title = "time-zone", "Time zone"
    zone = zone_of(answer.get("TimeZone"), scope)
    if zone is None:
        return Check(
            name, title, "unknown", "The site does not say in which zone it keeps its days."
        )
    if zone == scope.time_zone:
        return Check(name, title, "pass", f"Days are those of {zone}, here and on the site.")
    if zone not in available_timezones():  # SharePoint's own name of one
        found = (
            f"The site keeps its days in {zone}; the file says {scope.time_zone}. Compare the two."
        )
        return Check(name, title, "unknown", found)
    page = f"https://{scope.hostname}{scope.site_path}/_layouts/15/regionalsetng.aspx"
    return Check(
        name,
        title,
        "fail",
        f"The site keeps its days in {zone}, and the file says {scope.time_zone}.",
        f"Write `timeZone: {zone}` under `site:`; or have an owner of the site change it at {page}.",
        "SET-BY-HAND",
    )


def mail_check(mailbox: str, roles: Mapping[Audience, frozenset[str]]) -> Check:
    """Whether digests can be sent. A right that Exchange gave for one mailbox is in no token."""
    name, title = "mail", "Mail"
    if not mailbox:
        return Check(name, title, "pass", "This app sends no mail.")
    if "graph" not in roles:
        return Check(name, title, "unknown", "There is no token to read it from.")
    if "Mail.Send" in roles["graph"]:
        return Check(
            name,
            title,
            "pass",
            "The app may send mail, as far as Entra says from every mailbox.",
            f"Limit it to {mailbox} in Exchange, or take the consent back and grant it there.",
        )
    return Check(
        name,
        title,
        "unknown",
        f"Entra gives no Mail.Send. Exchange may give it for {mailbox} alone; no token shows that.",
        "`provisioner permissions --format script` has the commands for Exchange.",
    )
