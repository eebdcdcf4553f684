"""What a rule is: its words, and one check for each sort of case it is asked of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from provisioner.core.record import record
from provisioner.sync.facts import Span
from provisioner.sync.vocabulary import Severity, Sign, SubjectKind


@record
class Holding:
    """A rule that holds: why, with the facts it was decided on.

    `message` and `facts` hold dates and never ages, so that they stay the same until something happens.
    `slot_from` names the slot; `severity` and `next` replace the rule's own.
    """

    message: str
    facts: Mapping[str, object]
    slot_from: date | None = None
    severity: Severity | None = None
    next: str | None = None


Check = Callable[[Any], Iterable[Holding]]
"""What holds of a case, by one rule: a pure function."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `checks`: by sort of case, a pure function giving what holds.

    `meaning` says what holds, `why` what an auditor would make of it, `next` what to do. `only` are
    review statuses, words of freshness or a sign: it holds of no document without one of them, and is
    not asked there. None: it is asked of all.
    """

    code: str
    subjects: tuple[SubjectKind, ...]
    severity: Severity
    title: str
    meaning: str
    why: str
    next: str
    checks: Mapping[type, Check] = field(default_factory=dict)
    only: frozenset[str | None] | None = None

    def holdings(self, case: object) -> tuple[Holding, ...]:
        """What holds of a case; nothing for a case the rule is not asked of."""
        check = self.checks.get(type(case))
        return () if check is None else tuple(check(case))


STANDING_OUT: frozenset[str | None] = frozenset({Sign.STANDS_OUT})
"""Of rules on what a placed document may stand out by."""

# Written out, because the names strftime gives depend on the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@lru_cache(maxsize=4096)
def say(day: date) -> str:
    """A date in words: "30 June 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def iso(day: date | None) -> str | None:
    """A date as facts carry it."""
    return None if day is None else day.isoformat()


def say_spans(spans: Sequence[Span]) -> str:
    """Exact ranges in words: "1 March 2026 to 4 March 2026; from 9 May 2026 on"."""
    return "; ".join(_say_span(span) for span in spans)


def iso_spans(spans: Sequence[Span]) -> list[dict[str, str | None]]:
    """Exact ranges as facts carry them; `to` is null while no end is known."""
    return [{"from": iso(span.first), "to": iso(span.last)} for span in spans]


def _say_span(span: Span) -> str:
    if span.last is None:
        return f"from {say(span.first)} on"
    if span.last == span.first:
        return say(span.first)
    return f"{say(span.first)} to {say(span.last)}"
