"""Where things are on the site: ids of its lists, and the columns each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Reading, Transport
from provisioner.ledger.heartbeat import JOBS
from provisioner.ledger.lock import LOCK_URL
from provisioner.ledger.store import FACTS_URL, LIBRARY_URL
from provisioner.sync.columns import TELLING
from provisioner.sync.people import SITE_GROUPS, SITE_USERS, rows_of
from provisioner.sync.register_facts import Register

GRAPH_READ = "graph:Sites.Selected/read"
GRAPH_WRITE = "graph:Sites.Selected/write"
REST_READ = "sharepoint:Sites.Selected/read"
REST_WRITE = "sharepoint:Sites.Selected/write"

CATALOGUE = "expected-evidence"
PERIODS = "audit-periods"
FINDINGS = "evidence-findings"
WAIVERS = "waivers"
REQUESTS = "audit-request-tracker"
VENDORS = "vendor-register"
INDEX = "evidence-index"
RISKS = "risk-register"
ROLES = (CATALOGUE, PERIODS, FINDINGS, WAIVERS, REQUESTS, VENDORS, INDEX)
"""Keys of the lists sync works with; a workspace may lack any but the first two."""

_LISTS = Reading(
    "sharepoint",
    "/_api/web/lists?$select=Id,Title,EnableModeration,EnableVersioning,MajorVersionLimit,"
    "HasUniqueRoleAssignments,RootFolder/ServerRelativeUrl&$expand=RootFolder&$top=5000",
    cost=2,
    pages=True,
    permission=REST_READ,
)
_WEB = Reading("sharepoint", "/_api/web?$select=Id,Language", cost=1, permission=REST_READ)
_SITE = Reading("sharepoint", "/_api/site?$select=Id", cost=1, permission=REST_READ)
_RIGHTS = Reading(
    "sharepoint",
    "/_api/web/EffectiveBasePermissions",
    cost=1,
    absent_ok=True,
    permission=REST_READ,
)
_APPROVE_ITEMS = 0x10
"""Who lacks it sees approved items only, where a list wants approval ("Get listItem", section
Permissions, learn.microsoft.com/graph/api/listitem-get; "SPBasePermissions enumeration")."""


@dataclass(frozen=True, slots=True)
class Safeguards:
    """What the file says keeps a library's evidence safe; None where it does not say.

    `limit` is how many versions are kept, `own_permissions` whether it does not inherit them.
    """

    limit: int | None = None
    own_permissions: bool | None = None


@dataclass(frozen=True, slots=True)
class SiteHandle:
    """The site as the workspace file declares it.

    `path` is server-relative ("/sites/acme"), `time_zone` an IANA name. `libraries` (evidence
    libraries only) and `lists` map each declared key to its URL segment ("AccessControlEvidence",
    "ExpectedEvidence"). `id` is Graph's id, asked for when blank. `registers` are the lists with
    checks, without rows. `safeguards` are those of libraries by key. `welcome` are principals the
    file names, as it writes them, and the titles of groups it lets guests into, in lower case.
    """

    hostname: str
    path: str
    time_zone: str
    libraries: Mapping[str, str]
    lists: Mapping[str, str]
    id: str = ""
    registers: tuple[Register, ...] = ()
    safeguards: Mapping[str, Safeguards] = field(default_factory=dict)
    welcome: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """A list or library on the site. `columns` are internal names; `moderated`: items need approval.

    `veiled`: what is not approved there is not shown to us. `versioned`, `limit` (major versions kept)
    and `own_permissions` are None where it was not told.
    """

    key: str
    id: str
    title: str
    moderated: bool = False
    columns: frozenset[str] = frozenset()
    versioned: bool | None = None
    limit: int | None = None
    own_permissions: bool | None = None
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """The site with its lists by key. `lcid` is its language, which sets how forms write dates.

    `kept` is the id of the hidden library for kept facts, `ledger` that of the ledger, `lock` that of
    the list with the lock, `jobs` that of Job Runs, None where the site has none. `registers` are the
    lists with checks; their columns are not looked up. `users` and `groups` are those of the site, as
    SharePoint tells of them.
    """

    site: str
    zone: ZoneInfo
    lcid: int
    libraries: Mapping[str, Place]
    lists: Mapping[str, Place]
    kept: str | None = None
    notes: tuple[str, ...] = ()
    registers: Mapping[str, Place] = field(default_factory=dict)
    ledger: str | None = None
    lock: str | None = None
    jobs: str | None = None
    users: tuple[Mapping[str, Any], ...] = ()
    groups: tuple[Mapping[str, Any], ...] = ()

    def graph(self, place: Place) -> str:
        """The Graph path of a list."""
        return f"/sites/{self.site}/lists/{place.id}"

    @property
    def job_items(self) -> str:
        """The Graph path of the rows of Job Runs; "" where the site has no such list."""
        return f"/sites/{self.site}/lists/{self.jobs}/items" if self.jobs else ""

    def library_title(self, key: str) -> str:
        """The title people see; the key where the library is not known."""
        place = self.libraries.get(key)
        return key if place is None else place.title


async def locate(transport: Transport, handle: SiteHandle) -> Places:
    """Find every declared list by its URL, its columns, and the site's people, in one round trip.

    Raises:
        ProvisionerError: WORKSPACE-NOT-APPLIED when an evidence library or a list that is needed is
            not on the site: judged without it, all its evidence would seem to be missing.
    """
    wanted = {key: handle.lists[key] for key in ROLES if key in handle.lists}
    fields = {key: _fields_reading(f"{handle.path}/{url}") for key, url in handle.libraries.items()}
    fields |= {key: _fields_reading(f"{handle.path}/Lists/{url}") for key, url in wanted.items()}
    answers = await transport.read(
        [_LISTS, _WEB, _SITE, SITE_USERS, SITE_GROUPS, *dict.fromkeys(fields.values())]
    )
    by_url = {_url_of(row): row for row in rows_of(answers[_LISTS].body)}

    def found(urls: Mapping[str, str], folder: str) -> dict[str, Place]:
        base = f"{handle.path.rstrip('/')}{folder}"
        rows = {key: by_url.get(f"{base}/{url}".casefold()) for key, url in urls.items()}
        return {key: _place(key, row) for key, row in rows.items() if row is not None}

    def with_columns(some: Mapping[str, Place]) -> dict[str, Place]:
        rows = {key: rows_of(answers[fields[key]].body) for key in some}
        return {
            key: replace(one, columns=frozenset(str(row["InternalName"]) for row in rows[key]))
            for key, one in some.items()
        }

    libraries, lists = found(handle.libraries, ""), found(wanted, "/Lists")
    keys = [RISKS, *(one.key for one in handle.registers)]
    checked = {key: handle.lists[key] for key in keys if key in handle.lists}
    _complain(handle, libraries, lists)
    libraries, lists = with_columns(libraries), with_columns(lists)
    if any(one.moderated for one in libraries.values()):
        libraries = await _with_veils(transport, libraries)
    ours = found({"kept": FACTS_URL, "ledger": LIBRARY_URL}, "")
    ours |= found({"lock": LOCK_URL}, "/Lists")
    ours |= found({key: handle.lists[key] for key in (JOBS,) if key in handle.lists}, "/Lists")

    def own(name: str) -> str | None:
        return ours[name].id if name in ours else None

    absent = [one.title for one in handle.registers if one.key not in found(checked, "/Lists")]
    bare = [one for one in libraries.values() if not one.columns >= TELLING]
    return Places(
        site=handle.id or _site_id(handle.hostname, answers[_SITE].body, answers[_WEB].body),
        zone=ZoneInfo(handle.time_zone),
        lcid=int(answers[_WEB].body.get("Language") or 1033),
        libraries={key: one for key, one in libraries.items() if one not in bare},
        lists=lists,
        notes=tuple(
            f"{one.title} has no evidence columns, so its files are not judged." for one in bare
        )
        + tuple(f"{title} is not on the site, so its checks are not asked." for title in absent),
        registers=found(checked, "/Lists"),
        kept=own("kept"),
        ledger=own("ledger"),
        lock=own("lock"),
        jobs=own(JOBS),
        users=tuple(rows_of(answers[SITE_USERS].body)),
        groups=tuple(rows_of(answers[SITE_GROUPS].body)),
    )


async def _with_veils(transport: Transport, libraries: Mapping[str, Place]) -> dict[str, Place]:
    """The libraries, each with whether we see what waits for approval. Untold means that we do not."""
    body = (await transport.read([_RIGHTS]))[_RIGHTS].body
    told = str(body.get("Low", "")) if isinstance(body, Mapping) else ""
    sees = told.isdecimal() and bool(int(told) & _APPROVE_ITEMS)
    return {key: replace(one, veiled=one.moderated and not sees) for key, one in libraries.items()}


def _site_id(hostname: str, site: Mapping[str, Any], web: Mapping[str, Any]) -> str:
    """Graph's id of a site: host name, site collection and web.

    learn.microsoft.com/graph/api/resources/site, property `id`.
    """
    return f"{hostname},{site['Id']},{web['Id']}"


def items_reading(places: Places, place: Place, select: str = "") -> Reading:
    """Every row of a list with its fields, all pages. `select`: internal names, comma-separated."""
    chosen = f"($select={quote(select, safe=',')})" if select else ""
    return Reading(
        "graph",
        f"{places.graph(place)}/items?$expand=fields{chosen}&$top=1000",
        cost=2,
        pages=True,
        permission=GRAPH_READ,
    )


def _url_of(row: Mapping[str, Any]) -> str:
    folder = row.get("RootFolder") or {}
    return str(folder.get("ServerRelativeUrl") or "").rstrip("/").casefold()


def _place(key: str, row: Mapping[str, Any]) -> Place:
    limit, own = row.get("MajorVersionLimit"), row.get("HasUniqueRoleAssignments")
    versioned = row.get("EnableVersioning")
    return Place(
        key,
        str(row["Id"]),
        str(row["Title"]),
        bool(row.get("EnableModeration")),
        versioned=versioned if isinstance(versioned, bool) else None,
        limit=limit if isinstance(limit, int) else None,
        own_permissions=own if isinstance(own, bool) else None,
    )


def _complain(
    handle: SiteHandle, libraries: Mapping[str, Place], lists: Mapping[str, Place]
) -> None:
    absent = [url for key, url in handle.libraries.items() if key not in libraries]
    absent += [handle.lists.get(key, key) for key in (CATALOGUE, PERIODS) if key not in lists]
    undeclared = [key for key in (CATALOGUE, PERIODS) if key not in handle.lists]
    if absent:
        raise ProvisionerError(
            "WORKSPACE-NOT-APPLIED",
            f"The site {handle.path} does not have {', '.join(absent)}.",
            hint=f"The file declares no list of the key {' or '.join(undeclared)}, so apply makes none: "
            "write `extends: evidence-base@1`, which brings them, and run `provisioner apply`."
            if undeclared
            else "Run `provisioner apply` first: what is judged has to be there to be read.",
        )


def _fields_reading(url: str) -> Reading:
    address = quote(url.replace("'", "''"), safe="/'")
    return Reading(
        "sharepoint",
        f"/_api/web/GetList('{address}')/fields?$select=InternalName&$top=5000",
        cost=2,
        pages=True,
        absent_ok=True,
        permission=REST_READ,
    )
