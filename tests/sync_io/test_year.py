"""The year goes on: an auditor's list comes in, a period is closed, the next one begins."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import periods
from provisioner.cli.app import exit_code
from provisioner.cli.console import Console
from provisioner.cli.operations import checked
from provisioner.cli.package_check import checked_package
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.errors import Refused
from provisioner.core.progress import Silent
from provisioner.core.transport import Envelope, Operation, Reading

from .conftest import FILE, LIBRARY, Site, _opened

TRACKER = "Audit Request Tracker"
FIRST = """\
PBC #,Request,Due,TSC,Responsible
1,List of all API tokens,2027-01-20,CC6.1,ann
2,"- users
- admins",2027-01-21,A1.2,
3,Something,03/04/2027,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "workspace.yaml").write_text(FILE, "utf-8")
    return tmp_path / "acme"


@pytest.fixture
def command(site: Site, folder: Path, capsys: pytest.CaptureFixture[str]):
    def run(*words: str) -> tuple[int, Any, list[str]]:
        """Exit code, the JSON document, and the writes that were sent."""
        site.http.request("DELETE", "/_emulator/requests")
        capsys.readouterr()
        code = exit_code([*words, "--format", "json"])
        printed = capsys.readouterr()
        assert printed.out, printed.err
        return code, json.loads(printed.out), site.sent()

    return run


def test_an_auditors_list_comes_in_once_and_only_their_columns_follow_it(
    site: Site, folder: Path, command
) -> None:
    lists = folder / "pbc.csv"
    lists.write_bytes(FIRST.encode("cp1252"))
    words = ("requests", "import", str(lists), "--workspace", str(folder))

    code, shown, sent = command(*words)
    assert (code, sent) == (1, [])
    assert [one["reference"] for one in shown["new"]] == ["1", "2"]
    [odd] = shown["unreadable"]
    assert (odd["line"], "03/04/2027" in odd["why"]) == (5, True)
    assert shown["unusedHeadings"] == ["Responsible"]
    assert shown["period"] == "2026-01-01 to 2026-12-31", "the only one that is open"

    code, done, sent = command(*words, "--dates", "day-first", "--yes")
    assert (code, done["written"], len(sent)) == (0, 3, 3)
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["RequesterType"], row["InternalStatus"]) == ("Auditor", "New")
    assert row["DueOn"].startswith("2027-04-03")
    assert "day-first" in (folder / "requests-map.yaml").read_text("utf-8")

    # The team works on it; the auditor sends a new list. Only the auditor's words follow.
    site.patch(TRACKER, row["id"], {"InternalStatus": "Collecting", "Title": "Our own title"})
    lists.write_text(FIRST.replace("03/04/2027", "05/04/2027").replace("1,List of", "1,A list of"))
    code, changed, sent = command(*words, "--yes")
    assert (code, changed["written"], len(sent)) == (0, 2, 2)
    assert {one["reference"]: [f["path"] for f in one["fields"]] for one in changed["changed"]} == {
        "1": ["RequestText"], "3": ["DueOn"],
    }  # fmt: skip
    row = site.row(TRACKER, "RequestId", "3")
    assert (row["InternalStatus"], row["Title"]) == ("Collecting", "Our own title")
    code, again, sent = command(*words, "--yes")
    assert (code, sent, len(again["unchanged"])) == (0, [], 3)


PERIOD = "2026-01-01 to 2026-12-31"
NEXT_YEAR = date(2027, 2, 1)


def rest(site: Site, path: str, method: str = "GET") -> Any:
    """A SharePoint request by the app that may do everything."""

    async def ask() -> Any:
        whole = f"/_api/web/{path}"
        async with transport_to(_opened(site.applied, ""), Silent()) as transport:
            if method == "GET":
                reading = Reading("sharepoint", whole)
                return (await transport.read([reading]))[reading].body
            sent = Operation("sharepoint", "POST", whole, "", "site")
            [[outcome]] = await transport.write([Envelope((sent,))])
            assert outcome.state == "done", outcome
            return None

    return asyncio.run(ask())


def levels(site: Site, number: str) -> set[str]:
    """The levels anybody has on a document, by name."""
    body = rest(site, f"lists/getbytitle('{LIBRARY}')/items({number})/roleassignments"
                     "?$expand=RoleDefinitionBindings")  # fmt: skip
    return {level["Name"] for row in body["value"] for level in row["RoleDefinitionBindings"]}


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
    wish = periods.Opening("2027")
    for sent in (True, False):
        site.http.request("DELETE", "/_emulator/requests")
        told = asyncio.run(periods.open_period(opened(NEXT_YEAR), wish, console, lambda _: True))
        assert (told["from"], told["to"], told["needed"]) == ("2027-01-01", "2027-12-31", sent)
        assert bool(site.sent()) is sent
    assert site.row("Audit Periods", "Title", "2027")["State"] == "Open"
    site.sync(NEXT_YEAR)

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
    assert (row["State"], row["ClosedOn"][:10]) == ("Closed", "2027-02-01")
    assert "The auditor knows" in row["ClosingNote"]
    assert done["packageDigest"] in row["ClosingNote"]
    assert checked_package(package).holds
    again = close(NEXT_YEAR)
    assert (again["needed"], site.sent()) == (False, [])

    # Sync leaves the document and the findings of the closed period as they are.
    before = site.document(old)
    run = site.sync(date(2027, 3, 1))
    assert site.document(old) == before
    assert not [one for one in site.rows("Evidence Findings")
                if one.get("AuditPeriodLookupId") == row["id"] and one["State"] == "Resolved"]  # fmt: skip
    assert {one.name for one in run.judgement.windows} == {"2027"}

    # Drift knows it; somebody who may write there again is found, and nothing else of it.
    granted = rest(site, "roledefinitions?$select=Id,RoleTypeKind")["value"]
    [contribute] = [one["Id"] for one in granted if one["RoleTypeKind"] == 3]
    grants = f"lists/getbytitle('{LIBRARY}')/items({old})/roleassignments"
    someone = rest(site, grants)["value"][0]["PrincipalId"]
    rest(site, f"{grants}/addroleassignment(principalid={someone},roledefid={contribute})", "POST")
    report = asyncio.run(checked(opened(NEXT_YEAR), console))
    assert [(one.code, one.address.rpartition("/")[0]) for one in report.findings if "file:" in one.address] == [
        ("ACCESS-CLOSED-PERIOD", "list:api-security-evidence/file:tokens%202026.csv")
    ]  # fmt: skip

    # And back, for a reason.
    work = periods.reopen_period(
        opened(NEXT_YEAR), PERIOD, "a late request", console, lambda _: True
    )
    assert asyncio.run(work)["done"]
    assert "Contribute" in levels(site, old)
    assert site.row("Audit Periods", "Title", PERIOD)["State"] == "Open"
    assert exit_code(["receipts", "verify", str(site.applied / "workspace-0.yaml")]) == 0
