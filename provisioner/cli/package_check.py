"""Checking an auditor's package offline: every byte of it is the one that belongs there."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from provisioner.core.canonical import digest
from provisioner.report.package_container import FIRST_DAY, Member, ending, local_header
from provisioner.report.package_contents import EVIDENCE, Fingerprint
from provisioner.report.package_manifest import MANIFEST, SUMS, comment_of, sums
from provisioner.report.package_names import is_safe_path

_PIECE = 1 << 20
_LARGEST_PAPER = 1 << 28
_UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError,
               ValueError, OSError)  # fmt: skip


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
    """What the check found. `manifest` is {} where it could not be read."""

    file: Path
    digest: str
    manifest: Mapping[str, Any]
    flaws: tuple[Flaw, ...]

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
                return replace(_checked(package, raw, expected), file=file)
        except _UNREADABLE as problem:
            why = str(problem) or type(problem).__name__
            message = f"It is no whole ZIP: it was cut off, or altered ({why})."
            return Checked(file, "", {}, (Flaw("PACKAGE-UNREADABLE", "", message),))


def _checked(package: zipfile.ZipFile, raw: BinaryIO, expected: str | None) -> Checked:
    infos = {one.filename: one for one in package.infolist()}
    flaws = list(_names(package))
    if MANIFEST not in infos:
        message = "It has no manifest.json, so nothing says what belongs in it."
        return Checked(
            Path(), "", {}, (*flaws, Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, message))
        )
    data = _paper(package, infos[MANIFEST])
    told = comment_of(data).decode()
    comment = package.comment.decode("ascii", "replace")
    if comment != told and told.startswith(comment):  # zipfile takes a shorter one without a word
        raise zipfile.BadZipFile("its last bytes are not there")
    manifest = _manifest(data)
    if manifest is None:
        message = "It cannot be read as a manifest."
        flaws.append(Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, message))
        return Checked(Path(), told, {}, tuple(flaws))
    flaws += _manifest_flaws(manifest, told, comment, expected)
    listed = {one["path"]: one for one in manifest["files"]}
    found = {path: _read(package, info) for path, info in infos.items() if path != MANIFEST}
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


def _paper(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > _LARGEST_PAPER:
        raise ValueError(f"{info.filename} is too large")
    return package.read(info)


def _manifest(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("kind") != "PackageManifest":
        return None
    files, index = found.get("files"), found.get("index")
    whole = isinstance(files, list) and all(
        isinstance(one, dict)
        and isinstance(one.get("path"), str)
        and isinstance(one.get("sha256"), str)
        and isinstance(one.get("bytes"), int)
        for one in files
    )
    named = isinstance(index, dict) and isinstance(index.get("path"), str)
    return found if whole and named else None


def _manifest_flaws(
    manifest: Mapping[str, Any], told: str, comment: str, expected: str | None
) -> Iterator[Flaw]:
    rest = {key: value for key, value in manifest.items() if key != "digest"}
    if manifest.get("digest") != digest(rest) or comment != told:
        message = "The manifest is not the one this package was made with."
        yield Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, message)
    if expected is not None and expected.removeprefix("sha256:").lower() != told[7:]:
        message = f"The digest of its manifest is {told}, not the one you gave."
        yield Flaw("PACKAGE-MANIFEST-ALTERED", MANIFEST, message)


def _read(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Fingerprint | None:
    """What the bytes of a file come to; None where they cannot be read."""
    whole, size = hashlib.sha256(), 0
    try:
        with package.open(info) as source:
            while piece := source.read(_PIECE):
                whole.update(piece)
                size += len(piece)
    except _UNREADABLE:
        return None
    return Fingerprint(size, whole.hexdigest(), info.CRC)


def _file_flaws(
    listed: Mapping[str, Mapping[str, Any]], found: Mapping[str, Fingerprint | None]
) -> Iterator[Flaw]:
    added = {path: one for path, one in found.items() if path not in listed}
    whose = {wanted["sha256"]: path for path, wanted in listed.items()}
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
        same = [name for name, one in added.items() if one and one.sha256 == wanted["sha256"]]
        if same:
            del added[same[0]]
            yield Flaw("PACKAGE-FILE-RENAMED", path, f"{path} is called {same[0]} in it.")
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
        (one["path"], one["sha256"], one["bytes"])
        for one in listed.values()
        if one["path"].startswith(f"{EVIDENCE}/")
    }
    try:
        index = json.loads(_paper(package, infos[path]))
        said = {(one["path"], one["sha256"], one["bytes"]) for one in index["evidence"]}
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
        alike = alike and _paper(package, infos[SUMS]) == sums(before)
    except (KeyError, TypeError, ValueError, RecursionError):
        alike = False
    if not alike:
        message = "The index and the manifest do not say the same."
        yield Flaw("PACKAGE-INDEX-DIFFERS", path, message)


def _container_flaws(package: zipfile.ZipFile, paths: Sequence[str]) -> Iterator[Flaw]:
    """What is wrong around the files, where every file is as it was."""
    messages = [
        f"{one.filename} has another date in it than it was given."
        for one in package.infolist()
        if one.date_time != FIRST_DAY
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
