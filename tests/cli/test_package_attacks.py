"""Packages made to mislead or to harm whoever checks them: each gets a sentence, and no more memory."""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.package_check import checked_package
from provisioner.core.canonical import digest
from provisioner.report.package_container import FIRST_DAY
from provisioner.report.package_manifest import INDEX, MANIFEST, SUMS, comment_of, json_bytes

from .test_package_check import codes, first_of, members, package, rebuilt, said_of

__all__ = ["package"]  # the fixture


def zipped(files: dict[str, bytes], target: Path, **odd: Any) -> Path:
    """The files as `zipfile` writes them; `odd` are attributes of the first piece of evidence."""
    with zipfile.ZipFile(target, "w") as out:
        out.comment = comment_of(files[MANIFEST])
        for name, data in files.items():
            info = zipfile.ZipInfo(name, FIRST_DAY)
            info.external_attr = 0o100644 << 16
            if name == first_of(files):
                for key, value in odd.items():
                    setattr(info, key, value)
            out.writestr(info, data)
    return target


def with_manifest(before: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    """The files with another manifest, whose own digest is right."""
    said = json.loads(before[MANIFEST]) | changes
    said.pop("digest")
    return before | {MANIFEST: json_bytes(said | {"digest": digest(said)})}


def test_a_compressed_file_and_a_link_are_named_though_the_content_is_right(
    package: Path, tmp_path: Path
) -> None:
    files = members(package)
    path = first_of(files)
    small = zipped(files, tmp_path / "a.zip", compress_type=zipfile.ZIP_DEFLATED)
    assert codes(small) == [("PACKAGE-CONTAINER-ALTERED", "")]
    assert said_of(small) == [f"{path} is compressed, and was not."]
    link = zipped(files, tmp_path / "b.zip", external_attr=0o120777 << 16)
    assert said_of(link) == [f"{path} is marked as a link to another file."]


def test_two_files_of_one_name_and_an_encrypted_one_are_found(
    package: Path, tmp_path: Path
) -> None:
    files = members(package)
    path = first_of(files)
    twice = tmp_path / "twice.zip"
    zipped(files, twice)
    with zipfile.ZipFile(twice, "a") as out, pytest.warns(UserWarning, match="Duplicate name"):
        out.writestr(path, files[path])
    assert ("PACKAGE-FILE-ADDED", path) in codes(twice)
    data = bytearray(package.read_bytes())
    line = data.rindex(b"PK\x01\x02", 0, data.rindex(path.encode()))
    data[line + 8] |= 1  # the flag "encrypted" of this file
    locked = tmp_path / "locked.zip"
    locked.write_bytes(data)
    assert codes(locked) == [("PACKAGE-FILE-ALTERED", path)]


@pytest.mark.parametrize(
    ("way", "bomb"),
    [
        (zipfile.ZIP_DEFLATED, MANIFEST),
        (zipfile.ZIP_DEFLATED, "evidence/Access Control/E1/users.csv"),
        (zipfile.ZIP_BZIP2, "evidence/Access Control/E1/users.csv"),
    ],
)
def test_a_file_that_unpacks_without_end_takes_no_memory(
    package: Path, tmp_path: Path, way: int, bomb: str
) -> None:
    files = members(package)
    assert bomb in files
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w") as out:
        out.comment = comment_of(files[MANIFEST])
        for path, data in files.items():
            if path == bomb:
                out.writestr(path, b"\0" * (24 << 20), way)
            else:
                out.writestr(zipfile.ZipInfo(path, FIRST_DAY), data)
    tracemalloc.start()
    found = checked_package(tmp_path / "bomb.zip")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not found.holds
    assert most < 8 << 20


def test_what_says_it_is_larger_than_can_be_unpacked_is_not_unpacked(
    package: Path, tmp_path: Path
) -> None:
    files = members(package)
    path = first_of(files)
    large = zipped(files, tmp_path / "large.zip", compress_type=zipfile.ZIP_DEFLATED)
    data = bytearray(large.read_bytes())
    line = data.rindex(b"PK\x01\x02", 0, data.rindex(path.encode()))
    data[line + 24 : line + 28] = struct.pack("<I", 0xFFFFFFF0)
    large.write_bytes(data)
    assert ("PACKAGE-FILE-ALTERED", path) in codes(large)


def test_a_package_of_a_later_version_is_told_as_that(package: Path, tmp_path: Path) -> None:
    later = with_manifest(members(package), apiVersion="provisioner/v2")
    assert codes(rebuilt(later, tmp_path / "later.zip")) == [("PACKAGE-FORMAT-UNKNOWN", MANIFEST)]
    assert "'provisioner/v2'" in said_of(tmp_path / "later.zip")[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"client": "Somebody else"},
        {"period": "Year 2025"},
        {"asOf": "2026-12-31"},
        {"partial": True},
        {"missing": [{"what": "x", "why": "y"}]},
        {"missing": ["x"]},
        {"missing": 5},
        {"period": None},
        {"files": 5},
        {"files": [5]},
        {"index": {"path": INDEX, "sha256": "0"}},
        {"index": {"path": "none", "sha256": "0"}},
        {"index": {"path": INDEX}},
        {"workspace": {"deep": [None]}},
    ],
    ids=str,
)
def test_a_manifest_altered_together_with_its_own_digest_is_found(
    command: Any, package: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    altered = rebuilt(with_manifest(members(package), **changes), tmp_path / "altered.zip")
    found = {code for code, _ in codes(altered)}
    assert found & {"PACKAGE-MANIFEST-ALTERED", "PACKAGE-INDEX-DIFFERS"}
    answer = command("verify", str(altered))
    assert (answer.code, answer.err) == (1, "")


def test_the_name_a_document_had_cannot_be_changed_in_the_manifest_alone(
    package: Path, tmp_path: Path
) -> None:
    files = members(package)
    lines = json.loads(files[MANIFEST])["files"]
    named = [one | ({"document": "other.pdf"} if "document" in one else {}) for one in lines]
    altered = rebuilt(with_manifest(files, files=named), tmp_path / "altered.zip")
    assert codes(altered) == [("PACKAGE-INDEX-DIFFERS", INDEX)]
    # Packages made before manifests had these names still hold.
    bare = [{key: one[key] for key in ("path", "bytes", "sha256")} for one in lines]
    assert codes(rebuilt(with_manifest(files, files=bare), tmp_path / "before.zip")) == []


@pytest.mark.parametrize("path", [INDEX, SUMS, "oscal/assessment-results.json", "README.txt"])
def test_a_paper_altered_alone_is_named(package: Path, tmp_path: Path, path: str) -> None:
    files = members(package)
    altered = rebuilt(files | {path: files[path] + b" "}, tmp_path / "altered.zip")
    assert codes(altered) == [("PACKAGE-FILE-ALTERED", path)]


def test_it_says_whether_a_digest_from_elsewhere_was_compared(command: Any, package: Path) -> None:
    told = checked_package(package).digest
    alone, compared = (
        command("verify", str(package)),
        command("verify", str(package), "--digest", told),
    )
    assert "No --digest was given" in alone.out
    assert "It is the digest you gave" in compared.out
    said = [
        command("verify", str(package), *more, "--format", "json").json()
        for more in ((), ("--digest", told))
    ]
    assert [one["digestCompared"] for one in said] == [False, True]
    wrong = command("verify", str(package), "--digest", told[:-1])
    assert wrong.code == 64
    assert "--digest is no digest" in wrong.err


def test_one_with_many_files_under_wrong_names_is_gone_through_once(
    package: Path, tmp_path: Path
) -> None:
    """Each that is missing is looked for among those that were added."""
    before = members(package)
    many = range(12_000)
    said = json.loads(before[MANIFEST])["files"]
    missing = [{"path": f"a/{one}", "sha256": f"{one}", "bytes": 1} for one in many]
    files = with_manifest(before, files=[*said, *missing]) | {f"b/{one}": b"" for one in many}
    begun = time.process_time()
    found = {code for code, _ in codes(zipped(files, tmp_path / "many.zip"))}
    assert time.process_time() - begun < 4
    assert {"PACKAGE-FILE-MISSING", "PACKAGE-FILE-ADDED"} <= found
