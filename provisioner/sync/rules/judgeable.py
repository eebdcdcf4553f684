"""Judgeable: are the facts there that the rules cannot do without?"""

from __future__ import annotations

from provisioner.sync.cases import (
    CatalogueCase,
    DocumentCase,
    Missing,
    RequestCase,
    WorkspaceCase,
)
from provisioner.sync.rules.rule import Holding, Rule
from provisioner.sync.vocabulary import Severity, SubjectKind


def _holding(name: str, missing: tuple[Missing, ...]) -> tuple[Holding, ...]:
    if missing:
        facts = [one.fact for one in missing]
        rules = list(dict.fromkeys(rule for one in missing for rule in one.rules))
        return (
            Holding(
                f"{name} cannot be judged without {', '.join(facts)}. Not judged: {', '.join(rules)}.",
                {"missing": facts, "rules": rules},
            ),
        )
    return ()


def document(case: DocumentCase) -> tuple[Holding, ...]:
    """Content identity, activity (log, sample: the whole period) or the clock's date is missing."""
    return _holding(case.document.name, case.missing)


def item(case: CatalogueCase) -> tuple[Holding, ...]:
    """Cadence or kind is missing, or what waits for approval is not shown to us."""
    return _holding(f"{case.item.id} {case.item.title}", case.missing)


def request(case: RequestCase) -> tuple[Holding, ...]:
    """Neither a due date nor Requested on with SLA days."""
    return _holding(f"Request {case.request.id}", case.missing)


def workspace(case: WorkspaceCase) -> tuple[Holding, ...]:
    """No audit period is open, or one that is lacks its dates."""
    return _holding("Coverage", case.missing)


CANNOT_JUDGE = Rule(
    code="CANNOT-JUDGE",
    subjects=(
        SubjectKind.DOCUMENT,
        SubjectKind.ITEM,
        SubjectKind.REQUEST,
        SubjectKind.WORKSPACE,
    ),
    severity=Severity.WARNING,
    title="Cannot be judged",
    meaning="A rule needed a fact that is not there: the date of the evidence, its content, an item's "
    "cadence or kind, a due date, or an open audit period. Or a library wants approval of its content "
    "and the job's app has the role write, which is shown approved items only.",
    why="What cannot be judged is never counted as good. Otherwise an empty date would be the "
    "easiest way to pass.",
    next="Fill in the facts named. Where no audit period is under way, set one to Open on Audit Periods, "
    "with its dates, or run `provisioner period open`. Where items wait for approval, approve them, or "
    "give the job's app full control of the site.",
    checks={
        DocumentCase: document,
        CatalogueCase: item,
        RequestCase: request,
        WorkspaceCase: workspace,
    },
)
