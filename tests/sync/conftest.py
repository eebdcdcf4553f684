"""A small world to judge: one open year, one monthly snapshot, and a document that is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem
from provisioner.sync.judge import judge
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import Cadence, Kind

D = date.fromisoformat


def day(text: str) -> date | None:
    return D(text) if isinstance(text, str) else text


DATES = {
    *("activity_date", "period_from", "period_to", "collected_on", "bridge_until", "reviewed_on"),
    *("created", "modified", "version_date", "content_dated", "approval_saved_on", "anchor"),
    *("start", "end", "as_of"),
}


class World:
    """Builders of facts; dates may be given as ISO text."""

    YEAR = AuditPeriod(
        "2026", "Audit 2026", start=D("2026-01-01"), end=D("2026-12-31"), criteria=("Security",)
    )
    ITEM = ExpectedItem(
        "E010",
        "MFA report",
        library="access",
        control_area="Production access",
        criteria=("CC6.1",),
        cadence=Cadence.MONTHLY,
        kind=Kind.SNAPSHOT,
    )
    # In order in every respect: approved by somebody else, content older than the approval.
    DOCUMENT = Document(
        key="access/1",
        library="access",
        id=1,
        name="mfa.csv",
        item="E010",
        status="Approved",
        owner="owner@contoso.example",
        reviewer="reviewer@contoso.example",
        source_system="Identity provider",
        sensitivity="Restricted",
        identity="hash-1",
        size=4096,
        content_author="exporter@contoso.example",
        query_used="all admins",
    )

    def item(self, **changes: Any) -> ExpectedItem:
        return replace(self.ITEM, **self._dated(changes))

    def period(self, **changes: Any) -> AuditPeriod:
        return replace(self.YEAR, **self._dated(changes))

    def document(self, number: int = 1, activity: str | None = None, **changes: Any) -> Document:
        """A sound document; `activity` fills in every date of it that is not given."""
        if activity is not None:
            for name in (
                "activity_date",
                "collected_on",
                "reviewed_on",
                "content_dated",
                "created",
            ):
                changes.setdefault(name, activity)
        changes.setdefault("identity", f"hash-{number}")
        changes = {"key": f"access/{number}", "id": number, **self._dated(changes)}
        return replace(self.DOCUMENT, **changes)

    def log(self, number: int, first: str, last: str, **changes: Any) -> Document:
        """A sound document for a whole period, collected and approved two days after it."""
        after = date.fromordinal(D(last).toordinal() + 2).isoformat()
        given = {
            "period_from": first,
            "period_to": last,
            "collected_on": after,
            "reviewed_on": after,
            "content_dated": after,
            "created": after,
        }
        return self.document(number, **(given | changes))

    def judge(
        self,
        today: str,
        *documents: Document,
        items: Any = None,
        periods: Any = None,
        policy: Any = None,
        **more: Any,
    ) -> Judgement:
        facts = EvidenceFacts(
            documents=documents,
            items=(self.ITEM,) if items is None else tuple(items),
            periods=(self.YEAR,) if periods is None else tuple(periods),
            **more,
        )
        return judge(facts, policy or Policy(), day(today))

    def codes(self, judgement: Judgement, subject: str) -> list[str]:
        """The rules that hold of a subject, in table order, OK left out."""
        return [
            one.rule for one in judgement.verdicts if one.subject == subject and one.rule != "OK"
        ]

    def found(self, judgement: Judgement, code: str) -> list[Verdict]:
        return [one for one in judgement.verdicts if one.rule == code]

    @staticmethod
    def _dated(changes: dict[str, Any]) -> dict[str, Any]:
        return {key: day(value) if key in DATES else value for key, value in changes.items()}


@pytest.fixture(scope="session")
def world() -> World:
    return World()
