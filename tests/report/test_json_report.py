from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from provisioner.report.history import Changes, Moved, TrendPoint
from provisioner.report.json_report import moment, report_json
from provisioner.report.questions import Answered, Proof, ProofDocument, Question, Reply
from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.vocabulary import ItemState

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


def test_every_key_is_explained_on_its_page(acme):
    page = (Path(__file__).parents[2] / "docs" / "report-json.md").read_text("utf-8")
    explained = set(re.findall(r"`([A-Za-z]+(?:\.[A-Za-z]+)*)`", page))
    explained |= {name.rpartition(".")[2] for name in explained}
    plain = report_json(acme.report) | {"drift": None}
    states = {str(state) for state in ItemState}
    found = set(every_key(plain)) - states
    document = ProofDocument("a.pdf", None, None, "")
    proof = Proof("E1", "", None, proven=False, attested=False, sound=0, documents=(document,))
    answer = Answered(Question("S1", "Is it?", "", "", (), ""), Reply.NO, "", (proof,))
    moved = Moved("E1", "", ItemState.FRESH, ItemState.STALE, "worse")
    more = replace(
        acme.report,
        checklist=(answer,),
        trend=(TrendPoint(acme.report.today, 1, 2),),
        changes=Changes(acme.report.today, None, None, (moved,), (), ()),
    )
    found |= set(every_key(report_json(more) | {"drift": None})) - states
    assert found - explained == set()
