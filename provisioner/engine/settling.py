"""Read everything back, and judge by what the site shows. What still differs is sent once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from provisioner.core.errors import ProvisionerError
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Bindings
from provisioner.engine.asking import TOGETHER
from provisioner.engine.desired import Desired
from provisioner.engine.expected import details_by_now
from provisioner.engine.learning import CANNOT
from provisioner.engine.observe import Observed, observe
from provisioner.engine.own_records import Records
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options, plan
from provisioner.engine.receipt import Result, result_of
from provisioner.engine.waves import Work, carry_out


async def settle(
    desired: Desired, options: Options, work: Work, *, stopped: ProvisionerError | None = None
) -> Observed:
    """The site after the work; the results say what of it holds.

    `stopped` is why the work was broken off; then nothing is sent any more.

    Raises what `observe` and `carry_out` raise.
    """
    records = work.records if work.keeper.held else None
    after = await _read_back(desired, work.known, records, work)
    if not work.wave:
        return after
    if not after.site_exists:
        _gone(work)
        return after
    fresh = plan(desired, after, options)
    residue = [c for c in _residue(fresh, work.results) if c.action is not Action.REPLACE]
    refused: dict[str, Result] = {}
    if residue and stopped is None:
        again = replace(work, known=after.bindings(), results={})
        await carry_out(residue, again)
        work.wave = again.wave
        refused = {a: r for a, r in again.results.items() if r.status in {"failed", "skipped"}}
        after = await _read_back(desired, again.known, records, work)
        fresh = plan(desired, after, options)
    judge(work.results, fresh, refused, stopped)
    for address, words in work.learnt.beyond.items():
        result = work.results.get(address)
        if result is not None and result.status == "done":
            work.results[address] = replace(result, code=CANNOT, message=words)
    return after


async def _read_back(
    desired: Desired, known: Bindings, records: Records | None, work: Work
) -> Observed:
    ahead = details_by_now(desired, known)
    able = work.learnt.able
    seen = await observe(
        work.transport,
        desired,
        work.progress,
        records,
        there=True,
        ahead=ahead,
        apart=able.get(TOGETHER) is False,
    )
    able |= seen.learnt
    return seen


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


def judge(
    results: dict[str, Result],
    fresh: Plan,
    refused: Mapping[str, Result],
    stopped: ProvisionerError | None = None,
) -> None:
    """Say in `results` what `fresh`, a plan made after the work, still finds undone, and why.

    `refused` is what was sent once more and not done, with Microsoft's code and words.
    """
    unlike = {c.address: ("READ-BACK", _unlike(c), None) for c in _residue(fresh, results)}
    blocked = {one.address: (one.code, one.message, None) for one in fresh.blocked}
    words = {a: (r.code, r.message, r.request_id) for a, r in refused.items() if a in unlike}
    problems = unlike | words | blocked
    for address, result in list(results.items()):
        if result.status not in {"done", "unknown"}:
            continue
        if address in problems:
            code, message, request = problems[address]
            if stopped is not None:
                code, message = stopped.code, f"it was begun and not finished: {stopped.message}"
            results[address] = replace(
                result, status="failed", code=code, message=message, request_id=request
            )
        elif result.status == "unknown":
            results[address] = replace(result, status="done", code="", message="", request_id=None)


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


def _residue(fresh: Plan, results: Mapping[str, Result]) -> list[Change]:
    """What a fresh plan would still do to the addresses this run touched and was not refused."""
    touched = {a for a, r in results.items() if r.status in {"done", "unknown"}}
    return [c for c in fresh.shown if c.operations and c.address in touched]


def _unlike(change: Change) -> str:
    names = ", ".join(field.path for field in change.fields) or "it"
    return f"{names} did not read back as it was sent"
