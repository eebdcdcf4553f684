"""The site itself, its levels and groups, as a workspace file declares them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provisioner.core.address import address, split
from provisioner.core.resource import Existing
from provisioner.engine.declare import mounts
from provisioner.engine.importer_access import levels_in
from provisioner.engine.importer_said import Importing, Said, in_order, keep, said
from provisioner.kinds import all_kinds
from provisioner.kinds.group import Group
from provisioner.kinds.group_requests import levels_held
from provisioner.kinds.principal import DEFAULT_GROUPS, address_of
from provisioner.kinds.role import LEVELS, Role
from provisioner.kinds.role_permissions import BASES, names_of
from provisioner.kinds.site_settings import GROUP_LOGO
from provisioner.kinds.site_spec import USUAL, Site

_BY_HAND = frozenset({"site", "column", "contentType", "group", "role", "list", "navigation", "topNavigation",
                      "page"})  # fmt: skip
"""Kinds of the site that are written by functions of their own."""


def site(work: Importing) -> Said:
    """The site, as one that is there already."""
    one = work.existing["site"]
    usual = {**USUAL, "formats": one.properties.get("locale")}
    wanted = said(Site, one.properties, usual)
    if wanted.get("logo") == GROUP_LOGO:
        del wanted["logo"]
    plain: Said = {"url": wanted.pop("url"), "title": wanted.pop("title"), "create": "never"}
    for word, value in wanted.items():
        more = {**plain, word: value}
        if keep(work, one, f"{word} of the site", Site, "site", more) is not None:
            plain = more
    return plain


def groups(work: Importing, lists: Iterable[Said]) -> list[Said]:
    """The groups of the site, without those that every site has and nothing here names."""
    named = {
        str(grant["to"]).removeprefix("group:")
        for one in lists
        for grant in one.get("permissions", {}).get("grants", ())
    }
    named |= {
        str(one.properties["fromGroup"]).removeprefix("group:")
        for one in work.existing.values()
        if one.kind == "column" and one.properties.get("fromGroup")
    }
    found = work.of("group")
    made, own = [], []
    for one in in_order(found, _name):
        if _name(one) not in named and (
            _came_with_the_site(one, found) or _is_associated(work, one)
        ):
            own.append(_name(one))
            continue
        plain = said(Group, one.properties)
        if not str(plain.get("owner", "user:")).startswith("user:"):
            plain.pop("owner")  # SharePoint names whoever made the group, often an app
        if len(levels_held(one)) > 1:
            plain.pop("role")  # the permissions of the site say it, level by level
        if keep(work, one, f"group {_name(one)}", Group, "groups[]", plain):
            made.append(plain)
    return made


def _is_associated(work: Importing, one: Existing) -> bool:
    """Whether the site says itself that these are its owners, members or visitors, and nobody is in it.

    One owner may be, and the members of the Microsoft 365 group that a site is connected to.
    """
    known = {word: work.existing.get(address_of(word)) for word in DEFAULT_GROUPS}
    words = [word for word, each in known.items() if each and each.ids["id"] == one.ids["id"]]
    members = one.properties.get("members") or ()
    people = [who for who in members if not str(who).startswith(("m365:", "login:"))]
    return bool(words) and len(people) <= int("site:owners" in words)


def _came_with_the_site(one: Existing, found: list[Existing]) -> bool:
    """Owners, Members and Visitors as SharePoint makes them: all owned by the Owners group.

    (learn.microsoft.com, "Default SharePoint groups"). With people in it, beyond one owner, a group
    is worth a line in the file.
    """
    owner = str(one.properties.get("owner") or "").removeprefix("login:")
    above = next((each for each in found if _name(each) == owner), None)
    if above is None or above.properties.get("role") != LEVELS[5]:
        return False
    most = 1 if above is one else 0
    return len(one.properties.get("members") or ()) <= most


def roles(work: Importing, used: Iterable[str]) -> list[Said]:
    """The levels of the site's own that the file uses."""
    made = []
    for name in sorted(set(used) - set(LEVELS.values()), key=str.casefold):
        one = work.existing.get(address("role", name))
        if one is None:
            continue
        plain = _level(name, one)
        if keep(work, one, f"level {name}", Role, "roles[]", plain):
            made.append(plain)
    return made


def _level(name: str, one: Existing) -> Said:
    """The level by the base that takes the fewest words."""
    allowed = set(one.properties["permissions"])
    trials: list[Said] = [{"add": sorted(allowed)}]
    for base, mask in BASES.items():
        has = set(names_of(mask))
        trial: Said = {"base": base}
        trial |= {"add": sorted(allowed - has)} if allowed - has else {}
        trial |= {"remove": sorted(has - allowed)} if has - allowed else {}
        trials.append(trial)
    best = min(trials, key=lambda trial: sum(len(v) for k, v in trial.items() if k != "base"))
    plain: Said = {"name": name}
    if one.properties.get("description"):
        plain["description"] = one.properties["description"]
    return {**plain, **best}


def levels_named(groups_said: Iterable[Said], others: object) -> list[str]:
    """Every level that groups name, and grants anywhere in the rest of the file."""
    return [*(str(one["role"]) for one in groups_said if "role" in one), *levels_in(others)]


def others(work: Importing) -> Said:
    """Parts of the site of any other kind, whose properties are called what the file calls them."""
    made: Said = {}
    places = mounts()
    for kind in all_kinds():
        if kind.name in _BY_HAND:
            continue
        for mount in kind.mounts:
            if "." in mount:
                continue
            plain = [said_one for one in work.of(kind.name) if not one.builtin
                     for said_one in _other(work, one, places[mount].model, mount)]  # fmt: skip
            if plain:
                made[mount.removesuffix("[]")] = plain if mount.endswith("[]") else plain[0]
    return made


def _other(work: Importing, one: Existing, model: Any, mount: str) -> list[Said]:
    plain = said(model, {"name": _name(one), **one.properties})
    return [plain] if keep(work, one, one.address, model, mount, plain) else []


def _name(one: Existing) -> str:
    return split(one.address)[1]
