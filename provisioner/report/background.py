"""What a report is told beside facts and verdicts: questions, versions, and what was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.report.questions import Question, Row, buyer_questions, checklist_questions
from provisioner.sync.collect_background import FindingSpan
from provisioner.sync.facts import EvidenceFacts


@dataclass(frozen=True, slots=True)
class Background:
    """Rows and documents no rule reads.

    `checklist_rows` and `answer_rows` are the lists as they stand on the site, the seeds what the
    workspace file starts them with, which say what a row rests on when people wrote that out of it.
    `versions` are SharePoint's labels by document key, `last` the document of the report before.
    """

    checklist_rows: tuple[Row, ...] = ()
    checklist_seeds: tuple[Row, ...] = ()
    answer_rows: tuple[Row, ...] = ()
    answer_seeds: tuple[Row, ...] = ()
    findings: tuple[FindingSpan, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    last: Any = None

    def checklist(self, facts: EvidenceFacts) -> tuple[Question, ...]:
        """The questions of the Readiness Checklist."""
        ids = [item.id for item in facts.items]
        return checklist_questions(self.checklist_rows, self.checklist_seeds, ids)

    def buyers(self, facts: EvidenceFacts) -> tuple[Question, ...]:
        """The questions of the Questionnaire Answers."""
        ids = [item.id for item in facts.items]
        return buyer_questions(self.answer_rows, self.answer_seeds, ids)
