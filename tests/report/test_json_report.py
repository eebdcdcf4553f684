from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

from provisioner.report.json_report import moment, report_json
from provisioner.sync.facts import EvidenceFacts

KEYS = {
    *("apiVersion", "kind", "workspace", "client", "siteUrl", "generatedAt", "today", "policy"),
    *("headline", "windows", "criteria", "libraries", "controlAreas", "items", "attention"),
    *("waived", "evidence", "coverage", "gaps", "rules", "drift"),
    *("checklist", "buyers", "waiting", "trend", "changes"),
}


def every_key(value):
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from every_key(one)
    elif isinstance(value, list):
        for one in value:
            yield from every_key(one)


def test_it_is_json_and_keeps_its_promise(acme):
    plain = report_json(acme.report)
    assert json.loads(json.dumps(plain)) == plain
    assert set(plain) == KEYS
    assert (plain["apiVersion"], plain["kind"]) == ("provisioner/v1", "ReadinessReport")
    assert plain["generatedAt"] == "2026-05-20T06:30:00Z"
    assert plain["today"] == "2026-05-20"
    assert plain["policy"].startswith("sha256:")


def test_an_empty_report_has_the_same_keys(build):
    plain = report_json(build(EvidenceFacts()).report)
    assert set(plain) == KEYS
    assert plain["headline"]["tally"]["share"] is None
    assert plain["drift"] is None


def test_keys_are_camel_case(acme):
    plain = report_json(acme.report)
    for one in (*plain["criteria"], *plain["libraries"]):
        one["tally"].pop("states")  # its keys are the states' own words
    plain["drift"] = None
    plain["headline"]["tally"].pop("states")
    for one in (*plain["controlAreas"], *(c for g in plain["criteria"] for c in g["criteria"])):
        one["tally"].pop("states")
    assert all(key.isalnum() and key[0].islower() for key in every_key(plain))


def test_the_parts_a_reader_of_json_relies_on(acme):
    plain = report_json(acme.report)
    assert set(plain["headline"]["tally"]) == {"items", "judged", "holding", "share", "states"}
    assert set(plain["attention"][0]) == {
        *("item", "title", "state", "errors", "warnings", "findings"),
    }
    assert set(plain["evidence"][0]) == {
        *("key", "name", "link", "library", "item", "itemTitle", "part", "criteria", "periodFrom"),
        *("periodTo", "activity", "status", "freshness", "freshUntil", "owner", "reviewer"),
        *("reviewedOn", "sound", "flags", "waived", "reason", "version", "identity"),
    }
    assert set(plain["coverage"][0]["rows"][0]["slots"][0]) == {
        *("first", "last", "state", "covered", "attested", "documents"),
    }
    assert plain["gaps"][0]["days"][0].keys() == {"from", "to"}
    assert plain["drift"]["kind"] == "DriftReport"


def test_moments_are_told_in_utc():
    east = timezone(timedelta(hours=2))
    assert moment(datetime(2026, 1, 1, 1, 0, tzinfo=east)) == "2025-12-31T23:00:00Z"
    assert moment(datetime(2026, 1, 1, 1, 0)) == "2026-01-01T01:00:00Z"  # noqa: DTZ001
