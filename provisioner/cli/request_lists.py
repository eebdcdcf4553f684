"""Taking in an auditor's request list: read the file, hold it against the site, write what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from provisioner.cli.console import Console
from provisioner.cli.judging import site_handle
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Transport
from provisioner.report.package_contents import period_named
from provisioner.report.requests_text import import_json
from provisioner.spec.request_map import RequestMap, read_map, write_map
from provisioner.sync.auditor_list import workbook
from provisioner.sync.auditor_list.cells import DayOrder
from provisioner.sync.auditor_list.headings import DISPLAYED, Headings, chosen, our_column, plain
from provisioner.sync.auditor_list.incoming import Terms, carry_out, decide, known_requests
from provisioner.sync.auditor_list.reading import Read, requests_in, within
from provisioner.sync.auditor_list.table import (
    LARGEST_FILE,
    Table,
    csv_tables,
    decoded,
    too_large,
    unreadable,
)
from provisioner.sync.auditor_list.taken import load_taken
from provisioner.sync.collect_lists import read_periods
from provisioner.sync.collect_site import REQUESTS, Places, locate
from provisioner.sync.facts import AuditPeriod
from provisioner.sync.frameworks import known_criteria
from provisioner.sync.vocabulary import PeriodState

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked of an import. `columns`: our column, by either name, by the auditor's heading."""

    file: Path
    period: str = ""
    columns: Mapping[str, str] | None = None
    dates: DayOrder = ""
    prefix: str = ""
    organisation: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    sheet: str
    headings: Headings
    read: Read


async def imported(
    opened: Workspace, wish: Wish, console: Console, agreed: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """The `RequestImport` document. Nothing is written unless `agreed` says so of it.

    Raises:
        ProvisionerError: REQUESTS-UNREADABLE, REQUESTS-TOO-LARGE, REQUESTS-NO-HEADINGS,
            REQUESTS-MAPPING, PERIOD-UNKNOWN, and what reading the site raises.
    """
    kept = read_map(opened.loaded.folder)
    said = _said(kept, wish)
    their = _read(wish, said, opened)
    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        places = await locate(transport, site_handle(opened))
        if REQUESTS not in places.lists:
            raise ProvisionerError(
                "WORKSPACE-NOT-APPLIED",
                "The workspace has no Audit Request Tracker.",
                hint="Declare the list and run `provisioner apply`.",
            )
        terms, names = await _terms(transport, places, wish)
        known, taken = await known_requests(transport, places), await load_taken(transport, places)
        read = within(their.read, places.lists[REQUESTS].columns)
        incoming = decide(read, known, terms, names, taken)
        document = import_json(
            opened.desired.name, str(wish.file), their.sheet, their.headings, incoming, terms
        )
        if not incoming.empty and agreed(document):
            sent, problem = await carry_out(transport, incoming, places, terms, progress, taken)
            if problem:
                console.warn(f"What the list says could not be kept for the next time: {problem}")
            document |= {
                "written": len(sent.done),
                "unsent": [str(one) for one in sent.unsent],
            }
            if said != kept:
                console.say(f"Kept for the next time: {write_map(opened.loaded.folder, said)}")
    return document


def _said(kept: RequestMap, wish: Wish) -> RequestMap:
    columns = {**kept.columns}
    for theirs, ours in (wish.columns or {}).items():
        columns = {name: one for name, one in columns.items() if plain(name) != plain(theirs)}
        columns[theirs] = DISPLAYED[our_column(ours)]
    return replace(kept, columns=columns, dates=wish.dates or kept.dates)


def _read(wish: Wish, said: RequestMap, opened: Workspace) -> _List:
    columns = {plain(theirs): our_column(ours) for theirs, ours in said.columns.items()}
    table, headings = chosen(_tables(wish), columns)
    missing = [theirs for theirs in wish.columns or {} if plain(theirs) not in _plain(headings)]
    if missing:
        raise ProvisionerError(
            "REQUESTS-MAPPING",
            f'The list has no heading "{missing[0]}".',
            hint=f"Its headings: {', '.join((*headings.titles.values(), *headings.unused))}.",
        )
    read = requests_in(
        table,
        headings,
        prefix=wish.prefix,
        order=said.dates,
        criteria=known_criteria(opened.settings.frameworks),
    )
    return _List(table.sheet, headings, read)


def _plain(headings: Headings) -> set[str]:
    return {plain(one) for one in (*headings.titles.values(), *headings.unused)}


def _tables(wish: Wish) -> tuple[Table, ...]:
    if wish.file.stat().st_size > LARGEST_FILE:
        raise too_large("it has more than 20 MB")
    data = wish.file.read_bytes()
    if data.startswith(_OLD_EXCEL):
        raise unreadable(
            "it is an old Excel workbook (.xls) or one with a password",
            "Save it as .xlsx without a password, or as CSV UTF-8.",
        )
    if not data.startswith(_ZIP):
        return tuple(csv_tables(decoded(data)))
    tables = workbook.tables(data)
    if not wish.sheet:
        return tables
    wanted = [one for one in tables if one.sheet.casefold() == wish.sheet.strip().casefold()]
    if not wanted:
        names = ", ".join(one.sheet for one in tables)
        raise unreadable(f'it has no worksheet "{wish.sheet}"', f"Its worksheets: {names}.")
    return tuple(wanted)


async def _terms(transport: Transport, places: Places, wish: Wish) -> tuple[Terms, dict[int, str]]:
    """What holds for the whole list, and the names of the audit periods by row number."""
    periods = await read_periods(transport, places)
    names = {int(one.id): one.name for one in periods}
    found = _period(periods, wish.period)
    if found is None:
        return Terms(organisation=wish.organisation), names
    if found.state is PeriodState.CLOSED:
        raise Refused(
            "PERIOD-CLOSED",
            f'The audit period "{found.name}" is closed; nothing is added to it any more.',
            hint="Name another with --period, or reopen it with `provisioner period reopen`.",
        )
    return Terms(int(found.id), found.name, wish.organisation or found.auditor), names


def _period(periods: tuple[AuditPeriod, ...], name: str) -> AuditPeriod | None:
    """The period named; without a name the only one that is judged, None where several are."""
    if name:
        found = period_named(periods, name)
        if found is None:
            names = ", ".join(f'"{one.name}"' for one in periods) or "none"
            raise ProvisionerError(
                "PERIOD-UNKNOWN",
                f'The site has no one audit period "{name}".',
                hint=f"Give `--period` one of those on the list Audit Periods: {names}.",
            )
        return found
    judged = [one for one in periods if one.judged]
    return judged[0] if len(judged) == 1 else None
