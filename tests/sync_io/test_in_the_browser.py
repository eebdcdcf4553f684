"""A team member's morning on the site's own pages, and what the next run says of it.

The same story is told twice: over HTTP, always, and in Chromium where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser import chromium
from browser.plain import PlainBrowser

from .conftest import LIBRARY as FILED
from .conftest import OWNER, REVIEWER, TODAY, Site

LIBRARY = "/sites/acme/APISecurityEvidence"


@pytest.fixture(params=["http", "chromium"])
def browser(request: Any, site: Site, tmp_path: Path) -> Iterator[Any]:
    if request.param == "http":
        yield PlainBrowser(site.http)
        return
    program = chromium.found()
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    try:
        tab = chromium.ChromiumBrowser(program, tmp_path / "profile", site.emulator.url)
    except chromium.NotStarted as problem:
        pytest.skip(f"{program} does not start: {problem}")
    yield tab
    tab.close()


def test_a_team_member_sees_why_approves_uploads_and_the_next_run_agrees(
    site: Site, browser: Any, tmp_path: Path
) -> None:
    site.at(date(2026, 5, 20))
    waiting = site.file("waiting.pdf", "E006", ActivityDate=date(2026, 5, 19),
                        CollectedOn=date(2026, 5, 19), ReviewStatus="Submitted")  # fmt: skip
    site.at(TODAY)
    site.approved("expired.pdf", "E016", date(2026, 2, 1))
    site.approved("fine.pdf", "E002", date(2026, 6, 10))
    site.sync()

    browser.open(LIBRARY)
    seen = browser.text()
    assert "UNREVIEWED" in seen
    assert "EXPIRED" in seen
    assert "fine.pdf" not in seen, "what is in order needs no attention"
    assert "Upload a document" not in seen, "nobody is signed in"
    browser.follow("waiting.pdf")
    item = browser.text()
    assert "UNREVIEWED" in item
    assert "2026-05-20" in item, "since when it waits"
    assert "Edit the columns" not in item

    browser.follow("Sign in")
    browser.fill("Account", f"{_name(site, REVIEWER)} ({REVIEWER})")
    browser.press("Sign in")
    browser.follow("Edit the columns")
    browser.fill("Review status", "Approved")
    browser.fill("Reviewer", _name(site, REVIEWER))
    browser.fill("Reviewed on", TODAY.isoformat())
    browser.press("Save")
    assert "Approved" in browser.text()

    scan = tmp_path / "scan of the gateway.pdf"
    scan.write_bytes(b"%PDF-1.7 a scan of the gateway\r\n--\x00\xff")
    browser.open(LIBRARY)
    browser.attach("File", scan)
    browser.press("Upload")
    browser.fill("Evidence item", _row(site, "E016"))
    browser.fill("Evidence owner", _name(site, OWNER))
    browser.fill("Activity date", "2026-06-12")
    browser.fill("Collected on", "2026-06-12")
    browser.fill("Source system", "Scanner")
    browser.fill("Sensitivity", "Confidential")
    browser.fill("Review status", "Submitted")
    browser.press("Save")

    site.sync()
    fresh = site.document(waiting)
    assert (fresh["Freshness"], fresh.get("Flags")) == ("Fresh", None)
    [filed] = [one for one in site.rows(FILED) if one["FileLeafRef"] == scan.name]
    assert (filed["ReviewStatus"], filed.get("Flags")) == ("Submitted", None)
    stored = site.http.get(f"{LIBRARY}/{scan.name}").content
    assert stored == scan.read_bytes()
    browser.open(LIBRARY)
    left = browser.text()
    assert "waiting.pdf" not in left
    assert scan.name not in left
    assert "expired.pdf" in left
    assert site.sync().writes == 0


def _name(site: Site, who: str) -> str:
    """What a person is called on the site's pages."""
    row = site.emulator.tenant.one("SELECT display_name FROM user WHERE upn = ?", who)
    assert row is not None
    return str(row["display_name"])


def _row(site: Site, item: str) -> str:
    """What a lookup to an expected item shows."""
    return str(site.row("Expected Evidence", "ItemId", item)["Title"])
