"""What a person sees on documents and in Evidence Findings after a run, and that a second is silent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from provisioner.sync.vocabulary import ItemState

from .conftest import LIBRARY, OWNER, REVIEWER, TODAY, Site


def test_each_document_gets_the_verdict_of_its_dates_and_review(site: Site) -> None:
    site.at(date(2026, 5, 20))
    waiting = site.file("waiting.pdf", "E006", ActivityDate=date(2026, 5, 19),
                        CollectedOn=date(2026, 5, 19), ReviewStatus="Submitted")  # fmt: skip
    site.at(TODAY)
    numbers = {
        "fresh": site.approved("fresh.pdf", "E002", date(2026, 6, 10)),
        "soon": site.approved("soon.pdf", "E033", date(2026, 5, 20)),
        "stale": site.approved("stale.pdf", "E003", date(2026, 3, 5)),
        "expired": site.approved("expired.pdf", "E016", date(2026, 2, 1)),
        "self": site.approved("self.pdf", "E007", date(2026, 6, 10), reviewer=OWNER),
        "bare": site.approved("bare.pdf", "E018", date(2026, 6, 10), owner=None),
        "orphan": site.approved("orphan.pdf", None, date(2026, 6, 10)),
        "undated": site.file("undated.pdf", "E019", uploaded=date(2026, 6, 1),
                             ReviewStatus="Approved", reviewer=REVIEWER,
                             CollectedOn=date(2026, 6, 1), ReviewedOn=date(2026, 6, 2)),
        "waiting": waiting,
    }  # fmt: skip

    run = site.sync()

    seen = {name: site.document(number) for name, number in numbers.items()}
    says = {name: (one.get("Freshness"), codes(one)) for name, one in seen.items()}
    assert says == {
        "fresh": ("Fresh", ""),
        "soon": ("Due soon", "DUE-SOON"),
        "stale": ("Stale", "STALE"),
        "expired": ("Expired", "EXPIRED"),
        "self": (None, "SELF-REVIEW"),
        "bare": ("Fresh", "NO-METADATA"),
        "orphan": (None, "ORPHAN"),
        "undated": ("Cannot judge", "CANNOT-JUDGE"),
        "waiting": (None, "UNREVIEWED"),
    }
    # Due 20 June, a day in Toronto, is midnight there.
    assert seen["soon"]["FreshUntil"] == "2026-06-20T04:00:00Z"
    assert seen["waiting"]["Clock"] == "review 2026-05-20"
    assert run.writes == len(site.sent())


def codes(fields: dict[str, Any]) -> str:
    return str(fields.get("Flags", "")).partition("\n")[0]


def test_the_flag_says_why_in_words(site: Site) -> None:
    number = site.approved("self.pdf", "E007", date(2026, 6, 10), reviewer=OWNER)
    site.sync()
    first, _, reason = site.document(number)["Flags"].partition("\n")
    assert first == "SELF-REVIEW"
    assert "self.pdf" in reason


def test_a_second_and_a_third_run_send_nothing(site: Site) -> None:
    site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    site.approved("book.xlsx", "E003", date(2026, 6, 10), package({"xl/workbook.xml": b"<x/>"}))
    site.file("draft.csv", "E033", ReviewStatus="Draft")
    first = site.sync()
    assert first.written.documents == 3
    for _ in range(2):
        again = site.sync()
        assert (again.writes, again.changed, site.sent()) == (0, 0, [])


def test_a_run_from_another_machine_goes_on_where_the_last_ended(site: Site) -> None:
    site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    site.sync()
    site.approved("second.pdf", "E033", date(2026, 6, 10))
    run = site.sync()
    assert run.changed == 1
    assert len(run.facts.documents) == 2


def test_time_alone_makes_an_unchanged_document_stale(site: Site) -> None:
    number = site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    site.sync()
    site.at(date(2026, 7, 12))
    run = site.sync(date(2026, 7, 12))
    assert run.changed == 0
    assert site.document(number)["Freshness"] == "Stale"
    assert site.sync(date(2026, 7, 12)).writes == 0


def test_an_expected_item_says_where_it_stands(site: Site) -> None:
    site.approved("fresh.pdf", "E009", date(2026, 1, 1))
    site.sync()
    row = site.row("Expected Evidence", "ItemId", "E009")
    assert row["Coverage"] == "Fresh"
    assert row["LastEvidence"] == "2026-01-01T05:00:00Z"
    missing = site.row("Expected Evidence", "ItemId", "E010")
    assert missing["Coverage"] == "Missing"
    assert missing["Flags"].startswith("MISSING\n")


def test_writing_makes_no_version_and_leaves_peoples_columns_alone(site: Site) -> None:
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))
    before = site.document(number)
    site.sync()
    after = site.document(number)
    assert after["_UIVersionString"] == before["_UIVersionString"]
    assert after["ReviewStatus"] == before["ReviewStatus"]


def test_a_dry_run_counts_what_it_would_write_and_writes_nothing(site: Site) -> None:
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))
    run = site.sync(dry_run=True)
    assert site.sent() == []
    assert run.written.documents == 1
    assert run.findings["opened"] > 0
    assert "Freshness" not in site.document(number)
    done = site.sync()
    assert (
        done.writes == run.writes + 1
    )  # what is kept for the next run is only written when it is real


def test_verdicts_go_to_findings_alone_when_the_file_says_so(site: Site) -> None:
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))
    only_findings = "freshness: {writeBack: findings}\n"
    run = site.sync(more=only_findings)
    assert (run.written.documents, run.written.items) == (0, 0)
    assert "Freshness" not in site.document(number)
    assert site.row("Evidence Findings", "RuleCode", "STALE")["State"] == "Open"
    assert site.sync(more=only_findings).writes == 0


def test_the_clock_is_remembered_where_it_may_not_be_written(site: Site) -> None:
    only_findings = "freshness: {writeBack: findings}\n"
    site.at(date(2026, 5, 20))
    number = site.file("waiting.pdf", "E006", ReviewStatus="Submitted")
    site.sync(date(2026, 5, 21), more=only_findings)
    site.at(date(2026, 6, 12))
    site.patch(LIBRARY, number, {"SourceSystem": "Gateway"})
    run = site.sync(more=only_findings)
    [document] = run.facts.documents
    assert document.clock is not None
    assert document.clock.since == date(2026, 5, 20)


@pytest.mark.parametrize(
    ("state", "why"),
    [("checkout", "checked out"), ("locked", "locked"), ("moderated", "approved in SharePoint")],
)
def test_a_file_somebody_holds_is_left_alone_and_its_verdict_is_a_finding(
    site: Site, state: str, why: str
) -> None:
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))
    tenant = site.emulator.tenant
    with tenant.lock:
        if state == "checkout":
            tenant.run(
                "UPDATE item SET checked_out = 1 WHERE id = ? AND name = 'stale.pdf'", number
            )
        elif state == "moderated":
            # Any write puts an approved item back to pending.
            tenant.run(
                "UPDATE list SET doc = json_set(doc, '$.EnableModeration', json('true')) WHERE id = ?",
                site.id_of(LIBRARY),
            )
            tenant.run("UPDATE item SET moderation = 0 WHERE name = 'stale.pdf'")
        else:
            tenant.run(
                "UPDATE item SET locked_until = '2027-01-01T00:00:00Z' WHERE name = 'stale.pdf'"
            )
    run = site.sync()
    [held] = run.held.values()
    assert why in held
    assert "Freshness" not in site.document(number)
    assert site.row("Evidence Findings", "RuleCode", "STALE")["State"] == "Open"


def test_what_waits_for_approval_is_not_missing_for_a_job_that_may_only_write(site: Site) -> None:
    seen = site.sync().judgement.items["E033"].state
    assert seen is ItemState.MISSING
    site.approved("filed.pdf", "E033", date(2026, 3, 5))
    tenant = site.emulator.tenant
    with tenant.lock:
        tenant.run(
            "UPDATE list SET doc = json_set(doc, '$.EnableModeration', json('true')) WHERE id = ?",
            site.id_of(LIBRARY),
        )
        tenant.run("UPDATE item SET moderation = 2 WHERE name = 'filed.pdf'")
        tenant.run("UPDATE app_grant SET role = 'write'")
    run = site.sync(full=True)
    mine = {one.rule for one in run.judgement.verdicts if one.item == "E033"}
    assert run.judgement.items["E033"].state is ItemState.CANNOT_JUDGE
    assert "CANNOT-JUDGE" in mine
    assert not mine & {"MISSING", "NOT-COVERED", "PERIOD-GAP"}


def test_a_site_in_german_gets_its_dates_in_its_own_form(site: Site) -> None:
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))
    with site.emulator.tenant.lock:
        site.emulator.tenant.run("UPDATE site SET lcid = 1031 WHERE path = '/sites/acme'")
    run = site.sync()
    assert run.unsent == ()
    assert site.document(number)["FreshUntil"] == "2026-06-05T04:00:00Z"


def package(parts: dict[str, bytes]) -> bytes:
    import io
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()
