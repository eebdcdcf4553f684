"""The site everything else sits in.

```yaml
site:
  url: /sites/acme-soc2
  title: Acme SOC 2 evidence
  create: communication        # communication | team | never
  owner: vciso@contoso.example
  locale: en-US
  timeZone: America/Toronto
```

A site that is there already is adopted as it is; only its title and, where the file gives one, its
description are brought into line. A site that is missing is created, unless `create: never` says
that an administrator does that. Its address and language can never be changed afterwards.

`timeZone` says which day it is for the site, and so what "today" and a date without a time mean. A
new site has the zone of its tenant, and only people can change that (Site settings, Regional
settings): a site in another zone than the file says is reported as a note.

Creating needs the Graph permission Sites.Create.All, which makes the calling app owner of the new
site (devblogs.microsoft.com, "SharePoint Site Creation in Microsoft Graph").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from provisioner.core.address import SITE
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Poll, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.requests import CREATE_SITE, GRAPH_READ, REST_MANAGE, read_rest, rest
from provisioner.kinds.site_zone import ZONE, zone_of

LANGUAGES = {
    1025: "ar-SA",
    1028: "zh-TW",
    1029: "cs-CZ",
    1030: "da-DK",
    1031: "de-DE",
    1032: "el-GR",
    1033: "en-US",
    1035: "fi-FI",
    1036: "fr-FR",
    1037: "he-IL",
    1038: "hu-HU",
    1040: "it-IT",
    1041: "ja-JP",
    1042: "ko-KR",
    1043: "nl-NL",
    1044: "nb-NO",
    1045: "pl-PL",
    1046: "pt-BR",
    1048: "ro-RO",
    1049: "ru-RU",
    1053: "sv-SE",
    1054: "th-TH",
    1055: "tr-TR",
    1058: "uk-UA",
    2052: "zh-CN",
    2070: "pt-PT",
    3082: "es-ES",
}
"""Language of a site by its LCID (learn.microsoft.com, "Language packs for SharePoint")."""
TEMPLATES = {"communication": "sitepagepublishing", "team": "sts"}
_PATH = re.compile(r"/(sites|teams)/[A-Za-z0-9_.~-]+")


class Site(SpecModel):
    """The site of the workspace."""

    url: str = Field(description="Where the site is on its host, such as `/sites/acme-soc2`.")
    title: str = Field(min_length=1, description="The name people see.")
    description: str | None = Field(default=None, description="What the site is for.")
    create: Literal["communication", "team", "never"] = Field(
        default="communication",
        description="What to create when it is missing; `never` leaves that to an administrator.",
    )
    owner: str | None = Field(
        default=None, description="Mail address of who owns a new site; an app cannot own one."
    )
    locale: str | None = Field(
        default=None, description="Language of the site, such as `en-US`. Fixed at creation."
    )
    time_zone: str | None = Field(
        default=None, description="The site's time zone, such as `America/Toronto`. UTC if absent."
    )

    @field_validator("url")
    @classmethod
    def _is_path(cls, value: str) -> str:
        if not _PATH.fullmatch(value):
            raise ValueError("Write the path of the site on its host, such as /sites/acme-soc2.")
        return value

    @field_validator("locale")
    @classmethod
    def _is_language(cls, value: str | None) -> str | None:
        if value is not None and value not in LANGUAGES.values():
            raise ValueError(f"SharePoint has no sites in {value}; en-US is one it has.")
        return value

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        if value is not None and value not in available_timezones():
            raise ValueError(f"{value} is not a time zone; write one such as Europe/London.")
        return value

    @model_validator(mode="after")
    def _new_site_has_owner(self) -> Site:
        if self.create != "never" and not self.owner:
            raise ValueError(
                "A site that may be created needs an `owner`. Name one, or say `create: never`."
            )
        return self


def site_reading(scope: Scope) -> Reading:
    """The site by its path, in Graph: its id."""
    return Reading(
        "graph", f"/sites/{scope.hostname}:{scope.site_path}", absent_ok=True, permission=GRAPH_READ
    )


WEB = read_rest(
    "/_api/web?$select=Title,Description,Language,ServerRelativeUrl",
    cost=1,
    pages=False,
    absent_ok=True,
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
    extra = {"create": spec.create, "owner": spec.owner or "", "hostname": scope.hostname}
    return (Resource("site", SITE, properties, (("url", spec.url),), (), extra, declared.where),)


def inventory(scope: Scope) -> Sequence[Reading]:
    """Graph for the id, SharePoint for what its settings page shows."""
    return (site_reading(scope), WEB, ZONE)


def found(scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """The site, or nothing when there is none at the path."""
    site = answers.get(site_reading(scope))
    if site is None or site.status != 200 or not isinstance(site.body, dict):
        return ()
    web, zone = answers.get(WEB), answers.get(ZONE)
    shown = web.body if web is not None and isinstance(web.body, dict) else {}
    properties = {
        "url": scope.site_path,
        "title": shown.get("Title") or site.body.get("displayName") or "",
        "description": (shown.get("Description") or "").strip(),
        "locale": LANGUAGES.get(shown.get("Language") or 0),
        "timeZone": zone_of(zone.body, scope) if zone is not None else None,
    }
    ids = {"id": str(site.body["id"]), "url": str(site.body.get("webUrl") or "")}
    return (Found("site", "", "", (("url", scope.site_path),), ids, properties),)


def operations(change: Change, scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Create through Graph beta and wait; update by MERGE of the web."""
    wanted = change.desired
    if wanted is None:
        return ()
    if change.action is Action.CREATE:
        return () if wanted.extra["create"] == "never" else (_create(wanted, scope),)
    names = {"title": "Title", "description": "Description"}
    body = {names[f.path]: f.after or "" for f in change.fields if f.path in names}
    if not body:
        return ()
    return (rest("MERGE", "/_api/web", SITE, body, permission=REST_MANAGE, what="Update the site"),)


def _create(wanted: Resource, scope: Scope) -> Operation:
    """POST /beta/sites (learn.microsoft.com/graph/api/site-post-sites, beta)."""
    properties = wanted.properties
    body = {
        "name": properties["title"],
        "webUrl": f"https://{scope.hostname}{properties['url']}",
        "description": properties.get("description") or "",
        "locale": properties.get("locale") or scope.locale,
        "shareByEmailEnabled": False,
        "template": TEMPLATES[str(wanted.extra["create"])],
        "ownerIdentityToResolve": {"email": wanted.extra["owner"]},
    }
    return Operation(
        audience="graph",
        method="POST",
        path="/beta/sites",
        address=SITE,
        scope="site",
        body=body,
        permission=CREATE_SITE,
        produces={"id": "/resourceId"},
        poll=Poll(),
        alone=True,
        what="Create the site",
    )


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
        immutable=frozenset({"url", "locale"}),
        people_own=frozenset({"description", "timeZone"}),
        deletable=False,
        permissions={Action.CREATE: CREATE_SITE, Action.UPDATE: REST_MANAGE},
    ),
)
