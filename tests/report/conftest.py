"""Facts to report on: the demo's company as it really is judged, and a small hostile one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from types import SimpleNamespace

import pytest
from demo_facts import PACK, SITE, expected_items, filed
from merged_pack import merged_pack
from packaged import packaged

from provisioner.cli.demo.evidence import demo_evidence, demo_window
from provisioner.core.transport import Stats
from provisioner.engine.drift import DriftReport, Finding
from provisioner.report.model import readiness_report
from provisioner.sync.facts import (
    AuditPeriod,
    Document,
    EvidenceFacts,
    ExpectedItem,
    Request,
    Waiver,
    WaiverTarget,
)
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy
from provisioner.sync.vocabulary import Cadence, Kind

TODAY = date(2026, 5, 20)
NOW = datetime(2026, 5, 20, 6, 30, tzinfo=UTC)
SCOPE = ("Security", "Availability", "Processing Integrity")
HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>.pdf"


@cache
def libraries():
    pack = merged_pack(PACK)
    evidence = {one["library"] for one in pack["evidence"]}
    return {one["key"]: one["title"] for one in pack["libraries"] if one["key"] in evidence}


def drift():
    accepted = {"reason": "asked for by the client", "approver": "cto", "expires": "2026-09-30"}
    findings = (
        Finding("DRIFT-CHANGED", "error", "list:risk-register", "versioning.major", 500, 50),
        Finding("DRIFT-MISSING", "warning", "list:risk-register/view:Open", "", "view", None),
        Finding("UNDECLARED", "note", "list:birthdays", "", None, HOSTILE),
        Finding("DRIFT-CHANGED", "note", "site", "title", "Acme", "Acme Ltd", accepted),
    )
    return DriftReport("acme-soc2", NOW, findings, 1, Stats())


def built(facts, today=TODAY, **changes):
    """A report on facts, with the judgement it rests on."""
    judgement = judge(facts, Policy(), today)
    settings = {
        "workspace": "acme-soc2",
        "client": "Acme Payments",
        "site_url": SITE,
        "generated_at": NOW,
        "libraries": libraries(),
        "drift": None,
    }
    report = readiness_report(facts, judgement, **(settings | changes))
    return SimpleNamespace(facts=facts, judgement=judgement, report=report)


@pytest.fixture(scope="session")
def build():
    return built


@pytest.fixture(scope="session")
def settings():
    """The words a report was built with, to build it again."""

    def of(world):
        report = world.report
        return {
            "workspace": report.workspace,
            "client": report.client,
            "site_url": report.site_url,
            "generated_at": report.generated_at,
            "libraries": libraries(),
            "drift": report.drift,
        }

    return of


def window(today=TODAY):
    start, end = demo_window(today)
    return AuditPeriod("1", f"{start} to {end}", start=start, end=end, criteria=SCOPE)


@pytest.fixture(scope="session")
def acme():
    """The demo's company, with a waiver, an overdue request and a drift check beside it."""
    waiver = Waiver(
        id="W-1",
        target=WaiverTarget(item="E075"),
        rules=frozenset({"MISSING"}),
        state="Approved",
        reason="the batch system is being replaced",
        requester="payments@contoso.example",
        approver="vciso@contoso.example",
        granted=date(2026, 5, 1),
        expires=date(2026, 7, 31),
    )
    facts = EvidenceFacts(
        documents=tuple(filed(number, one) for number, one in enumerate(demo_evidence(TODAY), 1)),
        items=tuple(expected_items(TODAY)),
        periods=(window(),),
        waivers=(waiver,),
        requests=(Request("R-7", "Population of changes", "Assigned", due=date(2026, 5, 1)),),
    )
    return built(facts, drift=drift())


@pytest.fixture(scope="session")
def hostile():
    """File names, people and titles that try to get out of the page, and links that must not be made."""
    item = ExpectedItem(
        f"E1{HOSTILE}",
        HOSTILE,
        library="lib",
        control_area=HOSTILE,
        criteria=(HOSTILE, "CC6.1"),
        cadence=Cadence.MONTHLY,
        kind=Kind.SNAPSHOT,
        applies_to=(HOSTILE,),
    )
    urls = (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example/x",
        "\\\\evil\\x",
        "https://contoso.sharepoint.com/a\"onmouseover='alert(1)'.pdf",
        "/sites/acme-soc2/lib/a b'.pdf",
        "java\tscript:alert(1)",
    )
    documents = tuple(
        Document(
            key=f"lib/{number}",
            library="lib",
            id=number,
            name=f"{number}{HOSTILE}",
            url=url,
            item=item.id if number % 2 else None,
            part=HOSTILE,
            status="Approved" if number % 3 else HOSTILE,
            owner=HOSTILE,
            reviewer=f"{HOSTILE}{number % 2 or ''}",
            reviewed_on=date(2026, 5, 2),
            activity_date=date(2026, 5, 1),
            identity=f"h{number}",
            size=100,
            created=date(2026, 5, 1),
        )
        for number, url in enumerate(urls, 1)
    )
    period = AuditPeriod(HOSTILE, HOSTILE, start=date(2026, 1, 1), end=date(2026, 12, 31))
    facts = EvidenceFacts(documents=documents, items=(item,), periods=(period,))
    return built(
        facts, client=HOSTILE, workspace=HOSTILE, libraries={"lib": HOSTILE}, drift=drift()
    )


@pytest.fixture(scope="session")
def titles(acme):
    return {one.library: one.library.title() for one in acme.facts.documents}


@pytest.fixture(scope="session")
def made(acme, titles):
    return packaged(acme, titles)
