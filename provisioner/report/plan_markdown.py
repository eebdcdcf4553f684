"""A plan as Markdown: for a ticket, a pull request or a mail to the person who approves it."""

from __future__ import annotations

from collections.abc import Iterable

from provisioner.engine.plan import Plan
from provisioner.report.differences import difference
from provisioner.report.markdown_cell import cell, words
from provisioner.report.plan_approval import Approval, Line, approval


def plan_markdown(plan: Plan) -> str:
    """The plan as a page that a client's approver can read and sign. Cells hold no table marks."""
    seen = approval(plan)
    lines = [
        f"# Plan for {words(seen.workspace)}",
        "",
        f"Site: {cell(seen.site)}. Made on {seen.day}.",
    ]
    lines += ["", seen.summary, ""]
    if seen.empty:
        lines += ["Nothing to do: the site is as the file says.", ""]
    else:
        lines += [
            f"{seen.requests} requests in {seen.round_trips} round trips; {seen.minutes}.",
            f"{seen.resource_units} resource units, which Microsoft counts against a tenant's limit.",
            "",
        ]
    lines += [words(one) for one in seen.options]
    lines += [""] if seen.options else []
    if seen.packs:
        lines += ["Packs: " + "; ".join(seen.packs) + ".", ""]
    lines += _blocked(seen)
    if seen.risky:
        lines += ["## Look at these first", "", *_table(seen.risky), ""]
    if seen.access:
        lines += ["## Who may do what afterwards", "", "| Where | Who | May |", "|---|---|---|"]
        lines += [f"| {words(a.place)} | {words(a.who)} | {words(a.roles)} |" for a in seen.access]
        lines.append("")
    for section in seen.sections:
        lines += [f"## {words(section.title)}", "", *_table(section.lines), ""]
    lines += _people(seen)
    lines += ["## Permissions used", ""]
    lines += [
        f"- `{name}`: {meaning} ({count} requests)" for name, meaning, count in seen.permissions
    ] or ["- none"]
    lines += [
        "",
        "## Approval",
        "",
        f"Digest: `{seen.digest}`",
        "",
        "| Approved by | Date |",
        "|---|---|",
        "| | |",
        "",
    ]
    return "\n".join(lines)


def _blocked(seen: Approval) -> Iterable[str]:
    if seen.blocked:
        yield from (
            "## What stands in the way",
            "",
            "Nothing is applied while one of these stands.",
            "",
        )
        for one in seen.blocked:
            yield f"- `{cell(one.address)}` {one.code}: {words(one.message)} {words(one.hint)}"
        yield ""


def _table(lines: Iterable[Line]) -> Iterable[str]:
    yield "| | What | Why, and what of it | Risk |"
    yield "|---|---|---|---|"
    for line in lines:
        said = "; ".join(f"{path}: {change}" for path, change in line.fields)
        why = f"{line.reason}. {said}" if said else line.reason
        yield f"| {line.mark} | `{cell(line.address)}` | {words(why)} | {line.risk} |"


def _people(seen: Approval) -> Iterable[str]:
    if seen.conflicts:
        yield from ("## Changed by people and in the file, left alone", "")
        for note in seen.conflicts:
            said = difference(note.expected, note.actual)
            yield f"- `{cell(note.address)}` {words(note.path)}: {words(said)}"
        yield ""
    if seen.accepted:
        yield from ("## Differences that were accepted", "")
        for note in seen.accepted:
            yield (
                f"- `{cell(note.address)}` {words(note.path)}: until {note.expires} by "
                f"{words(note.approver)}, {words(note.reason)}"
            )
        yield ""
    if seen.outlived:
        yield from ("## Accepted differences that are about nothing any more", "")
        yield from (f"- {words(one)}" for one in seen.outlived)
        yield ""
