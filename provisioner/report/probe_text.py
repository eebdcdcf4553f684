"""What a probe found, tenant against emulator: for a terminal, for an issue, and as JSON."""

from __future__ import annotations

from typing import Any

from provisioner.engine.plan import API_VERSION
from provisioner.engine.probing.behaviour import Answered
from provisioner.engine.probing.probe import ProbeReport

_WORDS = {"same": "same", "other": "OTHER", "untried": "not tried"}


def probe_json(report: ProbeReport) -> dict[str, Any]:
    """The `ProbeReport` document of the command line."""
    return {
        "apiVersion": API_VERSION,
        "kind": "ProbeReport",
        "against": report.against,
        "answers": [_answer(one) for one in report.answers],
        "capabilities": dict(sorted(report.learnt.items())),
        "summary": {state: report.count(state) for state in _WORDS},
        "cleanup": {"leftovers": report.cleared, "left": list(report.left)},
    }


def probe_text(report: ProbeReport) -> str:
    """A line for each behaviour; the question too where the tenant does something else."""
    width = max((len(one.behaviour.id) for one in report.answers), default=0)
    lines = []
    for one in report.answers:
        start = f"{_WORDS[one.state]:<9}  {one.behaviour.id:<{width}}"
        if one.state == "same":
            lines.append(f"{start}  {one.seen}")
            continue
        if one.state == "untried":
            lines.append(f"{start}  {one.why}")
            continue
        lines.append(f"{start}  {report.against}: {one.seen}; emulator: {one.behaviour.emulator}")
        lines.append(f"{'':<9}  {'':<{width}}  {one.behaviour.asks}")
    return "\n".join([*lines, "", _summary(report)])


def probe_markdown(report: ProbeReport) -> str:
    """A table to paste into an issue; what differs comes first."""
    order = ("other", "untried", "same")
    rows = sorted(report.answers, key=lambda one: order.index(one.state))
    lines = [
        "### What a tenant does, beside the emulator",
        "",
        _summary(report),
        "",
        f"| | behaviour | {report.against} | emulator expected | asked | known from |",
        "|---|---|---|---|---|---|",
    ]
    for one in rows:
        asked = one.behaviour
        seen = f"`{one.seen}`" if one.seen else f"not tried: {one.why}"
        lines.append(
            f"| {_WORDS[one.state]} | `{asked.id}` | {seen} | `{asked.emulator}` | {asked.asks} "
            f"| {asked.source} |"
        )
    return "\n".join(lines)


def _summary(report: ProbeReport) -> str:
    other, untried = report.count("other"), report.count("untried")
    said = [f"{report.count('same')} the same"]
    said += [f"{other} other"] if other else []
    said += [f"{untried} could not be tried"] if untried else []
    return f"{', '.join(said)}."


def _answer(one: Answered) -> dict[str, Any]:
    asked = one.behaviour
    return {
        "behaviour": asked.id,
        "asks": asked.asks,
        "state": one.state,
        "seen": one.seen or None,
        "emulator": asked.emulator,
        "why": one.why or None,
        "source": asked.source,
    }
