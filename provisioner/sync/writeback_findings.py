"""What to write on Evidence Findings, so that it says what the verdicts say.

The rows are gone through once, in the order in which they are held, and a write is made when it is
sent: there are as many as documents, of which hardly any differs on most days, and on the first day all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from provisioner.core.transport import Audience
from provisioner.sync import columns
from provisioner.sync.collect_site import FINDINGS, Place, Places
from provisioner.sync.findings import (
    ACKNOWLEDGED,
    OPEN,
    OPENING,
    RESOLVED,
    SHAPE,
    WAIVED,
    Names,
    Values,
    finding_key,
    values_of,
)
from provisioner.sync.rolls import ListRow
from provisioner.sync.verdict import WITHOUT_ROW, Verdict
from provisioner.sync.vocabulary import VerdictState
from provisioner.sync.writeback_rows import row_changed, row_made
from provisioner.sync.writeback_send import Write

Happening = Literal["opened", "updated", "resolved"]


@dataclass(frozen=True, slots=True)
class FindingWrites:
    """The writes, and what happens by each, by the finding's key."""

    happenings: Mapping[str, Happening]
    _rows: Mapping[str, int]
    _table: _Table

    def __len__(self) -> int:
        return len(self.happenings)

    def __iter__(self) -> Iterator[Write]:
        return (self._table.write(key, self._rows.get(key)) for key in self.happenings)


def finding_writes(
    rows: Mapping[int, ListRow],
    verdicts: Iterable[Verdict],
    names: Names,
    places: Places,
    today: date,
    by: Audience = "sharepoint",
    final: frozenset[int] = frozenset(),
) -> FindingWrites:
    """New rows in the order of the verdicts, then those that change, in the order of the rows.

    Findings of audit periods that are `final`, by row number, stay with them as they are.
    """
    place = places.lists[FINDINGS]
    return _Table(rows, _Telling(verdicts), names, places, place, today, by, final).compared()


def counts(happenings: Mapping[str, Happening], done: Iterable[str]) -> dict[Happening, int]:
    """How many findings were opened, updated and resolved, of those whose write is done."""
    found: dict[Happening, int] = {"opened": 0, "updated": 0, "resolved": 0}
    for key in happenings.keys() & set(done):
        found[happenings[key]] += 1
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows beside the verdicts that are findings."""

    rows: Mapping[int, ListRow]
    telling: _Telling
    names: Names
    places: Places
    place: Place
    today: date
    by: Audience
    final: frozenset[int]

    def compared(self) -> FindingWrites:
        """Every write there has to be. Of two rows with one key, the later is the finding's."""
        changed: dict[str, Happening] = {}
        numbers: dict[str, int] = {}
        told = bytearray(len(self.telling.verdicts))
        for number, row in self.rows.items():
            key = columns.text(row.fields, "FindingKey")
            if key is None:
                continue
            place = self.telling.place(key)
            if place is not None:
                told[place] = True
            changed.pop(key, None)
            found = self._change(key, row)
            if found is not None:
                changed[key], numbers[key] = found[0], number
        opened: dict[str, Happening] = {
            finding_key(verdict): "opened"
            for verdict, has_row in zip(self.telling.verdicts, told, strict=True)
            if not has_row
        }
        return FindingWrites(opened | changed, numbers, self)

    def write(self, key: str, number: int | None) -> Write:
        """The write on one of them; `number` None: it has no row."""
        if number is None:
            return self._opened(key)
        found = self._change(key, self.rows[number])
        assert found is not None
        return found[1]

    def _verdict(self, key: str) -> Verdict | None:
        place = self.telling.place(key)
        return None if place is None else self.telling.verdicts[place]

    def _opened(self, key: str) -> Write:
        verdict = self._verdict(key)
        assert verdict is not None
        values = values_of(verdict, self.names) | {
            "FindingKey": key, "State": _state(verdict, None),
            "FirstSeen": self.today, "UpdatedOn": self.today,
            "Assignee": self.names.people.get(verdict.assign or ""),
        }  # fmt: skip
        given = {name: value for name, value in values.items() if value is not None}
        address, what = f"finding:{key}", f"Open finding {key}"
        made = row_made(self.places, self.place, OPENING, given, address, what, self.by)
        return Write(key, made)

    def _change(self, key: str, row: ListRow) -> tuple[Happening, Write] | None:
        """What happens to the finding of a row, and the write that says so; None: nothing."""
        state = columns.text(row.fields, "State") or ""
        verdict = self._verdict(key)
        if verdict is None:
            resolved = self._resolved(row, state)
            return self._changed("resolved", key, row, resolved) if resolved else None
        told = SHAPE.read(row.fields, self.places.zone)
        values = values_of(verdict, self.names)
        changes: Values = {name: value for name, value in values.items() if told[name] != value}
        wanted = _state(verdict, row)
        if wanted != state:
            changes["State"] = wanted
        if not changes:
            return None
        changes["UpdatedOn"] = self.today
        if state != RESOLVED:
            return self._changed("updated", key, row, changes)
        return self._changed("opened", key, row, changes | {"ResolvedOn": None})

    def _resolved(self, row: ListRow, state: str) -> Values:
        stays = columns.lookup(row.fields, "AuditPeriod") in self.final
        if state == RESOLVED or stays:
            return {}
        changes: Values = {
            "State": RESOLVED, "ResolvedOn": self.today, "UpdatedOn": self.today
        }  # fmt: skip
        if columns.day(row.fields, "WaivedUntil", self.places.zone) is not None:
            changes["WaivedUntil"] = None
        return changes

    def _changed(
        self, happening: Happening, key: str, row: ListRow, changes: Values
    ) -> tuple[Happening, Write] | None:
        address, what = f"finding:{key}", f"Note that finding {key} was {happening}"
        operation = row_changed(
            self.places, self.place, SHAPE, changes, row.id, row.etag, address, what, self.by
        )
        return None if operation is None else (happening, Write(key, operation))


class _Telling:
    """The verdicts that are findings, in their order; of two with one key the worse."""

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        self.verdicts: list[Verdict] = []
        # By rule and subject, which are there anyway: a key for each would be a text for each.
        self._places: dict[str, dict[str, int]] = {}
        for verdict in verdicts:
            if verdict.rule in WITHOUT_ROW:
                continue
            rule, subject = _apart(finding_key(verdict), verdict)
            places = self._places.setdefault(rule, {})
            place = places.setdefault(subject, len(self.verdicts))
            if place == len(self.verdicts):
                self.verdicts.append(verdict)
            elif verdict.weight < self.verdicts[place].weight:
                self.verdicts[place] = verdict

    def place(self, key: str) -> int | None:
        """Where the verdict with a key stands; None: there is none."""
        rule, _, subject = key.partition(" ")
        return self._places.get(rule, {}).get(subject)


def _apart(key: str, verdict: Verdict) -> tuple[str, str]:
    """Rule and subject as a key has them, which is cut where it would be too long."""
    rule, _, subject = key.partition(" ")
    return rule, verdict.subject if subject == verdict.subject else subject


def _state(verdict: Verdict, row: ListRow | None) -> str:
    """The state a row should have; somebody's Acknowledged stands while the finding does."""
    if verdict.state is VerdictState.WAIVED:
        return WAIVED
    before = "" if row is None else columns.text(row.fields, "State") or ""
    if row is None or before == RESOLVED:
        return OPEN
    if before == ACKNOWLEDGED or (row.fields.get("Acknowledged") is True and before == WAIVED):
        return ACKNOWLEDGED
    return OPEN
