"""Who the numbers in person columns are: each site keeps its own numbering of people.

One reading of `siteusers` gives them all (learn.microsoft.com, "Users, groups, and roles REST API
reference"). A SharePoint group can stand in a person column too, and is listed apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from provisioner.core.transport import Answers, Reading

SITE_USERS = Reading(
    "sharepoint",
    "/_api/web/siteusers?$select=Id,Email,LoginName,Title&$top=5000",
    cost=2,
    pages=True,
    permission="sharepoint:Sites.Selected/read",
)
SITE_GROUPS = Reading(
    "sharepoint",
    "/_api/web/sitegroups?$select=Id,Title,Users/Id&$expand=Users&$top=5000",
    cost=2,
    pages=True,
    permission="sharepoint:Sites.Selected/read",
)
MAY_ASK = frozenset({"graph:User.Read.All", "graph:Directory.Read.All"})
"""App roles with which the directory tells whether an account is enabled
(learn.microsoft.com/graph/api/user-get)."""
_MEMBER = "|membership|"


def people_of(rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """Principal key (lower-case mail address, else sign-in name) by the site's number for them."""
    found = {}
    for row in rows:
        login = str(row.get("LoginName") or "")
        # A claim such as i:0#.f|membership|ann@contoso.com ends in the sign-in name.
        key = str(row.get("Email") or "") or login.rpartition("|")[2]
        if key:
            found[int(row["Id"])] = key.lower()
    return found


def titles_of(rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The display name by the site's number for somebody."""
    return {int(row["Id"]): str(row.get("Title") or "") for row in rows}


def logins_of(rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The login name by the site's number for somebody."""
    return {int(row["Id"]): str(row.get("LoginName") or "") for row in rows}


def rows_of(body: Any) -> list[Mapping[str, Any]]:
    """The rows of a collection."""
    return list(body.get("value", [])) if isinstance(body, dict) else []


def person(people: Mapping[int, str], number: int | None) -> str | None:
    """The principal key behind a person column; None when it is empty.

    Somebody the site no longer lists still is somebody: the number stands for them.
    """
    if number is None:
        return None
    return people.get(number, f"user-{number}")


def directory_readings(
    numbers: Iterable[int], logins: Mapping[int, str], roles: Collection[str]
) -> dict[int, Reading]:
    """What to ask the directory about people, by number; nothing where the app may not ask."""
    if not MAY_ASK & set(roles):
        return {}
    found = {}
    for number in sorted(set(numbers)):
        login = logins.get(number, "")
        if _MEMBER in login:
            name = quote(login.rpartition("|")[2], safe="")
            found[number] = Reading(
                "graph",
                f"/users/{name}?$select=id,accountEnabled",
                absent_ok=True,
                permission="graph:User.Read.All",
            )
    return found


def gone_people(
    numbers: Iterable[int],
    people: Mapping[int, str],
    groups: Collection[int],
    asked: Mapping[int, Reading],
    answers: Answers,
) -> frozenset[str]:
    """The principal keys known to be gone or disabled; what cannot be told is not gone.

    Gone are those the site lists neither as people nor as groups, and those the directory does not
    have; disabled is what the directory says in `accountEnabled`.
    """
    found = set()
    for number in set(numbers):
        key = person(people, number)
        if key is None:
            continue
        if number not in people and number not in groups:
            found.add(key)
        answer = answers.get(asked[number]) if number in asked else None
        if answer is None:
            continue
        body = answer.body if isinstance(answer.body, Mapping) else {}
        if answer.status == 404 or body.get("accountEnabled") is False:
            found.add(key)
    return frozenset(found)
