"""People and directory groups, as the site knows them.

They are not declared by themselves: naming one in `grants`, or as the `owner` of a group, is
enough. Write `user:ann@contoso.com` for a person, `entra:<object id>` for an Entra security group,
`m365:<object id>` for the members of a Microsoft 365 group, and `login:<claim>` for anything else
that SharePoint gives a login name. SharePoint keeps a number for each in every site; it is made by
`EnsureUser` the first time.

A guest is written by mail address, `user:auditor@firm.example`, or by the user principal name on
their page of the Entra admin centre: `user:auditor_firm.example#EXT#@contoso.onmicrosoft.com`. Keep
to one of the two in a file.

`site:owners`, `site:members` and `site:visitors` are the groups that come with the site. A grant may
name them so, whatever they are called: the site says itself which they are.

`principal:caller` is the app, or the person, that this program signs in as. It is looked up because
SharePoint gives a list whose inheritance is broken to whoever broke it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from provisioner.core.address import SITE, address, split
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Existing, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.requests import read_rest, rest, rows

CALLER = "principal:caller"
_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_WORD = re.compile(rf"user:[^@\s:|]+@[^@\s:|]+|(?:entra|m365):{_GUID}|login:\S.*")
_PREFIXES = (
    ("user:", "i:0#.f|membership|"),
    ("entra:", "c:0t.c|tenant|"),
    ("m365:", "c:0o.c|federateddirectoryclaimprovider|"),
)
"""Claims of SharePoint login names (github.com/pnp/cli-microsoft365, src/utils/spo.ts)."""
SITE_USERS = read_rest("/_api/web/siteusers?$select=Id,LoginName,Title,PrincipalType,IsSiteAdmin")
DEFAULT_GROUPS = MappingProxyType(
    {
        "site:owners": "AssociatedOwnerGroup",
        "site:members": "AssociatedMemberGroup",
        "site:visitors": "AssociatedVisitorGroup",
    }
)
"""Our words for the groups that come with a site, and SharePoint's (pnp/cli-microsoft365, spo web
get with its groups)."""
ASSOCIATED = read_rest(
    f"/_api/web?$select={','.join(f'{word}/Id' for word in DEFAULT_GROUPS.values())}"
    f"&$expand={','.join(DEFAULT_GROUPS.values())}",
    cost=1,
    pages=False,
)
CURRENT_USER = read_rest("/_api/web/currentuser?$select=Id,LoginName", cost=1, pages=False)


def checked(word: str) -> str:
    """The principal in the one way it is written, in lower case where case means nothing.

    Raises `ValueError` with a sentence for what is none.
    """
    if not _WORD.fullmatch(word):
        raise ValueError(
            f"{word} names nobody. Write user:ann@contoso.com, entra:<object id of a security "
            "group>, m365:<object id of a Microsoft 365 group> or login:<claim>."
        )
    return word_of(word.removeprefix("login:")) if word.startswith("login:") else word.lower()


def login_of(word: str) -> str:
    """The login name SharePoint knows a principal by."""
    for short, claim in _PREFIXES:
        if word.startswith(short):
            return claim + word.removeprefix(short)
    return word.removeprefix("login:")


def word_of(login: str) -> str:
    """The file's word for a login name, in lower case where case means nothing."""
    for short, claim in _PREFIXES:
        name = login[len(claim) :]
        if login.lower().startswith(claim) and _WORD.fullmatch(short + name):
            return (short + name).lower()
    return f"login:{login}"


def by_mail(word: str) -> str:
    """A guest by mail address, whichever way the word names them; everybody else as they are.

    Entra makes a guest's user principal name of the address, with `_` for `@`, and `#EXT#`
    (learn.microsoft.com, "Properties of a Microsoft Entra B2B collaboration user").
    """
    name, external, _ = word.partition("#ext#")
    who, joined, host = name.rpartition("_")
    return f"{who}@{host}" if external and joined and word.startswith("user:") else word


def spelled_as(words: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """The words sorted, a guest the way `wanted` names them."""
    theirs = {by_mail(word): word for word in wanted}
    return sorted(theirs.get(by_mail(word), word) for word in words)


def people_in(known: Known) -> Mapping[str, str]:
    """The file's word for everybody it names, by the word of their login name."""
    return {
        str(one.properties["login"]): split(one.address)[1]
        for one in known.values()
        if one.kind == "principal" and one.declared and "login" in one.properties
    }


def address_of(word: str) -> str:
    """The address of a principal."""
    return address("principal", word)


def principal(word: str, where: Where | None) -> Resource:
    """The principal as something the site must know."""
    login = login_of(word)
    return Resource(
        "principal",
        address_of(word),
        {"login": word},
        (("login", word),),
        extra={"login": login},
        where=where,
    )


def caller(where: Where | None) -> Resource:
    """Who we sign in as, as something to look up."""
    return Resource("principal", CALLER, {}, (("caller", "caller"),), where=where)


def desired(_declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """Nothing: principals come from the grants and groups that name them."""
    return ()


def inventory(_scope: Scope) -> Sequence[Reading]:
    """Everybody the site has met, ourselves, and the groups that came with the site."""
    return (SITE_USERS, CURRENT_USER, ASSOCIATED)


def found(_scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """A principal for each site user; none of them is an extra."""
    users = answers.get(SITE_USERS)
    made = [_found(row) for row in rows(users.body)] if users is not None else []
    own = answers.get(CURRENT_USER)
    if own is not None and isinstance(own.body, dict) and "Id" in own.body:
        made.append(
            Found(
                "principal",
                SITE,
                "caller",
                (("caller", "caller"),),
                {"id": str(own.body["Id"])},
                {},
                builtin=True,
            )
        )
    associated = answers.get(ASSOCIATED)
    body = associated.body if associated is not None else None
    for word, theirs in DEFAULT_GROUPS.items():
        group = body.get(theirs) if isinstance(body, dict) else None
        if isinstance(group, dict) and "Id" in group:
            made.append(_found({"Id": group["Id"], "LoginName": word}))
    return made


def _found(row: Mapping[str, Any]) -> Found:
    name = str(row["LoginName"])
    word = name if name in DEFAULT_GROUPS else word_of(name)
    return Found(
        "principal",
        SITE,
        word,
        tuple(("login", one) for one in dict.fromkeys((word, by_mail(word)))),
        {"id": str(row["Id"])},
        {"login": word},
        builtin=True,
    )


def seen(wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """What was read, with a guest named the way the file does."""
    there, said = existing.properties, wanted.properties
    if "login" not in there or "login" not in said:
        return there
    return {**there, "login": spelled_as([there["login"]], [said["login"]])[0]}


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Make the site know somebody; look ourselves up."""
    if change.action is not Action.CREATE or change.desired is None:
        return ()
    own = change.address
    if own == CALLER:
        return (
            rest(
                "GET",
                "/_api/web/currentuser?$select=Id",
                own,
                cost=1,
                produces={"id": "/Id"},
                what="Look up who we are",
            ),
        )
    login = change.desired.extra["login"]
    if login in DEFAULT_GROUPS:
        path = f"/_api/web/{DEFAULT_GROUPS[login]}?$select=Id"
        what = f"Look up {login}"
        return (rest("GET", path, own, cost=1, produces={"id": "/Id"}, what=what),)
    return (
        rest(
            "POST",
            "/_api/web/EnsureUser",
            own,
            {"logonName": login},
            produces={"id": "/Id"},
            what=f"Make {own} known to the site",
        ),
    )


KINDS = (
    Kind(
        name="principal",
        title="Person or directory group",
        rank=10,
        mounts={},
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        seen=seen,
        deletable=False,
    ),
)
