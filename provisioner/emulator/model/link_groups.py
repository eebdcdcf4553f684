"""The hidden group SharePoint makes for each sharing link: `SharingLinks.<file>.<sort>.<link>`.

They are among `_api/web/sitegroups` (learn.microsoft.com, "How shareable links work in OneDrive and
SharePoint"). The group has a level on the file or folder the link opens, and holds nobody here: the
link itself is kept apart.
"""

from __future__ import annotations

from provisioner.emulator.model import principals
from provisioner.emulator.tenant import Tenant

_SORTS = {
    ("anonymous", "view"): "AnonymousView",
    ("anonymous", "edit"): "AnonymousEdit",
    ("organization", "view"): "OrganizationView",
    ("organization", "edit"): "OrganizationEdit",
}
_PEOPLE = "Flexible"
_START = "SharingLinks."


def make(tenant: Tenant, site_id: str, item: str, scope: str, kind: str, link: str) -> int:
    """The number of the group of a new link to the file or folder with the id `item`."""
    title = f"{_START}{item}.{_SORTS.get((scope, kind), _PEOPLE)}.{link}"
    return int(principals.create_group(tenant, site_id, title, {}, 0)["id"])


def is_one(title: str) -> bool:
    """Whether a group of this title stands for a sharing link."""
    return title.startswith(_START)


def remove(tenant: Tenant, site_id: str, link: str) -> None:
    """The group goes with its link."""
    row = tenant.one(
        "SELECT id FROM principal WHERE site_id = ? AND type = ? AND title LIKE ?",
        site_id,
        principals.SHAREPOINT_GROUP,
        f"SharingLinks.%.{link}",
    )
    if row is not None:
        principals.delete_principal(tenant, site_id, int(row["id"]))
