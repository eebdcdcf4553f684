"""Documents of one item with the same content and other dates: the same file, filed again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from provisioner.sync.facts import Document, Span
from provisioner.sync.stance import Stance


class Twins:
    """By content, of the documents that claim slots: the first filed, and the first of other dates."""

    def __init__(self, stances: Iterable[Stance]) -> None:
        first: dict[str, Stance] = {}
        several: dict[str, list[Stance]] = {}
        for stance in stances:
            identity = stance.case.document.identity
            if identity is None or not stance.claims:
                continue
            before = first.setdefault(identity, stance)
            if before is not stance:
                several.setdefault(identity, [before]).append(stance)
        for identity, some in several.items():
            some.sort(key=_filed)
            other = next((one for one in some if _dates(one) != _dates(some[0])), None)
            several[identity] = some[:1] if other is None else [some[0], other]
        self._earliest = several

    def of(self, stance: Stance) -> Document | None:
        """The earliest document with the same content and other dates, if it is an earlier one."""
        if not self._earliest:
            return None
        identity = stance.case.document.identity
        if identity is None or not stance.claims:
            return None
        for one in self._earliest.get(identity, ()):
            if _dates(one) != _dates(stance):
                return one.case.document if _filed(one) < _filed(stance) else None
        return None


def _dates(stance: Stance) -> tuple[date | None, Span | None]:
    return (stance.case.activity, stance.case.period)


def _filed(stance: Stance) -> tuple[date, int, str]:
    """Sorts documents by when they were filed."""
    document = stance.case.document
    return (document.created or date.min, document.id, document.key)
