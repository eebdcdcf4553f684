"""Who may do what on a site, a list or an item, in one table."""

from __future__ import annotations

from sqlite3 import Row
from typing import Any

from provisioner.emulator.model import principals, roles
from provisioner.emulator.model.role_names import LIMITED_ACCESS
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.frame import region
from provisioner.emulator.web.markup import Markup, Part, tag

_KINDS = {1: "Person", 4: "Entra group", 8: "SharePoint group"}


def permissions(tenant: Tenant, site: Row, scope: str, *, what: str) -> list[Part]:
    """The heading, where the permissions come from, and the table. `what`: "item", "list", "site".

    Limited Access is left out: SharePoint gives it by itself, so that what lies below is reached.
    """
    site_id = str(site["id"])
    if what == "site":
        said = "Lists and items inherit these unless they have their own."
    elif roles.has_unique(tenant, scope):
        said = f"This {what} has permissions of its own."
    else:
        said = f"This {what} inherits its permissions."
    held = roles.assignments(tenant, site_id, scope)
    rows = [row for each in held if (row := _row(tenant, site_id, each)) is not None]
    head = tag("tr", [tag("th", word, scope="col") for word in ("Who", "What they may do", "Kind")])
    table = tag("table", tag("thead", head), tag("tbody", rows))
    return [
        tag("h2", "Permissions"),
        tag("p", said, class_="meta"),
        region("Table: permissions", table) if rows else tag("p", "Nobody has access."),
    ]


def _row(tenant: Tenant, site_id: str, held: dict[str, Any]) -> Markup | None:
    levels = [
        str(level["Name"])
        for level in held["RoleDefinitionBindings"]
        if level["Id"] != LIMITED_ACCESS
    ]
    if not levels:
        return None
    member = held["Member"]
    kind = int(member["PrincipalType"])
    inside: Part = None
    if kind == 8:
        names = [row["title"] for row in principals.members(tenant, site_id, held["PrincipalId"])]
        inside = tag("div", ", ".join(names) if names else "no members", class_="quiet")
    return tag(
        "tr",
        tag("td", member["Title"], inside),
        tag("td", ", ".join(levels)),
        tag("td", _KINDS.get(kind, "Other")),
    )
