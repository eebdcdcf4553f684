"""Checking an auditor's package offline: every byte of it is the one that belongs there."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from provisioner.cli.package_unpacking import UNREADABLE, Unpacking, paper
from provisioner.core.canonical import digest
from provisioner.report.package_container import FIRST_DAY, Member, ending, local_header
from provisioner.report.package_contents import EVIDENCE, Fingerprint
from provisioner.report.package_manifest import MANIFEST, SUMS, comment_of, sums
from provisioner.report.package_names import is_safe_path

_FORMAT = "provisioner/v1"
_LINK = 0o120000


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a package; `path` "" where it is about the whole."""

    code: str
    path: str
    message: str

    def json(self) -> dict[str, str]:
        """As it stands among the problems of a `PackageVerification`."""
        return {"code": self.code, "path": self.path, "message": self.message}


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check found. `manifest` is {} where it could not be read.

    `compared`: a digest told by another way was given, so a package made anew would be found, too.
    """

    file: Path
    digest: str
    manifest: Mapping[str, Any]
    flaws: tuple[Flaw, ...]
    compared: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws

    def json(self) -> dict[str, Any]:
        """The `PackageVerification` document."""
        listed = self.manifest.get("files", [])
        return {
            "apiVersion": "provisioner/v1",
            "kind": "PackageVerification",
            "file": str(self.file),
            "holds": self.holds,
            "digest": self.digest,
            "digestCompared": self.compared,
            "workspace": self.manifest.get("workspace"),
            "period": self.manifest.get("period"),
            "asOf": self.manifest.get("asOf"),
            "partial": self.manifest.get("partial"),
            "missing": self.manifest.get("missing", []),
            "files": len(listed),
            "problems": [one.json() for one in self.flaws],
        }


def checked_package(file: Path, expected: str | None = None) -> Checked:
    """Every flaw of a package. `expected`: the digest that was told when it was made.

    Raises `OSError` where there is no such file.
    """
    with file.open("rb") as raw:
        try:
            with zipfile.ZipFile(raw) as package:
                found = _checked(package, raw, expected)
        except UNREADABLE as problem:
            why = str(problem) or type(problem).__name__
            message = f"It is no whole ZIP: it was cut off, or altered ({why})."
            found = Checked(file, "", {}, (Flaw("PACKAGE-UNREADABLE", "", message),))
    return replace(found, file=file, compared=expected is not None)


def _checked(package: zipfile.ZipFile, raw: BinaryIO, expected: str | None) -> Checked:
    infos = {one.filename: one for one in package.infolist()}
    unpacking = Unpacking(raw.seek(0, 2))
    flaws = list(_names(package))
    if MANIFEST not in infos:
        message = "It has no manifest.json, so nothing says what belongs in it."
        return Checked(
            Path(), "", {}, (*flaws, Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, message))
        )
    data = paper(package, infos[MANIFEST])
    told = comment_of(data).decode()
    comment = package.comment.decode("ascii", "replace")
    if comment != told and told.startswith(comment):  # zipfile takes a shorter one without a word
        raise zipfile.BadZipFile("its last bytes are not there")
    manifest, flaw = _manifest(data)
    if flaw is not None:
        return Checked(Path(), told, {}, (*flaws, flaw))
    flaws += _manifest_flaws(manifest, told, comment, expected)
    listed = {one["path"]: one for one in manifest["files"]}
    found = {
        path: unpacking.read(package, info) for path, info in infos.items() if path != MANIFEST
    }
    flaws += _file_flaws(listed, found)
    if not flaws:
        flaws += _index_flaws(package, infos, manifest, listed)
    if not flaws:
        prints = {path: one for path, one in found.items() if one is not None}
        ordered = {path: prints[path] for path in listed}
        ordered[MANIFEST] = Fingerprint(len(data), "", zlib.crc32(data))
        if not _every_byte(raw, ordered, told.encode()):
            flaws += _container_flaws(package, list(ordered))
    return Checked(Path(), told, manifest, tuple(flaws))


def _names(package: zipfile.ZipFile) -> Iterator[Flaw]:
    for name, times in Counter(one.filename for one in package.infolist()).items():
        if times > 1:
            yield Flaw("PACKAGE-FILE-ADDED", name, f"{name} is in it {times} times.")
        if not is_safe_path(name.removesuffix("/")):
            yield Flaw("PACKAGE-FILE-ADDED", name, f"{name} would be unpacked somewhere else.")


def _manifest(data: bytes) -> tuple[dict[str, Any], Flaw | None]:
    """The manifest, with what keeps us from going by it."""
    unreadable = Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, "It cannot be read as a manifest.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}, unreadable
    if not isinstance(found, dict) or found.get("kind") != "PackageManifest":
        return {}, unreadable
    made_as = found.get("apiVersion")
    if made_as != _FORMAT:
        message = f"It is of the form {made_as!r:.80}, and this version knows {_FORMAT!r} only."
        return {}, Flaw("PACKAGE-FORMAT-UNKNOWN", MANIFEST, message)
    files, index, missing = found.get("files"), found.get("index"), found.get("missing")
    whole = (
        _are_of(files, {"path": str, "sha256": str, "bytes": int})
        and _are_of([index], {"path": str, "sha256": str})
        and _are_of(missing, {"what": str, "why": str})
        and isinstance(found.get("period"), str)
    )
    return (found, None) if whole else ({}, unreadable)


def _are_of(rows: object, types: Mapping[str, type]) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, dict) and all(isinstance(row.get(key), of) for key, of in types.items())
        for row in rows
    )


def _manifest_flaws(
    manifest: Mapping[str, Any], told: str, comment: str, expected: str | None
) -> Iterator[Flaw]:
    rest = {key: value for key, value in manifest.items() if key != "digest"}
    if manifest.get("digest") != digest(rest) or comment != told:
        message = "The manifest is not the one this package was made with."
        yield Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, message)
    if expected is not None and expected.strip().lower().removeprefix("sha256:") != told[7:]:
        message = f"The digest of its manifest is {told}, not the one you gave."
        yield Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, message)


def _file_flaws(
    listed: Mapping[str, Mapping[str, Any]], found: Mapping[str, Fingerprint | None]
) -> Iterator[Flaw]:
    added = {path: one for path, one in found.items() if path not in listed}
    whose = {wanted["sha256"]: path for path, wanted in listed.items()}
    holding: dict[str, list[str]] = {}  # whoever made it may have put in a hundred thousand
    for name, mark in reversed(added.items()):
        if mark is not None:
            holding.setdefault(mark.sha256, []).append(name)
    for path, wanted in listed.items():
        if path in found:
            one = found[path]
            if one is None or (one.sha256, one.size) != (wanted["sha256"], wanted["bytes"]):
                others = whose.get(one.sha256 if one else "", "")
                why = (
                    f"it holds the bytes of {others}."
                    if others
                    else "its bytes do not give the SHA-256 it had."
                )
                message = f"{path} is not as it was: {why}"
                yield Flaw("PACKAGE-FILE-ALTERED", path, message)
            continue
        same = holding.get(wanted["sha256"])
        if same:
            name = same.pop()
            del added[name]
            yield Flaw("PACKAGE-FILE-RENAMED", path, f"{path} is called {name} in it.")
        else:
            yield Flaw("PACKAGE-FILE-MISSING", path, f"{path} is not in it.")
    for path in added:
        yield Flaw("PACKAGE-FILE-ADDED", path, f"{path} does not belong in it.")


def _index_flaws(
    package: zipfile.ZipFile,
    infos: Mapping[str, zipfile.ZipInfo],
    manifest: Mapping[str, Any],
    listed: Mapping[str, Mapping[str, Any]],
) -> Iterator[Flaw]:
    """What the manifest, the index and SHA256SUMS do not say alike."""
    path = manifest["index"]["path"]
    evidence = {
        (one["path"], one["sha256"], one["bytes"], one.get("document"))
        for one in listed.values()
        if one["path"].startswith(f"{EVIDENCE}/")
    }
    try:
        index = json.loads(paper(package, infos[path]))
        # Manifests did not always name the documents.
        named = any(document is not None for *_, document in evidence)
        said = {
            (one["path"], one["sha256"], one["bytes"], one["document"] if named else None)
            for one in index["evidence"]
        }
        alike = said == evidence and all(
            index[key] == manifest[key]
            for key in ("workspace", "client", "asOf", "partial", "missing")
        )
        alike = alike and index["period"]["name"] == manifest["period"]
        alike = alike and manifest["index"]["sha256"] == listed[path]["sha256"]
        before = {
            name: Fingerprint(one["bytes"], one["sha256"], 0)
            for name, one in listed.items()
            if name != SUMS
        }
        alike = alike and paper(package, infos[SUMS]) == sums(before)
    except (KeyError, TypeError, ValueError, RecursionError):
        alike = False
    if not alike:
        message = "The index and the manifest do not say the same."
        yield Flaw("PACKAGE-INDEX-DIFFERS", path, message)


def _container_flaws(package: zipfile.ZipFile, paths: Sequence[str]) -> Iterator[Flaw]:
    """What is wrong around the files, where every file is as it was."""
    messages = [
        f"{one.filename} {why}"
        for one in package.infolist()
        for holds, why in (
            (one.date_time != FIRST_DAY, "has another date in it than it was given."),
            (one.compress_type != zipfile.ZIP_STORED, "is compressed, and was not."),
            (one.external_attr >> 16 & 0o170000 == _LINK, "is marked as a link to another file."),
        )
        if holds
    ]
    if package.namelist() != paths:
        messages.append("Its files stand in another order.")
    if not messages:
        messages.append("Bytes around the files are not those of the package as it was made.")
    for message in messages:
        yield Flaw("PACKAGE-CONTAINER-ALTERED", "", message)


def _every_byte(raw: BinaryIO, files: Mapping[str, Fingerprint], comment: bytes) -> bool:
    """Whether what stands around the files is what we write around such files."""
    members = [Member(path, one.size, one.crc) for path, one in files.items()]
    raw.seek(0)
    for one in members:
        header = local_header(one)
        if raw.read(len(header)) != header:
            return False
        raw.seek(one.size, 1)
    return all(
        raw.read(len(piece)) == piece for piece in ending(members, comment)
    ) and not raw.read(1)
