"""The site everything else sits in.

```yaml
site:
  url: /sites/acme-soc2
  title: Acme SOC 2 evidence
  create: communication        # communication | team | group | never
  owner: vciso@contoso.example
  locale: en-US
  timeZone: America/Toronto
  sharing: ownersOnly
  hub: /sites/compliance
  themeColor: "#0b6a0b"
  headerLayout: compact
```

A site that is there already is adopted as it is; only what the file says of it is brought into
line. A site that is missing is created, unless `create: never` says that an administrator does
that. Its address and language can never be changed afterwards.

How a missing site is made depends on what the app may do. `communication` and `team` sites are made
through Graph with the permission Sites.Create.All, which makes the calling app owner of the new
site (devblogs.microsoft.com, "SharePoint Site Creation in Microsoft Graph"), or through SharePoint
with Sites.FullControl.All. `group` makes a private Microsoft 365 group and takes the site that comes
with it; it needs Group.Create, User.ReadBasic.All to find the owner by mail, and Sites.Manage.All to
reach the site. The last part of `url` becomes the group's mail alias, and the site has the
language of the tenant. An app that may do none of that is told so before anything is sent
(`SITE-CREATE-DENIED`). `owner` is asked for once, when the site is made.

**Who may share.** `sharing` is Microsoft's setting "Sharing permissions": `full`, members share
files, folders and the site; `limited`, members share files and folders, owners share the site;
`ownersOnly`. With `full`, members may also add members, which is a property of the members group:
do not declare that group with another `membersEdit`. Whether guests may be invited at all
(`guestInvitations`) and whether links work without signing in (`anonymousLinks`) is the business of
the SharePoint administrator: both are compared, and a difference stops the plan with
`ADMINISTRATOR-ONLY` until it is settled there. A new site is asked for with or without guest
invitations as the file says, without where it says nothing.

**How it looks.** `logo` is a picture beside the workspace file, `file:logo.png`, which is put into
the site's Site Assets under a name with a digest of its content, so that another picture is another
logo; or the path of one that is on the same host already. `themeColor` is the main colour of the
theme; the other shades are made from it. `headerLayout`, `headerEmphasis`, `footer`, `quickLaunch`
(the menu at the left) and `megaMenu` are those of the site's "Change the look" panel; `searchScope`
says where the search box looks. Joining a `hub` takes Sites.FullControl.All on SharePoint;
`hub: none` leaves the hub.

**Regional settings.** `timeZone` says which day it is for the site, and so what "today" and a date
without a time mean. `formats` is the country whose dates and numbers are written, `firstDayOfWeek`
and `time24` are those of its calendars. A new site has the settings of its tenant, and only people
can change them (Site settings, Regional settings): a site that is set otherwise than the file says is
reported as a note, `SET-BY-HAND`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from provisioner.core.address import SITE
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Action, Change, Existing, FieldChange, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.requests import CREATE_SITE, GRAPH_READ, REST_MANAGE
from provisioner.kinds.site_creation import creation
from provisioner.kinds.site_language import LANGUAGES
from provisioner.kinds.site_settings import (
    NONE,
    WEB,
    host_path,
    settings_of,
    settings_operations,
    settings_readings,
)
from provisioner.kinds.site_spec import Site
from provisioner.kinds.site_theme import spelled
from provisioner.kinds.site_zone import REGION, region_of

_AS_SAID = ("sharing", "guestInvitations", "anonymousLinks", "headerLayout", "headerEmphasis",
            "footer", "quickLaunch", "megaMenu", "searchScope", "formats", "firstDayOfWeek",
            "time24")  # fmt: skip
"""Properties that are compared as the file writes them."""
_ADMINISTRATOR = "Have the SharePoint administrator set it (admin centre, Active sites, Sharing), \
or write in the file what is there."


def site_reading(scope: Scope) -> Reading:
    """The site by its path, in Graph: its id."""
    return Reading(
        "graph", f"/sites/{scope.hostname}:{scope.site_path}", absent_ok=True, permission=GRAPH_READ
    )


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """The site, with what the file says of it."""
    spec = declared.spec
    assert isinstance(spec, Site)
    properties: dict[str, Any] = {"url": spec.url, "title": spec.title}
    if spec.description is not None:
        properties["description"] = spec.description.strip()
    if spec.locale is not None:
        properties["locale"] = spec.locale
    if spec.time_zone is not None:
        properties["timeZone"] = spec.time_zone
    said = spec.model_dump(by_alias=True, include=None, exclude_none=True)
    properties |= {word: said[word] for word in _AS_SAID if word in said}
    if spec.theme_color is not None:
        properties["themeColor"] = spelled(spec.theme_color)
    for word, place in (("hub", spec.hub), ("logo", spec.logo)):
        if place is not None and not place.startswith("file:"):
            properties[word] = _place(word, place, declared, scope)
    extra: dict[str, Any] = {
        "create": spec.create,
        "owner": spec.owner or "",
        "hostname": scope.hostname,
    }
    if spec.logo is not None and spec.logo.startswith("file:"):
        extra["logoFile"] = spec.logo  # the engine reads it and says what its place will be
    return (Resource("site", SITE, properties, (("url", spec.url),), (), extra, declared.where),)


def _place(word: str, value: str, declared: Declared, scope: Scope) -> str:
    """A path on the host. Raises `SpecInvalid` SITE-OTHER-HOST for an address that is elsewhere."""
    path = NONE if value == NONE else host_path(value, scope.hostname)
    if path is None:
        problem = Problem(
            "SITE-OTHER-HOST",
            f"`{word}` names {value}, which is not on {scope.hostname}.",
            declared.where,
            "Write its path on the site's own host, such as /sites/compliance.",
        )
        raise SpecInvalid((problem,))
    return path


def inventory(scope: Scope) -> Sequence[Reading]:
    """Graph for the id, SharePoint for what its settings page shows."""
    return (site_reading(scope), *settings_readings(scope), REGION)


def found(scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """The site, or nothing when there is none at the path."""
    site = answers.get(site_reading(scope))
    if site is None or site.status != 200 or not isinstance(site.body, dict):
        return ()
    web, region = answers.get(WEB), answers.get(REGION)
    shown = web.body if web is not None and isinstance(web.body, dict) else {}
    properties = {
        "url": scope.site_path,
        "title": shown.get("Title") or site.body.get("displayName") or "",
        "description": (shown.get("Description") or "").strip(),
        "locale": LANGUAGES.get(shown.get("Language") or 0),
        **settings_of(scope, answers),
        **region_of(region.body if region is not None else None, scope),
    }
    ids = {"id": str(site.body["id"]), "url": str(site.body.get("webUrl") or "")}
    return (Found("site", "", "", (("url", scope.site_path),), ids, properties),)


def seen(wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """What was read, with hub and logo as the file spells them: SharePoint's paths know no case."""
    found = dict(existing.properties)
    for word in ("hub", "logo"):
        declared, there = str(wanted.properties.get(word) or ""), str(found.get(word) or "")
        if declared and declared.casefold() == there.casefold():
            found[word] = declared
    return found


def operations(change: Change, scope: Scope, can: Capabilities) -> Sequence[Operation]:
    """Create by the way the app may take, and wait; then, or else, set what differs."""
    wanted = change.desired
    if wanted is None:
        return ()
    if change.action is not Action.CREATE:
        return settings_operations(change.fields, wanted.extra.get("logoContent"))
    made = creation(wanted, scope, can)
    given = {"title", "description"}  # creation has said these
    said = [
        FieldChange(path, None, value)
        for path, value in wanted.properties.items()
        if path not in given
    ]
    if not made:
        return ()
    return (*made, *settings_operations(said, wanted.extra.get("logoContent")))


KINDS = (
    Kind(
        name="site",
        title="Site",
        rank=0,
        mounts={"site": Site},
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        seen=seen,
        immutable=frozenset({"url", "locale"}),
        people_own=frozenset({"description"}),
        by_hand=frozenset({"timeZone", "formats", "firstDayOfWeek", "time24"}),
        administrators=MappingProxyType(
            {"guestInvitations": _ADMINISTRATOR, "anonymousLinks": _ADMINISTRATOR}
        ),
        deletable=False,
        permissions={Action.CREATE: CREATE_SITE, Action.UPDATE: REST_MANAGE},
    ),
)
