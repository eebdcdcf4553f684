"""One resource beside what is there: which properties differ, and whose the difference is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from provisioner.core.canonical import canonical_json
from provisioner.core.resource import Change, Existing, FieldChange, Resource
from provisioner.engine.learning import CANNOT, without
from provisioner.engine.plan import Blocked, Note
from provisioner.kinds.base import Capabilities, Kind
from provisioner.ledger.state import Entry, LedgerState
from provisioner.spec.deviations import Deviation


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator allows: prune what we made, and named risky addresses."""

    prune: bool = False
    allow: frozenset[str] = frozenset()
    capabilities: Capabilities = frozenset()
    deviations: tuple[Deviation, ...] = ()


@dataclass(slots=True)
class Findings:
    """What the comparison gathers on its way."""

    changes: list[Change] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    accepted: list[Note] = field(default_factory=list)
    noop: int = 0

    def take(self, one: Change | Blocked) -> None:
        """Keep a change, or what stands in its way."""
        if isinstance(one, Blocked):
            self.blocked.append(one)
        else:
            self.changes.append(one)


def differences(
    resource: Resource,
    existing: Existing,
    entry: Entry | None,
    kind: Kind,
    options: Options,
    found: Findings,
) -> Iterable[FieldChange]:
    """The properties to change; what is accepted, people's own or out of reach is noted instead."""
    there = kind.seen(resource, existing)
    for path, wanted in resource.properties.items():
        actual = there.get(path)
        if same(wanted, actual):
            continue
        deviation = _deviation(options.deviations, resource.address, path, actual)
        if deviation is not None:
            found.accepted.append(
                Note(
                    resource.address,
                    path,
                    wanted,
                    actual,
                    "ACCEPTED",
                    deviation.reason,
                    deviation.approver,
                    str(deviation.expires),
                )
            )
            continue
        if without(kind.rests_on.get(path, "")) in options.capabilities:
            found.notes.append(Note(resource.address, path, wanted, actual, CANNOT))
            continue
        if path in kind.by_hand:
            found.notes.append(Note(resource.address, path, wanted, actual, "SET-BY-HAND"))
            continue
        if path in kind.people_own or "*" in kind.people_own:
            verdict = _merge(wanted, actual, entry, path)
            if verdict == "note" and entry is None and actual == "" and path in kind.people_own:
                # Nobody has said anything here, and an apply that was cut off leaves it so.
                verdict = "update"
            if verdict == "note" or (
                verdict == "conflict" and resource.address not in options.allow
            ):
                code = "PEOPLE-EDITED" if verdict == "note" else "CONFLICT"
                found.notes.append(Note(resource.address, path, wanted, actual, code))
                continue
        yield FieldChange(path, actual, wanted)


def _merge(wanted: object, actual: object, entry: Entry | None, path: str) -> str:
    """Three ways: only the file moved, only people moved, or both."""
    if entry is None or path not in entry.properties:
        return "update" if actual == "" else "note"  # nobody has written anything there
    last = entry.properties[path]
    if same(actual, last):
        return "update"
    return "note" if same(wanted, last) else "conflict"


def _deviation(
    deviations: Sequence[Deviation], address: str, path: str, actual: object
) -> Deviation | None:
    for one in deviations:
        if one.address == address and one.path in {path, ""} and same(one.value, actual):
            return one
    return None


def reason_of(fields: Sequence[FieldChange], entry: Entry | None) -> str:
    """Why an update is needed: who moved, where the ledger tells."""
    names = ", ".join(f.path for f in fields)
    if entry is None:
        return f"{names} on the site is not what the file says"
    moved = [f for f in fields if not same(f.before, entry.properties.get(f.path))]
    if moved:
        return f"{', '.join(f.path for f in moved)} was changed on the site since the last apply"
    return f"{names} was changed in the file since the last apply"


def changed_outside(change: Change, ledger: LedgerState, path: str) -> bool:
    """Whether the site moved away from what we last applied (and not the file)."""
    entry = ledger.objects.get(change.address)
    if entry is None or path not in entry.properties:
        return True
    before = next((f.before for f in change.fields if f.path == path), None)
    return not same(before, entry.properties[path])


def same(one: object, other: object) -> bool:
    """Whether two values say the same; nothing is said in several ways."""
    if one in (None, "", [], {}, ()) and other in (None, "", [], {}, ()):
        return True
    return canonical_json(one) == canonical_json(other)


def said(value: object) -> str:
    """A value in a sentence."""
    return "nothing" if value in (None, "", [], {}) else f"“{value}”"
