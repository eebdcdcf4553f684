"""The year goes on: an auditor's list comes in, a period is closed, the next one begins."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import period_opening, periods, request_lists
from provisioner.cli.app import exit_code
from provisioner.cli.console import Console
from provisioner.cli.package_check import checked_package
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.errors import Refused
from provisioner.core.progress import Silent
from provisioner.core.transport import Reading
from provisioner.report.period_text import period_text
from provisioner.report.requests_text import import_text

from .conftest import LIBRARY, Site, _opened

TRACKER = "Audit Request Tracker"
FIRST = """\
PBC #,Request,Due,TSC,Responsible
1,List of all API tokens,2027-01-20,CC6.1,ann
2,"- users
- admins",2027-01-21,A1.2,
3,Something,03/04/2027,,
"""


def test_an_auditors_list_comes_in_once_and_only_their_columns_follow_it(
    site: Site, tmp_path: Path
) -> None:
    lists, workspace = tmp_path / "pbc.csv", _opened(site.applied, "")
    workspace = replace(workspace, loaded=replace(workspace.loaded, folder=tmp_path))
    lists.write_bytes(FIRST.encode("cp1252"))

    def imported(*, yes: bool, **more: Any) -> tuple[dict[str, Any], int]:
        """The document, and how many writes were sent."""
        site.http.request("DELETE", "/_emulator/requests")
        wish = request_lists.Wish(lists, **more)
        work = request_lists.imported(workspace, wish, Console(quiet=True), lambda _: yes)
        return asyncio.run(work), len(site.sent())

    shown, sent = imported(yes=False)
    assert sent == 0
    assert [one["reference"] for one in shown["new"]] == ["1", "2"]
    [odd] = shown["unreadable"]
    assert (odd["line"], "03/04/2027" in odd["why"]) == (5, True)
    assert shown["unusedHeadings"] == ["Responsible"]
    assert shown["period"] == "2026-01-01 to 2026-12-31", "the only one that is open"

    done, sent = imported(yes=True, dates="day-first")
    assert (done["written"], sent) == (3, 3)
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["RequesterType"], row["InternalStatus"]) == ("Auditor", "New")
    assert row["DueOn"].startswith("2027-04-03")
    assert "day-first" in (tmp_path / "requests-map.yaml").read_text("utf-8")

    # The team works on it; the auditor sends a new list. Only the auditor's words follow.
    site.patch(TRACKER, row["id"], {"InternalStatus": "Collecting", "Title": "Our own title"})
    lists.write_text(FIRST.replace("03/04/2027", "05/04/2027").replace("1,List of", "1,A list of"))
    changed, sent = imported(yes=True)
    assert (changed["written"], sent) == (2, 2)
    assert {one["reference"]: [f["path"] for f in one["fields"]] for one in changed["changed"]} == {
        "1": ["RequestText"], "3": ["DueOn"],
    }  # fmt: skip
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["InternalStatus"], row["Title"]) == ("Collecting", "Our own title")
    again, sent = imported(yes=True)
    assert (sent, len(again["unchanged"])) == (0, 3)
    assert "0 new, 0 changed, 3 unchanged, 0 unreadable." in import_text(again)


PERIOD = "2026-01-01 to 2026-12-31"
NEXT_YEAR = date(2027, 1, 5)


def levels(site: Site, number: str) -> set[str]:
    """The levels anybody has on a document, by name."""

    async def ask() -> set[str]:
        asked = Reading(
            "sharepoint",
            f"/_api/web/lists/getbytitle('{LIBRARY}')/items({number})/roleassignments"
            "?$expand=RoleDefinitionBindings",
        )
        async with transport_to(_opened(site.applied, ""), Silent()) as transport:
            rows = (await transport.read([asked]))[asked].body["value"]
        return {level["Name"] for row in rows for level in row["RoleDefinitionBindings"]}

    return asyncio.run(ask())


def test_a_period_is_closed_the_next_one_opened_and_the_closed_one_stays_as_it_is(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    console, package = Console(quiet=True), tmp_path / "2026.zip"

    def opened(day: date) -> Workspace:
        whole = _opened(site.applied, "")
        scope = replace(whole.desired.scope, today=day)
        return replace(whole, desired=replace(whole.desired, scope=scope))

    def close(day: date, **more: str) -> dict[str, Any]:
        site.http.request("DELETE", "/_emulator/requests")
        work = periods.close_period(opened(day), PERIOD, package, console, lambda _: True, **more)
        return asyncio.run(work)

    def refused(day: date) -> str:
        with pytest.raises(Refused) as caught:
            close(day)
        assert (caught.value.exit_code, site.sent(), package.exists()) == (3, [], False)
        return caught.value.code

    old = site.approved(
        "tokens 2026.csv", "E002", date(2026, 5, 31),
        PeriodFrom=date(2026, 5, 1), PeriodTo=date(2026, 5, 31), RowCount=3,
    )  # fmt: skip
    policy = site.approved("standard.pdf", "E001", date(2026, 5, 1))
    assert refused(date(2026, 6, 15)) == "PERIOD-NOT-OVER"
    site.at(NEXT_YEAR)
    assert refused(NEXT_YEAR) == "PERIOD-UNSOUND"

    # The next period: as long as the last, with its scope. Opened twice, it is opened once.
    wish = period_opening.Opening("2027")
    for sent in (True, False):
        site.http.request("DELETE", "/_emulator/requests")
        told = asyncio.run(
            period_opening.open_period(opened(NEXT_YEAR), wish, console, lambda _: True)
        )
        assert (told["from"], told["to"], told["needed"]) == ("2027-01-01", "2027-12-31", sent)
        assert bool(site.sent()) is sent
    assert site.row("Audit Periods", "Title", "2027")["State"] == "Open"

    # Killed in the middle and run again, it ends the same.
    with monkeypatch.context() as broken:
        broken.setattr(periods, "write_row", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            close(NEXT_YEAR, even_so="The auditor knows")
    assert levels(site, old) == {"Read"}
    assert "Contribute" in levels(site, policy), "a standing policy lives on"
    done = close(NEXT_YEAR, even_so="The auditor knows")
    assert (done["documents"], done["done"]) == (1, True)
    assert not [one for one in site.sent() if "role" in one], "what was done is not repeated"
    row = site.row("Audit Periods", "Title", PERIOD)
    assert (row["State"], row["ClosedOn"][:10]) == ("Closed", "2027-01-05")
    assert "The auditor knows" in row["ClosingNote"]
    assert done["packageDigest"] in row["ClosingNote"]
    assert checked_package(package).holds
    assert "1 documents become read-only" in period_text(done)
    again = close(NEXT_YEAR)
    assert (again["needed"], site.sent()) == (False, [])

    # Sync leaves the document and the findings of the closed period as they are.
    def told() -> tuple[dict[str, Any], list[str]]:
        found = site.rows("Evidence Findings")
        of_it = [one["State"] for one in found if one.get("AuditPeriodLookupId") == row["id"]]
        return site.document(old), of_it

    before = told()
    assert "Open" in before[1]
    run = site.sync(date(2027, 1, 6))
    assert told() == before
    assert {one.name for one in run.judgement.windows} == {"2027"}

    # And back, for a reason.
    work = periods.reopen_period(
        opened(NEXT_YEAR), PERIOD, "a late request", console, lambda _: True
    )
    assert asyncio.run(work)["done"]
    assert "Contribute" in levels(site, old)
    assert site.row("Audit Periods", "Title", PERIOD)["State"] == "Open"
    assert exit_code(["receipts", "verify", str(site.applied / "workspace-0.yaml")]) == 0
