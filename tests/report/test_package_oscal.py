"""The OSCAL documents of an auditor's package."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from demo_facts import SITE
from packaged import packaged
from pydantic import ValidationError
from trestle.oscal import assessment_results as oscal_results
from trestle.oscal import poam as oscal_poam

from provisioner.report.package_contents import (
    PackageFacts,
)
from provisioner.report.package_manifest import papers
from provisioner.report.package_oscal import assessment_results, plan_of_action
from provisioner.sync.facts import AuditPeriod, EvidenceFacts
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy
from provisioner.sync.vocabulary import Severity


def test_oscal_says_when_evidence_was_collected_when_it_expires_and_what_its_bytes_are(
    made,
) -> None:
    told = assessment_results(made)["assessment-results"]
    [result] = told["results"]
    by_path = {one["relevant-evidence"][0]["description"]: one for one in result["observations"]}
    resources = {one["uuid"]: one for one in told["back-matter"]["resources"]}
    for one in made.documents:
        seen = by_path[one.path]
        assert seen["collected"] == f"{one.activity}T00:00:00Z"
        until = one.said.fresh_until
        assert seen.get("expires") == (f"{until}T00:00:00Z" if until else None)
        resource = resources[seen["relevant-evidence"][0]["href"].removeprefix("#")]
        assert resource["rlinks"][0]["hashes"] == [
            {"algorithm": "SHA-256", "value": made.prints[one.key].sha256}
        ]
    states = {one["title"]: one["target"]["status"]["state"] for one in result["findings"]}
    assert set(states.values()) == {"satisfied", "not-satisfied"}
    assert {one["status"] for one in result["risks"]} == {"open", "deviation-approved"}


def test_an_oscal_finding_rests_on_what_was_filed_and_found_for_its_criterion(made) -> None:
    [result] = assessment_results(made)["assessment-results"]["results"]
    paths = {
        one["uuid"]: one["relevant-evidence"][0]["description"] for one in result["observations"]
    }
    status = {one["uuid"]: one["status"] for one in result["risks"]}
    titles = {one["uuid"]: one["title"] for one in result["risks"]}
    items = {one.id: one for one in made.facts.items}
    for finding in result["findings"]:
        own = {key for key, item in items.items() if finding["title"] in item.criteria}
        seen = {paths[one["observation-uuid"]] for one in finding.get("related-observations", ())}
        due = [one["risk-uuid"] for one in finding.get("related-risks", ())]
        assert seen == {one.path for one in made.documents if one.document.item in own}
        assert {titles[one] for one in due} == {
            f"{one.rule}: {one.subject}"
            for one in made.verdicts
            if one.item in own and one.severity is not Severity.NOTE
        }
        met = bool(seen or due) and all(status[one] != "open" for one in due)
        assert finding["target"]["status"]["state"] == ("satisfied" if met else "not-satisfied")


def test_oscal_documents_load_in_compliance_trestle(made, hostile) -> None:
    several = [made, packaged(hostile, {}), packaged(hostile, {}, documents=(), prints={})]
    for one in several:
        told, plan = assessment_results(one), plan_of_action(one)
        oscal_results.Model.model_validate_json(json.dumps(told))
        oscal_poam.Model.model_validate_json(json.dumps(plan))
    told["assessment-results"]["results"][0]["start"] = "2026-01-01"
    with pytest.raises(ValidationError):
        oscal_results.Model.model_validate_json(json.dumps(told))


@pytest.mark.parametrize(
    "words",
    ["", " ", "\x00\x08\x1b[31m", "\ufeff", "\u2028監査\u2029の理由", "\ud800 half", "\u200b"],
)
def test_oscal_holds_whatever_people_wrote(acme, titles, words) -> None:
    made = packaged(acme, titles, client=words, period=replace(acme.facts.periods[0], name=words))
    first = made.documents[0]
    strange = replace(first, document=replace(first.document, name=words, source_system=words))
    verdict = replace(made.verdicts[0], message=words, next=words, subject=words)
    judged = replace(made.judgement, verdicts=(*made.judgement.verdicts, verdict))
    made = replace(made, documents=(strange,), judgement=judged)
    # ECMA-262, which the published schema is written for, takes U+FEFF for a space; Python does not.
    line = re.compile("[^\\s\ufeff]([^\\x00-\\x1f\\u2028\\u2029]*[^\\s\ufeff])?")
    for model, told in (
        (oscal_results, assessment_results(made)),
        (oscal_poam, plan_of_action(made)),
    ):
        model.Model.model_validate_json(json.dumps(told))
        assert all(line.fullmatch(one) for one in texts(told)), told


def texts(told: object) -> list[str]:
    if isinstance(told, dict):
        return [one for value in told.values() for one in texts(value)]
    if isinstance(told, list):
        return [one for value in told for one in texts(value)]
    return [told] if isinstance(told, str) else []


def test_where_nothing_is_open_there_is_no_plan_of_action() -> None:
    period = AuditPeriod("1", "2026", start=date(2026, 1, 1), end=date(2026, 12, 31))
    facts = EvidenceFacts(periods=(period,))
    judgement = judge(facts, Policy(), date(2026, 5, 1))
    empty = PackageFacts("a", "A", SITE, period, facts, judgement, (), {})
    assert plan_of_action(empty) is None
    assert "oscal/plan-of-action-and-milestones.json" not in papers(empty, {})
    assert "findings" not in assessment_results(empty)["assessment-results"]["results"][0]


def test_every_oscal_id_is_there_once_and_what_is_referred_to_exists(made) -> None:
    told = assessment_results(made)["assessment-results"]
    [result] = told["results"]
    kinds = ("observations", "risks", "findings")
    ids = [one["uuid"] for kind in kinds for one in result[kind]]
    assert len(ids) == len(set(ids))
    for finding in result["findings"]:
        for link in finding.get("related-observations", ()):
            assert link["observation-uuid"] in ids
        for link in finding.get("related-risks", ()):
            assert link["risk-uuid"] in ids
