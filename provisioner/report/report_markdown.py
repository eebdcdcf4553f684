"""A report on one page of Markdown, for a ticket, a chat or a repository."""

from __future__ import annotations

import re
from collections.abc import Sequence

from provisioner.report.brand import PLAIN, Brand
from provisioner.report.html_words import counted, day, percent, shown
from provisioner.report.questions import Answered, Reply
from provisioner.report.readiness import ReadinessReport

MOST = 10
"""So many items that need attention are named; the other files have them all."""
_LONGEST = 200
_CLOSING = (
    "This was judged by fixed rules and is not an audit opinion. Details stand in report.html, "
    "report.xlsx and the CSV files beside it."
)
_MARKS = re.compile(r"([\\`*_{}\[\]#!|<>~&@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)


def report_markdown(report: ReadinessReport, brand: Brand = PLAIN) -> str:
    """The page, ending with a line break. What people wrote can be no markup in it."""
    lines = [
        f"# Evidence readiness: {plain(report.client)}",
        "",
        f"As of {day(report.today)}, workspace {plain(report.workspace)}."
        + "".join(
            f" Audit window {day(one.first)} to {day(one.last)}, {percent(one.elapsed)} passed."
            for one in report.windows
        ),
        "",
        _standing(report),
        "",
    ]
    lines += _changed(report)
    lines += ["| Criteria | Worst state | Holding |", "|---|---|---|"]
    lines += [
        f"| {plain(one.name)} | {one.state or 'No evidence expected'} "
        f"| {one.tally.holding} of {one.tally.judged} |"
        for one in report.criteria
    ]
    lines += ["", *_attention(report)]
    lines += _questions("Readiness checklist", report.checklist)
    lines += _questions("Buyers' questions", report.buyers)
    said = [
        one
        for one in (brand.name and f"Prepared by {plain(brand.name)}.", plain(brand.footer))
        if one
    ]
    return "\n".join([*lines, _CLOSING, *(["", *said] if said else []), ""])


def _standing(report: ReadinessReport) -> str:
    head, tally = report.headline, report.headline.tally
    return (
        f"**{tally.holding} of {counted(tally.judged, 'item')}** due so far would stand up today "
        f"({percent(tally.share)}). {counted(head.errors, 'error')} and "
        f"{counted(head.warnings, 'warning')} are open; {counted(head.waived, 'finding')} "
        f"accepted by waiver; {head.sound} of {counted(head.documents, 'document')} count."
    )


def plain(text: str) -> str:
    """Text on one line that is no markup, whatever it holds, cut at 200 characters."""
    line = " ".join(str(shown(text)).split())
    line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return _MARKS.sub(r"\\\1", line)


def _changed(report: ReadinessReport) -> list[str]:
    told = report.changes
    if told is None:
        return []
    better, worse = (sum(one.direction == way for one in told.moved) for way in ("better", "worse"))
    sentence = (
        f"Since {day(told.since)}: {percent(told.share_before)} then, {percent(told.share_after)} "
        f"now; {counted(better, 'item')} better, {worse} worse; "
        f"{counted(len(told.opened), 'finding')} opened, {len(told.closed)} closed."
    )
    return [sentence, ""]


def _attention(report: ReadinessReport) -> list[str]:
    if not report.attention:
        return ["Nothing needs attention: no error and no warning is open.", ""]
    lines = ["## What needs attention", ""]
    for group in report.attention[:MOST]:
        name = f"**{plain(group.item)}** " if group.item else ""
        told = group.findings[0].what.removeprefix(f"{group.item} {group.title}").lstrip(":, ")
        lines.append(f"- {name}{plain(group.title)}: {plain(told)}")
    if len(report.attention) > MOST:
        lines.append(f"- … and {len(report.attention) - MOST} more.")
    return [*lines, ""]


def _questions(title: str, some: Sequence[Answered]) -> list[str]:
    if not some:
        return []
    counts = {reply: sum(one.reply is reply for one in some) for reply in Reply}
    told = ", ".join(f"{count} {reply.lower()}" for reply, count in counts.items() if count)
    lines = [f"## {title}: {told}", "", "| | Question | Answer | Why |", "|---|---|---|---|"]
    lines += [
        f"| {plain(one.question.id)} | {plain(one.question.text)} | {one.reply} | {plain(one.why)} |"
        for one in some
    ]
    return [*lines, ""]
