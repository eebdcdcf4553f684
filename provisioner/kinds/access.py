"""Access that no part of the file asks for: sharing links, and people from outside.

SharePoint makes a group for each sharing link, `SharingLinks.<id of the file>.<sort>.<id>`, where
the sort is `AnonymousView`, `OrganizationEdit`, `Flexible` and the like. The file behind it is
looked up, so that a link can be told of by the library it opens (learn.microsoft.com,
"Shareable links: Anyone, Specific people, and People in your organization").

A guest is somebody of another organisation: Entra writes `#EXT#` into the user principal name
(learn.microsoft.com, "Properties of a Microsoft Entra B2B collaboration user"), SharePoint
`urn:spo:guest` into the login name of somebody who signed in with a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote

from provisioner.core.address import SITE
from provisioner.core.resource import Change, Existing, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.group import GROUPS
from provisioner.kinds.principal import by_mail
from provisioner.kinds.requests import read_rest, rows

LINK = "sharingLink"
_NAME = re.compile(r"SharingLinks\.([0-9a-fA-F-]{36})\.([A-Za-z]+)\..+")
_WHERE = ("GetFileById", "GetFolderById")


def is_guest(word: str) -> bool:
    """Whether a principal, as the file would write it, is somebody of another organisation."""
    plain = unquote(word).lower()
    return "#ext#" in plain or "urn:spo:guest" in plain


def is_anonymous(sort: str) -> bool:
    """Whether a link opens for anybody who has it."""
    return sort.lower().startswith("anonymous")


def named_people(resources: Iterable[Resource]) -> frozenset[str]:
    """Everybody the file names in a grant, or as a member or owner of a group; guests by mail."""
    named: set[str] = set()
    for one in resources:
        if one.kind == "principal":
            named.add(str(one.properties.get("login") or ""))
        members = one.properties.get("members") if one.kind == "group" else None
        named.update(members or ())
    return frozenset(map(by_mail, named))


def library_of(link: Existing, known: Mapping[str, Existing]) -> str | None:
    """The address of the declared list whose file or folder the link opens; None for none."""
    path = str(link.properties.get("opens") or "").lower()
    for one in known.values():
        url = one.ids.get("url", "").lower() if one.kind == "list" and one.declared else ""
        if url and (path == url or path.startswith(f"{url}/")):
            return one.address
    return None


def desired(_declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """Nothing: people share, the file does not."""
    return ()


def inventory(_scope: Scope) -> Sequence[Reading]:
    """The groups, which are read once for all."""
    return (GROUPS,)


def found(_scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """Each sharing link, by its group."""
    return [_found(title, number, "") for title, number in _links(answers)]


def detail(_scope: Scope, known: Known) -> Sequence[Reading]:
    """The file or folder behind each link."""
    return [reading for one in known.values() if one.kind == LINK for reading in _readings(one.ids)]


def detail_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Each link again, with what it opens; a link to what is gone opens nothing."""
    made = []
    for one in known.values():
        if one.kind != LINK:
            continue
        told = [answers[each].body for each in _readings(one.ids) if each in answers]
        paths = [
            str(each.get("ServerRelativeUrl") or "") for each in told if isinstance(each, dict)
        ]
        made.append(_found(one.ids["title"], one.ids["id"], next(filter(None, paths), "")))
    return made


def _links(answers: Answers) -> list[tuple[str, str]]:
    answer = answers.get(GROUPS)
    groups = rows(answer.body) if answer is not None else []
    return [(str(row["Title"]), str(row["Id"])) for row in groups if _NAME.match(str(row["Title"]))]


def _found(title: str, number: str, opens: str) -> Found:
    match = _NAME.match(title)
    assert match is not None
    ids = {"id": number, "title": title, "item": match[1].lower()}
    properties = {"sort": match[2], "opens": opens}
    return Found(LINK, SITE, title, (("title", title),), ids, properties, builtin=True)


def _readings(ids: Mapping[str, str]) -> list[Reading]:
    return [
        read_rest(
            f"/_api/web/{call}('{ids['item']}')?$select=ServerRelativeUrl",
            cost=1,
            pages=False,
            absent_ok=True,
        )
        for call in _WHERE
    ]


def operations(_change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """None: a link is taken away by whoever answers for the file."""
    return ()


KINDS = (
    Kind(
        name=LINK,
        title="Sharing link",
        rank=22,
        mounts={},
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        detail=detail,
        detail_found=detail_found,
        deletable=False,
    ),
)
