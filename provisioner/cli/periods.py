"""Closing an audit period, and opening it again: judge, show, carry out, leave a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provisioner.cli.console import Console
from provisioner.cli.judging import judge_site, site_handle
from provisioner.cli.package_check import checked_package
from provisioner.cli.packaging import package_of
from provisioner.cli.period_row import Agreed, PeriodRow, period_rows, same_name, write_row
from provisioner.cli.period_work import Turn, done, ledger_of, turn_at
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Transport
from provisioner.report.period_text import (
    closing_json,
    reopening_json,
)
from provisioner.sync import closing, freezing
from provisioner.sync.collect_site import Places, locate
from provisioner.sync.columns import Value
from provisioner.sync.facts import AuditPeriod
from provisioner.sync.vocabulary import PeriodState
from provisioner.sync.writeback_send import Sent


async def close_period(
    opened: Workspace, name: str, out: Path, console: Console, agreed: Agreed, *, even_so: str = ""
) -> dict[str, Any]:
    """The `PeriodPlan` document; `done` in it says whether the period is closed now.

    Raises:
        Refused: PERIOD-NOT-OVER, PERIOD-UNSOUND, unless `even_so` says why; PERIOD-TOO-MANY; what
            taking the lock raises.
        ProvisionerError: PERIOD-UNKNOWN, PERIOD-INCOMPLETE, and what reading and packing raise.
    """
    progress = ConsoleProgress(console)
    today = opened.desired.scope.today
    async with transport_to(opened, progress) as transport:
        places = await locate(transport, site_handle(opened))
        row = await _row(transport, places, name)
        found = await ledger_of(transport, opened)
        record = found[1].closed.get(row.period.name) or {}
        document: dict[str, Any] = {"needed": True, "done": False}
        if row.period.final and record.get("on"):
            return closing_json(opened.desired.name, row, (), (), None) | {
                "needed": False, "done": True, "closedOn": str(record["on"]),
            }  # fmt: skip
        _refuse_old_list(places)
        over = closing.is_over(row.period, today)
        if not over and not even_so:
            raise _not_over(row.period)
        run = await judge_site(transport, opened, console, today=today, dry_run=True)
        keys = closing.belonging(row.period, run.facts, run.judgement)
        against = closing.objections(row.period, run.judgement, keys)
        targets = freezing.targets(run.files.values(), keys, places)
        apart = await freezing.standing_apart(transport, targets)
        ours = {
            f"{key}/{number}"
            for key, numbers in (record.get("documents") or {}).items()
            for number in numbers
        }
        chosen = tuple(one for one in targets if one.key not in apart or one.key in ours)
        document |= closing_json(opened.desired.name, row, against, chosen, out, apart - ours)
        document["over"] = over
        document["evenSo"] = even_so or None
        _refuse_other_file(out, row.period.name)
        _refuse_closing(document, even_so)
        if not agreed(document):
            return document
        made = await package_of(
            transport, opened, run, console, row.period.name, out, partial=bool(even_so)
        )
        document["packageDigest"] = made.digest
        record = {
            "on": "",
            "state": record.get("state") or str(row.period.state),
            "package": made.digest,
            "reason": even_so,
            "documents": freezing.by_library(chosen),
        }
        async with turn_at(transport, opened, await ledger_of(transport, opened)) as turn:
            return await _closed(turn, places, row, record, document, console)


async def _closed(
    turn: Turn,
    places: Places,
    row: PeriodRow,
    record: Mapping[str, Any],
    document: Mapping[str, Any],
    console: Console,
) -> dict[str, Any]:
    """Do it. The ledger knows which documents are meant before the first of them is touched."""
    name, today = row.period.name, turn.workspace.desired.scope.today
    targets = freezing.recorded(record["documents"], places)
    await turn.note_closed(name, {**record, "run": turn.run})
    _complete(await freezing.make_read_only(turn.transport, targets, ConsoleProgress(console)))
    fields: dict[str, Value] = {
        "State": str(PeriodState.CLOSED),
        "ClosedOn": today,
        "ClosingNote": _note(document, str(record["reason"])),
    }
    await write_row(turn.transport, places, await _row(turn.transport, places, name), fields)
    await turn.note_closed(name, {**record, "run": turn.run, "on": today.isoformat()})
    receipt = await _finished(turn, document, row)
    return {**document, "done": True, "runId": receipt, "closedOn": today.isoformat()}


def _note(document: Mapping[str, Any], even_so: str) -> str:
    lines = [
        f"{document['documents']} documents read-only.",
        f"Package {document['packageDigest']}",
    ]
    return "\n".join([*lines, *([f"Closed even so: {even_so}"] if even_so else [])])


def _not_over(period: AuditPeriod) -> Refused:
    last = period.days.last if period.days is not None else None
    return Refused(
        "PERIOD-NOT-OVER",
        f'The audit period "{period.name}" is not over before {last or "its days are known"}.',
        hint='Wait, or give --even-so "why"; the reason is kept in the receipt.',
    )


def _refuse_closing(document: Mapping[str, Any], even_so: str) -> None:
    if document["documents"] > freezing.ADVISED:
        raise Refused(
            "PERIOD-TOO-MANY",
            f"{document['documents']} documents would get permissions of their own.",
            hint=f"SharePoint advises at most {freezing.ADVISED} in a library. Make the libraries "
            "read-only in the workspace file instead.",
        )
    if document["objections"] and not even_so:
        first = document["objections"][0]
        more = len(document["objections"]) - 1
        others = f", and {more} more" if more else ""
        raise Refused(
            "PERIOD-UNSOUND",
            f"Its evidence is not sound: {first['rule']} {first['message']}{others}",
            hint='See `provisioner sync --dry-run`; waive what is accepted, or give --even-so "why".',
        )


def _refuse_other_file(out: Path, name: str) -> None:
    """A package of this period, from a run that broke off, is made anew; nothing else is replaced."""
    if out.exists() and checked_package(out, None).manifest.get("period") != name:
        raise ProvisionerError(
            "FILE-EXISTS", f"{out} is there already.", hint="Give another name with --out."
        )


def _refuse_old_list(places: Places) -> None:
    if not {"ClosedOn", "ClosingNote"} <= places.lists["audit-periods"].columns:
        raise ProvisionerError(
            "WORKSPACE-NOT-APPLIED",
            "The list Audit Periods has no columns Closed on and Closing note yet.",
            hint="Run `provisioner apply` first: the pack declares them.",
        )


def _complete(sent: Sent) -> None:
    if sent.unsent:
        first = sent.unsent[0]
        raise ProvisionerError(
            "PERIOD-INCOMPLETE",
            f"{len(sent.unsent)} requests about documents did not come through; the first: {first}",
            hint="Run the same command again: what is done is found and not repeated.",
        )


async def _finished(turn: Turn, document: Mapping[str, Any], row: PeriodRow) -> str:
    turn.results.append(done(f"period:{row.period.name}", "update"))
    return (await turn.finish(digest({**document, "package": None}))).run_id


async def reopen_period(
    opened: Workspace, name: str, reason: str, console: Console, agreed: Agreed
) -> dict[str, Any]:
    """The `PeriodPlan` document; `done` in it says whether the period is open again.

    Raises:
        ProvisionerError: PERIOD-UNKNOWN, PERIOD-NOT-CLOSED, PERIOD-INCOMPLETE.
    """
    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        places = await locate(transport, site_handle(opened))
        row = await _row(transport, places, name)
        found = await ledger_of(transport, opened)
        record = found[1].closed.get(row.period.name)
        if record is None:
            raise ProvisionerError(
                "PERIOD-NOT-CLOSED",
                f'`period close` did not close the audit period "{row.period.name}".',
                hint="Set its State on the list Audit Periods by hand.",
            )
        targets = freezing.recorded(record["documents"], places)
        document = reopening_json(opened.desired.name, row, targets, str(record["state"]), reason)
        if not agreed(document):
            return document
        async with turn_at(transport, opened, found) as turn:
            _complete(await freezing.give_back(transport, targets, progress))
            fields = {
                "State": str(record["state"]),
                "ClosedOn": None,
                "ClosingNote": f"Opened again: {reason}",
            }
            await write_row(transport, places, row, fields)
            await turn.note_closed(row.period.name, None)
            run = await _finished(turn, document, row)
    return document | {"done": True, "runId": run}


async def _row(transport: Transport, places: Places, name: str) -> PeriodRow:
    rows = await period_rows(transport, places)
    found = [one for one in rows if same_name(one.period.name, name)]
    if len(found) != 1:
        names = ", ".join(f'"{one.period.name}"' for one in rows) or "none"
        raise ProvisionerError(
            "PERIOD-UNKNOWN",
            f'The site has no one audit period "{name}".',
            hint=f"Those on the list Audit Periods: {names}.",
        )
    return found[0]
