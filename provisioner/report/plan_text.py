"""A plan for a terminal and, as Markdown, for the person who approves it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from provisioner.core.address import root_of
from provisioner.core.resource import Action, Change
from provisioner.engine.plan import Plan

SHOWN_FIELDS = 6
SHOWN_VALUE = 60


def plan_text(plan: Plan) -> str:
    """The plan in plain lines, grouped by what each change belongs to."""
    lines: list[str] = []
    if plan.empty and not plan.blocked:
        return "Nothing to do: the site is as the file says."
    group = ""
    for change in sorted(plan.changes, key=_by_group):
        if root_of(change.address) != group:
            group = root_of(change.address)
            lines.append("")
        lines.append(f"{change.action.mark} {change.address}{_risk(change)}")
        lines += [f"      {line}" for line in _fields(change)]
    for blocked in plan.blocked:
        lines += [
            "",
            f"x {blocked.address}  {blocked.code}",
            f"      {blocked.message}",
            f"      {blocked.hint}",
        ]
    lines += ["", summary_line(plan), _cost_line(plan)]
    if plan.permissions:
        lines.append("Permissions used: " + ", ".join(plan.permissions))
    for note in plan.notes:
        if note.code == "CONFLICT":
            lines.append(
                f"! {note.address} {note.path}: both the file and people changed it; it is left alone. "
                f"Give --allow {note.address} to take the file's."
            )
    lines.append(f"Digest {plan.digest}")
    return "\n".join(lines).lstrip("\n")


def plan_markdown(plan: Plan) -> str:
    """The plan as a page that a client's approver can read and sign."""
    lines = [
        f"# Plan for {plan.workspace}",
        "",
        summary_line(plan),
        "",
        _cost_line(plan),
        "",
        "| | What | Why | Risk |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {change.action.mark} | `{change.address}` | {change.reason.replace('|', '/')} | {change.risk} |"
        for change in plan.changes
    ]
    if plan.blocked:
        lines += ["", "## Cannot be done in place", ""]
        lines += [f"- `{b.address}`: {b.message} {b.hint}" for b in plan.blocked]
    lines += ["", "## Permissions used", ""]
    lines += [f"- {permission}" for permission in plan.permissions] or ["- none"]
    lines += ["", f"Digest: `{plan.digest}`", ""]
    return "\n".join(lines)


def summary_line(plan: Plan) -> str:
    """One line: 12 to create, 3 to update, 210 as they should be."""
    words = {
        "create": "to create",
        "update": "to update",
        "replace": "to replace",
        "delete": "to delete",
        "adopt": "to adopt",
        "forget": "to stop watching",
        "noop": "as they should be",
    }
    parts = [f"{count} {words[name]}" for name, count in plan.summary().items() if count]
    return ", ".join(parts or ["nothing declared"]) + "."


def _cost_line(plan: Plan) -> str:
    cost = plan.cost
    return (
        f"About {cost.requests} requests in {cost.round_trips} round trips, "
        f"{cost.resource_units} resource units."
    )


def _by_group(change: Change) -> tuple[int, str]:
    root = root_of(change.address)
    return (0 if root == "site" else 1, root)


def _risk(change: Change) -> str:
    return "" if change.risk == "low" else f"   [{change.risk} risk]"


def _fields(change: Change) -> Iterable[str]:
    if change.action is not Action.UPDATE:
        return
    for field in change.fields[:SHOWN_FIELDS]:
        yield f"{field.path}: {short(field.before)} -> {short(field.after)}"
    if len(change.fields) > SHOWN_FIELDS:
        yield f"… and {len(change.fields) - SHOWN_FIELDS} more"
    yield change.reason


def short(value: Any) -> str:
    """A value in a few words."""
    if value in (None, "", [], {}):
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return text if len(text) <= SHOWN_VALUE else text[: SHOWN_VALUE - 1] + "…"
