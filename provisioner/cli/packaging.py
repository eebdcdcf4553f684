"""Making an auditor's package: judge, download what is sound, and write one ZIP."""

from __future__ import annotations

import asyncio
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from provisioner.cli.console import Console
from provisioner.cli.judging import judge_site, site_handle
from provisioner.cli.package_store import CHANGED, Kept, PackageStore, pieces_of
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import Workspace, transport_to
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Transport
from provisioner.ledger.history import run_documents
from provisioner.report import package_manifest
from provisioner.report.package_container import Member, ending, local_header
from provisioner.report.package_contents import (
    Fingerprint,
    Omission,
    Packaged,
    PackageFacts,
    departed,
    documents_of,
    period_named,
)
from provisioner.sync.collect_content import content_path, item_path
from provisioner.sync.collect_site import Places
from provisioner.sync.facts import AuditPeriod
from provisioner.sync.job import SyncRun
from provisioner.sync.shelves import FileRow

_AT_ONCE = 4
_MOST_TOLD = 200
_JUDGE_ANEW = "What was changed is judged as it is now."


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was written. `digest` is that of its manifest; `downloaded` counts files."""

    path: Path
    facts: PackageFacts
    digest: str
    size: int
    downloaded: int

    def json(self) -> dict[str, Any]:
        """The `Package` document."""
        return {
            "apiVersion": "provisioner/v1",
            "kind": "Package",
            "workspace": self.facts.workspace,
            "period": self.facts.period.name,
            "asOf": self.facts.judgement.today.isoformat(),
            "file": str(self.path),
            "digest": self.digest,
            "bytes": self.size,
            "documents": len(self.facts.included),
            "downloaded": self.downloaded,
            "partial": bool(self.facts.omissions),
            "missing": [one.json() for one in self.facts.omissions],
        }


async def make_package(
    opened: Workspace, console: Console, name: str, out: Path, *, partial: bool
) -> Package:
    """The package of a period, written to `out`. The site is only read.

    Raises:
        ProvisionerError: PERIOD-UNKNOWN; PACKAGE-INCOMPLETE where something that belongs in it
            cannot be had and `partial` is not said; what reading the site raises.
        Refused: PACKAGE-BEING-MADE.
        OSError: nothing can be written beside `out`, or the disk is full.
    """
    with _store(out).alone():
        pass  # What is wrong there is told before the site is read.
    async with transport_to(opened, ConsoleProgress(console)) as transport:
        today = opened.desired.scope.today
        run = await judge_site(transport, opened, console, today=today, dry_run=True)
        return await package_of(transport, opened, run, console, name, out, partial=partial)


async def package_of(
    transport: Transport,
    opened: Workspace,
    run: SyncRun,
    console: Console,
    name: str,
    out: Path,
    *,
    partial: bool,
) -> Package:
    """The package of a period as a run has judged it. Raises what `make_package` raises."""
    period = _period(run, name)
    store = _store(out)
    with store.alone():
        return await _packed(transport, opened, run, period, store, console, out, partial=partial)


def _store(out: Path) -> PackageStore:
    return PackageStore(out.with_name(f"{out.name}.partial"))


async def _packed(
    transport: Transport,
    opened: Workspace,
    run: SyncRun,
    period: AuditPeriod,
    store: PackageStore,
    console: Console,
    out: Path,
    *,
    partial: bool,
) -> Package:
    progress = ConsoleProgress(console)
    versions = {key: row.version for key, row in run.files.items()}
    documents = documents_of(run.facts, run.judgement, period, run.libraries, versions)
    assert run.places is not None
    progress.start(f"Collecting {len(documents)} documents")
    kept, omissions = await _collected(transport, store, run, run.places, documents)
    receipts, unread = await _receipts(transport, run.places)
    downloaded = sum(one.downloaded for one in kept.values())
    progress.finish(f"{downloaded} downloaded")
    declared = site_handle(opened).libraries
    unjudged = [
        Omission(f"library {key}", "its evidence columns are missing, so nobody judged its files")
        for key in declared
        if key not in run.places.libraries
    ]
    left = departed(run.judgement, run.facts.gone, period)
    facts = PackageFacts(
        workspace=opened.desired.name,
        client=str(opened.loaded.parameters.get("client") or run.workspace),
        site_url=f"https://{opened.desired.scope.hostname}{run.workspace}",
        period=period,
        facts=run.facts,
        judgement=run.judgement,
        documents=documents,
        prints={key: one.print for key, one in kept.items()},
        omissions=(*omissions, *left, *unread, *unjudged),
    )
    if facts.omissions and not partial:
        raise _incomplete(facts, store)
    manifest, size = await asyncio.to_thread(_write, facts, receipts, store, out)
    digest = package_manifest.comment_of(manifest).decode()
    return Package(path=out, facts=facts, digest=digest, size=size, downloaded=downloaded)


def _period(run: SyncRun, name: str) -> AuditPeriod:
    found = period_named(run.facts.periods, name)
    if found is None:
        names = ", ".join(f'"{one.name}"' for one in run.facts.periods) or "none"
        raise ProvisionerError(
            "PERIOD-UNKNOWN",
            f'The site has no one audit period "{name}".',
            hint=f"Give `--period` one of those on the list Audit Periods: {names}.",
        )
    return found


async def _collected(
    transport: Transport,
    store: PackageStore,
    run: SyncRun,
    places: Places,
    documents: Iterable[Packaged],
) -> tuple[dict[str, Kept], list[Omission]]:
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(document: Packaged) -> Kept | str:
        row = run.files[document.key]
        async with room:
            return await store.get(
                transport, content_path(places, row), item_path(places, row), row
            )

    wanted = tuple(documents)
    tasks = [asyncio.create_task(one(document)) for document in wanted]
    try:
        found = await asyncio.gather(*tasks)
    finally:
        # Where one cannot go on, the others must not write on behind our back.
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    pairs = list(zip(wanted, found, strict=True))
    kept = {document.key: got for document, got in pairs if isinstance(got, Kept)}
    missing = [
        _omission(document, run.files[document.key], why)
        for document, why in pairs
        if isinstance(why, str)
    ]
    return kept, missing


def _omission(document: Packaged, row: FileRow, why: str) -> Omission:
    if row.held == "checked out":
        return Omission(
            document.path,
            f"{why}; somebody has it checked out",
            "Have what is checked out checked in.",
        )
    return Omission(document.path, why, _JUDGE_ANEW if why == CHANGED else "")


async def _receipts(
    transport: Transport, places: Places
) -> tuple[dict[str, Any], tuple[Omission, ...]]:
    if places.ledger is None:
        return {}, (Omission("receipts", "the ledger that holds them is not on the site"),)
    return await run_documents(transport, places.site, places.ledger, "receipt"), ()


def _incomplete(facts: PackageFacts, store: PackageStore) -> ProvisionerError:
    lacking = [f"{one.what}: {one.why}" for one in facts.omissions]
    told = "".join(f"\n  {one}" for one in lacking[:_MOST_TOLD])
    more = len(lacking) - _MOST_TOLD
    if more > 0:
        told += f"\n  and {more} more"
    steps = " ".join(dict.fromkeys(one.next for one in facts.omissions if one.next))
    return ProvisionerError(
        "PACKAGE-INCOMPLETE",
        f"No package was made, for it would lack {lacking[0]}."
        if len(lacking) == 1
        else f"No package was made, for it would lack {len(lacking)} things:{told}",
        hint=f"{steps} Run it again: what was downloaded is kept in "
        f"{store.folder.name} and not asked for twice. With --partial the package is made and says "
        "what it lacks.".lstrip(),
    )


def _write(
    facts: PackageFacts, receipts: Mapping[str, Any], store: PackageStore, out: Path
) -> tuple[bytes, int]:
    """Write the ZIP beside its place and put it there whole. Gives the manifest, and its size."""
    papers = package_manifest.papers(facts, receipts)
    prints = {path: package_manifest.fingerprint(data) for path, data in papers.items()}
    prints |= {one.path: facts.prints[one.key] for one in facts.included}
    papers[package_manifest.SUMS] = package_manifest.sums(prints)
    prints[package_manifest.SUMS] = package_manifest.fingerprint(papers[package_manifest.SUMS])
    manifest = package_manifest.manifest(facts, prints)
    papers[package_manifest.MANIFEST] = manifest
    prints[package_manifest.MANIFEST] = package_manifest.fingerprint(manifest)
    files = {one.path: store.path_of(one.key) for one in facts.included}
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = store.folder / "package.zip"
    with unfinished.open("wb") as target:
        _zip(target, prints, papers, files, package_manifest.comment_of(manifest))
        target.flush()
        os.fsync(target.fileno())
        size = target.tell()
    unfinished.replace(out)
    store.done()
    return manifest, size


def _zip(
    target: BinaryIO,
    prints: Mapping[str, Fingerprint],
    papers: Mapping[str, bytes],
    files: Mapping[str, Path],
    comment: bytes,
) -> None:
    members = [Member(path, one.size, one.crc) for path, one in prints.items()]
    for one in members:
        target.write(local_header(one))
        paper = papers.get(one.path)
        crc = size = 0
        for piece in pieces_of(files[one.path]) if paper is None else [paper]:
            target.write(piece)
            crc, size = zlib.crc32(piece, crc), size + len(piece)
        if (crc, size) != (one.crc, one.size):
            raise ProvisionerError(
                "PACKAGE-INCOMPLETE",
                f"No package was made: the file of {one.path} was changed on this machine meanwhile.",
                hint="Run it again, which downloads it anew; look who else writes into that folder.",
            )
    target.writelines(ending(members, comment))
