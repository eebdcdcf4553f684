"""The waivers of a run, settled, and found by what they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from provisioner.sync.facts import Waiver
from provisioner.sync.waivers import Named, Settled, names

_Near = dict[str | None, list[Settled]]
_NONE: Sequence[Settled] = ()


class Granted:
    """Settled waivers, each kept under the one thing it names, so that a finding asks its own alone."""

    def __init__(self, settled: Iterable[Settled] = ()) -> None:
        # By the name of what they are about, of each sort.
        self._items: _Near = {}
        self._documents: _Near = {}
        self._requests: _Near = {}
        self._rows: _Near = {}
        self._open: dict[str, dict[str, None]] = {}
        for one in settled:
            self.add(one)

    def add(self, one: Settled) -> None:
        """One more; each waiver is added once."""
        # In the order in which `names` looks at a target.
        target = one.waiver.target
        if target.document is not None:
            self._documents.setdefault(target.document, []).append(one)
        elif target.request is not None:
            self._requests.setdefault(target.request, []).append(one)
        elif target.row is not None:
            self._rows.setdefault(target.row, []).append(one)
        else:
            self._items.setdefault(target.item or "", []).append(one)

    def all(self) -> list[Settled]:
        """Every one, in the order of ids."""
        sorts = (self._items, self._documents, self._requests, self._rows)
        found = (one for near in sorts for some in near.values() for one in some)
        return sorted(found, key=lambda one: one.waiver.id)

    def near(self, item: str | None, document: str) -> bool:
        """Whether any is about a document or its item. If none is, none covers what holds of it."""
        return item in self._items or document in self._documents

    def about(self, finding: Named) -> Sequence[Settled]:
        """Those that name a finding, valid or not."""
        near = self._items.get(finding.item, _NONE)
        if finding.document in self._documents:
            near = [*near, *self._documents[finding.document]]
        elif finding.request is not None:
            near = self._requests.get(finding.request, _NONE)
        elif finding.row is not None:
            near = self._rows.get(finding.row, _NONE)
        return [one for one in near if names(one.waiver, finding)] if near else near

    def covering(self, finding: Named) -> Waiver | None:
        """The valid waiver that covers a finding; of several, the one that lasts longest."""
        about = self.about(finding)
        if not about:
            return None
        found = [one.waiver for one in about if one.valid]
        return max(found, key=lambda one: (one.expires or date.min, one.id), default=None)

    def note(self, finding: Named) -> None:
        """A finding that is open."""
        for one in self.about(finding):
            self._open.setdefault(one.waiver.id, {})[finding.rule] = None

    def open_rules(self, waiver: Waiver) -> tuple[str, ...]:
        """The codes of open findings a waiver, valid or not, is about, as they were noted."""
        return tuple(self._open.get(waiver.id, ()))
