"""What an auditor's package says: its index, findings and manifest."""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
from dataclasses import replace

import pytest
from packaged import packaged

from provisioner.core.canonical import digest
from provisioner.report.package_container import Member, ending, local_header
from provisioner.report.package_contents import (
    Fingerprint,
    Omission,
    period_named,
)
from provisioner.report.package_manifest import INDEX, fingerprint, manifest, papers
from provisioner.report.package_oscal import assessment_results
from provisioner.sync.facts import AuditPeriod


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


def test_the_manifest_names_each_document_as_it_is_called_on_the_site(acme, titles) -> None:
    first = packaged(acme, titles).documents[0]
    named = replace(first, document=replace(first.document, name="half \ud800 / aux.txt"))
    made = packaged(acme, titles, documents=(named,))
    files = {first.path: made.prints[first.key], INDEX: fingerprint(b"")}
    said = json.loads(manifest(made, files))
    assert [one.get("document") for one in said["files"]] == ["half ? / aux.txt", None]
    told = said.pop("digest")
    assert told == digest(said), "what is written is what its digest is of"


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
