"""What a plan may not do unless somebody named it: the gates between a mistake and a site.

Two sorts. A change that may lose what people put there (a replaced column, versions cut off, a
list removed with rows in it) must be named with `--allow ADDRESS`. And when a plan would change or
remove an unlikely share of what is there, the file is probably wrong, and the whole plan waits for
`--allow updates` or `--allow deletions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from provisioner.core.resource import Action, Change
from provisioner.engine.ledger_library import OWN_LISTS
from provisioner.engine.plan import Blocked, Plan

ALL_UPDATES = "updates"
ALL_DELETIONS = "deletions"
_ACCESS = frozenset({"permissions", "group", "role"})
"""Kinds whose high risk is about who gets in: putting them right is what an apply is for, and
taking access away loses no content."""


@dataclass(frozen=True, slots=True)
class Safety:
    """From when a plan is unlikely: both the count and the percentage must be passed.

    The percentage is of the declared parts that stand on the site.
    """

    updates: int = 20
    updates_percent: int = 60
    deletions: int = 10
    deletions_percent: int = 20


def guarded(
    plan: Plan, allow: frozenset[str], safety: Safety, half_made: frozenset[str] = frozenset()
) -> Plan:
    """The plan, with every gate that is shut among what blocks it.

    `half_made` are the addresses that a run of ours was making when it was cut off: what is still to
    be set there loses nobody anything.
    """
    return replace(plan, blocked=(*plan.blocked, *_shut(plan, allow, safety, half_made)))


def _shut(
    plan: Plan, allow: frozenset[str], safety: Safety, half_made: frozenset[str]
) -> Iterable[Blocked]:
    ended = half_made | OWN_LISTS
    changes = [c for c in plan.shown if c.action is not Action.UPDATE or c.address not in ended]
    updates = [c for c in changes if c.action in {Action.UPDATE, Action.REPLACE}]
    deletions = [c for c in changes if c.action is Action.DELETE]
    adopted = sum(c.action is Action.ADOPT for c in changes)
    there = plan.noop + adopted + len(updates) + len(deletions)
    yield from _share("updated", ALL_UPDATES, len(updates), there, allow, safety)
    yield from _share("removed", ALL_DELETIONS, len(deletions), there, allow, safety)
    for change in changes:
        if change.address not in allow and may_lose(change):
            yield _named(change)


def idle(plan: Plan, allow: frozenset[str]) -> list[str]:
    """What `--allow` names and nothing in the plan is about: misspelt, or not needed any more."""
    about = {change.address for change in plan.changes}
    about |= {blocked.address for blocked in plan.blocked} | {note.address for note in plan.notes}
    return sorted(allow - about - {ALL_UPDATES, ALL_DELETIONS})


def may_lose(change: Change) -> bool:
    """Whether a change may lose what people put on the site."""
    if change.kind in _ACCESS:
        return False
    if change.action is Action.REPLACE:
        return True
    if change.action is Action.DELETE:
        return holds_content(change)
    return change.action is Action.UPDATE and change.risk == "high" and _cuts_versions(change)


def _cuts_versions(change: Change) -> bool:
    """Whether fewer versions are to be kept of a list that has something in it.

    A change of its address is held by the planner (CHANGE-HELD).
    """
    empty = change.existing is not None and change.existing.ids.get("contents") == "0"
    return change.kind == "list" and not empty


def holds_content(change: Change) -> bool:
    """Whether what is to be removed has people's content in it, by the count the site gave."""
    count = change.existing.ids.get("contents", "0") if change.existing is not None else "0"
    return count not in {"", "0"}


def _share(
    done: str, word: str, count: int, there: int, allow: frozenset[str], safety: Safety
) -> Iterable[Blocked]:
    limit, percent = (
        (safety.updates, safety.updates_percent)
        if word == ALL_UPDATES
        else (safety.deletions, safety.deletions_percent)
    )
    if word in allow or count <= limit or count * 100 <= percent * there:
        return
    yield Blocked(
        "site",
        "UNLIKELY",
        f"{count} of the {there} parts that are there would be {done}, more than {limit} and more "
        f"than {percent} %. That is rarely meant.",
        f"Read the plan. If it is meant, give --allow {word}; `safety` in the file sets the limits.",
    )


def _named(change: Change) -> Blocked:
    what = {
        Action.REPLACE: "would be replaced",
        Action.DELETE: "would be removed with what people put in it",
        Action.UPDATE: "would change in a way that may lose what is there",
    }[change.action]
    names = ", ".join(field.path for field in change.fields)
    about = f" ({names})" if names and change.action is Action.UPDATE else ""
    return Blocked(
        change.address,
        "NEEDS-ALLOW",
        f"{change.address} {what}{about}.",
        f"If that is meant, give --allow {change.address}.",
        change.desired.where if change.desired is not None else None,
    )
