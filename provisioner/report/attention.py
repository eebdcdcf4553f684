"""What needs attention: open errors and warnings by item, exceptions in force, gaps, counts by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from provisioner.report.links import safe_link
from provisioner.report.readiness_lines import Attention, FindingLine, Gap, RuleLine
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.judgement import Judgement
from provisioner.sync.rules import ORDER, rule
from provisioner.sync.verdict import OK, Verdict
from provisioner.sync.vocabulary import SEVERITIES, Severity, SubjectKind, VerdictState

GAP_RULES = ("PERIOD-GAP", "NOT-IN-FORCE")
"""Rules that list exact days."""

_LOOSE = {
    SubjectKind.ITEM: "Items that are not in the catalogue",
    SubjectKind.DOCUMENT: "Documents without an item",
    SubjectKind.WAIVER: "Waivers",
    SubjectKind.REQUEST: "Audit requests",
    SubjectKind.ROW: "Registers",
    SubjectKind.WORKSPACE: "The workspace",
}
_SHOWN = frozenset({Severity.ERROR, Severity.WARNING})


def finding_lines(
    facts: EvidenceFacts, site_url: str, verdicts: Iterable[Verdict]
) -> list[FindingLine]:
    """Verdicts as a reader meets them, worst first."""
    documents = {one.key: one for one in facts.documents}
    lines = []
    for one in sorted(verdicts, key=lambda verdict: (verdict.weight, verdict.order)):
        document = documents.get(one.document or "")
        known = rule(one.rule)
        lines.append(
            FindingLine(
                rule=one.rule,
                title=known.title if known else _in_words(one.rule),
                severity=one.severity,
                subject=one.subject,
                about=one.about.kind,
                item=one.item,
                part=one.about.part or (document.part if document else None),
                what=one.message,
                why=known.why if known else "",
                next=one.next,
                document=document.name if document else None,
                link=safe_link(document.url, site_url) if document else None,
                waiver=_text(one.facts, "waiver"),
                waived_until=_text(one.facts, "waivedUntil"),
            )
        )
    return lines


def attention(facts: EvidenceFacts, judgement: Judgement, site_url: str) -> tuple[Attention, ...]:
    """Every open error and warning, by item; the item with the worst of them first."""
    needing = (
        one
        for one in judgement.verdicts
        if one.state is VerdictState.OPEN and one.severity in _SHOWN
    )
    items = {item.id: item for item in facts.items}
    groups: dict[tuple[str | None, str], list[FindingLine]] = {}
    for line in finding_lines(facts, site_url, needing):
        item = items.get(line.item or "")
        title = item.title if item is not None else _LOOSE[line.about]
        groups.setdefault((item.id if item is not None else None, title), []).append(line)
    result = []
    for (item_id, title), lines in groups.items():
        judged = judgement.items.get(item_id or "")
        errors = sum(line.severity is Severity.ERROR for line in lines)
        result.append(
            Attention(
                item=item_id,
                title=title,
                state=judged.state if judged is not None else None,
                errors=errors,
                warnings=len(lines) - errors,
                findings=tuple(lines),
            )
        )
    return tuple(sorted(result, key=_worst_first))


def waived(facts: EvidenceFacts, judgement: Judgement, site_url: str) -> tuple[FindingLine, ...]:
    """What a valid waiver covers, the first to run out on top."""
    covered = (one for one in judgement.verdicts if one.state is VerdictState.WAIVED)
    lines = finding_lines(facts, site_url, covered)
    return tuple(sorted(lines, key=lambda line: line.waived_until or ""))


def gaps(facts: EvidenceFacts, judgement: Judgement) -> tuple[Gap, ...]:
    """The exact days of a window that no evidence speaks for, by item."""
    titles = {item.id: item.title for item in facts.items}
    found = []
    for one in judgement.verdicts:
        days = one.facts.get("days")
        if one.rule in GAP_RULES and one.state is VerdictState.OPEN and isinstance(days, list):
            found.append(
                Gap(
                    rule=one.rule,
                    item=one.item or "",
                    title=titles.get(one.item or "", ""),
                    part=one.about.part,
                    window=str(one.facts.get("window", "")),
                    days=tuple((str(span["from"]), span["to"]) for span in days),
                )
            )
    return tuple(found)


def rule_lines(judgement: Judgement) -> tuple[RuleLine, ...]:
    """Each rule that holds somewhere, the worst and most frequent first."""
    opened: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    severity: dict[str, Severity] = {}
    for one in judgement.verdicts:
        if one.rule == OK:
            continue
        (opened if one.state is VerdictState.OPEN else covered)[one.rule] += 1
        before = severity.get(one.rule, one.severity)
        severity[one.rule] = min(before, one.severity, key=SEVERITIES.index)
    lines = []
    for code, worst in severity.items():
        known = rule(code)
        lines.append(
            RuleLine(
                code=code,
                title=known.title if known else _in_words(code),
                severity=worst,
                meaning=known.meaning if known else "",
                open=opened[code],
                waived=covered[code],
            )
        )
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                SEVERITIES.index(line.severity),
                -line.open,
                ORDER.get(line.code, 999),
            ),
        )
    )


def _worst_first(group: Attention) -> tuple[int, int, int, str, str]:
    first = group.findings[0]
    return (
        SEVERITIES.index(first.severity),
        ORDER.get(first.rule, len(ORDER)),
        -group.errors,
        group.item or "~",
        group.title,
    )


def _in_words(code: str) -> str:
    """A check of a register has no title but its code: "ACTION-OVERDUE" reads "Action overdue"."""
    return code.replace("-", " ").capitalize()


def _text(facts: Mapping[str, object], key: str) -> str | None:
    value = facts.get(key)
    return None if value is None else str(value)
