"""Opening an audit period: the days that follow the last one, its scope, its row on the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from provisioner.cli.console import Console
from provisioner.cli.judging import judge_site, site_handle
from provisioner.cli.period_row import Agreed, PeriodRow, period_rows, same_name, write_row
from provisioner.cli.period_work import done, ledger_of, turn_at
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.report.period_text import opened_already, opening_json
from provisioner.sync import closing
from provisioner.sync.collect_site import locate
from provisioner.sync.columns import Value
from provisioner.sync.facts import Span
from provisioner.sync.vocabulary import PeriodState
from provisioner.sync.windows import counts


@dataclass(frozen=True, slots=True)
class Opening:
    """A period to be opened. Days left out follow the last period of the list."""

    name: str
    start: date | None = None
    end: date | None = None
    auditor: str = ""
    even_so: str = ""


async def open_period(
    opened: Workspace, wish: Opening, console: Console, agreed: Agreed
) -> dict[str, Any]:
    """The `PeriodPlan` document; `done` in it says whether the period is open now.

    Raises:
        Refused: PERIOD-CLOSED, PERIOD-DIFFERS, PERIOD-OVERLAPS.
        ProvisionerError: PERIOD-DAYS, and what reading and writing raise.
    """
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        places = await locate(transport, site_handle(opened))
        rows = await period_rows(transport, places)
        there = next((one for one in rows if same_name(one.period.name, wish.name)), None)
        last = max((one for one in rows if one.period.days), key=_ends, default=None)
        days = _days(wish, there, last)
        _refuse_opening(wish, there, rows, days)
        is_open = there is not None and there.period.judged
        if is_open:
            return opened_already(opened.desired.name, wish.name, days)
        run = await judge_site(
            transport, opened, console, today=opened.desired.scope.today, dry_run=True
        )
        like = there or last
        period = like.period if like is not None else None
        expected = [one for one in run.facts.items if period is None or counts(one, period)]
        document = opening_json(opened.desired.name, wish.name, days, like, expected, run)
        if not agreed(document):
            return document
        async with turn_at(transport, opened, await ledger_of(transport, opened)) as turn:
            fields: dict[str, Value] = {"State": str(PeriodState.OPEN)}
            if there is None:
                fields |= _new_row(wish, days, last)
            await write_row(transport, places, there, fields)
            turn.results.append(
                done(f"period:{wish.name}", "create" if there is None else "update")
            )
            receipt = await turn.finish(digest(document))
        return document | {"done": True, "runId": receipt.run_id}


def _new_row(wish: Opening, days: Span, last: PeriodRow | None) -> dict[str, Value]:
    auditor = wish.auditor or (last.period.auditor if last is not None else "")
    return {
        "Title": wish.name,
        "ReportType": "type-2",
        "StartsOn": days.first,
        "EndsOn": days.last,
        "ScopeCategories": last.period.criteria if last is not None else (),
        **({"AuditFirm": auditor} if auditor else {}),
    }


def _ends(row: PeriodRow) -> date:
    assert row.period.days is not None
    return row.period.days.last or date.max


def _days(wish: Opening, there: PeriodRow | None, last: PeriodRow | None) -> Span:
    told = there.period.days if there is not None else None
    if wish.start is None and wish.end is None and told is not None:
        return told
    if wish.start is not None and wish.end is not None and wish.start <= wish.end:
        return Span(wish.start, wish.end)
    if wish.start is None and wish.end is None and last is not None and last.period.days:
        return closing.following(last.period.days)
    raise ProvisionerError(
        "PERIOD-DAYS",
        f"The days of the period {wish.name} are not known.",
        hint="Give both --from and --to, in order.",
    )


def _refuse_opening(
    wish: Opening, there: PeriodRow | None, rows: tuple[PeriodRow, ...], days: Span
) -> None:
    if there is not None and there.period.state in (PeriodState.CLOSED, PeriodState.ISSUED):
        raise Refused(
            "PERIOD-CLOSED",
            f'The audit period "{wish.name}" is {str(there.period.state).lower()} already.',
            hint="Give the new one another name; `provisioner period reopen` opens a closed one.",
        )
    if there is not None and there.period.days not in (None, days):
        raise Refused(
            "PERIOD-DIFFERS",
            f'The list has a period "{wish.name}" with other days.',
            hint="Leave out --from and --to to open it as it is, or give another name.",
        )
    others = [one.period for one in rows if one is not there]
    shared = closing.overlapping(days, others)
    if shared and not wish.even_so:
        raise Refused(
            "PERIOD-OVERLAPS",
            f'{days.first} to {days.last} shares days with the period "{shared[0].name}".',
            hint='Give other days, or --even-so "why" where that is meant.',
        )
