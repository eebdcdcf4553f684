"""Which plan an apply carries out, and who said so: made now, approved, gone on with, or taken back."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from provisioner.cli import settings
from provisioner.cli.console import Console
from provisioner.cli.machine import this_machine
from provisioner.cli.operations import applied, plan_for, say_what_allows_nothing
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.address import SITE
from provisioner.core.errors import Refused
from provisioner.core.transport import Transport
from provisioner.engine.capabilities import is_apart
from provisioner.engine.ledger_library import LOCK_ADDRESS
from provisioner.engine.observe import Observed, observe
from provisioner.engine.plan import Plan
from provisioner.engine.planner import Options
from provisioner.engine.receipt import Receipt
from provisioner.engine.resume import why_not
from provisioner.engine.signed import read_signed, stale
from provisioner.engine.site_begun import with_site_begun
from provisioner.ledger.lock_keeper import LockKeeper

_FEW = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked of apply. `signed` is the document of `--plan`; `undo` and `break_lock` runs."""

    signed: Mapping[str, Any] | None = None
    yes: bool = False
    resume: bool = False
    undo: str = ""
    break_lock: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A wish and all it is carried out with: the site as it was just read, among them."""

    transport: Transport
    opened: Workspace
    observed: Observed
    options: Options
    wish: Wish
    console: Console


def signed_plan(plan_file: Path | None) -> Mapping[str, Any] | None:
    """The approved plan.

    Raises `Refused` PLAN-UNREADABLE and PLAN-ALTERED, and OSError for a file that cannot be read.
    """
    return None if plan_file is None else read_signed(plan_file.read_bytes(), str(plan_file))


async def apply_as_wished(
    opened: Workspace, options: Options, wish: Wish, console: Console
) -> Receipt | None:
    """The receipt; None when there is nothing to do, which is said.

    Raises:
        Refused: PLAN-STALE, NOT-CONFIRMED, and what `apply` raises.
        ProvisionerError: RUN-UNKNOWN, and what reading raises.
    """
    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        apart = is_apart(opened.loaded.folder)
        observed = await observe(transport, opened.desired, progress, apart=apart)
        observed = with_site_begun(observed, opened.desired, settings.home() / "journals")
        wish = _as_begun(wish, observed, console)
        if wish.signed is not None:
            options = as_approved(options, wish.signed)
        if _ended_in_undo(wish, observed, console):
            return None
        does = _undo if wish.undo else _file_applied
        return await does(_Asked(transport, opened, observed, options, wish, console))


async def _file_applied(asked: _Asked) -> Receipt | None:
    observed, wish, console = asked.observed, asked.wish, asked.console
    made, options = await plan_for(asked.transport, asked.opened, observed, asked.options)
    say_what_allows_nothing(made, options, console)
    if wish.signed is not None:
        made = replace(made, day=str(wish.signed.get("day")))
    approved = ""
    left = observed.unfinished
    ending = left is not None and (wish.resume or not made.empty or left.receipt is not None)
    if ending:
        approved = _going_on(made, observed, wish, console)
    elif wish.resume:
        console.say("No run was cut off here, so there is nothing to go on with.")
    if wish.signed is not None and not approved:
        refusal = stale(wish.signed, made.json())
        if refusal is not None:
            raise refusal
    if made.empty and not made.blocked and not ending:
        await _lock_broken(asked)
        console.say("Nothing to do: the site is as the file says.")
        return None
    if (
        not made.blocked
        and not made.empty
        and wish.signed is None
        and not wish.yes
        and not approved
    ):
        ask(made, console)
    return await applied(
        asked.transport,
        asked.opened,
        observed,
        made,
        options,
        console,
        break_lock=wish.break_lock,
        approved=approved,
    )


def _as_begun(wish: Wish, observed: Observed, console: Console) -> Wish:
    """What was asked for; `--resume` of a run that was taking another back takes that one back."""
    if not wish.resume or observed.unfinished is None or not observed.unfinished.undoes:
        return wish
    run = observed.unfinished.undoes
    console.say(f"Run {observed.unfinished.run} was taking back run {run}; that goes on.")
    return replace(wish, undo=run, yes=True)


def _ended_in_undo(wish: Wish, observed: Observed, console: Console) -> bool:
    """Whether a run is to be gone on with whose end took another back: that is no wish to apply anew.

    A process can end after its run did, and who resumes it cannot know.
    """
    if not wish.resume or wish.signed is not None or observed.unfinished is not None:
        return False
    last = observed.ledger.runs[-1] if observed.ledger.runs else {}
    if not last.get("undoes"):
        return False
    run, whole = last["undoes"], set(last.get("results") or ()) <= {"done"}
    next_step = (
        "`provisioner apply` would make what the file asks for again."
        if whole
        else f"`provisioner apply --undo {run}` tries once more what failed."
    )
    console.say(
        f"Nothing to go on with: the last run, {last.get('runId')}, took back run {run} and has ended. "
        f"{next_step}"
    )
    return True


async def _lock_broken(asked: _Asked) -> None:
    """Take a dead run's lock and lay it down, where that was asked for and nothing else is to be done.

    Raises what `LockKeeper.acquire` raises.
    """
    observed, run = asked.observed, asked.wish.break_lock
    if not run:
        return
    keeper = LockKeeper(
        asked.transport, settings.run_id(), this_machine(settings.home() / "journals"), settings.now
    )
    prior = observed.unfinished.run if observed.unfinished is not None else ""
    site, place = observed.existing[SITE].ids["id"], observed.existing[LOCK_ADDRESS].ids["id"]
    await keeper.acquire(site, place, observed.lock, prior=prior, break_run=run)
    await keeper.release()
    asked.console.say(f"The lock of run {run} is broken.")


def as_approved(options: Options, signed: Mapping[str, Any]) -> Options:
    """The options an approved plan was made with: who approved it saw what they allow."""
    allow = options.allow | {str(one) for one in signed.get("allow") or ()}
    return replace(options, prune=options.prune or bool(signed.get("prune")), allow=allow)


def _going_on(made: Plan, observed: Observed, wish: Wish, console: Console) -> str:
    """The digest that was approved, when what is left may be done without asking; else ""."""
    from provisioner.engine.journal import journal_lines, without_answer

    assert observed.unfinished is not None
    run = observed.unfinished.run
    if not wish.resume:
        console.say(f"Run {run} has not ended. What it made is ours; what is left is planned here.")
        return ""
    open_parts = without_answer(journal_lines(settings.home() / "journals" / f"{run}.jsonl"))
    if open_parts:
        named = ", ".join(open_parts[:_FEW]) + (" and others" if len(open_parts) > _FEW else "")
        console.say(f"No answer came to {named}; the site was looked at for what became of it.")
    reason = why_not(observed.unfinished, made.json())
    approved = observed.unfinished.approved
    if not reason and wish.signed is not None and wish.signed["digest"] != approved:
        reason = "the plan that was given is not the one it carried out"
    if reason:
        console.say(f"Run {run} cannot be gone on with as it was planned: {reason}. Planned anew.")
        return ""
    left, whole = len(made.shown), len(observed.unfinished.all_changes)
    console.say(f"Going on with run {run}: {left} of its {whole} changes are left.")
    return approved


async def _undo(asked: _Asked) -> Receipt | None:
    from provisioner.cli.undoing import under_way, undo_planned
    from provisioner.engine.undo_gates import refusal

    transport, opened, wish, console = asked.transport, asked.opened, asked.wish, asked.console
    working = None if wish.break_lock else await under_way(transport, asked.observed)
    if working is not None:
        raise working
    undo, observed = await undo_planned(
        transport, opened, asked.observed, asked.options, wish.undo, console
    )
    made = undo.plan
    if made.blocked:
        raise refusal(made)
    for reason in made.stays:
        console.warn(f"Stays: {reason}")
    if wish.signed is not None:
        made = replace(made, day=str(wish.signed.get("day")))
        refused = stale(wish.signed, made.json())
        if refused is not None:
            raise refused
    if made.empty and not undo.ends:
        console.say("Nothing to take back.")
        return None
    if not made.empty and not wish.yes and wish.signed is None:
        ask(made, console)
    done = await applied(
        transport,
        replace(opened, desired=undo.desired),
        observed,
        made,
        replace(asked.options, prune=True),
        console,
        break_lock=wish.break_lock,
    )
    console.say("The file still asks for what was taken back; `provisioner plan` shows it.")
    return done


def ask(made: Plan, console: Console) -> None:
    """Show the plan and have it confirmed. Raises `Refused` NOT-CONFIRMED."""
    from provisioner.report.plan_text import plan_text

    if not sys.stdin.isatty():
        raise Refused(
            "NOT-CONFIRMED",
            "There is nobody here to confirm the plan.",
            hint="Give --yes, or --plan with a plan that was approved.",
        )
    console.say(plan_text(made))
    if not typer.confirm("Apply this?", err=True):
        raise Refused("NOT-CONFIRMED", "Nothing was changed.")


def keep_copy(receipt: Receipt, folder: Path) -> None:
    """The receipt in a folder of the user's choice."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(receipt.json(), indent=2, ensure_ascii=False) + "\n"
    (folder / f"{receipt.run_id}.json").write_text(text, "utf-8")
