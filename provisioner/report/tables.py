"""Tables of a report as plain rows, for the formats that are opened in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from provisioner.report.questions import Answered
from provisioner.report.readiness import ReadinessReport
from provisioner.report.readiness_lines import FindingLine, Standing

Value = str | int | float | date | None

DIGESTS = (
    "SharePoint gives no SHA-256 of a file. Content identity is its own quickXorHash, or `sha256:` over "
    "the parts of an Office file that people wrote. The SHA-256 of each file stands in the manifest of "
    "the package that `provisioner package` makes."
)
"""Why the evidence index has an empty column, for its readers."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how many characters wide it is shown, and what its values are.

    `share`: a number 0 to 1, shown in percent; `toned`: words of state, status or severity.
    """

    name: str
    width: int = 16
    share: bool = False
    toned: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A named table. Each row has one value a column; `links` are addresses by row, None for none."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    link_column: int | None = None
    links: tuple[str | None, ...] = ()


def evidence_index(report: ReadinessReport) -> Table:
    """Every document, as an auditor asks for it.

    SHA-256 is empty: SharePoint keeps a hash of its own (quickXorHash), which stands under Content
    identity; `sha256:` there is over the parts of an Office file that people wrote, not over the file.
    """
    columns = (
        Column("Evidence id", 30), Column("Item"), Column("Title", 34), Column("Part", 20),
        Column("Document", 40), Column("Version", 9), Column("SHA-256", 18),
        Column("Content identity", 30), Column("Period from", 12), Column("Period to", 12),
        Column("Activity", 12), Column("Criteria", 22), Column("Owner", 28),
        Column("Reviewer", 28), Column("Reviewed on", 12), Column("Review status", 15, toned=True),
        Column("Freshness", 14, toned=True), Column("Fresh until", 12), Column("Counts", 8),
        Column("Flags", 26), Column("Library", 28), Column("Location", 60),
    )  # fmt: skip
    rows = tuple(
        (
            one.key, one.item, one.item_title, one.part, one.name, one.version, None, one.identity,
            one.period_from, one.period_to, one.activity, ", ".join(one.criteria), one.owner,
            one.reviewer, one.reviewed_on, one.status, str(one.freshness), one.fresh_until,
            "yes" if one.sound else "no", ", ".join(one.flags), one.library, one.link,
        )
        for one in report.evidence
    )  # fmt: skip
    links = tuple(one.link for one in report.evidence)
    return Table("Evidence index", columns, rows, link_column=4, links=links)


def findings(report: ReadinessReport) -> Table:
    """Open errors and warnings, worst first, then what a waiver covers."""
    columns = (
        Column("State", 9), Column("Severity", 10, toned=True), Column("Rule", 24), Column("Title", 30),
        Column("Item", 12), Column("Part", 18), Column("Document", 34), Column("What", 70),
        Column("Why it matters", 50), Column("Next", 60), Column("Waived until", 13),
        Column("Subject", 40),
    )  # fmt: skip
    opened = [("Open", one) for group in report.attention for one in group.findings]
    told = [*opened, *(("Waived", one) for one in report.waived)]
    return Table(
        "Findings",
        columns,
        tuple(_finding(state, one) for state, one in told),
        link_column=6,
        links=tuple(one.link for _, one in told),
    )


def _finding(state: str, one: FindingLine) -> tuple[Value, ...]:
    until = date.fromisoformat(one.waived_until) if one.waived_until else None
    return (
        state, str(one.severity), one.rule, one.title, one.item, one.part, one.document, one.what,
        one.why, one.next, until, one.subject,
    )  # fmt: skip


def readiness(report: ReadinessReport) -> Table:
    """Criteria, then control areas, then libraries, each with its tally."""
    columns = (
        Column("By", 14), Column("Id", 26), Column("Name", 44), Column("Worst state", 16, toned=True),
        Column("Items", 8), Column("Judged", 8), Column("Holding", 9),
        Column("Share", 9, share=True), Column("Documents", 11), Column("Counting", 10),
        Column("Item ids", 50),
    )  # fmt: skip
    criteria = [one for group in report.criteria for one in group.criteria]
    rows = [
        *_standings("Criterion", criteria),
        *_standings("Control area", report.areas),
        *_standings("Library", report.libraries),
    ]
    return Table("Readiness", columns, tuple(rows))


def _standings(by: str, some: Iterable[Standing]) -> Iterable[tuple[Value, ...]]:
    for one in some:
        yield (
            by, one.id, one.label, str(one.state) if one.state else None, one.tally.items,
            one.tally.judged, one.tally.holding, one.tally.share, one.documents, one.sound,
            ", ".join(one.items),
        )  # fmt: skip


def questions(report: ReadinessReport) -> Table:
    """The readiness checklist and the buyers' questions with answer and proof."""
    columns = (
        Column("List", 20), Column("Id", 9), Column("Theme", 22), Column("Question", 52),
        Column("Answer", 11, toned=True), Column("Why", 60), Column("The team says", 15), Column("Items", 26),
        Column("Proof", 70),
    )  # fmt: skip
    both = [("Readiness checklist", one) for one in report.checklist]
    both += [("Buyers", one) for one in report.buyers]
    return Table("Questions", columns, tuple(_question(name, one) for name, one in both))


def _question(name: str, one: Answered) -> tuple[Value, ...]:
    return (
        name, one.question.id, one.question.theme, one.question.text, str(one.reply), one.why,
        one.question.team, ", ".join(one.question.items), proof_words(one),
    )  # fmt: skip


def proof_words(one: Answered) -> str:
    """The proof in a line: items with the names of their newest documents."""
    told = []
    for proof in one.proofs:
        names = [document.name for document in proof.documents]
        more = proof.sound - len(names)
        names += [f"and {more} more"] if more > 0 else []
        names += ["attested"] if proof.attested else []
        if names:
            told.append(f"{proof.item}: {', '.join(names)}")
    return "; ".join(told)


def review_ageing(report: ReadinessReport) -> Table:
    """What waits for a reviewer or an owner, the longest first."""
    columns = (
        Column("Document", 44), Column("Item", 12), Column("Status", 15, toned=True), Column("Turn", 10),
        Column("Waits for", 30), Column("Since", 12), Column("Business days", 14),
        Column("Allowed", 9), Column("Standing", 24),
    )  # fmt: skip
    turns = {"review": "reviewer", "returned": "owner"}
    return Table(
        "Review ageing",
        columns,
        tuple(
            (
                one.name, one.item, one.status, turns.get(one.turn, one.turn), one.person,
                one.since, one.days, one.allowed, one.band,
            )
            for one in report.waiting
        ),
        link_column=0,
        links=tuple(one.link for one in report.waiting),
    )  # fmt: skip
