"""What a refusal asks of an administrator: consent, a role on the one site, or to unlock it."""

from __future__ import annotations

from provisioner.core.errors import Refused
from provisioner.core.transport import Audience
from provisioner.tenant.endpoints import Endpoints
from provisioner.tenant.said import Said

UNLOCK = (
    "Ask a SharePoint administrator to unlock the site (Set-SPOSite -LockState Unlock) or to "
    "reactivate it, then run this again."
)
# Who may not even read was granted nothing, and what it will need is more than reading.
_GRANTED = {"read": "its role", "write": "the role write"}


def is_locked(status: int, words: Said) -> bool:
    """Whether an administrator, or an archive, keeps everybody out of the site, or from changing it.

    Graph answers 423 `notAllowed` for a locked and for an archived site (observed: dust-tt/dust pull
    request 20377, onyx-dot-app/onyx pull request 11266), SharePoint that additions or the access are
    blocked ("Lock and unlock sites", learn.microsoft.com/sharepoint/manage-lock-status).
    """
    said_so = words.message.lower()
    blocked = "site ha" in said_so and "been blocked" in said_so
    return (status == 423 and words.code == "notAllowed") or (
        status in (403, 423) and (blocked or "read-only" in said_so)
    )


def locked(words: Said, endpoints: Endpoints) -> Refused:
    """The error for such a site."""
    return Refused(
        "SITE-LOCKED",
        f"The site https://{endpoints.hostname}{endpoints.site_path} is locked, read-only or archived: "
        f"{words.quoted.rstrip('.')}.",
        hint=UNLOCK,
        request_id=words.request_id,
    )


def refusal(
    audience: Audience, status: int, words: Said, permission: str, endpoints: Endpoints
) -> Refused:
    """The error for a 401 or 403; `permission` is as operations name it."""
    service = "Graph" if audience == "graph" else "SharePoint"
    if status == 401:
        return Refused(
            "SIGN-IN-NOT-ACCEPTED",
            f"{service} does not accept our sign-in: {words.quoted}",
            hint="Check the tenant, the cloud and this machine's clock; SharePoint takes apps that "
            "sign in with a certificate only.",
            request_id=words.request_id,
        )
    return Refused(
        "PERMISSION-MISSING",
        f"{service} does not let the app do this: {words.quoted.rstrip('.')}.",
        hint=_steps(service, permission, endpoints),
        request_id=words.request_id,
    )


def _steps(service: str, permission: str, endpoints: Endpoints) -> str:
    """What an administrator does; `permission` is as operations name it, "graph:Sites.Create.All".

    A grant above write is reached in two steps (microsoftgraph/microsoft-graph-docs issue 11814),
    which the script has; `manage` is not granted alone.
    """
    needed = permission.rpartition(":")[2].partition("/")[0] or "Sites.Selected"
    site = f"https://{endpoints.hostname}{endpoints.site_path}"
    script = "`provisioner permissions --format script` writes the commands"
    if needed == "Sites.Create.All":
        return (
            f"Have an admin consent to the Graph application permission {needed}; or have them "
            f"create the site {site} and grant the app to it, then run this again; {script}."
        )
    if "Selected" in needed:
        role = _GRANTED.get(permission.rpartition("/")[2], "the role fullcontrol")
        return (
            f"With Sites.Selected an administrator grants the app {role} on {site}: {script}. "
            "`provisioner doctor` says what the app has, and whether consent is missing as well."
        )
    if needed == "Mail.Send":
        return (
            f"Have an administrator let the app send from that one mailbox in Exchange: {script}."
        )
    hub = (
        " If it is for joining a hub, an administrator can join the site in its place "
        "(Add-SPOHubSiteAssociation); then nothing is left to do here."
        if permission == "sharepoint:Sites.FullControl.All"
        else ""
    )
    return f"Have an admin consent to the {service} application permission {needed}.{hub}"
