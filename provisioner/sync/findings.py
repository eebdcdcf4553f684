"""Evidence Findings: one row for each rule and subject, opened, updated, resolved and reopened.

Assignee, Acknowledged, Team comment and the state Acknowledged are people's. Rows are never deleted.
Here is what a row says; `writeback_findings` decides which have to be written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from provisioner.sync import columns
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import SubjectKind

OPEN, ACKNOWLEDGED, WAIVED, RESOLVED = "Open", "Acknowledged", "Waived", "Resolved"
_KEY_LENGTH = 80
_TITLE_LENGTH = 255
SHAPE = columns.RowShape(
    texts=(
        "Title", "RuleCode", "Severity", "SubjectKind", "FindingSubject", "Part", "Facts", "NextStep"
    ),
    days=("SlotFrom", "WaivedUntil"),
    lookups=("EvidenceItem", "EvidenceDocument", "AuditPeriod"),
)  # fmt: skip
"""The columns a verdict sets."""
OPENING = replace(SHAPE, lookups=(*SHAPE.lookups, "Assignee"))
"""A new row is given to whoever has the next move; from then on the column is people's."""
READ = ("FindingKey", "State", "Acknowledged", *SHAPE.names)
"""The columns that are compared."""
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Values = dict[str, columns.Value]
"""Values of a row by internal name; a lookup by its row number."""


@dataclass(frozen=True, slots=True)
class Names:
    """The words and row numbers a finding's row uses for what it is about.

    `items` is what people read of a catalogue id, `document` gives what they read of a document's key;
    `item_rows` and `document_rows` are the numbers of their rows on their lists. `rows` is what people
    read of a register's row, `people` the site's number for a principal key.
    """

    items: Mapping[str, str]
    document: Callable[[str], str]
    item_rows: Mapping[str, int]
    document_rows: Mapping[str, int]
    rows: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)


def finding_key(verdict: Verdict) -> str:
    """The text a finding is found by: rule and subject, cut with a digest where it is too long."""
    text = f"{verdict.rule} {verdict.subject}"
    if len(text) <= _KEY_LENGTH:
        return text
    mark = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{text[: _KEY_LENGTH - len(mark) - 1]}~{mark}"


def values_of(verdict: Verdict, names: Names) -> Values:
    """The columns that a verdict sets."""
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
        "AuditPeriod": int(period) if period.isdecimal() else None,
    }


def _subject(verdict: Verdict, names: Names) -> str:
    about = verdict.about
    if about.kind is SubjectKind.DOCUMENT:
        return names.document(about.name)
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
