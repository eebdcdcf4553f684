"""The lists that a new site begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.emulator.model import (
    fields,
)
from provisioner.emulator.model.localised import Language

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant
from provisioner.emulator.model.lists import Row, create_list

# What the user list says of a person besides the built-in columns.
_USER_COLUMNS = (
    ("Name", "Account"),
    ("EMail", "Work email"),
    ("UserName", "User name"),
    ("JobTitle", "Job Title"),
    ("Department", "Department"),
)


def seed_site(tenant: Tenant, site: Row, language: Language) -> None:
    """Give a new site its default lists: the user list, the documents and the pages libraries."""
    path = site["path"]
    users = create_list(
        tenant,
        site,
        title=language("User Information List"),
        template=112,
        url=f"{path}/_catalogs/users",
        changes={"Hidden": True, "EnableVersioning": False, "NoCrawl": True},
        system=True,
    )
    for name, label in _USER_COLUMNS:
        fields.add(
            tenant,
            site_id=site["id"],
            list_id=users["id"],
            internal_name=name,
            title=label,
            type="Text",
            doc={"MaxLength": 255, "CanBeDeleted": False},
        )
    create_list(
        tenant,
        site,
        title=language("Documents"),
        template=101,
        url=f"{path}/{language('Shared Documents')}",
        changes={"OnQuickLaunch": True},
    )
    create_list(
        tenant,
        site,
        title=language("Site Pages"),
        template=119,
        url=f"{path}/SitePages",
        changes={"OnQuickLaunch": True, "EnableMinorVersions": True},
    )
    create_list(
        tenant,
        site,
        title=language("Site Assets"),
        template=101,
        url=f"{path}/SiteAssets",
        changes={"NoCrawl": False},
    )
