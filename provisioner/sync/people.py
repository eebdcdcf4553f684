"""Who the numbers in person columns are: each site keeps its own numbering of people.

One reading of `siteusers` gives them all (learn.microsoft.com, "Users, groups, and roles REST API
reference").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.core.transport import Reading

SITE_USERS = Reading(
    "sharepoint",
    "/_api/web/siteusers?$select=Id,Email,LoginName,Title&$top=5000",
    cost=2,
    pages=True,
    permission="sharepoint:Sites.Selected/read",
)


def people_of(body: Any) -> dict[int, str]:
    """Principal key (lower-case mail address, else sign-in name) by the site's number for them."""
    rows = body.get("value", []) if isinstance(body, dict) else []
    found = {}
    for row in rows:
        login = str(row.get("LoginName") or "")
        # A claim such as i:0#.f|membership|ann@contoso.com ends in the sign-in name.
        key = str(row.get("Email") or "") or login.rpartition("|")[2]
        if key:
            found[int(row["Id"])] = key.lower()
    return found


def person(people: Mapping[int, str], number: int | None) -> str | None:
    """The principal key behind a person column; None when it is empty.

    Somebody the site no longer lists still is somebody: the number stands for them.
    """
    if number is None:
        return None
    return people.get(number, f"user-{number}")
