"""Reading who may do what: of the site, of lists, of folders and rows, and of all that lies inside.

Paths as pnp/cli-microsoft365 sends them (spo list roleassignment list, spo folder get). Of rows
SharePoint tells in `HasUniqueRoleAssignments` whether they have permissions of their own; it takes
the service long to work out, so everything inside is looked at only where `Access.inside` asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.core.address import SITE, address, parent_of, root_of, split
from provisioner.core.resource import Existing, Found
from provisioner.core.transport import Answers, Reading
from provisioner.kinds.base import Known, Scope
from provisioner.kinds.grants import STANDARD, Who, canonical, opened_by_links, who_in
from provisioner.kinds.group import SITE_GRANTS
from provisioner.kinds.permission_requests import folder_path
from provisioner.kinds.requests import PERMISSION_COST, read_rest, rest_list_by_id, rows

MOST_READ = 200
"""Rows of a list whose grants are read; of further ones only that they have some is told."""
_GRANTS = "roleassignments?$expand=Member,RoleDefinitionBindings"
_PAGE = 5000
_KEYS = (("permissions", "permissions"),)


def list_grants(list_id: str) -> Reading:
    """Who may do what in one list."""
    return read_rest(f"{rest_list_by_id(list_id)}/{_GRANTS}", cost=PERMISSION_COST)


def rows_inside(list_id: str) -> Reading:
    """Every row, file and folder of a list, and whether it has permissions of its own."""
    wanted = "Id,FileRef,FileSystemObjectType,HasUniqueRoleAssignments"
    return read_rest(f"{rest_list_by_id(list_id)}/items?$select={wanted}&$top={_PAGE}")


def row_grants(list_id: str, number: str) -> Reading:
    """Who may do what in one row, file or folder; it may be gone since it was listed."""
    path = f"{rest_list_by_id(list_id)}/items({number})/{_GRANTS}"
    return read_rest(path, cost=PERMISSION_COST, absent_ok=True)


def folder_row(path: str) -> Reading:
    """The row of a folder, and whether it has permissions of its own."""
    asked = f"{folder_path(path)}?$select=Id,HasUniqueRoleAssignments"
    return read_rest(asked, cost=1, pages=False, absent_ok=True)


def folder_grants(path: str) -> Reading:
    """Who may do what in a folder, by its server-relative path."""
    return read_rest(f"{folder_path(path)}/{_GRANTS}", cost=PERMISSION_COST, absent_ok=True)


def detail(scope: Scope, known: Known) -> Sequence[Reading]:
    """The grants of each declared list and folder that may have its own, and what lies inside."""
    made = [list_grants(one.ids["id"]) for one in known.values() if _has_own(one)]
    for _, path in _guarded_folders(scope, known):
        made += [folder_row(path), folder_grants(path)]
    return made + [rows_inside(one.ids["id"]) for one in _looked_into(scope, known)]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """What holds in the site, in each declared list, and in each folder that says who may."""
    who = who_in(known)
    made = [_of_site(scope, answers, who)] if SITE in known else []
    for one in known.values():
        if one.kind != "list" or not one.declared:
            continue
        answer = answers.get(list_grants(one.ids["id"])) if _has_own(one) else None
        grants = canonical(rows(answer.body), who) if answer is not None else {}
        made.append(_found(one.address, one.ids["id"], grants, own=_has_own(one)))
    for own, path in _guarded_folders(scope, known):
        row, answer = answers.get(folder_row(path)), answers.get(folder_grants(path))
        if row is None or row.status != 200 or not isinstance(row.body, dict):
            continue
        unique = bool(row.body.get("HasUniqueRoleAssignments"))
        grants = canonical(rows(answer.body), who) if unique and answer is not None else {}
        made.append(_found(own, str(row.body.get("Id")), grants, own=unique))
    return made


def last(scope: Scope, known: Known, answers: Answers) -> Sequence[Reading]:
    """The grants of each row, file and folder that has its own, as far as they are asked for."""
    return [
        row_grants(one.list_id, one.number)
        for one in _inside(scope, known, answers)
        if one.unique and one.read
    ]


def last_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """What holds in each of them; `linked` where a sharing link opens it."""
    who = who_in(known)
    made = []
    for one in _inside(scope, known, answers):
        answer = answers.get(row_grants(one.list_id, one.number)) if one.unique else None
        if one.unique and one.read and (answer is None or answer.status != 200):
            continue  # gone since it was listed
        assignments = rows(answer.body) if answer is not None else []
        grants = canonical(assignments, who)
        linked = opened_by_links(assignments)
        made.append(_found(one.address, one.number, grants, own=one.unique, linked=linked))
    return made


def _has_own(one: Existing) -> bool:
    return bool(one.kind == "list" and one.declared and one.ids.get("inherits") == "false")


def _found(
    above: str,
    number: str,
    grants: Mapping[str, Sequence[str]],
    *,
    own: bool,
    linked: bool = False,
) -> Found:
    ids = {"id": number, **({"linked": "true"} if linked else {})}
    properties = {"inherit": not own, "grants": dict(grants)}
    return Found("permissions", above, "", _KEYS, ids, properties, builtin=not own)


def _of_site(scope: Scope, answers: Answers, who: Who) -> Found:
    """The site's grants, without those of groups whose `role` is said with the group.

    A default group that is missing, or says its own `role`, is as it should be.
    """
    answer = answers.get(SITE_GRANTS)
    held = canonical(rows(answer.body), who) if answer is not None else {}
    grants = {
        word: levels
        for word, levels in held.items()
        if word.removeprefix("group:") not in scope.access.roled
    }
    numbers = {name: number for number, name in who.defaults.items()}
    for word, level in STANDARD.items():
        number = numbers.get(word)
        spoken_for = number is None or who.groups.get(number) in scope.access.roled
        if spoken_for and scope.access.default_groups:
            grants[word] = [level]
        elif spoken_for:
            grants.pop(word, None)
    return Found("permissions", SITE, "", _KEYS, {"id": "site"}, {"grants": grants})


def _guarded_folders(scope: Scope, known: Known) -> Iterator[tuple[str, str]]:
    """Address and server-relative path of each folder that says who may do what."""
    for above, inner in scope.access.guarded.items():
        url = known[above].ids.get("url", "") if above in known else ""
        for own in inner:
            kind, name = split(own)
            if kind == "folder" and url:
                yield own, f"{url}/{name}"


def _looked_into(scope: Scope, known: Known) -> list[Existing]:
    """The lists whose rows are asked for: all of the file, or those that guard a row."""
    guarding = {root_of(one) for inner in scope.access.guarded.values() for one in inner
                if split(one)[0] == "item"}  # fmt: skip
    return [
        one
        for one in known.values()
        if one.kind == "list" and one.declared and (scope.access.inside or one.address in guarding)
    ]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, file or folder. `read`: whether its grants are worth a request."""

    address: str
    list_id: str
    number: str
    unique: bool
    read: bool


def _inside(scope: Scope, known: Known, answers: Answers) -> Iterator[_Row]:
    """Rows that guard themselves, and with `inside` all that are closed or have permissions of their own."""
    guarded = {one for inner in scope.access.guarded.values() for one in inner}
    keys = {
        (parent_of(one.address), one.ids["id"]): one.address
        for one in known.values()
        if one.kind == "item"
    }
    for above in _looked_into(scope, known):
        answer = answers.get(rows_inside(above.ids["id"]))
        read = 0
        for row in rows(answer.body) if answer is not None else ():
            number, unique = str(row.get("Id")), bool(row.get("HasUniqueRoleAssignments"))
            own = keys.get((above.address, number)) or _place(row, above)
            said = own in guarded
            if split(own)[0] == "folder" and said:
                continue  # read by its path
            said = said or (scope.access.inside and (above.address, number) in scope.access.closed)
            if said or (unique and scope.access.inside):
                read += unique
                yield _Row(own, above.ids["id"], number, unique, said or read <= MOST_READ)


def _place(row: Mapping[str, Any], above: Existing) -> str:
    """The address of a folder or file, by its path in the library, or of a row, by its number."""
    path = str(row.get("FileRef") or "")
    inner = path[len(above.ids.get("url", "")) + 1 :]
    if row.get("FileSystemObjectType") == 1:
        return address("folder", inner, above.address)
    if above.properties.get("template") == "documentLibrary":
        return address("file", inner, above.address)
    return address("row", str(row.get("Id")), above.address)
