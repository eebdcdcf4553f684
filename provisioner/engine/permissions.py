"""The least an app must be allowed, computed from the requests it would send.

Every request names its permission, so this is counting, not guessing. The plan is made for a site
that holds nothing yet, so that it needs no sign-in, and later runs need no more. What an app may do
on one site is one role for both resources ("Overview of Selected permissions in OneDrive and
SharePoint", learn.microsoft.com/graph/permissions-selected-overview); there a role `manage` is not
offered, so whoever needs more than `write` is granted `fullcontrol`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from provisioner.core.resource import Change
from provisioner.core.site_role import ROLES
from provisioner.core.transport import Audience
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options, plan
from provisioner.kinds import all_kinds, kind_named

SELECTED = "Sites.Selected"
_GRANTED = {"read": "read", "write": "write"}


@dataclass(frozen=True, slots=True)
class Need:
    """One application permission of one resource; `role` is the least on the site, "" for none.

    `uses` says what for: a kind's title and how many requests, most first.
    """

    audience: Audience
    name: str
    role: str = ""
    uses: tuple[tuple[str, int], ...] = ()
    optional: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """An app registration, and what it is to be granted.

    `role` is to be granted on the site, "" where it gets it by making the site. `mailbox` is the
    one it may send from, "" for none.
    """

    key: str
    title: str
    purpose: str
    needs: tuple[Need, ...]
    least_role: str
    role: str
    makes_site: bool = False
    mailbox: str = ""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the apps of one workspace must be allowed."""

    workspace: str
    hostname: str
    site_path: str
    apps: tuple[App, ...]

    @property
    def site_url(self) -> str:
        """The one site it is about."""
        return f"https://{self.hostname}{self.site_path}"

    def json(self) -> dict[str, Any]:
        """The `Permissions` document of the command line."""
        return {
            "apiVersion": "provisioner/v1",
            "kind": "Permissions",
            "workspace": self.workspace,
            "site": self.site_url,
            "apps": [_app_json(app) for app in self.apps],
        }


def permissions(desired: Desired, *, mailbox: str = "") -> Permissions:
    """The two apps of a workspace: one that builds the site, one that judges what is in it.

    A file that says `create: never` asks for no right to make the site. `mailbox` is the one that
    digests are sent from.
    """
    site = desired.resources["site"]
    makes = site.extra.get("create") != "never"
    # A site that may not be made blocks the plan; what it would hold needs the same either way.
    made = replace(site, extra={**site.extra, "create": "communication"})
    whole = desired if makes else replace(desired, resources={**desired.resources, "site": made})
    asked = Counter(_asked(plan(whole, Observed({}), Options()).changes, makes))
    for reading in (r for kind in all_kinds() for r in kind.inventory(desired.scope)):
        asked[reading.permission, "Reading the site"] += 1
    needs = _needs(asked)
    least = max((need.role for need in needs if need.role), key=ROLES.index, default="read")
    builder = App(
        "provisioner",
        "Evidence provisioner",
        "builds the site and checks it for drift; used by people, seldom",
        needs,
        least,
        "" if any(n.name == "Sites.Create.All" for n in needs) else granted_role(least),
        makes,
    )
    scope = desired.scope
    return Permissions(desired.name, scope.hostname, scope.site_path, (builder, sync_app(mailbox)))


def granted_role(least: str) -> str:
    """The role to grant for the least that is needed."""
    return _GRANTED.get(least, "fullcontrol")


def sync_app(mailbox: str) -> App:
    """The app of the scheduled job: it writes content of one site, and mail where that is used."""
    needs = [
        Need("graph", SELECTED, "write", why="reads files and rows, writes verdicts and findings"),
        Need("sharepoint", SELECTED, "write", why="reads versions, views and people of the site"),
        Need(
            "graph",
            "User.Read.All",
            optional=True,
            why="says when an owner's account is disabled; without it only who left the site shows",
        ),
    ]
    if mailbox:
        why = f"sends digests from {mailbox}, and is limited to that mailbox"
        needs.append(Need("graph", "Mail.Send", why=why))
    return App(
        "sync",
        "Evidence sync",
        "judges the evidence on a schedule; holds no right to change the site's structure",
        tuple(needs),
        "write",
        "write",
        mailbox=mailbox,
    )


def _asked(changes: Iterable[Change], makes: bool) -> Iterable[tuple[str, str]]:
    for change in changes:
        for operation in change.operations:
            if operation.permission.partition(":")[2] == "Sites.Create.All" and not makes:
                continue
            yield operation.permission, kind_named(change.kind).title


def _needs(asked: Mapping[tuple[str, str], int]) -> tuple[Need, ...]:
    uses: dict[tuple[str, str], Counter[str]] = {}
    roles: dict[tuple[str, str], str] = {
        ("graph", SELECTED): "read",
        ("sharepoint", SELECTED): "read",
    }
    for (permission, what), count in asked.items():
        audience, _, rest = permission.partition(":")
        name, _, role = rest.partition("/")
        if not rest:
            continue
        uses.setdefault((audience, name), Counter())[what] += count
        if role:
            roles[audience, name] = max(role, roles.get((audience, name), "read"), key=ROLES.index)
    return tuple(
        Need(
            "graph" if audience == "graph" else "sharepoint",
            name,
            roles.get((audience, name), ""),
            tuple(
                sorted(uses.get((audience, name), Counter()).items(), key=lambda u: (-u[1], u[0]))
            ),
        )
        for audience, name in sorted({*uses, *roles})
    )


def _app_json(app: App) -> dict[str, Any]:
    return {
        "key": app.key,
        "title": app.title,
        "purpose": app.purpose,
        "permissions": [
            {
                "resource": need.audience,
                "name": need.name,
                "leastSiteRole": need.role or None,
                "optional": need.optional,
                "reason": need.why or None,
                "uses": [{"what": what, "requests": count} for what, count in need.uses],
            }
            for need in app.needs
        ],
        "siteRole": {
            "least": app.least_role,
            "grant": app.role or None,
            "byMakingTheSite": app.makes_site and not app.role,
        },
        "mailbox": app.mailbox or None,
    }
