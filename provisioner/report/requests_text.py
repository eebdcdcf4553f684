"""What an import of an auditor's request list does, for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from provisioner.sync.auditor_list.headings import DISPLAYED, Headings
from provisioner.sync.auditor_list.incoming import Incoming, Terms
from provisioner.sync.columns import Value

_SHOWN = 20
_WIDE = 60


def import_json(
    workspace: str,
    file: str,
    sheet: str,
    headings: Headings,
    incoming: Incoming,
    terms: Terms,
) -> dict[str, Any]:
    """The `RequestImport` document, before anything is written."""
    return {
        "apiVersion": "provisioner/v1",
        "kind": "RequestImport",
        "workspace": workspace,
        "file": file,
        "sheet": sheet or None,
        "period": terms.period_name or None,
        "columns": {title: DISPLAYED[column] for column, title in headings.titles.items()},
        "unusedHeadings": list(headings.unused),
        "new": [
            {"line": one.line, "reference": one.reference, "title": one.title}
            for one in incoming.new
        ],
        "changed": [
            {
                "line": one.asked.line,
                "reference": one.asked.reference,
                "fields": [
                    {"path": name, "before": _json(before), "after": _json(after)}
                    for name, (before, after) in one.fields.items()
                ],
            }
            for one in incoming.changed
        ],
        "unchanged": [one.reference for one in incoming.unchanged],
        "unreadable": [
            {"line": one.line, "reference": one.reference or None, "why": one.why}
            for one in incoming.unread
        ],
        "passedOver": [{"line": line, "text": text} for line, text in incoming.passed.items()],
        "notes": [
            {"line": one.line, "reference": one.reference, "note": note}
            for one in _read(incoming)
            for note in one.notes
        ],
        "kept": [
            {
                "line": one.asked.line,
                "reference": one.asked.reference,
                "path": one.column,
                "ours": _json(one.ours),
                "theirs": _json(one.theirs),
                "auditorChanged": one.moved,
            }
            for one in incoming.kept
        ],
        "absent": list(incoming.absent),
        "written": 0,
        "unsent": [],
    }


def _read(incoming: Incoming) -> list[Any]:
    return [*incoming.new, *(one.asked for one in incoming.changed), *incoming.unchanged]


def _json(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def import_text(document: Mapping[str, Any]) -> str:
    """The document in plain lines: how the columns were understood, then row by row."""
    lines = [
        f"{document['file']}{', sheet ' + document['sheet'] if document['sheet'] else ''}",
        "Columns: "
        + ", ".join(f"{theirs} -> {our}" for theirs, our in document["columns"].items()),
    ]
    if document["unusedHeadings"]:
        lines.append(f"Not used: {', '.join(document['unusedHeadings'])}")
    if document["period"]:
        lines.append(f"Audit period: {document['period']}")
    lines.append("")
    lines += _some([f"+ {one['reference']}  {_short(one['title'])}" for one in document["new"]])
    lines += _some([_changed(one) for one in document["changed"]])
    lines += [_kept(one) for one in document["kept"]]
    lines += [f"x line {one['line']}: {one['why']}" for one in document["unreadable"]]
    lines += [f"  line {one['line']}: {one['note']}" for one in document["notes"]]
    if document["passedOver"]:
        named = "; ".join(f"line {one['line']} {one['text']}" for one in document["passedOver"])
        lines.append(f"Taken for headings: {_short(named)}")
    if document["absent"]:
        named = ", ".join(document["absent"][:_SHOWN])
        lines.append(f"On our list and not on theirs; they stay as they are: {named}")
    counts = (
        f"{len(document['new'])} new, {len(document['changed'])} changed, "
        f"{len(document['unchanged'])} unchanged, {len(document['unreadable'])} unreadable."
    )
    return "\n".join([*lines, counts])


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _SHOWN
    return lines if more <= 0 else [*lines[:_SHOWN], f"  … and {more} more"]


def _changed(one: Mapping[str, Any]) -> str:
    said = "; ".join(
        f"{DISPLAYED[field['path']]}: {_words(field['before'])} -> {_words(field['after'])}"
        for field in one["fields"]
    )
    return f"~ {one['reference']}  {said}"


def _kept(one: Mapping[str, Any]) -> str:
    """People's words are shown beside the auditor's; who wants those writes them into the request."""
    too = ", and the auditor too" if one["auditorChanged"] else ""
    return (
        f"= {one['reference']}  your team changed {DISPLAYED[one['path']]}{too}: "
        f"{_words(one['ours'])} stays, the list says {_words(one['theirs'])}"
    )


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "") else _short(str(value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDE else f"{line[: _WIDE - 1]}…"
