"""Sites: how one is found, made and described.

A site is addressed in Graph by ``host,site-guid,web-guid``, by the site guid alone, by
``host:/sites/path:`` or as ``root``, and in SharePoint REST by its path
(learn.microsoft.com/graph/api/resources/sharepoint).
"""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from provisioner.emulator.clouds import has_no_sites
from provisioner.emulator.model import content_types, list_seed, navigation, site_removal
from provisioner.emulator.model.localised import by_lcid
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

Row = sqlite3.Row

# A Graph site reference as the first part of a path: an id, "root", or "host:/path:".
SITE = r"/sites/(?P<site>[^/:]+(?::\d+)?(?::/[^:]+?(?::|(?=/?\Z)))?)"

TEMPLATES = {"sts": "STS#3", "sitepagepublishing": "SITEPAGEPUBLISHING#0"}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PATH = re.compile(r"/(sites|teams)/[A-Za-z0-9_.\-]+\Z")


def _ready(tenant: Tenant, row: Row) -> Row:
    if datetime.fromisoformat(row["ready_at"]) > tenant.now():
        raise Refusal(
            404,
            "ResourceNotFound",
            "Resource provisioning is in progress. Please try again.",
            inner="resourceBeingProvisioned",
        )
    return row


def _known_host(tenant: Tenant, host: str) -> bool:
    name = host.rsplit(":", 1)[0].lower()
    return name == str(tenant.setting("hostname")).lower() or name in _LOOPBACK


def by_path(tenant: Tenant, path: str) -> Row:
    """The site at a server-relative path ("" for the root site).

    Raises `Refusal` 404 when there is none, or while it is still being provisioned (issue
    microsoftgraph/microsoft-graph-docs-contrib#8215 quotes that answer).
    """
    row = tenant.one("SELECT * FROM site WHERE path = ?", path.rstrip("/"))
    if row is None:
        raise Refusal(
            404,
            "itemNotFound",
            "Requested site could not be found",
            rest_code="-2147024894, System.IO.FileNotFoundException",
        )
    return _ready(tenant, row)


def by_id(tenant: Tenant, site_id: str) -> Row:
    """The site of a guid or a three-part id. Raises `Refusal` 404 like `by_path`, 400 if malformed."""
    parts = site_id.lower().split(",")
    if len(parts) not in (1, 3):
        raise Refusal(400, "invalidRequest", "The provided site id is malformed.")
    guid = parts[1] if len(parts) == 3 else parts[0]
    row = tenant.one("SELECT * FROM site WHERE id = ?", guid)
    if row is None or (len(parts) == 3 and parts[2] != row["web_id"]):
        raise Refusal(404, "itemNotFound", "Requested site could not be found")
    return _ready(tenant, row)


def by_ref(tenant: Tenant, reference: str) -> Row:
    """The site of a Graph reference: "root", a host name, "host:/path:", or an id.

    Raises `Refusal` 404 for none, 400 for a host of another tenant.
    """
    if reference.lower() == "root":
        return by_path(tenant, "")
    if ":/" in reference:
        host, _, path = reference.partition(":/")
        if not _known_host(tenant, host):
            raise Refusal(400, "invalidRequest", "Invalid hostname for this tenancy")
        return by_path(tenant, "/" + path.rstrip(":").strip("/"))
    if "," not in reference and "." in reference:
        if not _known_host(tenant, reference):
            raise Refusal(400, "invalidRequest", "Invalid hostname for this tenancy")
        return by_path(tenant, "")
    return by_id(tenant, reference)


def path_of_url(tenant: Tenant, url: str) -> str:
    """The server-relative path of an absolute site URL. Raises `Refusal` 400 for a foreign one."""
    match = re.fullmatch(r"https?://([^/]+)(/.*)?", url, re.IGNORECASE)
    if match is None or not _known_host(tenant, match[1]):
        raise Refusal(400, "invalidRequest", f"The URL '{url}' is not a URL of this tenant.")
    path = (match[2] or "").rstrip("/")
    if not _PATH.match(path):
        raise Refusal(400, "invalidRequest", f"The URL '{url}' is not valid for a new site.")
    return path


def full_id(tenant: Tenant, row: Row) -> str:
    """The three-part Graph id, ``host,site-guid,web-guid``."""
    return f"{tenant.setting('hostname')},{row['id']},{row['web_id']}"


def host_url(tenant: Tenant, base_url: str) -> str:
    """Where sites are: the host the request came to, so that addresses can be followed.

    Who asks Graph by its own name is told SharePoint's, as the service does.
    """
    if base_url and not has_no_sites(base_url):
        return base_url
    return f"https://{tenant.setting('hostname')}"


def url(tenant: Tenant, row: Row, base_url: str) -> str:
    """The absolute URL of a site: see `host_url`."""
    return host_url(tenant, base_url) + str(row["path"])


def all_ready(tenant: Tenant) -> list[Row]:
    """Every site that is provisioned, by path."""
    now = tenant.now()
    return [
        row
        for row in tenant.rows("SELECT * FROM site ORDER BY path")
        if datetime.fromisoformat(row["ready_at"]) <= now
    ]


def create_site(
    tenant: Tenant,
    *,
    path: str,
    title: str,
    template: str,
    lcid: int,
    owner_upn: str,
    time_zone: str,
    description: str = "",
    delay_ms: int = 0,
) -> Row:
    """Make a site with its default lists, content types, navigation, groups and permission levels.

    `template` is "STS#3", "SITEPAGEPUBLISHING#0" or "GROUP#0". Until `delay_ms` have passed on the
    tenant's clock the site answers 404. Raises `Refusal` 409 when the path is taken.
    """
    language = by_lcid(lcid)
    taken = tenant.one("SELECT 1 FROM site WHERE path = ?", path) is not None
    if taken or site_removal.is_taken(tenant, path):
        raise Refusal(
            409,
            "nameAlreadyExists",
            f"A site already exists at the address '{path}'.",
            rest_code="-2147024713, Microsoft.SharePoint.SPException",
        )
    site_id, stamp = tenant.guid(), tenant.stamp()
    ready = (tenant.now() + timedelta(milliseconds=delay_ms)).astimezone(UTC).isoformat()
    tenant.run(
        "INSERT INTO site (id, web_id, path, title, description, template, lcid, time_zone, created,"
        " modified, owner, ready_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        site_id,
        tenant.guid(),
        path,
        title,
        description,
        template,
        lcid,
        time_zone,
        stamp,
        stamp,
        owner_upn,
        ready,
    )
    row = tenant.one("SELECT * FROM site WHERE id = ?", site_id)
    assert row is not None
    content_types.seed_site(tenant, row, language)
    list_seed.seed_site(tenant, row, language)
    navigation.seed_site(tenant, row, language)
    # Imported late: the principals' and the pages' modules read sites.
    from provisioner.emulator.model import pages, principal_seed, principals  # noqa: PLC0415

    principal_seed.seed_site(tenant, row, owner_upn)
    owner = int(principals.ensure_user(tenant, site_id, owner_upn)["id"])
    pages.seed_site(tenant, row, language, owner)
    made = tenant.one("SELECT * FROM site WHERE id = ?", site_id)
    assert made is not None
    return made


def update(tenant: Tenant, site_id: str, *, doc: dict[str, Any], **columns: Any) -> None:
    """Change columns of the site's row ("title", "description", "welcome_page") and its `doc`."""
    for name, value in columns.items():
        assert name in ("title", "description", "welcome_page")
        tenant.run(f"UPDATE site SET {name} = ? WHERE id = ?", value, site_id)  # noqa: S608
    tenant.run(
        "UPDATE site SET doc = ?, modified = ? WHERE id = ?",
        json.dumps(doc),
        tenant.stamp(),
        site_id,
    )
