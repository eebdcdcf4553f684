"""Documents of closed audit periods, which `period close` made read-only: are they still so?

Their library says nothing of them, so no plan would change them back, and only a drift check looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from provisioner.core.address import address, parent_of
from provisioner.core.resource import Existing
from provisioner.engine.finding import Finding
from provisioner.kinds.role import LEVELS
from provisioner.ledger.state import LedgerState

Documents = frozenset[tuple[str, str]]
"""Address of the library, and number there."""
_READ = LEVELS[2]


def closed_documents(ledger: LedgerState, *, finished: bool = False) -> Documents:
    """The documents that were made read-only; `finished`: by a closing that came to its end."""
    return frozenset(
        (address("list", library), str(number))
        for one in ledger.closed.values()
        if one.get("on") or not finished
        for library, numbers in one["documents"].items()
        for number in numbers
    )


def closed_document(own: str, existing: Existing) -> tuple[str, str]:
    """What `closed_documents` calls the document these permissions are of."""
    return parent_of(parent_of(own)), existing.ids.get("id", "")


def closed_findings(existing: Mapping[str, Existing], ledger: LedgerState) -> Iterable[Finding]:
    """Whoever may do more than read one, one that inherits again, and one that is gone.

    A library that was not looked into is not judged.
    """
    closed, finished = closed_documents(ledger), closed_documents(ledger, finished=True)
    there = set()
    for own, one in existing.items():
        if one.kind != "permissions":
            continue
        key = closed_document(own, one)
        there.add(key)
        if key in finished and one.properties["inherit"]:
            yield Finding("ACCESS-CLOSED-INHERITS", "error", own, "inherit", False, True)
        elif key in closed:
            yield from _writers(one)
    for library, number in sorted(finished - there):
        if library in existing:
            own = address("row", number, library)
            yield Finding("CLOSED-EVIDENCE-GONE", "error", own, "", "present", "absent")


def _writers(one: Existing) -> Iterable[Finding]:
    held: Mapping[str, Sequence[str]] = one.properties["grants"]
    for who in sorted(held):
        if set(held[who]) - {_READ}:
            expected = {name: [_READ] for name in held}
            actual = {**expected, who: held[who]}
            yield Finding("ACCESS-CLOSED-PERIOD", "error", one.address, "grants", expected, actual)
