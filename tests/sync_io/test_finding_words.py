"""The texts by which a finding is found, and in which its facts are told."""

from __future__ import annotations

from datetime import date
from typing import Any

from provisioner.sync.findings import facts_text, finding_key
from provisioner.sync.subject import Subject
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import Severity, SubjectKind, VerdictState


def verdict(**facts: Any) -> Verdict:
    given: dict[str, Any] = {
        "subject": "E010", "about": Subject(SubjectKind.ITEM, "E010"), "item": "E010",
        "document": None, "rule": "MISSING", "state": VerdictState.OPEN,
        "severity": Severity.ERROR, "facts": {}, "next": "", "message": "m",
        "today": date(2026, 6, 15), "policy": "p",
    }  # fmt: skip
    return Verdict(**(given | facts))


def test_a_findings_key_is_readable_and_never_longer_than_its_column() -> None:
    assert finding_key(verdict()) == "MISSING E010"
    long = finding_key(verdict(subject="E011/part:" + "x" * 90))
    other = finding_key(verdict(subject="E011/part:" + "x" * 91))
    assert len(long) == len(other) == 80
    assert long != other


def test_facts_are_lines_for_people() -> None:
    facts = {
        "periodFrom": "2026-04-01", "days": [{"from": "2026-04-03", "to": None}],
        "empty": [], "nothing": None, "open": True,
    }  # fmt: skip
    assert facts_text(facts) == "Period from: 2026-04-01\nDays: from 2026-04-03\nOpen: yes"
