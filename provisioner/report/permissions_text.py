"""What the apps of a workspace must be allowed: a table, and the text for who consents.

The markdown is for the client's administrator, who has not seen this program: it says what is
asked, why, what the app cannot do with it, and how to take it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.engine.permissions import App, Need, Permissions
from provisioner.report.markdown_cell import cell
from provisioner.report.permission_words import RESOURCES, permission_words

_SHOWN = 5
_REACH = "Neither can read or change any other site, mailbox or file unless a line below says so."
_STEPS = (
    (
        "1. Register the two apps, each with a certificate whose private key you never see. A "
        "client secret does not work: SharePoint refuses it."
    ),
    "2. Consent to the application permissions below the name of each app.",
    (
        "3. Grant each app its role on the site, where one is named. Graph refuses to give "
        "`fullcontrol` at once, so it is given as `write` and then raised."
    ),
)
_BACK = (
    "Remove the app's grant on the site, or delete the app under Enterprise applications in Entra. "
    "The site and all in it stay as they are."
)


def permissions_text(found: Permissions) -> str:
    """The table for a terminal: each permission with what it is for."""
    lines = [f"Least permissions for {found.site_url}"]
    for app in found.apps:
        lines += ["", f"App “{app.title}”: {app.purpose}"]
        rows = [(RESOURCES[n.audience], n.name + _optional(n), reason(n)) for n in app.needs]
        width = [max(len(row[column]) for row in rows) for column in (0, 1)]
        lines += [f"  {r:<{width[0]}}  {name:<{width[1]}}  {why}" for r, name, why in rows]
        lines.append(f"  On the site: {site_role(app)}")
        if app.mailbox:
            lines.append(f"  Mail only from {app.mailbox}: scoped in Exchange, see --format script")
    lines += ["", "For the client's administrator: --format markdown, and --format script does it."]
    return "\n".join(lines)


def permissions_markdown(found: Permissions) -> str:
    """The consent text for the client's administrator, as a page for a ticket or a mail."""
    lines = [
        "# Consent for an evidence workspace",
        "",
        f"We ask for two app registrations in your tenant, for one site: {found.site_url}. "
        + _REACH,
        "",
    ]
    for app in found.apps:
        lines += [f"## {app.title}", "", f"It {app.purpose}.", ""]
        lines += [
            "| Resource | Application permission | What it allows | Why |",
            "|---|---|---|---|",
        ]
        lines += [_row(need) for need in app.needs]
        lines += ["", f"On the site: {site_role(app)}", ""]
        lines += [f"- {text}" for text in _limits(app)]
        lines.append("")
    lines += [
        "## What you do",
        "",
        *_STEPS,
        "",
        "`provisioner permissions --format script` writes these steps as commands.",
        "",
        "## How you take it back",
        "",
        _BACK,
        "",
    ]
    return "\n".join(lines)


def reason(need: Need) -> str:
    """Why a permission is asked, in words."""
    if need.why:
        return need.why
    shown = [f"{what} {count}" for what, count in need.uses[:_SHOWN]]
    more = len(need.uses) - _SHOWN
    words = ", ".join(shown) + (f" and {more} more kinds" if more > 0 else "")
    at_least = f"at least {need.role} on the site; " if need.role else ""
    return f"{at_least}requests for: {words}" if words else f"{at_least}reads the site"


def site_role(app: App) -> str:
    """What it may do on the one site, and why that."""
    if not app.role:
        return (
            "full control, which it has on a site that it made itself; nothing has to be granted."
        )
    if app.role == app.least_role:
        return f"the role {app.role}, granted by an administrator of SharePoint."
    return (
        f"the role {app.role}, granted by an administrator of SharePoint. {app.least_role} would be "
        "enough, and Microsoft does not offer it for a grant."
    )


def _row(need: Need) -> str:
    key = f"{need.audience}:{need.name}" + (f"/{need.role}" if need.role else "")
    if need.name == "Sites.Selected":
        allows = "nothing by itself; only what is granted on single sites"
    else:
        allows = permission_words(key).partition(": ")[2].removeprefix("may ")
    why = cell(reason(need))
    return (
        f"| {RESOURCES[need.audience]} | `{need.name}`{_optional(need)} | {cell(allows)} | {why} |"
    )


def _optional(need: Need) -> str:
    return " (optional)" if need.optional else ""


def _limits(app: App) -> Iterable[str]:
    names = {need.name for need in app.needs}
    if "Sites.Create.All" in names:
        yield (
            "It can make new sites and has full control of those it made. Take `Sites.Create.All` "
            "back once the site is there: later runs do without. Or make the site yourself and "
            "write `create: never` in the file."
        )
    if "Sites.FullControl.All" in names:
        yield (
            "`Sites.FullControl.All` is for joining the hub that the file names, and reaches every "
            "site. Join the site to the hub yourself (Add-SPOHubSiteAssociation) and leave it out, "
            "or take it back once the site has joined."
        )
    if app.mailbox:
        yield (
            f"Consented in Entra, `Mail.Send` would reach every mailbox. Grant it in Exchange for "
            f"{cell(app.mailbox)} alone, and do not consent to it in Entra."
        )
    if app.key == "sync":
        yield (
            "Where a list wants approval of its content, the role write sees approved items only. "
            "What it cannot see is reported as “cannot judge”, never as missing."
        )
    yield "It signs in with a certificate, so there is no password to lose or to find in a log."
