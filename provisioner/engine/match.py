"""Give what was found on a site its address: by recorded id, then URL, then title.

Two different matches for one address are refused, because guessing there is how a second list, or
somebody else's list, gets written to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from provisioner.core.address import address, split
from provisioner.core.errors import Refused
from provisioner.core.resource import Existing, Found, Resource

SHARED = frozenset({"link", "heading"})
"""Sorts of keys that several things may have: any number of entries of a navigation lead to one
place. Among those, what is recorded is ours, and the others are people's."""


def match(
    found: Iterable[Found],
    resources: Mapping[str, Resource],
    recorded: Mapping[str, str],
) -> list[Existing]:
    """Addresses for what was found.

    `recorded` maps address to the id in the ledger. What nothing declares gets the address it was
    recorded under, else one of its own name, with `declared` False.

    Raises:
        Refused: AMBIGUOUS, when the recorded id and the natural keys name different things, unless
            keys of that sort are shared.
    """
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        parent = "" if one.parent == "site" else one.parent
        groups.setdefault((one.kind, parent), []).append(one)
    kinds = {kind for kind, _ in groups}  # one or two of many: each answer is matched by itself
    by_kind: dict[tuple[str, str], list[Resource]] = {}
    for resource in resources.values():
        if resource.kind in kinds:
            parent = resource.address.rpartition("/")[0]
            by_kind.setdefault((resource.kind, parent), []).append(resource)
    dropped: dict[tuple[str, str], dict[str, str]] = {}
    for known, number in recorded.items() if kinds else ():
        if known not in resources:
            place = split(known)[0], known.rpartition("/")[0]
            dropped.setdefault(place, {})[number] = known
    matched: list[Existing] = []
    for (kind, parent), members in groups.items():
        wanted, before = by_kind.get((kind, parent), []), dropped.get((kind, parent), {})
        matched.extend(_group(kind, parent, members, wanted, recorded, before))
    return matched


def _group(
    kind: str,
    parent: str,
    members: Sequence[Found],
    wanted: Sequence[Resource],
    recorded: Mapping[str, str],
    dropped: Mapping[str, str],
) -> Iterable[Existing]:
    taken: dict[int, str] = {}
    by_id = {one.ids["id"]: number for number, one in enumerate(members)}
    by_key: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(members):
        for key in one.keys:
            by_key.setdefault(_folded(key), []).append(number)
    for resource in wanted:
        recorded_id = recorded.get(resource.address)
        own = by_id.get(recorded_id) if recorded_id is not None else None
        named_so: list[int] = next(
            (by_key[_folded(key)] for key in resource.keys if _folded(key) in by_key), []
        )
        natural = own if own in named_so else _likeliest(named_so, members, resource.address)
        if own is not None and natural is not None and _is_no_riddle(natural, own, members):
            natural = own
        if own is not None and natural is not None and own != natural:
            raise Refused(
                "AMBIGUOUS",
                f"{resource.address} is recorded as “{members[own].name}” "
                f"but its URL or title belongs to “{members[natural].name}”.",
                hint="Rename one of the two in SharePoint, then plan again.",
                address=resource.address,
                where=resource.where,
            )
        chosen = own if own is not None else natural
        if chosen is not None:
            taken.setdefault(chosen, resource.address)
    ours = frozenset(taken.values())
    for number, one in enumerate(members):
        named = taken.get(number)
        yield Existing(
            kind,
            named or dropped.get(one.ids["id"]) or _of_its_own(kind, parent, one, ours),
            one.properties,
            one.ids,
            declared=named is not None,
            builtin=one.builtin,
        )


def _is_no_riddle(natural: int, own: int, members: Sequence[Found]) -> bool:
    """Whether the other one may well be like ours, or came with the site, where ours did not."""
    if all(sort in SHARED for sort, _ in members[natural].keys):
        return True
    return members[natural].builtin and not members[own].builtin


def _of_its_own(kind: str, parent: str, one: Found, ours: frozenset[str]) -> str:
    """The address of what nobody declared; its id is added where one of ours is called the same."""
    plain = address(kind, one.name, parent)
    return plain if plain not in ours else address(kind, f"{one.name} ({one.ids['id']})", parent)


def _likeliest(numbers: Sequence[int], members: Sequence[Found], wanted: str) -> int | None:
    """Of several that share a key, the one of the same name, and SharePoint's own last.

    SharePoint adds a link of its own, for one, to a list that the file links to as well.
    """
    name = split(wanted)[1]
    return min(numbers, key=lambda n: (members[n].name != name, members[n].builtin), default=None)


def _folded(key: tuple[str, str]) -> tuple[str, str]:
    return key[0], key[1].casefold()
