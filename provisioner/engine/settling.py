"""Read everything back, and judge by what the site shows. What still differs is sent once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from provisioner.core.errors import ProvisionerError
from provisioner.core.resource import Action, Change
from provisioner.engine.desired import Desired
from provisioner.engine.observe import Observed, observe
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options, plan
from provisioner.engine.receipt import result_of
from provisioner.engine.waves import Work, carry_out


async def settle(
    desired: Desired, options: Options, work: Work, *, stopped: ProvisionerError | None = None
) -> Observed:
    """The site after the work; the results say what of it holds.

    `stopped` is why the work was broken off; then nothing is sent any more.

    Raises what `observe` and `carry_out` raise.
    """
    records = work.records if work.keeper.held else None
    after = await observe(work.transport, desired, work.progress, records, there=True)
    if not work.wave:
        return after
    if not after.site_exists:
        _gone(work)
        return after
    fresh = plan(desired, after, options)
    residue = [c for c in _residue(fresh, work) if c.action is not Action.REPLACE]
    if residue and stopped is None:
        again = replace(work, known=after.bindings(), results={})
        await carry_out(residue, again)
        work.wave = again.wave
        after = await observe(work.transport, desired, work.progress, records, there=True)
        fresh = plan(desired, after, options)
    _judge(fresh, work, stopped)
    return after


def lose_sight(changes: Sequence[Change], work: Work, lost: ProvisionerError) -> None:
    """Nothing more is sent: what was sent may be done, and the rest was not tried."""
    for change in changes:
        result = work.results.get(change.address)
        if result is not None and result.status in {"failed", "skipped"}:
            continue
        if result is None and change.address not in work.begun:
            why = f"not tried: {lost.message}"
            work.results[change.address] = result_of(change, "skipped", "SKIPPED", why)
        else:
            sent = "it was sent and" if change.operations else "it was"
            why = f"{sent} not read back: {lost.message}"
            work.results[change.address] = result_of(change, "unknown", lost.code, why)


def _judge(fresh: Plan, work: Work, stopped: ProvisionerError | None) -> None:
    problems = {
        change.address: ("READ-BACK", _unlike(change)) for change in _residue(fresh, work)
    } | {blocked.address: (blocked.code, blocked.message) for blocked in fresh.blocked}
    for address, result in list(work.results.items()):
        if result.status not in {"done", "unknown"}:
            continue
        if address in problems:
            code, message = problems[address]
            if stopped is not None:
                code, message = stopped.code, f"it was begun and not finished: {stopped.message}"
            work.results[address] = replace(result, status="failed", code=code, message=message)
        elif result.status == "unknown":
            work.results[address] = replace(
                result, status="done", code="", message="", request_id=None
            )


def _gone(work: Work) -> None:
    """The site is not there any more, so nothing of what was done is."""
    for address, result in list(work.results.items()):
        if result.status in {"done", "unknown"}:
            work.results[address] = replace(
                result,
                status="failed",
                code="SITE-GONE",
                message="the site was there when we began and is not there any more",
            )


def _residue(fresh: Plan, work: Work) -> list[Change]:
    """What a fresh plan would still do to the addresses this run touched and was not refused."""
    touched = {a for a, r in work.results.items() if r.status in {"done", "unknown"}}
    return [c for c in fresh.shown if c.operations and c.address in touched]


def _unlike(change: Change) -> str:
    names = ", ".join(field.path for field in change.fields) or "it"
    return f"{names} did not read back as it was sent"
