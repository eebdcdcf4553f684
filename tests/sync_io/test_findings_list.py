"""Evidence Findings as a team sees it: rows come, change, go and come back; people's words stay."""

from __future__ import annotations

from datetime import date
from typing import Any

from .conftest import LIBRARY, TODAY, Site

LIST = "Evidence Findings"


def stale(site: Site) -> tuple[str, str]:
    """A stale document, judged: its number and the key of its finding."""
    number = site.approved("stale.pdf", "E003", date(2026, 3, 5))
    site.sync()
    return number, f"STALE api-security-evidence/{number}"


def renew(site: Site, number: str) -> None:
    """New content about a new day, approved anew."""
    path = f"{site.path(LIBRARY)}/drive/root:/stale.pdf:/content"
    site.at(date(2026, 6, 12))
    site.graph("PUT", path, content=b"taken again " * 4)
    site.at(TODAY)
    dates = {
        "ActivityDate": "2026-06-12T04:00:00Z", "CollectedOn": "2026-06-12T04:00:00Z",
        "ReviewedOn": "2026-06-13T04:00:00Z",
    }  # fmt: skip
    site.patch(LIBRARY, number, dates)


def row(site: Site, key: str) -> dict[str, Any]:
    return site.row(LIST, "FindingKey", key)


def test_a_finding_says_what_where_why_and_what_next(site: Site) -> None:
    number, key = stale(site)
    found = row(site, key)
    assert found["RuleCode"] == "STALE"
    assert (found["Severity"], found["State"], found["SubjectKind"]) == (
        "warning",
        "Open",
        "document",
    )
    assert "stale.pdf" in found["Title"]
    assert "stale.pdf" in found["FindingSubject"]
    assert found["NextStep"]
    assert found["FirstSeen"] == "2026-06-15T04:00:00Z"
    assert found["EvidenceItemLookupId"] == site.row("Expected Evidence", "ItemId", "E003")["id"]
    index = site.row("Evidence Index", "EvidenceId", f"api-security-evidence/{number}")
    assert found["EvidenceDocumentLookupId"] == index["id"]


def test_a_slot_of_an_item_names_its_period_and_first_day(site: Site) -> None:
    found = [one for one in site.rows(LIST) if one["RuleCode"] == "MISSING"]
    slots = {one["SlotFrom"] for one in found}
    assert "2026-01-01T05:00:00Z" in slots
    [period] = site.rows("Audit Periods")
    assert {one["AuditPeriodLookupId"] for one in found} == {period["id"]}


def test_what_is_not_yet_due_and_what_is_well_have_no_row(site: Site) -> None:
    site.approved("fresh.pdf", "E002", date(2026, 6, 10))
    run = site.sync()
    assert {"OK", "NOT-YET-DUE"} <= {one.rule for one in run.judgement.verdicts}
    assert not {"OK", "NOT-YET-DUE"} & {one["RuleCode"] for one in site.rows(LIST)}


def test_peoples_columns_and_acknowledged_stay_while_the_facts_move_on(site: Site) -> None:
    number, key = stale(site)
    site.patch(LIST, row(site, key)["id"], {
        "State": "Acknowledged", "Acknowledged": True, "TeamComment": "Asked Ann.",
        "AssigneeLookupId": site.person("iam@contoso.example"),
    })  # fmt: skip
    before = row(site, key)
    site.patch(LIBRARY, number, {"ActivityDate": "2026-03-04T05:00:00Z"})

    run = site.sync()

    after = row(site, key)
    assert run.findings["updated"] == 1
    assert after["Facts"] != before["Facts"]
    for name in ("State", "Acknowledged", "TeamComment", "AssigneeLookupId", "FirstSeen"):
        assert after[name] == before[name]


def test_a_finding_that_is_gone_is_resolved_and_reopened_when_it_comes_back(site: Site) -> None:
    number, key = stale(site)
    renew(site, number)
    run = site.sync(date(2026, 6, 16))
    assert run.findings["resolved"] == 1
    assert row(site, key)["ResolvedOn"] == "2026-06-16T04:00:00Z"

    site.patch(LIBRARY, number, {"ActivityDate": "2026-03-05T05:00:00Z"})
    run = site.sync(date(2026, 6, 17))

    assert run.findings["opened"] == 1
    again = row(site, key)
    assert again["State"] == "Open"
    assert "ResolvedOn" not in again
    assert again["FirstSeen"] == "2026-06-15T04:00:00Z"


def test_somebody_acknowledging_during_the_run_is_not_overwritten(site: Site) -> None:
    number, key = stale(site)
    site.patch(LIBRARY, number, {"ActivityDate": "2026-03-04T05:00:00Z"})
    finding = row(site, key)["id"]

    run = site.sync(
        meddle=lambda: site.patch(LIST, finding, {"State": "Acknowledged", "TeamComment": "Mine."})
    )

    after = row(site, key)
    assert (after["State"], after["TeamComment"]) == ("Acknowledged", "Mine.")
    assert run.unsent == ()
    assert site.sync().writes == 0


def waive(site: Site, **facts: Any) -> str:
    given = {
        "Title": "Vendor is late", "WaiverId": "W-001", "State": "Approved", "RuleCodes": "STALE",
        "GrantedOn": "2026-06-14T04:00:00Z", "ExpiresOn": "2026-06-20T04:00:00Z",
        "RequesterLookupId": site.person("iam@contoso.example"),
        "ApproverLookupId": site.person("vciso@contoso.example"),
    }  # fmt: skip
    return site.add("Waivers", given | facts)


def test_a_waived_finding_shows_until_when_and_opens_again_after(site: Site) -> None:
    number, key = stale(site)
    index = site.row("Evidence Index", "EvidenceId", f"api-security-evidence/{number}")
    waive(site, EvidenceDocumentLookupId=index["id"])

    run = site.sync()

    assert run.written.waivers == 1  # the facts at grant
    found = row(site, key)
    assert (found["State"], found["WaivedUntil"]) == ("Waived", "2026-06-20T04:00:00Z")
    assert "Flags" not in site.document(number)
    assert site.sync().writes == 0

    site.sync(date(2026, 6, 22))
    after = site.row(LIST, "FindingKey", f"EXPIRED api-security-evidence/{number}")
    assert after["State"] == "Open"
    assert row(site, key)["State"] == "Resolved"


def test_a_waiver_lapses_when_the_waived_facts_change(site: Site) -> None:
    number, key = stale(site)
    index = site.row("Evidence Index", "EvidenceId", f"api-security-evidence/{number}")
    waive(site, EvidenceDocumentLookupId=index["id"])
    site.sync()
    site.patch(LIBRARY, number, {"ActivityDate": "2026-03-04T05:00:00Z"})
    site.sync()
    assert row(site, key)["State"] == "Open"
    assert site.row(LIST, "FindingKey", "WAIVER-FACTS-CHANGED waiver:W-001")["State"] == "Open"


def test_an_overdue_request_is_found(site: Site) -> None:
    given = {"Title": "User list", "RequestId": "R-1", "DueOn": "2026-06-01T04:00:00Z"}
    number = site.add("Audit Request Tracker", given)
    site.sync()
    found = row(site, "REQUEST-OVERDUE request:R-1")
    assert found["State"] == "Open"
    site.patch("Audit Request Tracker", number, {"InternalStatus": "Delivered"})
    site.sync()
    assert row(site, "REQUEST-OVERDUE request:R-1")["State"] == "Resolved"


def test_a_row_people_made_by_hand_is_left_alone(site: Site) -> None:
    number = site.add(LIST, {"Title": "Remember the pen test", "State": "Open"})
    assert site.sync().writes == 0
    assert site.row(LIST, "id", number)["State"] == "Open"


def test_the_receipt_tells_what_was_decided_and_done(site: Site) -> None:
    stale(site)
    site.approved("second.pdf", "E016", date(2026, 2, 1))
    run = site.sync()
    receipt = run.receipt(seconds=1.5)
    assert {
        "apiVersion", "kind", "workspace", "asOf", "window", "verdicts", "summary", "writes",
        "findings", "stats",
    } <= receipt.keys()  # fmt: skip
    assert (receipt["kind"], receipt["asOf"]) == ("SyncReceipt", TODAY.isoformat())
    assert receipt["writes"] == len(site.sent())
    assert receipt["summary"]["byRule"]["EXPIRED"] == 1
    assert receipt["window"][0]["from"] == "2026-01-01"
    verdict = next(one for one in receipt["verdicts"] if one["rule"] == "EXPIRED")
    assert {
        "subject",
        "item",
        "document",
        "rule",
        "state",
        "severity",
        "facts",
        "next",
    } <= verdict.keys()
