"""What needs attention, told without saying anything twice: findings of one rule share why and what next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from provisioner.report.readiness_lines import Attention, FindingLine
from provisioner.sync.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Told:
    """One finding: a document's name, with its link where there is one, and the words that follow it."""

    name: str
    link: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """Findings of one rule with the same next step."""

    rule: str
    title: str
    severity: Severity
    why: str
    next: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """An item, or what belongs to none, with what is to be done for it."""

    group: Attention
    steps: tuple[Step, ...]


def tasks(groups: Iterable[Attention]) -> tuple[Task, ...]:
    """The groups in the same order, their findings by rule and next step."""
    return tuple(Task(group, _steps(group)) for group in groups)


def _steps(group: Attention) -> tuple[Step, ...]:
    kinds: dict[tuple[str, Severity, str], list[FindingLine]] = {}
    for line in group.findings:
        kinds.setdefault((line.rule, line.severity, line.next), []).append(line)
    return tuple(
        Step(
            rule=some[0].rule,
            title=some[0].title,
            severity=some[0].severity,
            why=some[0].why,
            next=some[0].next,
            told=tuple(_told(line, group) for line in some),
        )
        for some in kinds.values()
    )


def _told(line: FindingLine, group: Attention) -> Told:
    """The sentence in two: the document's name, which can be a link, and the rest.

    Of an item's own sentence the id and title are left out, since they stand above it.
    """
    if line.document is not None:
        starts = line.what.startswith(line.document)
        rest = line.what.removeprefix(line.document) if starts else f": {line.what}"
        return Told(line.document, line.link, rest)
    text = line.what.removeprefix(f"{group.item} {group.title}").lstrip(":, ")
    return Told("", None, text[:1].upper() + text[1:])
