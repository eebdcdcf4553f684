"""The pack `soc2-fintech-api`: what its source names is there."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from merged_pack import merged_pack

from provisioner.core.where import parse, to_predicate

EIGHT_SYSTEMS = [
    "Cloud administration",
    "Database administration",
    "API gateway",
    "CI/CD",
    "Source code",
    "Secrets manager",
    "Production logs",
    "Customer support dashboard",
]
WHOLE = merged_pack("soc2-fintech-api")
LISTS = {entry["key"]: entry for entry in WHOLE["lists"]}
LIBRARIES = {entry["key"]: entry for entry in WHOLE["libraries"]}
EVIDENCE = {item["id"]: item for item in WHOLE["evidence"]}
EVIDENCE_LIBRARIES = {
    key: one
    for key, one in LIBRARIES.items()
    if key in {item["library"] for item in EVIDENCE.values()}
}


def named(entries: list[dict[str, Any]], key: str) -> list[str]:
    return [entry[key] for entry in entries]


def test_the_catalogue_is_e001_to_e100() -> None:
    assert sorted(EVIDENCE) == [f"E{n:03}" for n in range(1, 101)]
    assert len({item["title"] for item in EVIDENCE.values()}) == 100


@pytest.mark.parametrize(
    ("item", "cadence", "kind"),
    [
        ("E010", "monthly", "snapshot"),
        ("E013", "monthly", "sample"),
        ("E017", "monthly", "sample"),
        ("E026", "per-event", "sample"),
        ("E045", "quarterly", "snapshot"),
        ("E049", "monthly", "log"),
        ("E050", "semi-annual", "exercise"),
        ("E059", "annual", "review"),
        ("E060", "annual", "third-party"),
        ("E083", "weekly", "register"),
        ("E091", "monthly", "register"),
        ("E096", "per-event", "sample"),
    ],
)
def test_item_with_two_rhythms_has_the_one_that_is_judged(
    item: str, cadence: str, kind: str
) -> None:
    assert (EVIDENCE[item]["cadence"], EVIDENCE[item]["kind"]) == (cadence, kind)


def test_kinds_and_libraries_hold_as_many_items_as_the_source_table() -> None:
    assert Counter(item["kind"] for item in EVIDENCE.values()) == {
        "standing": 18,
        "snapshot": 22,
        "review": 11,
        "log": 16,
        "sample": 16,
        "register": 10,
        "exercise": 6,
        "third-party": 1,
    }
    assert Counter(item["library"] for item in EVIDENCE.values()) == {
        "access-control-evidence": 7,
        "api-security-evidence": 21,
        "availability-evidence": 17,
        "processing-integrity-evidence": 28,
        "vendor-evidence": 7,
        "change-evidence": 8,
        "governance-evidence": 12,
    }


def test_only_the_evidence_index_is_not_judged() -> None:
    assert [key for key, item in EVIDENCE.items() if not item.get("enabled", True)] == ["E094"]


def test_access_reviews_are_judged_for_the_eight_systems_of_the_register() -> None:
    assert EVIDENCE["E011"]["appliesTo"] == EVIDENCE["E012"]["appliesTo"] == EIGHT_SYSTEMS
    seeded = LISTS["systems-and-dependencies"]["items"]["seed"]
    assert named(seeded, "Title") == EIGHT_SYSTEMS


def test_auditors_may_read_every_evidence_library_and_write_nowhere() -> None:
    for library in EVIDENCE_LIBRARIES.values():
        assert {"to": "group:Auditors", "role": "Read"} in library["permissions"]["grants"]
    assert {group["role"] for group in WHOLE["groups"]} == {"Read"}


def test_reports_have_a_library_of_their_own_that_auditors_do_not_see() -> None:
    place = LIBRARIES[WHOLE["reports"]["library"]]
    assert place["key"] not in EVIDENCE_LIBRARIES
    assert "group:Auditors" not in {grant["to"] for grant in place["permissions"]["grants"]}


def test_evidence_libraries_offer_the_six_views() -> None:
    for library in EVIDENCE_LIBRARIES.values():
        assert named(library["views"], "name") == [
            "Needs attention",
            "Needs review",
            "My evidence",
            "By control area",
            "By criterion",
            "Awaiting auditor",
        ]


def test_starter_risks_are_unrated_and_include_fraud() -> None:
    seed = LISTS["risk-register"]["items"]["seed"]
    assert {row["Status"] for row in seed} == {"Identified"}
    assert any("CC3.3" in row["TrustServicesCriteria"] for row in seed)
    assert not {name for row in seed for name in row if name.startswith(("Inherent", "Residual"))}


def test_the_window_comes_from_the_parameters() -> None:
    (period,) = WHOLE["periods"]
    assert (period["start"], period["end"]) == ("{{ auditStart }}", "{{ auditEnd }}")
    assert period["criteria"] == ["Security", "Availability", "Processing Integrity"]
    assert set(period["criteria"]) <= set(
        next(
            column["choices"]
            for column in LISTS["audit-periods"]["columns"]
            if column["name"] == "ScopeCategories"
        )
    )
    assert WHOLE["freshness"] == {"leadDays": 14, "graceDays": 14, "reviewSlaDays": 5}


def test_the_seven_libraries_keep_their_addresses() -> None:
    assert {key: one["url"] for key, one in EVIDENCE_LIBRARIES.items()} == {
        "access-control-evidence": "AccessControlEvidence",
        "api-security-evidence": "APISecurityEvidence",
        "availability-evidence": "AvailabilityEvidence",
        "processing-integrity-evidence": "ProcessingIntegrityEvidence",
        "vendor-evidence": "VendorEvidence",
        "change-evidence": "ChangeEvidence",
        "governance-evidence": "GovernanceEvidence",
    }


def test_a_rating_is_empty_until_likelihood_and_impact_are_known() -> None:
    for name in ("InherentRating", "ResidualRating"):
        (rating,) = [one for one in LISTS["risk-register"]["columns"] if one["name"] == name]
        assert rating["formula"].startswith("=IF(OR(ISBLANK("), name
        assert rating["result"] == "number"


def test_the_checklist_has_the_articles_questions() -> None:
    rows = LISTS["readiness-checklist"]["items"]["seed"]
    assert Counter(row["Theme"] for row in rows) == {
        "Security": 8,
        "Availability": 7,
        "Processing integrity": 7,
    }
    assert len(LISTS["questionnaire-answers"]["items"]["seed"]) == 8


def test_the_plan_has_five_phases_that_end_with_the_window() -> None:
    rows = LISTS["implementation-plan"]["items"]["seed"]
    phases = {row["Phase"] for row in rows}
    (column,) = [one for one in LISTS["implementation-plan"]["columns"] if one["name"] == "Phase"]
    assert sorted(phases) == column["choices"]
    assert all("auditStart" in row["DueOn"] for row in rows)
    assert any(row["DueOn"] == "{{ auditStart }}" for row in rows)


def test_every_register_the_rules_name_has_its_check() -> None:
    codes = {key: {one["code"] for one in entry.get("checks", [])} for key, entry in LISTS.items()}
    for key, code in [
        ("token-register", "TOKEN-INCOMPLETE"),
        ("token-register", "TOKEN-IN-TEST-AND-PRODUCTION"),
        ("token-register", "TOKEN-UNUSED"),
        ("service-accounts", "SERVICE-ACCOUNT-WITHOUT-OWNER"),
        ("service-accounts", "SERVICE-ACCOUNT-ROTATION-OVERDUE"),
        ("access-exceptions", "ACCESS-EXCEPTION-EXPIRED"),
        ("processing-exceptions", "PROCESSING-EXCEPTION-OVERDUE"),
        ("corrective-actions", "ACTION-OVERDUE"),
        ("vendor-register", "VENDOR-NOT-REVIEWED"),
        ("incidents", "INCIDENT-NOT-REVIEWED"),
        ("emergency-changes", "EMERGENCY-CHANGE-UNAPPROVED"),
        ("offboarding-samples", "OFFBOARDING-LATE"),
    ]:
        assert code in codes[key]


def test_a_token_is_caught_by_its_row() -> None:
    checks = {
        one["code"]: to_predicate(parse(one["where"])) for one in LISTS["token-register"]["checks"]
    }
    today = date(2026, 6, 1)
    sound = {
        "Title": "T", "Status": "Active", "Owner": {"id": 7, "title": "Ann"}, "Purpose": "Payouts",
        "Scopes": "payouts.write", "RotationDue": "2026-07-01", "ExpiresOn": "2026-12-31",
        "IssuedOn": "2026-01-05", "LastUsed": "2026-05-30", "LastReviewed": "2026-04-20",
        "Environments": ["Production"], "Revocable": True,
    }  # fmt: skip
    for change, code in [
        ({}, None),
        ({"Scopes": ""}, "TOKEN-INCOMPLETE"),
        ({"Environments": ["Test", "Production"]}, "TOKEN-IN-TEST-AND-PRODUCTION"),
        ({"LastUsed": "2026-02-01"}, "TOKEN-UNUSED"),
        ({"LastUsed": None}, "TOKEN-UNUSED"),
        ({"RotationDue": "2026-05-31"}, "TOKEN-ROTATION-OVERDUE"),
        ({"Revocable": False}, "TOKEN-NOT-REVOCABLE"),
        ({"Scopes": "*"}, "TOKEN-SCOPE-BROAD"),
        ({"LastReviewed": "2026-01-01"}, "TOKEN-NOT-REVIEWED"),
        ({"Status": "Revoked", "Owner": None, "LastUsed": "2025-01-01"}, None),
    ]:
        held = {name for name, holds in checks.items() if holds(sound | change, today, "")}
        assert held == ({code} if code else set()), change
