"""The year goes on: an auditor's list comes in, a period is closed, the next one begins."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from docs.pages import ROOT, command_lines

from provisioner.cli import periods, request_lists, settings
from provisioner.cli.app import exit_code
from provisioner.cli.console import Console
from provisioner.cli.package_check import checked_package
from provisioner.cli.workspace import transport_to
from provisioner.core.progress import Silent
from provisioner.core.transport import Reading
from provisioner.report.period_text import period_text
from provisioner.report.requests_text import import_text
from provisioner.sync import freezing

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
    assert (done["written"], sent) == (3, 4), "three requests, and what the list said of them"
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["RequesterType"], row["InternalStatus"]) == ("Auditor", "New")
    assert row["DueOn"].startswith("2027-04-03")
    assert "day-first" in (tmp_path / "requests-map.yaml").read_text("utf-8")

    # The team works on it; the auditor sends a new list. Only the auditor's words follow.
    site.patch(TRACKER, row["id"], {"InternalStatus": "Collecting", "Title": "Our own title"})
    lists.write_text(FIRST.replace("03/04/2027", "05/04/2027").replace("1,List of", "1,A list of"))
    changed, sent = imported(yes=True)
    assert (changed["written"], sent) == (2, 3)
    assert {one["reference"]: [f["path"] for f in one["fields"]] for one in changed["changed"]} == {
        "1": ["RequestText"], "3": ["DueOn"],
    }  # fmt: skip
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["InternalStatus"], row["Title"]) == ("Collecting", "Our own title")
    again, sent = imported(yes=True)
    assert (sent, len(again["unchanged"])) == (0, 3)
    assert "0 new, 0 changed, 3 unchanged, 0 unreadable." in import_text(again)

    # The team puts the auditor's own words right. The list says them as before, and does not win.
    site.patch(TRACKER, row["id"], {"RequestText": "Something, for all regions"})
    ours, sent = imported(yes=True)
    assert sent == 0
    [kept] = ours["kept"]
    assert (kept["reference"], kept["path"], kept["auditorChanged"]) == ("3", "RequestText", False)
    assert "your team changed Request: Something, for all regions stays" in import_text(ours)


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


def of_the_page(start: str) -> list[tuple[str, ...]]:
    """The command lines of docs/year.md that begin so, without the program's name."""
    lines = (line.words[1:] for line in command_lines(ROOT / "docs" / "year.md"))
    return [words for words in lines if " ".join(words).startswith(start)]


def tampered(site: Site, back: str, gone: str) -> None:
    """An administrator lets one document inherit its permissions again, and deletes another."""

    async def let_inherit() -> None:
        target = freezing.Target("d", site.id_of(LIBRARY), int(back))
        async with transport_to(_opened(site.applied, ""), Silent()) as transport:
            await freezing.give_back(transport, [target], Silent())

    asyncio.run(let_inherit())
    site.graph("DELETE", f"{site.path(LIBRARY)}/items/{gone}")


def test_a_period_is_closed_the_next_one_opened_and_the_closed_one_stays_as_it_is(
    site: Site,
    loaded_once: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every command of docs/year.md is run here, as it stands there."""
    package = tmp_path / "2026.zip"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clients" / "acme").mkdir(parents=True)
    (tmp_path / "clients" / "acme" / "workspace.yaml").write_text("", "utf-8")
    (tmp_path / "pbc-list.xlsx").write_text("PBC #,Request,Due\n9,Tokens,03/04/2027\n", "utf-8")
    [opening], [closing] = of_the_page("period open"), of_the_page("period close")
    [reopening], importing = of_the_page("period reopen"), of_the_page("requests import")

    def told(*words: str, day: date = NEXT_YEAR) -> tuple[int, Any]:
        """Exit code and document of a command on a day; requests are counted anew."""
        site.http.request("DELETE", "/_emulator/requests")
        moment = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        monkeypatch.setattr(settings, "now", lambda: moment)
        capsys.readouterr()
        code = exit_code([*words, "--format", "json"])
        return code, json.loads(capsys.readouterr().out)

    def close(*more: str, day: date = NEXT_YEAR) -> tuple[int, Any]:
        return told(*closing, *more, day=day)

    def refused(*more: str, day: date = NEXT_YEAR) -> str:
        code, document = close(*more, day=day)
        assert (code, document["kind"], site.sent(), package.exists()) == (3, "Error", [], False)
        return str(document["code"])

    old, taken, lost = (
        site.approved(
            f"tokens {n}.csv", "E002", date(2026, 5, 31),
            PeriodFrom=date(2026, 5, 1), PeriodTo=date(2026, 5, 31), RowCount=n,
        )
        for n in (3, 4, 5)
    )  # fmt: skip
    policy = site.approved("standard.pdf", "E001", date(2026, 5, 1))
    assert refused("--yes", day=date(2026, 6, 15)) == "PERIOD-NOT-OVER"
    site.at(NEXT_YEAR)
    assert refused("--yes") == "PERIOD-UNSOUND"

    code, document = told(*opening)
    assert (code, document["code"], site.sent()) == (3, "NOT-CONFIRMED", []), "nobody is there"

    # The next period: as long as the last, with its scope. Opened twice, it is opened once.
    for sent in (True, False):
        code, plan = told(*opening, "--yes")
        assert (code, plan["kind"]) == (0, "PeriodPlan")
        assert (plan["from"], plan["to"], plan["needed"]) == ("2027-01-01", "2027-12-31", sent)
        assert bool(site.sent()) is sent
    assert site.row("Audit Periods", "Title", "2027")["State"] == "Open"

    # The auditor's list for it: shown, refused where a day is two days, then written.
    (code, shown), (done, wrote) = told(*importing[0]), told(*importing[1])
    assert (code, [one["line"] for one in shown["unreadable"]]) == (1, [2])
    assert (done, wrote["written"]) == (0, 1)
    assert site.row(TRACKER, "RequestId", "9")["DueOn"].startswith("2027-04-03")

    # Killed in the middle and run again, it ends the same.
    even_so = ("--even-so", "The auditor knows")
    with monkeypatch.context() as broken:
        broken.setattr(periods, "write_row", lambda *_: 1 / 0)
        code, document = close(*even_so, "--yes")
        assert (code, document["code"]) == (1, "INTERNAL")
    assert levels(site, old) == {"Read"}
    assert "Contribute" in levels(site, policy), "a standing policy lives on"
    code, done = close(*even_so, "--yes")
    assert (code, done["documents"], done["done"]) == (0, 3, True)
    assert not [one for one in site.sent() if "role" in one], "what was done is not repeated"
    row = site.row("Audit Periods", "Title", PERIOD)
    assert (row["State"], row["ClosedOn"][:10]) == ("Closed", "2027-01-05")
    assert "The auditor knows" in row["ClosingNote"]
    assert done["packageDigest"] in row["ClosingNote"]
    noted = row["ClosingNote"].partition("Package ")[2].split()[0]
    assert exit_code(["verify", str(package), "--digest", noted]) == 0
    assert checked_package(package).holds
    assert "3 documents become read-only" in period_text(done)
    code, again = close()
    assert (code, again["needed"], site.sent()) == (0, False, []), "and asks for no yes"

    # Sync leaves the document and the findings of the closed period as they are.
    def kept() -> tuple[dict[str, Any], list[str]]:
        found = site.rows("Evidence Findings")
        of_it = [one["State"] for one in found if one.get("AuditPeriodLookupId") == row["id"]]
        return site.document(old), of_it

    before = kept()
    assert "Open" in before[1]
    [syncing], [drifting] = of_the_page("sync"), of_the_page("drift")
    code, receipt = told(*syncing, day=date(2027, 1, 6))
    assert kept() == before
    assert ([one["name"] for one in receipt["window"]], receipt["file"]) == (
        ["2027"],
        "clients/acme",
    )

    # Drift sees what an administrator did to closed evidence, and nothing else.
    tampered(site, taken, lost)
    code, report = told(*drifting)
    home = "list:api-security-evidence"
    wrong = {
        (one["code"], one["address"]) for one in report["findings"] if one["severity"] != "note"
    }
    assert wrong == {
        ("ACCESS-CLOSED-INHERITS", f"{home}/file:tokens 4.csv/permissions"),
        ("CLOSED-EVIDENCE-GONE", f"{home}/row:{lost}"),
    }
    assert code == 2

    # And back, for a reason.
    assert told(*reopening)[0] == 3
    code, back = told(*reopening, "--yes")
    assert (code, back["done"]) == (0, True)
    assert "Contribute" in levels(site, old)
    assert site.row("Audit Periods", "Title", PERIOD)["State"] == "Open"
    code, document = told(*reopening, "--yes")
    assert (code, document["code"]) == (1, "PERIOD-NOT-CLOSED")
    assert exit_code(["receipts", "verify", str(loaded_once)]) == 0
