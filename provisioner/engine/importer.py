"""An existing site as a workspace file: read everything, write what a plan would not change.

Two readings. The first finds the lists; the second reads each of them in detail, as if the file had
declared it. A third is made only for the lists whose rows are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from provisioner.core.address import SITE
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.progress import Progress
from provisioner.core.resource import Existing, Resource
from provisioner.core.transport import Transport
from provisioner.engine import importer_columns, importer_site
from provisioner.engine.desired import Desired, looking_inside
from provisioner.engine.importer_access import left_inside, site_permissions
from provisioner.engine.importer_copies import agree
from provisioner.engine.importer_folders import read_folders
from provisioner.engine.importer_links import navigation
from provisioner.engine.importer_lists import heads, list_resources, whole_list
from provisioner.engine.importer_pages import pages
from provisioner.engine.importer_rows import rows_of, rows_wanted
from provisioner.engine.importer_said import Importing, Said
from provisioner.engine.importer_text import workspace_text
from provisioner.engine.observe import Observed, observe
from provisioner.kinds.base import Scope


@dataclass(frozen=True, slots=True)
class Imported:
    """A site as a workspace file. `left_out`: a sentence for each thing it could not say."""

    text: str
    left_out: tuple[str, ...]
    parts: Mapping[str, Any]


async def import_site(
    transport: Transport,
    scope: Scope,
    tenant: Mapping[str, Any],
    rows: Sequence[str],
    progress: Progress,
) -> Imported:
    """The site of `scope` as a workspace file.

    `tenant` is the file's `tenant:`; `rows` are keys or titles of the lists whose rows go in.

    Raises:
        ProvisionerError: SITE-NOT-FOUND, LIST-NOT-FOUND, and what `observe` raises.
    """
    url = f"https://{scope.hostname}{scope.site_path}"
    first = await observe(transport, Desired(scope.site_path, scope), progress)
    site = first.existing.get(SITE)
    if site is None:
        raise ProvisionerError(
            "SITE-NOT-FOUND",
            f"There is no site at {url}, or we may not read it.",
            hint="Check the address, and that the app has been granted this site.",
        )
    scope = _scope_of(site, scope)
    lists = list_resources(first.existing, first.ledger)
    everything = frozenset({"*"})
    scope = replace(scope, defaults={"*": {}}, labelled=everything, site_words=everything)
    scope = replace(scope, folders=await read_folders(transport, first.existing, lists))
    read_so = looking_inside(Desired(scope.site_path, scope, lists))
    observed, unread = await _whole(transport, read_so, progress)
    work = Importing(scope, observed.existing)
    if unread:
        work.drop("pages", unread)
    parts = _parts(work, lists, tenant)
    if rows:
        wanted, seeded = rows_wanted(work, parts, rows)
        again = replace(
            read_so, scope=replace(work.scope, seeded=seeded, access=read_so.scope.access)
        )
        read = await observe(transport, again, progress)
        rows_of(work, wanted, seeded, read.existing)
        parts["roles"] = importer_site.roles(
            work, importer_site.levels_named(parts["groups"], parts)
        )
    for own in work.lists:
        left_inside(work, own)
    left_out = tuple(dict.fromkeys(work.left_out))
    return Imported(workspace_text(url, parts, left_out), left_out, parts)


async def _whole(
    transport: Transport, desired: Desired, progress: Progress
) -> tuple[Observed, str]:
    """The second reading, with the pages where we may read them; else also why we may not."""
    with_pages = replace(desired, scope=replace(desired.scope, pages=("*",)))
    try:
        return await observe(transport, with_pages, progress), ""
    except Refused as refused:
        return await observe(transport, desired, progress), refused.message


def _scope_of(site: Existing, scope: Scope) -> Scope:
    """The scope with the language and time zone that the site really has."""
    return replace(
        scope,
        locale=str(site.properties.get("locale") or scope.locale),
        time_zone=str(site.properties.get("timeZone") or scope.time_zone),
    )


def _parts(
    work: Importing, resources: Mapping[str, Resource], tenant: Mapping[str, Any]
) -> dict[str, Any]:
    """The file's top-level keys with what stands below each."""
    parts: dict[str, Any] = {"tenant": dict(tenant), "site": importer_site.site(work)}
    heads(work, resources)
    columns = importer_columns.site_columns(work)
    types = importer_columns.content_types(work, frozenset(str(one["name"]) for one in columns))
    agree(work, work.lists, types)
    grouped: dict[str, list[Said]] = {"libraries": [], "lists": []}
    for own in work.lists:
        group, plain = whole_list(work, own, columns, types)
        grouped[group].append(plain)
    written = [*grouped["libraries"], *grouped["lists"]]
    groups = importer_site.groups(work, written)
    granted = site_permissions(work, groups)
    if granted is not None:
        parts["site"]["permissions"] = granted
    parts |= {
        "roles": importer_site.roles(work, importer_site.levels_named(groups, [granted, *written])),
        "groups": groups,
        "columns": columns,
        "contentTypes": types,
        **grouped,
        "pages": pages(work),
        **navigation(work),
        **importer_site.others(work),
    }
    return parts
