"""The libraries' safeguards: how they are kept, which guests they let in, and what sharing links open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from provisioner.core.transport import Answers, Reading
from provisioner.sync.collect_lists import Lists
from provisioner.sync.collect_site import REST_READ, Place, SiteHandle
from provisioner.sync.facts import LibraryState

_LINK = re.compile(r"SharingLinks\.([0-9a-fA-F-]{36})\.([A-Za-z]+)\..+")
_GUEST = ("#ext#", "urn:spo:guest", "urn%3aspo%3aguest")
_LIMITED_ACCESS = 1
"""RoleTypeKind of the level SharePoint gives by itself to whoever may see one thing inside."""


def state_of(
    place: Place, site: SiteHandle, links: Iterable[str], guests: Iterable[str]
) -> LibraryState:
    """A library as it is kept, beside how the file says it should be."""
    declared = site.safeguards.get(place.key)
    return LibraryState(
        place.key,
        place.title,
        versioned=place.versioned,
        limit=place.limit,
        declared_limit=None if declared is None else declared.limit,
        own_permissions=place.own_permissions,
        declared_own=None if declared is None else declared.own_permissions,
        links=tuple(sorted(set(links))),
        guests=tuple(sorted(set(guests))),
        veiled=place.veiled,
    )


def is_guest(login: str) -> bool:
    """Whether a login name is of another organisation.

    learn.microsoft.com, "Properties of a Microsoft Entra B2B collaboration user"; `urn:spo:guest`
    stands for somebody who signed in with a code.
    """
    return any(word in login.lower() for word in _GUEST)


def guests_of(lists: Lists, welcome: frozenset[str]) -> dict[int, str]:
    """Guests the site knows and the file does not name, by number."""
    return {
        number: lists.people.get(number) or login
        for number, login in lists.logins.items()
        if is_guest(login)
        and not {login.lower(), login.rpartition("|")[2].lower(), lists.people.get(number)}
        & welcome
    }


def grants_reading(place: Place) -> Reading:
    """What to ask for who may do what in a library."""
    return Reading(
        "sharepoint",
        f"/_api/web/lists(guid'{place.id}')/roleassignments?$expand=Member,RoleDefinitionBindings",
        cost=5,
        pages=True,
        permission=REST_READ,
    )


def let_in(
    reading: Reading | None,
    answers: Answers,
    lists: Lists,
    guests: Mapping[int, str],
    welcome: frozenset[str],
) -> Iterator[str]:
    """The guests a library's permissions let in, themselves or as members of a group."""
    if reading is None:
        return
    members = {
        int(one["Id"]): [int(each["Id"]) for each in one.get("Users") or ()]
        for one in lists.groups
        if f"group:{one.get('Title')}".lower() not in welcome
    }
    for row in (answers[reading].body or {}).get("value", []):
        levels = row.get("RoleDefinitionBindings") or []
        if all(one.get("RoleTypeKind") == _LIMITED_ACCESS for one in levels):
            continue
        number = int((row.get("Member") or {}).get("Id") or row.get("PrincipalId") or 0)
        for each in (number, *members.get(number, ())):
            if each in guests:
                yield guests[each]


def shared_ids(lists: Lists) -> set[str]:
    """The ids of files and folders that a sharing link opens: SharePoint makes a group for each."""
    found = (_LINK.match(str(one.get("Title") or "")) for one in lists.groups)
    return {match[1].lower() for match in found if match is not None}


def unknown_links(lists: Lists, files: Mapping[str, object]) -> list[str]:
    """The ids that a sharing link opens and no file of ours has: folders, and what is elsewhere."""
    return sorted(shared_ids(lists) - files.keys())


def folder_reading(guid: str) -> Reading:
    """What to ask for where a folder is."""
    return Reading(
        "sharepoint",
        f"/_api/web/GetFolderById('{guid}')?$select=ServerRelativeUrl",
        absent_ok=True,
        permission=REST_READ,
    )


def linked(
    files: Mapping[str, tuple[str, str]],
    folders: Mapping[str, Reading],
    answers: Answers,
    site: SiteHandle,
) -> dict[str, list[str]]:
    """What sharing links open, by library key."""
    found = dict[str, list[str]]()
    for library, name in files.values():
        found.setdefault(library, []).append(name)
    bases = {key: f"{site.path.rstrip('/')}/{url}" for key, url in site.libraries.items()}
    for reading in folders.values():
        body = answers[reading].body
        path = str(body.get("ServerRelativeUrl") or "") if isinstance(body, Mapping) else ""
        for key, base in bases.items():
            if path.casefold() == base.casefold():
                found.setdefault(key, []).append("the library itself")
            elif path.casefold().startswith(f"{base}/".casefold()):
                found.setdefault(key, []).append(f"the folder {path[len(base) + 1 :]}")
    return found
