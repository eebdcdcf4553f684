"""Who is let into the whole site: its administrators, and each level that somebody has in it.

Neither is declared here. They are read so that a drift check can tell of those who were not there
at the first apply: a new site collection administrator, who may do everything everywhere whatever
the grants say, and a new grant on the site where the file leaves `site.permissions` out.

SharePoint says `IsSiteAdmin` of each user of the site (learn.microsoft.com, "Users, groups, and roles
REST API reference").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.core.address import SITE
from provisioner.core.resource import Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.grants import canonical, number_of, who_in
from provisioner.kinds.group import SITE_GRANTS
from provisioner.kinds.principal import SITE_USERS, word_of
from provisioner.kinds.requests import rows

ADMINISTRATOR = "administrator"
SITE_GRANT = "siteGrant"


def desired(_declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """Nothing: the file names no administrators, and grants are declared elsewhere."""
    return ()


def users(_scope: Scope) -> Sequence[Reading]:
    """The users of the site, which are read once for all."""
    return (SITE_USERS,)


def administrators(_scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """Each administrator of the site collection, by login name."""
    answer = answers.get(SITE_USERS)
    found = rows(answer.body) if answer is not None else []
    return [_administrator(row) for row in found if row.get("IsSiteAdmin")]


def _administrator(row: Mapping[str, Any]) -> Found:
    word = word_of(str(row["LoginName"]))
    return Found(
        ADMINISTRATOR, SITE, word, (("login", word),), {"id": str(row["Id"])}, {"who": word}
    )


def site_grants(_scope: Scope) -> Sequence[Reading]:
    """Who may do what in the whole site, which is read once for all."""
    return (SITE_GRANTS,)


def levels_held(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Each level that somebody has in the whole site, but for groups whose `role` the file says."""
    answer, who = answers.get(SITE_GRANTS), who_in(known)
    made = []
    for one in rows(answer.body) if answer is not None else ():
        number = number_of(one)
        if who.groups.get(number) in scope.access.roled:
            continue
        for word, levels in canonical([one], who).items():
            made += [_held(number, word, level) for level in levels]
    return made


def _held(number: str, word: str, level: str) -> Found:
    name = f"{number} {level}"
    return Found(
        SITE_GRANT, SITE, name, (("grant", name),), {"id": name}, {"who": word, "level": level}
    )


def operations(_change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """None: whoever answers for the site takes them away."""
    return ()


KINDS = (
    Kind(
        name=ADMINISTRATOR,
        title="Site collection administrator",
        rank=23,
        mounts={},
        desired=desired,
        operations=operations,
        inventory=users,
        found=administrators,
        deletable=False,
    ),
    Kind(
        name=SITE_GRANT,
        title="Level in the whole site",
        rank=24,
        mounts={},
        desired=desired,
        operations=operations,
        inventory=site_grants,
        found=levels_held,
        deletable=False,
    ),
)
