"""A package that was altered in any way is found out, offline, and what was done to it is named."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.cli.package_check import checked_package
from provisioner.cli.package_store import PackageStore, measured
from provisioner.cli.packaging import _write
from provisioner.core.canonical import digest
from provisioner.report.package_container import Member, ending, local_header
from provisioner.report.package_contents import Omission, PackageFacts, documents_of
from provisioner.report.package_manifest import INDEX, MANIFEST, comment_of, fingerprint, json_bytes
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy
from provisioner.sync.vocabulary import Cadence, Kind

NAMES = ("users.csv", "Übersicht.pdf", "Users.csv", "empty-looking.log")


def facts_of(folder: Path) -> tuple[PackageFacts, PackageStore]:
    """Four sound documents, two of them with one name on systems that ignore case."""
    day = date(2026, 3, 2)
    documents = tuple(
        Document(
            key=f"access/{number}", library="access", id=number, name=name, item="E1",
            status="Approved", owner="a@x.example", reviewer="b@x.example", reviewed_on=day,
            activity_date=day, collected_on=day, identity=f"i{number}", size=100,
            source_system="IdP", sensitivity="Internal", content_author="a@x.example",
        )
        for number, name in enumerate(NAMES, 1)
    )  # fmt: skip
    item = ExpectedItem(
        "E1", "Users", criteria=("CC6.1",), cadence=Cadence.MONTHLY, kind=Kind.SNAPSHOT
    )
    period = AuditPeriod(
        "1", "Year 2026", start=date(2026, 1, 1), end=date(2026, 12, 31), criteria=("Security",)
    )
    facts = EvidenceFacts(documents=documents, items=(item,), periods=(period,))
    judgement = judge(facts, Policy(), date(2026, 3, 10))
    store = PackageStore(folder / "package.zip.partial")
    store.folder.mkdir(parents=True)
    prints = {}
    for one in documents:
        path = store.path_of(one.key)
        path.write_bytes(f"bytes of {one.name}\n".encode() * 20)
        prints[one.key] = measured(path)[0]
    chosen = documents_of(facts, judgement, period, {"access": "Access Control"}, {})
    assert len(chosen) == len(NAMES)
    made = PackageFacts(
        "acme", "Acme", "https://c/sites/acme", period, facts, judgement, chosen, prints
    )
    return made, store


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    made, store = facts_of(folder)
    with store.alone():
        _write(made, {"run": {"digest": "sha256:0"}}, store, folder / "package.zip")
    assert not store.folder.exists()
    return folder / "package.zip"


def codes(file: Path, expected: str | None = None) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in checked_package(file, expected).flaws]


def said_of(file: Path) -> list[str]:
    return [one.message for one in checked_package(file).flaws]


def members(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as opened:
        return {one: opened.read(one) for one in opened.namelist()}


def rebuilt(files: dict[str, bytes], target: Path) -> Path:
    """A ZIP of other files, as carefully made as ours."""
    rows = [Member(path, len(data), fingerprint(data).crc) for path, data in files.items()]
    with target.open("wb") as out:
        for row in rows:
            out.write(local_header(row) + files[row.path])
        out.writelines(ending(rows, comment_of(files[MANIFEST])))
    return target


def first_of(files: dict[str, bytes]) -> str:
    return next(path for path in files if path.startswith("evidence/"))


def test_a_package_is_whole_and_any_program_can_open_it(package: Path) -> None:
    found = checked_package(package)
    assert found.flaws == ()
    assert codes(package, found.digest) == []
    assert codes(package, found.digest.removeprefix("sha256:").upper()) == []
    files = members(package)
    assert list(files)[-2:] == ["SHA256SUMS", MANIFEST]
    assert len({path.casefold() for path in files}) == len(files)
    assert "evidence/Access Control/E1/Übersicht.pdf" in files
    assert "evidence/Access Control/E1/Users~2.csv" in files


@settings(max_examples=250)
@given(st.data())
def test_one_flipped_bit_anywhere_is_found(package: Path, data: st.DataObject) -> None:
    whole = bytearray(package.read_bytes())
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    altered = package.with_name("altered.zip")
    altered.write_bytes(whole)
    assert codes(altered), f"bit {bit} of {len(whole) * 8}"


@pytest.mark.parametrize("left", [0, 1, 21, 400, -1, -30, -400])
def test_a_package_that_was_cut_off_is_no_whole_zip(package: Path, left: int, tmp_path) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(package.read_bytes()[:left])
    assert codes(cut) == [("PACKAGE-UNREADABLE", "")]


@pytest.mark.parametrize("more", ["before", "after"])
def test_bytes_put_before_or_behind_it_are_found(package: Path, more: str, tmp_path) -> None:
    data = package.read_bytes()
    longer = tmp_path / "longer.zip"
    longer.write_bytes(b"#!/bin/sh\n" + data if more == "before" else data + b"\0")
    assert codes(longer)


def test_what_was_taken_out_put_in_or_renamed_is_named(package: Path, tmp_path) -> None:
    files = members(package)
    path = first_of(files)
    missing = {name: data for name, data in files.items() if name != path}
    assert codes(rebuilt(missing, tmp_path / "a.zip")) == [("PACKAGE-FILE-MISSING", path)]
    added = {"evidence/planted.pdf": b"planted"} | files
    assert codes(rebuilt(added, tmp_path / "b.zip")) == [
        ("PACKAGE-FILE-ADDED", "evidence/planted.pdf")
    ]
    renamed = {(f"{path}.old" if name == path else name): data for name, data in files.items()}
    assert codes(rebuilt(renamed, tmp_path / "c.zip")) == [("PACKAGE-FILE-RENAMED", path)]
    escaping = {"../../planted": b"planted"} | files
    assert ("PACKAGE-FILE-ADDED", "../../planted") in codes(rebuilt(escaping, tmp_path / "d.zip"))
    swapped = files | {path: b"other bytes"}
    assert codes(rebuilt(swapped, tmp_path / "e.zip")) == [("PACKAGE-FILE-ALTERED", path)]
    none = {name: data for name, data in files.items() if name != MANIFEST}
    bare = tmp_path / "f.zip"
    with zipfile.ZipFile(bare, "w") as target:
        for name, data in none.items():
            target.writestr(name, data)
    assert codes(bare) == [("PACKAGE-MANIFEST-ALTERED", MANIFEST)]


def test_order_and_dates_are_part_of_it(package: Path, tmp_path) -> None:
    files = members(package)
    turned = dict(reversed(files.items()))
    assert codes(rebuilt(turned, tmp_path / "turned.zip")) == [("PACKAGE-CONTAINER-ALTERED", "")]
    assert said_of(tmp_path / "turned.zip") == ["Its files stand in another order."]

    path = first_of(files)
    dated = tmp_path / "dated.zip"
    with zipfile.ZipFile(dated, "w") as target:
        target.comment = comment_of(files[MANIFEST])
        for name, data in files.items():
            day = (2026, 6, 1, 0, 0, 0) if name == path else (1980, 1, 1, 0, 0, 0)
            target.writestr(zipfile.ZipInfo(name, day), data)
    assert said_of(dated) == [f"{path} has another date in it than it was given."]
    dated.write_bytes(package.read_bytes() + b"more")
    assert said_of(dated) == ["Bytes around the files are not those of the package as it was made."]


def test_two_files_that_changed_places_are_told_as_that(package: Path, tmp_path) -> None:
    files = members(package)
    one, other = [path for path in files if path.startswith("evidence/")][:2]
    swapped = files | {one: files[other], other: files[one]}
    assert said_of(rebuilt(swapped, tmp_path / "swapped.zip")) == [
        f"{one} is not as it was: it holds the bytes of {other}.",
        f"{other} is not as it was: it holds the bytes of {one}.",
    ]


def test_a_folder_put_in_does_not_belong_there_and_leads_nowhere(package: Path, tmp_path) -> None:
    folder = rebuilt(members(package) | {"evidence/": b""}, tmp_path / "folder.zip")
    assert said_of(folder) == ["evidence/ does not belong in it."]


def test_a_file_altered_together_with_its_line_in_the_manifest_is_found(package, tmp_path) -> None:
    files = members(package)
    path = first_of(files)
    files[path] = b"forged"
    said = json.loads(files[MANIFEST])
    [line] = [one for one in said["files"] if one["path"] == path]
    line |= {"bytes": 6, "sha256": fingerprint(b"forged").sha256}
    files[MANIFEST] = json_bytes(said)
    forged = rebuilt(files, tmp_path / "forged.zip")
    assert codes(forged) == [("PACKAGE-MANIFEST-ALTERED", MANIFEST)]

    said["digest"] = digest({key: value for key, value in said.items() if key != "digest"})
    files[MANIFEST] = json_bytes(said)
    assert codes(rebuilt(files, forged)) == [("PACKAGE-INDEX-DIFFERS", INDEX)]


def test_who_forges_everything_is_found_by_the_digest_that_was_told(package, tmp_path) -> None:
    told = checked_package(package).digest
    made, store = facts_of(tmp_path)
    key = made.documents[0].key
    store.path_of(key).write_bytes(b"forged")
    prints = {**made.prints, key: fingerprint(b"forged")}
    _write(replace(made, prints=prints), {}, store, tmp_path / "forged.zip")
    assert codes(tmp_path / "forged.zip") == [], "it is a whole package, only not ours"
    assert codes(tmp_path / "forged.zip", told) == [("PACKAGE-MANIFEST-ALTERED", MANIFEST)]


def test_the_same_evidence_makes_the_same_bytes(package: Path, tmp_path) -> None:
    made, store = facts_of(tmp_path)
    _write(made, {"run": {"digest": "sha256:0"}}, store, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == package.read_bytes()


def test_the_command_says_it_in_words_and_as_json(command, package: Path, tmp_path) -> None:
    good = command("verify", str(package), "--format", "json")
    assert (good.code, good.err) == (0, "")
    said = good.json()
    assert (said["kind"], said["holds"], said["partial"]) == ("PackageVerification", True, False)
    assert command("verify", str(package), "--digest", said["digest"]).code == 0

    cut = tmp_path / "cut.zip"
    cut.write_bytes(package.read_bytes()[:-5])
    bad = command("verify", str(cut))
    assert (bad.code, bad.err) == (1, "")
    assert "PACKAGE-UNREADABLE" in bad.out
    told = command("verify", str(cut), "--format", "json")
    assert told.code == 1
    assert [one["code"] for one in told.json()["problems"]] == ["PACKAGE-UNREADABLE"]
    assert command("verify", str(tmp_path / "none.zip")).code == 1


def test_a_partial_package_holds_and_says_what_it_lacks(command, tmp_path) -> None:
    made, store = facts_of(tmp_path)
    lost = made.documents[0]
    prints = {key: one for key, one in made.prints.items() if key != lost.key}
    lacking = (Omission(lost.path, "it is no longer on the site"),)
    part = replace(made, prints=prints, omissions=lacking)
    _write(part, {}, store, tmp_path / "part.zip")
    said = command("verify", str(tmp_path / "part.zip"))
    assert said.code == 0
    assert "PARTIAL" in said.out
    assert f"{lost.path}: it is no longer on the site" in said.out


def test_the_package_command_says_what_it_needs(command, package: Path) -> None:
    assert command("package").code == 64
    assert command("package", "--period", "2026").code == 64
    there = command("package", "--period", "2026", "--out", str(package))
    assert (there.code, there.out) == (1, "")
    assert "FILE-EXISTS" in there.err
