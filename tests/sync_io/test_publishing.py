"""Reports in a library of the site: ours are replaced when they say something else, others' never."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from provisioner.cli.publishing import report_after_sync
from provisioner.cli.workspace import transport_to
from provisioner.core.progress import Silent
from provisioner.sync.job import SyncRun
from provisioner.sync.publishing import Published, publish, shelf

from .conftest import TODAY, Site, _opened

LIBRARY = "/sites/acme/ReadinessReports"
AFTER = "reports: {library: readiness-reports, folder: Audit 2026, afterSync: true}\n"


def put(site: Site, run: SyncRun, files: Mapping[str, bytes]) -> dict[str, str]:
    """What became of each file."""

    async def sent() -> tuple[Published, ...]:
        assert run.places is not None
        async with transport_to(_opened(site.applied, ""), Silent()) as transport:
            at = await shelf(transport, run.places, "readiness-reports", LIBRARY, "")
            return await publish(transport, run.places, at, files, "news")

    site.http.request("DELETE", "/_emulator/requests")
    return {one.name: one.action for one in asyncio.run(sent())}


def drive(site: Site, name: str) -> str:
    return f"{site.path('Readiness Reports')}/drive/root:/{name}:"


def write(site: Site, name: str, data: bytes) -> None:
    site.graph("PUT", f"{drive(site, name)}/content", content=data)


def read(site: Site, name: str) -> bytes:
    return site.http.get(f"{LIBRARY}/{name}").content


def test_ours_are_replaced_and_what_people_put_or_changed_stays(site: Site) -> None:
    run = site.sync()
    write(site, "report.md", b"a person's own")
    first = {"report.html": b"one", "report.md": b"one", "index.csv": b"one"}
    assert put(site, run, first) == {
        "report.html": "placed", "report.md": "kept", "index.csv": "placed",
    }  # fmt: skip
    assert set(put(site, run, first).values()) == {"unchanged", "kept"}
    assert site.sent() == []
    write(site, "index.csv", b"one, and a remark")
    second = dict.fromkeys(first, b"two")
    assert put(site, run, second) == {
        "report.html": "replaced", "report.md": "kept", "index.csv": "kept",
    }  # fmt: skip
    assert read(site, "report.html") == b"two"
    assert read(site, "report.md") == b"a person's own"
    assert read(site, "index.csv") == b"one, and a remark"
    site.graph("DELETE", drive(site, "index.csv").removesuffix(":"))
    assert put(site, run, second)["index.csv"] == "placed"
    assert not [one for one in site.sync().judgement.verdicts if "report" in one.subject]


def after(site: Site, run: SyncRun) -> tuple[tuple[Published, ...], tuple[str, ...]]:
    async def sent() -> Any:
        async with transport_to(_opened(site.applied, AFTER), Silent()) as transport:
            return await report_after_sync(transport, _opened(site.applied, AFTER), run)

    site.http.request("DELETE", "/_emulator/requests")
    return asyncio.run(sent())  # type: ignore[no-any-return]


def test_a_sync_puts_a_report_there_when_there_is_news_and_only_then(site: Site) -> None:
    run = site.sync()
    sent, problems = after(site, run)
    assert not problems
    assert {one.action for one in sent} == {"placed"}
    assert {"report.html", "report.xlsx", "report.json"} <= {one.name for one in sent}
    assert after(site, site.sync()) == ((), ())
    assert site.sent() == []
    site.approved("fine.pdf", "E002", date(2026, 6, 10))
    sent, problems = after(site, site.sync(TODAY))
    assert not problems
    done = {one.name: one.action for one in sent}
    assert done["report.html"] == done["evidence-index.csv"] == "replaced"
    assert {*done.values()} <= {"replaced", "unchanged"}
    assert b"fine.pdf" in read(site, "Audit 2026/report.html")
