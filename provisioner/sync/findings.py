"""Evidence Findings: one row for each rule and subject, opened, updated, resolved and reopened.

Assignee, Acknowledged, Team comment and the state Acknowledged are people's. Rows are never deleted.
What is planned here is pure; `writeback_send` sends it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from provisioner.core.transport import Audience
from provisioner.sync import columns
from provisioner.sync.collect_site import FINDINGS, Place, Places
from provisioner.sync.rolls import ListRow, Roll
from provisioner.sync.verdict import WITHOUT_ROW, Verdict
from provisioner.sync.vocabulary import SubjectKind, VerdictState
from provisioner.sync.writeback_rows import row_changed, row_made
from provisioner.sync.writeback_send import Write

Happening = Literal["opened", "updated", "resolved"]

OPEN, ACKNOWLEDGED, WAIVED, RESOLVED = "Open", "Acknowledged", "Waived", "Resolved"
_KEY_LENGTH = 80
_TITLE_LENGTH = 255
_SHAPE = columns.RowShape(
    texts=(
        "Title", "RuleCode", "Severity", "SubjectKind", "FindingSubject", "Part", "Facts", "NextStep"
    ),
    days=("SlotFrom", "WaivedUntil"),
    lookups=("EvidenceItem", "EvidenceDocument", "AuditPeriod"),
)  # fmt: skip
"""The columns a verdict sets."""
_OPENING = replace(_SHAPE, lookups=(*_SHAPE.lookups, "Assignee"))
"""A new row is given to whoever has the next move; from then on the column is people's."""
READ = ("FindingKey", "State", "Acknowledged", *_SHAPE.names)
"""The columns that are compared."""
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Values = dict[str, columns.Value]
"""Values of a row by internal name; a lookup by its row number."""


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A row as it stands. `fields` are its columns as Graph gives them."""

    row: int
    etag: str
    key: str
    state: str
    acknowledged: bool
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """The words and row numbers a finding's row uses for what it is about.

    `items` and `documents` map catalogue ids and document keys to what people read; the others map
    catalogue ids, document keys and audit period ids to rows of the lists they are on. `rows` is what
    people read of a register's row, `people` the site's number for a principal key.
    """

    items: Mapping[str, str]
    documents: Mapping[str, str]
    item_rows: Mapping[str, int]
    document_rows: Mapping[str, int]
    rows: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingWrite:
    """A write on the list, and what happens to the finding by it."""

    happening: Happening
    write: Write


def finding_key(verdict: Verdict) -> str:
    """The text a finding is found by: rule and subject, cut with a digest where it is too long."""
    text = f"{verdict.rule} {verdict.subject}"
    if len(text) <= _KEY_LENGTH:
        return text
    mark = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{text[: _KEY_LENGTH - len(mark) - 1]}~{mark}"


def finding_rows(roll: Roll | None) -> dict[str, FindingRow]:
    """Every row of ours by its key; none where the site has no such list."""
    rows = (_row(one) for one in (roll.rows.values() if roll is not None else ()))
    return {row.key: row for row in rows if row.key}


def _row(row: ListRow) -> FindingRow:
    fields = row.fields
    return FindingRow(
        row=row.id,
        etag=row.etag,
        key=columns.text(fields, "FindingKey") or "",
        state=columns.text(fields, "State") or "",
        acknowledged=fields.get("Acknowledged") is True,
        fields=fields,
    )


def plan_findings(
    rows: Mapping[str, FindingRow],
    verdicts: Iterable[Verdict],
    names: Names,
    places: Places,
    today: date,
    by: Audience = "sharepoint",
    final: frozenset[int] = frozenset(),
) -> tuple[FindingWrite, ...]:
    """What to write so that the list says what the verdicts say, in the order of the verdicts.

    Findings of audit periods that are `final`, by row number, stay with them as they are.
    """
    place = places.lists[FINDINGS]
    telling = _by_key(verdicts)
    writes: list[FindingWrite] = []
    for key, verdict in telling.items():
        values = _values(verdict, names)
        row = rows.get(key)
        if row is None:
            values |= {
                "FindingKey": key, "State": _state(verdict, None),
                "FirstSeen": today, "UpdatedOn": today,
                "Assignee": names.people.get(verdict.assign or ""),
            }  # fmt: skip
            writes.append(_opened(key, values, place, places, by))
            continue
        told = _SHAPE.read(row.fields, places.zone)
        changes: Values = {name: value for name, value in values.items() if told[name] != value}
        state = _state(verdict, row)
        if state != row.state:
            changes["State"] = state
        if not changes:
            continue
        back = row.state == RESOLVED
        changes["UpdatedOn"] = today
        if back:
            changes["ResolvedOn"] = None
        writes += _changed("opened" if back else "updated", row, changes, place, places, by)
    for key, row in rows.items():
        stays = columns.lookup(row.fields, "AuditPeriod") in final
        if key not in telling and row.state != RESOLVED and not stays:
            changes = {"State": RESOLVED, "ResolvedOn": today, "UpdatedOn": today}
            if columns.day(row.fields, "WaivedUntil", places.zone) is not None:
                changes["WaivedUntil"] = None
            writes += _changed("resolved", row, changes, place, places, by)
    return tuple(writes)


def _by_key(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """The verdicts that are findings; of two with one key the worse."""
    found: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.rule in WITHOUT_ROW:
            continue
        key = finding_key(verdict)
        if key not in found or verdict.weight < found[key].weight:
            found[key] = verdict
    return found


def _state(verdict: Verdict, row: FindingRow | None) -> str:
    """The state a row should have; somebody's Acknowledged stands while the finding does."""
    if verdict.state is VerdictState.WAIVED:
        return WAIVED
    if row is None or row.state == RESOLVED:
        return OPEN
    if row.state == ACKNOWLEDGED or (row.acknowledged and row.state == WAIVED):
        return ACKNOWLEDGED
    return OPEN


def _values(verdict: Verdict, names: Names) -> Values:
    about = verdict.about
    until = verdict.facts.get("waivedUntil")
    title = " ".join(verdict.message.split())
    facts = facts_text(verdict.facts)
    if len(title) > _TITLE_LENGTH:
        facts = f"{title}\n{facts}".strip()
        title = f"{title[: _TITLE_LENGTH - 1].rstrip()}…"
    period = about.window or ""
    return {
        "Title": title or None,
        "RuleCode": verdict.rule,
        "Severity": str(verdict.severity),
        "SubjectKind": str(about.kind),
        "FindingSubject": columns.lines(_subject(verdict, names)),
        "Part": about.part,
        "SlotFrom": about.slot_from,
        "Facts": facts or None,
        "NextStep": columns.lines(verdict.next) or None,
        "WaivedUntil": date.fromisoformat(until) if isinstance(until, str) else None,
        "EvidenceItem": names.item_rows.get(verdict.item or ""),
        "EvidenceDocument": names.document_rows.get(verdict.document or ""),
        "AuditPeriod": int(period) if period.isdigit() else None,
    }


def _subject(verdict: Verdict, names: Names) -> str:
    about = verdict.about
    if about.kind is SubjectKind.DOCUMENT:
        return names.documents.get(about.name, about.name)
    if about.kind is SubjectKind.ROW:
        return names.rows.get(about.name, about.name)
    if about.kind is not SubjectKind.ITEM:
        return verdict.subject
    words = [names.items.get(about.name, about.name)]
    words += [about.part] if about.part else []
    return ", ".join(words)


def facts_text(facts: Mapping[str, object]) -> str:
    """Facts for people, a line each: `periodFrom` becomes "Period from: 2026-04-01"."""
    lines = []
    for name, value in facts.items():
        said = _said(value)
        if said:
            words = _WORD_START.sub(" ", name).lower()
            lines.append(f"{words[:1].upper()}{words[1:]}: {said}")
    return "\n".join(lines)


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        parts = [f"{name} {_said(each)}" for name, each in value.items() if _said(each)]
        return " ".join(parts)
    if isinstance(value, (list, tuple)):
        return "; ".join(said for each in value if (said := _said(each)))
    return " ".join(str(value).split())


def _opened(key: str, values: Values, place: Place, places: Places, by: Audience) -> FindingWrite:
    given = {name: value for name, value in values.items() if value is not None}
    operation = row_made(
        places, place, _OPENING, given, f"finding:{key}", f"Open finding {key}", by
    )
    return FindingWrite("opened", Write(key, operation))


def _changed(
    happening: Happening,
    row: FindingRow,
    changes: Values,
    place: Place,
    places: Places,
    by: Audience,
) -> list[FindingWrite]:
    what = f"Note that finding {row.key} was {happening}"
    operation = row_changed(
        places, place, _SHAPE, changes, row.row, row.etag, f"finding:{row.key}", what, by
    )
    return [] if operation is None else [FindingWrite(happening, Write(row.key, operation))]


def counts(writes: Sequence[FindingWrite], done: Iterable[str]) -> dict[Happening, int]:
    """How many findings were opened, updated and resolved, of those whose write is done."""
    sent = set(done)
    found: dict[Happening, int] = {"opened": 0, "updated": 0, "resolved": 0}
    for one in writes:
        if one.write.about in sent:
            found[one.happening] += 1
    return found
