"""What an auditor's package says: its index, findings, OSCAL documents and manifest."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError
from trestle.oscal import assessment_results as oscal_results
from trestle.oscal import poam as oscal_poam

from provisioner.core.canonical import digest
from provisioner.report.package_container import Member, ending, local_header
from provisioner.report.package_contents import (
    Fingerprint,
    Omission,
    PackageFacts,
    documents_of,
    period_named,
)
from provisioner.report.package_manifest import INDEX, fingerprint, manifest, papers
from provisioner.report.package_oscal import assessment_results, plan_of_action
from provisioner.sync.facts import AuditPeriod, EvidenceFacts
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy

SITE = "https://contoso.sharepoint.com/sites/acme-soc2"


def packaged(world, libraries, **changes):
    facts, judgement = world.facts, world.judgement
    period = facts.periods[0]
    documents = documents_of(facts, judgement, period, libraries, {})
    return PackageFacts(
        **{
            "workspace": "acme-soc2",
            "client": "Acme Payments",
            "site_url": SITE,
            "period": period,
            "facts": facts,
            "judgement": judgement,
            "documents": documents,
            "prints": {one.key: fingerprint(one.key.encode()) for one in documents},
        }
        | changes
    )


@pytest.fixture(scope="module")
def titles(acme):
    return {one.library: one.library.title() for one in acme.facts.documents}


@pytest.fixture(scope="module")
def made(acme, titles):
    return packaged(acme, titles)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_it_holds_exactly_the_sound_documents_that_touch_the_period(acme, made) -> None:
    sound = {
        key
        for key, one in acme.judgement.documents.items()
        if one.sound and made.period.id in one.touches
    }
    assert sound
    assert {one.key for one in made.documents} == sound
    assert len(acme.facts.documents) > len(sound), "the demo has unsound ones, which stay out"
    assert len({one.path.casefold() for one in made.documents}) == len(sound)
    assert [one.path for one in made.documents] == sorted(one.path for one in made.documents)


def test_the_index_names_each_with_its_digest_facts_and_place(made) -> None:
    files = papers(made, {})
    index = json.loads(files[INDEX])
    assert index["partial"] is False
    assert [one["path"] for one in index["evidence"]] == [one.path for one in made.documents]
    for one in index["evidence"]:
        held = made.prints[one["id"]]
        assert (one["sha256"], one["bytes"]) == (held.sha256, held.size)
        assert one["reviewer"]
        assert one["reviewedOn"]
    told = rows(files["index/evidence-index.csv"])
    assert [one["SHA-256"] for one in told] == [one["sha256"] for one in index["evidence"]]
    samples = rows(files["index/populations-and-samples.csv"])
    assert [one["Path"] for one in samples] == [
        one["path"] for one in index["evidence"] if one["populationOrSample"]
    ]
    assert samples, "the demo files populations"


def test_findings_waivers_and_requests_are_told_as_judged(acme, made) -> None:
    files = papers(made, {"run-1": {"runId": "run-1"}})
    found = rows(files["findings/findings.csv"])
    waived = [one for one in found if one["State"] == "waived"]
    assert {(one["Waiver"], one["Waived until"]) for one in waived} == {("W-1", "2026-07-31")}
    assert {one["State"] for one in found} == {"open", "waived"}
    assert [one["Waiver"] for one in rows(files["findings/waivers.csv"])] == ["W-1"]
    assert [one["Request"] for one in rows(files["findings/requests.csv"])] == ["R-7"]
    assert json.loads(files["receipts/run-1.json"]) == {"runId": "run-1"}


def test_what_a_spreadsheet_would_run_is_defused(acme, titles) -> None:
    [first, *_] = packaged(acme, titles).documents
    changed = replace(first, document=replace(first.document, name="=cmd|' /C calc'!A0"))
    made = packaged(acme, titles, documents=(changed,), prints={first.key: fingerprint(b"x")})
    [row] = rows(papers(made, {})["index/evidence-index.csv"])
    assert row["Document"].startswith("'=")


def test_a_slot_of_another_period_is_no_finding_of_this_one(acme, made) -> None:
    other = packaged(acme, {}, period=replace(made.period, id="other"))
    assert all(one.about.window is None for one in other.verdicts)
    assert len(other.verdicts) < len(made.verdicts)


def test_the_same_facts_make_the_same_bytes(acme, titles, made) -> None:
    assert papers(made, {}) == papers(packaged(acme, titles), {})
    files = {path: fingerprint(data) for path, data in papers(made, {}).items()}
    assert manifest(made, files) == manifest(packaged(acme, titles), files)


def test_a_partial_package_says_so_in_every_paper(acme, titles, made) -> None:
    lost = made.documents[0]
    prints = {key: one for key, one in made.prints.items() if key != lost.key}
    part = packaged(
        acme, titles, prints=prints, omissions=(Omission(lost.path, "it is no longer on the site"),)
    )
    files = papers(part, {})
    index = json.loads(files[INDEX])
    told = json.loads(manifest(part, {path: fingerprint(data) for path, data in files.items()}))
    for document in (index, told):
        assert document["partial"] is True
        assert document["missing"] == [{"what": lost.path, "why": "it is no longer on the site"}]
    assert lost.path not in [one["path"] for one in index["evidence"]]
    assert "THIS PACKAGE IS PARTIAL" in files["README.txt"].decode()
    assert lost.path not in json.dumps(assessment_results(part))


@pytest.mark.parametrize("name", ["2026", " 2026 ", "2"])
def test_a_period_is_found_by_name_or_id(name: str) -> None:
    periods = (AuditPeriod("1", "2025"), AuditPeriod("2", "2026"))
    found = period_named(periods, name)
    assert found is not None
    assert found.id == "2"


def test_a_name_on_the_list_twice_is_no_one_period() -> None:
    periods = (AuditPeriod("1", "Year"), AuditPeriod("2", "year"))
    assert period_named(periods, "YEAR") is None
    assert period_named(periods, "3") is None


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


def test_the_manifest_names_each_document_as_it_is_called_on_the_site(acme, titles) -> None:
    first = packaged(acme, titles).documents[0]
    named = replace(first, document=replace(first.document, name="half \ud800 / aux.txt"))
    made = packaged(acme, titles, documents=(named,))
    files = {first.path: made.prints[first.key], INDEX: fingerprint(b"")}
    said = json.loads(manifest(made, files))
    assert [one.get("document") for one in said["files"]] == ["half ? / aux.txt", None]
    told = said.pop("digest")
    assert told == digest(said), "what is written is what its digest is of"


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


def test_files_beyond_four_gigabytes_are_listed_with_their_true_sizes(tmp_path) -> None:
    huge = Member("evidence/huge.bin", 5 * (1 << 30), 1)
    after = Member("evidence/ä.txt", 3, 0x352441C2)
    path = tmp_path / "huge.zip"
    with path.open("wb") as target:
        target.write(local_header(huge))
        target.seek(huge.size, 1)  # a hole: nothing is written
        target.write(local_header(after) + b"abc")
        target.writelines(ending([huge, after], b"sha256:x"))
    with zipfile.ZipFile(path) as package:
        assert [(one.filename, one.file_size) for one in package.infolist()] == [
            (huge.path, huge.size),
            (after.path, 3),
        ]
        assert package.read(after.path) == b"abc"
        assert package.comment == b"sha256:x"


def test_more_files_than_the_old_format_counts(tmp_path) -> None:
    members = [Member(f"e/{number}", 0, 0) for number in range(70_000)]
    path = tmp_path / "many.zip"
    with path.open("wb") as target:
        target.writelines(local_header(one) for one in members)
        target.writelines(ending(members, b""))
    with zipfile.ZipFile(path) as package:
        assert len(package.infolist()) == 70_000
        assert package.read("e/69999") == b""
    assert struct.unpack("<H", path.read_bytes()[-12:-10])[0] == 0xFFFF


def test_a_fingerprint_is_size_digest_and_crc() -> None:
    assert fingerprint(b"abc") == Fingerprint(
        3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 0x352441C2
    )
