"""Who may do what, as a workspace file declares it: in the site, in lists, folders and rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from provisioner.core.address import SITE, address, parent_of, split
from provisioner.core.resource import Existing
from provisioner.engine.importer_said import Importing, Said, declared, keep, validated
from provisioner.kinds.base import Declared
from provisioner.kinds.folder import Folder
from provisioner.kinds.grants import STANDARD, Permissions, SitePermissions
from provisioner.kinds.principal import DEFAULT_GROUPS, address_of


def list_permissions(work: Importing, own: str, head: Declared) -> Said | None:
    """The permissions of a list that does not inherit."""
    one = work.existing.get(address("permissions", "", own))
    if one is None or one.properties["inherit"]:
        return None
    plain = _said(one)
    mount = f"{head.mount}.permissions"
    return plain if keep(work, one, one.address, Permissions, mount, plain, head) else None


def folder_permissions(work: Importing, own: str, head: Declared) -> dict[str, Said]:
    """The permissions of each folder that does not inherit, by its path."""
    made: dict[str, Said] = {}
    for one in _inside(work.existing, own, "folder"):
        path = split(parent_of(one.address))[1]
        plain = _said(one)
        folder, why = declared(Folder, f"{head.mount}.folders[]", path, head)
        if one.ids.get("linked"):
            why = "it is shared by a link, which a workspace file does not say"
        if folder is None or why:
            work.drop(f"permissions of {parent_of(one.address)}", why)
            continue
        mount = f"{folder.mount}.permissions"
        if keep(work, one, one.address, Permissions, mount, plain, folder) is not None:
            made[path] = plain
    return made


def row_permissions(existing: Mapping[str, Existing], own: str) -> dict[str, Said]:
    """The permissions of each row that does not inherit, by its key; links left to people."""
    return {
        split(parent_of(one.address))[1]: _said(one)
        for one in _inside(existing, own, "item")
        if not one.ids.get("linked")
    }


def left_inside(work: Importing, own: str) -> None:
    """Says of documents that have permissions of their own: a workspace file holds no documents."""
    files = len(list(_inside(work.existing, own, "file")))
    if files:
        work.drop(
            f"permissions of {files} document{'s' * (files > 1)} in {own}",
            "only folders and rows can be given permissions in a workspace file",
        )


def site_permissions(work: Importing, groups: Iterable[Said]) -> Said | None:
    """Who may do what in the site, beside the groups that say it; None where that is as usual."""
    one = work.existing.get(address("permissions", "", SITE))
    if one is None:
        return None
    said = {f"group:{group['name']}": "role" in group for group in groups}
    spoken_for = {word for word in DEFAULT_GROUPS if said.get(_name_of(work, word))}
    held: Mapping[str, Sequence[str]] = one.properties["grants"]
    usual = all(
        word in spoken_for or list(held.get(word, ())) == [level]
        for word, level in STANDARD.items()
    )
    grants: dict[str, Sequence[str]] = {}
    for word, levels in held.items():
        if word in DEFAULT_GROUPS:
            if not usual and word not in spoken_for:
                grants[word] = levels
        elif word not in said and word.startswith("group:"):
            work.drop(
                f"{' and '.join(levels)} of {word} in the site", "the group is not in the file"
            )
        elif not said.get(word):
            grants[word] = levels
    if usual and not grants:
        return None
    plain: Said = {} if usual else {"defaultGroups": False}
    plain |= {"grants": list(_grants(grants))} if grants else {}
    spec, why = validated(SitePermissions, plain)
    if spec is None:
        work.drop("permissions of the site", why)
        return None
    return plain


def levels_in(value: Any) -> Iterator[str]:
    """Every level that grants anywhere in a declaration name."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "grants" and isinstance(inner, list):
                yield from (str(grant["role"]) for grant in inner)
            else:
                yield from levels_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from levels_in(inner)


def _name_of(work: Importing, word: str) -> str:
    """The title of a default group, as a grant writes a group."""
    found = work.existing.get(address_of(word))
    number = found.ids["id"] if found is not None else ""
    names = (one.address for one in work.of("group") if one.ids["id"] == number)
    return f"group:{split(next(names, ''))[1]}"


def _said(one: Existing) -> Said:
    return {"inherit": False, "grants": list(_grants(one.properties["grants"]))}


def _grants(held: Mapping[str, Sequence[str]]) -> Iterator[Said]:
    for word, levels in sorted(held.items()):
        for level in levels:
            yield {"to": word, "role": level}


def _inside(existing: Mapping[str, Existing], own: str, kind: str) -> Iterator[Existing]:
    """Permissions of what lies inside a list, of one sort, in order of address."""
    for _, one in sorted(existing.items()):
        above = parent_of(one.address)
        mine = one.kind == "permissions" and not one.builtin
        if mine and split(above)[0] == kind and parent_of(above) == own:
            yield one
