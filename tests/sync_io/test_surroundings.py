"""What stands around the evidence, read from a site as people leave it: registers, requests, people."""

from __future__ import annotations

from datetime import date
from typing import Any

from provisioner.emulator.model.principals import delete_principal

from .conftest import LIBRARY, OWNER, REVIEWER, TODAY, Site

FINDINGS = "Evidence Findings"
KEY = "api-security-evidence"
LEFT = "cto@contoso.example"


def day(number: int, month: int = 6) -> str:
    return f"2026-{month:02}-{number:02}T04:00:00Z"


def several(name: str, *rows: Any) -> dict[str, Any]:
    """A lookup with several values, as Graph takes it."""
    return {
        f"{name}LookupId@odata.type": "Collection(Edm.String)",
        f"{name}LookupId": [str(one) for one in rows],
    }


def open_rules(site: Site) -> dict[str, str]:
    """The rules of open findings by subject key."""
    found = {}
    for row in site.rows(FINDINGS):
        if row["State"] == "Open":
            rule, _, subject = row["FindingKey"].partition(" ")
            found.setdefault(subject, []).append(rule)
    return {subject: ", ".join(sorted(some)) for subject, some in found.items()}


def saved_by(site: Site, who: str, number: str) -> None:
    """As if somebody had saved the newest version of a document themselves."""
    with site.emulator.tenant.lock:
        site.emulator.tenant.run(
            "UPDATE item SET editor = ? WHERE list_id = ? AND id = ?",
            int(site.person(who)), site.id_of(LIBRARY), int(number),
        )  # fmt: skip


def test_registers_requests_people_and_settings_are_judged_as_they_stand(site: Site) -> None:
    kept = site.approved("kept.pdf", "E002", date(2026, 6, 10), owner=LEFT)
    lost = site.approved("lost.pdf", "E003", date(2026, 6, 10))
    site.sync()
    index = site.row("Evidence Index", "EvidenceId", f"{KEY}/{kept}")["id"]

    owner, reviewer = site.person(OWNER), site.person(REVIEWER)
    risk = site.row("Risk Register", "RiskId", "R-001")["id"]
    site.patch("Risk Register", risk, {"Status": "Archived"})
    site.patch(LIBRARY, kept, several("RelatedRisk", risk))
    site.graph("DELETE", f"{site.path(LIBRARY)}/items/{lost}")
    exception = site.add("Access Exceptions", {
        "Title": "Break-glass", "ExceptionId": "AX-1", "Status": "Approved", "GrantedOn": day(1),
        "ExpiresOn": day(30), "CompensatingControl": "Watched", "OwnerLookupId": owner,
        "RequesterLookupId": reviewer, "ApproverLookupId": reviewer,
    })  # fmt: skip
    incident = {"Severity": "High", "Status": "Resolved", "OwnerLookupId": owner}
    # Ten business days after 29 May (a Friday) is 12 June; after 1 June it is 15 June, today.
    late = site.add(
        "Incidents",
        incident
        | {"Title": "Outage", "IncidentId": "I-1", "IncidentResolvedOn": "2026-05-29T15:00:00Z"},
    )
    site.add(
        "Incidents",
        incident
        | {"Title": "Slow", "IncidentId": "I-2", "IncidentResolvedOn": "2026-06-01T15:00:00Z"},
    )
    request = site.add("Audit Request Tracker", {
        "Title": "User list", "RequestId": "R-1", "DueOn": day(30), "InternalStatus": "Delivered",
        "DeliveredOn": day(12), **several("RelatedEvidence", index),
    })  # fmt: skip
    site.add(
        "Audit Request Tracker",
        {"Title": "Nothing", "RequestId": "R-2", "DueOn": day(30), "InternalStatus": "Ready"},
    )
    item = site.row("Expected Evidence", "ItemId", "E010")["id"]
    site.patch("Expected Evidence", item, {"GraceDays": 60})
    tenant = site.emulator.tenant
    with tenant.lock:
        where = tenant.one("SELECT id FROM site WHERE path = ?", "/sites/acme")
        delete_principal(tenant, str(where["id"]), int(site.person(LEFT)))

    run = site.sync()

    found = open_rules(site)
    assert found[f"access-exceptions/{exception}"] == "ACCESS-EXCEPTION-SELF-APPROVED"
    assert found[f"incidents/{late}"] == "INCIDENT-NOT-REVIEWED"
    assert sum(subject.startswith("incidents/") for subject in found) == 1
    assert found["request:R-2"] == "REQUEST-STALE-ANSWER"
    assert "request:R-1" not in found
    assert "CATALOGUE-CHANGED" in found["E010"]
    assert found[f"{KEY}/{lost}"] == "EVIDENCE-GONE"
    assert found[f"{KEY}/{kept}"] == "PERSON-GONE, RISK-LINK-BROKEN"
    assert "workspace" not in found
    row = site.row(
        FINDINGS, "FindingKey", f"ACCESS-EXCEPTION-SELF-APPROVED access-exceptions/{exception}"
    )
    assert (row["AssigneeLookupId"], row["SubjectKind"]) == (owner, "row")
    assert row["FindingSubject"].startswith("Access Exceptions: AX-1 Break-glass")
    assert f'"{KEY}/{kept}"' in site.row("Audit Request Tracker", "id", request)["DeliveredStamp"]
    assert run.unsent == ()
    assert (site.sync().writes, site.sent()) == (0, [])

    # Everything put right, and somebody else now approves; what was delivered changes.
    site.patch("Access Exceptions", exception, {"ApproverLookupId": owner})
    site.patch("Expected Evidence", item, {"GraceDays": None})
    site.patch("Risk Register", risk, {"Status": "Treating"})
    site.patch(LIBRARY, kept, {"EvidenceOwnerLookupId": owner})
    path = f"{site.path(LIBRARY)}/drive"
    site.graph("PUT", f"{path}/root:/back.pdf:/content", content=b"evidence lost.pdf " * 4)
    site.graph("PUT", f"{path}/root:/kept.pdf:/content", content=b"something else " * 4)
    site.graph(
        "POST", f"{path}/root:/kept.pdf:/createLink", {"type": "view", "scope": "organization"}
    )

    site.sync()

    found = open_rules(site)
    assert f"access-exceptions/{exception}" not in found
    assert f"{KEY}/{lost}" not in found
    assert "CATALOGUE-CHANGED" not in found.get("E010", "")
    assert found[f"{KEY}/{kept}"] == "CHANGED-AFTER-APPROVAL"
    assert found["request:R-1"] == "REQUEST-CHANGED, REQUEST-STALE-ANSWER"
    assert found["workspace"] == "WORKSPACE-DRIFT"
    assert "kept.pdf" in site.row(FINDINGS, "RuleCode", "WORKSPACE-DRIFT")["Title"]
    assert (site.sync().writes, site.sent()) == (0, [])


def test_versions_tell_who_saved_the_content_and_who_the_approval(site: Site) -> None:
    """Uploaded on 10 June, reviewed on 11 June; each document differs in who saved what, and when."""

    def filed(name: str, author: str, approver: str, saved: date = date(2026, 6, 11)) -> str:
        site.at(date(2026, 6, 10))
        number = site.file(
            name,
            "E002",
            ActivityDate=date(2026, 6, 10),
            ReviewStatus="Submitted",
            CollectedOn=date(2026, 6, 10),
            reviewer=REVIEWER,
        )
        with site.emulator.tenant.lock:
            site.emulator.tenant.run(
                "UPDATE item_version SET editor = ? WHERE list_id = ? AND item_id = ?",
                int(site.person(author)), site.id_of(LIBRARY), int(number),
            )  # fmt: skip
        site.at(saved)
        site.patch(LIBRARY, number, {"ReviewStatus": "Approved", "ReviewedOn": day(11)})
        saved_by(site, approver, number)
        return number

    numbers = {
        "right": filed("right.pdf", OWNER, REVIEWER),
        "own": filed("own.pdf", REVIEWER, REVIEWER),
        "other": filed("other.pdf", OWNER, LEFT),
        "late": filed("late.pdf", OWNER, REVIEWER, date(2026, 6, 19)),
    }
    replaced = filed("replaced.pdf", OWNER, REVIEWER)
    site.at(date(2026, 6, 12))
    path = f"{site.path(LIBRARY)}/drive/root:/replaced.pdf:/content"
    site.graph("PUT", path, content=b"much longer evidence than before " * 9)
    later = date(2026, 6, 22)
    site.at(later)

    run = site.sync(later)

    flags = {
        name: run.judgement.documents[f"{KEY}/{number}"].flags
        for name, number in (numbers | {"replaced": replaced}).items()
    }
    superseding = {"DUE-SOON"}
    assert {name: set(some) - superseding for name, some in flags.items()} == {
        "right": set(),
        "own": {"SELF-REVIEW"},
        "other": {"UNPROVEN-APPROVAL"},
        "late": {"UNPROVEN-APPROVAL"},
        "replaced": {"CHANGED-AFTER-APPROVAL"},
    }
    versions = [one for one in site.reads if "/versions" in one.path]
    assert len(versions) == 2 * 5
    again = site.sync(later)
    assert (again.writes, site.sent()) == (0, [])
    assert not [one for one in site.reads if "/versions" in one.path]
    assert site.sync(TODAY, full=True).unsent == ()
