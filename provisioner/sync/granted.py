"""The waivers of a run, settled, and found by what they name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from provisioner.sync.facts import Waiver, WaiverTarget
from provisioner.sync.waivers import Named, Settled, names

_Key = tuple[str, str]


class Granted:
    """Settled waivers, each kept under the one thing it names, so that a finding asks its own alone."""

    def __init__(self, settled: Iterable[Settled] = ()) -> None:
        self._by_key: dict[_Key, list[Settled]] = {}
        self._open: dict[str, dict[str, None]] = {}
        for one in settled:
            self.add(one)

    def add(self, one: Settled) -> None:
        """One more; each waiver is added once."""
        self._by_key.setdefault(_key_of(one.waiver.target), []).append(one)

    @property
    def none(self) -> bool:
        """Whether there are no waivers at all."""
        return not self._by_key

    def all(self) -> list[Settled]:
        """Every one, in the order of ids."""
        found = (one for some in self._by_key.values() for one in some)
        return sorted(found, key=lambda one: one.waiver.id)

    def about(self, finding: Named) -> list[Settled]:
        """Those that name a finding, valid or not."""
        if self.none:
            return []
        near: list[Settled] = []
        for sort, name in (
            ("document", finding.document),
            ("request", finding.request),
            ("row", finding.row),
            ("item", finding.item),
        ):
            if name is not None and (sort, name) in self._by_key:
                near += self._by_key[sort, name]
        return [one for one in near if names(one.waiver, finding)] if near else near

    def covering(self, finding: Named) -> Waiver | None:
        """The valid waiver that covers a finding; of several, the one that lasts longest."""
        found = [one.waiver for one in self.about(finding) if one.valid]
        return max(found, key=lambda one: (one.expires or date.min, one.id), default=None)

    def note(self, finding: Named) -> None:
        """A finding that is open."""
        for one in self.about(finding):
            self._open.setdefault(one.waiver.id, {})[finding.rule] = None

    def open_rules(self, waiver: Waiver) -> tuple[str, ...]:
        """The codes of open findings a waiver, valid or not, is about, as they were noted."""
        return tuple(self._open.get(waiver.id, ()))


def _key_of(target: WaiverTarget) -> _Key:
    """What a waiver is about, in the order in which `names` looks at it."""
    if target.document is not None:
        return ("document", target.document)
    if target.request is not None:
        return ("request", target.request)
    return ("row", target.row) if target.row is not None else ("item", target.item or "")
