"""A full disk, a folder that cannot be written, a file changed underfoot: no half package, and a sentence."""

from __future__ import annotations

import asyncio
import errno
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from provisioner.cli import packaging
from provisioner.cli.package_check import checked_package
from provisioner.cli.package_store import CHANGED, PackageStore
from provisioner.cli.packaging import _collected, _incomplete, _write
from provisioner.cli.unforeseen import problem_of
from provisioner.core.errors import ProvisionerError, Refused, Temporary
from provisioner.report.package_contents import Packaged
from provisioner.sync.shelves import FileRow

from .test_package_check import facts_of

TESTS = Path(__file__).parent.parent


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_full_disk_is_a_sentence_and_the_next_run_goes_on(tmp_path: Path) -> None:
    import resource

    made, store = facts_of(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond 3,000 bytes, which stops the ZIP as a full disk does.
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))
    try:
        with pytest.raises(OSError, match="too large") as caught, store.alone():
            _write(made, {}, store, tmp_path / "package.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    problem = problem_of(caught.value)
    assert problem.code == "FILE-UNUSABLE"
    assert "package.zip.partial cannot be used: file too large" in problem.message
    assert not (tmp_path / "package.zip").exists()
    with store.alone():
        _write(made, {}, store, tmp_path / "package.zip")
    assert checked_package(tmp_path / "package.zip").holds
    assert not store.folder.exists()


def test_a_full_disk_that_names_no_file_names_the_folder(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "p.zip.partial")
    with pytest.raises(OSError, match="full") as caught, store.alone():
        raise OSError(errno.ENOSPC, "full")
    assert "p.zip.partial cannot be used: full" in problem_of(caught.value).message


def test_a_run_that_ends_before_a_download_leaves_nothing_beside(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "p.zip.partial")
    with store.alone():
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_is_changed_here_while_it_is_packed_makes_no_package(tmp_path: Path) -> None:
    made, store = facts_of(tmp_path)
    store.path_of(made.documents[0].key).write_bytes(b"other")
    with pytest.raises(ProvisionerError, match="changed on this machine") as caught, store.alone():
        _write(made, {}, store, tmp_path / "package.zip")
    assert caught.value.code == "PACKAGE-INCOMPLETE"
    assert not (tmp_path / "package.zip").exists()


KILLED = """
import sys, time
from pathlib import Path
from cli.test_package_check import facts_of
from provisioner.cli import packaging

folder = Path(sys.argv[1])
made, store = facts_of(folder)
pieces, count = packaging.pieces_of, iter(range(9))

def slowly(path):
    if next(count) == 2:
        print(flush=True)
        time.sleep(60)
    return pieces(path)

packaging.pieces_of = slowly
with store.alone():
    packaging._write(made, {}, store, folder / "package.zip")
"""


def test_a_run_that_was_killed_leaves_no_package_and_the_next_one_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as run:
        assert run.stdout is not None
        run.stdout.readline()
        run.kill()
    assert not (tmp_path / "package.zip").exists()
    made, _ = facts_of(tmp_path / "anew")
    store = PackageStore(tmp_path / "package.zip.partial")
    with store.alone():
        _write(made, {}, store, tmp_path / "package.zip")
    assert checked_package(tmp_path / "package.zip").holds
    assert not store.folder.exists()


class Shop:
    """Stands for the store: what each document comes to, by key; the rest waits to be cancelled."""

    folder = Path("p.zip.partial")

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.cancelled: list[str] = []

    async def get(self, _transport: Any, _content: str, _item: str, row: FileRow) -> Any:
        answer = self.answers[row.key.replace("/", "")]
        if answer is None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.cancelled.append(row.key)
                raise
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Packaged, ...]:
    monkeypatch.setattr(packaging, "content_path", lambda *_: "/content")
    monkeypatch.setattr(packaging, "item_path", lambda *_: "/item")
    return facts_of(tmp_path)[0].documents[:3]


def rows(documents: tuple[Packaged, ...], **held: str) -> Any:
    return SimpleNamespace(
        files={
            one.key: FileRow(
                "access", one.document.id, "", "", "", 1, "", "", "", held.get(one.key[-1:], ""), {}
            )
            for one in documents
        }
    )


def test_trouble_with_the_service_stops_all_downloads_and_waits_for_them(
    documents: tuple[Packaged, ...],
) -> None:
    keys = [one.key for one in documents]
    for trouble in (
        Temporary("NO-ANSWER", "No answer."),
        Refused("SIGN-IN-NOT-ACCEPTED", "Not accepted."),
    ):
        shop = Shop(**{key.replace("/", ""): None for key in keys})
        shop.answers[keys[1].replace("/", "")] = trouble
        with pytest.raises(type(trouble)):
            asyncio.run(_collected(None, shop, rows(documents), None, documents))  # type: ignore[arg-type]
        assert sorted(shop.cancelled) == sorted({keys[0], keys[2]})


def test_every_document_that_cannot_be_had_is_named_with_its_reason_and_the_next_step(
    documents: tuple[Packaged, ...],
) -> None:
    why = ("it is no longer on the site", CHANGED, CHANGED)
    shop = Shop(**{one.key.replace("/", ""): say for one, say in zip(documents, why, strict=True)})
    run = rows(documents, **{documents[2].key[-1:]: "checked out"})
    _, missing = asyncio.run(_collected(None, shop, run, None, documents))  # type: ignore[arg-type]
    error = _incomplete(SimpleNamespace(omissions=missing), shop)  # type: ignore[arg-type]
    assert all(one.path in error.message for one in documents)
    assert "somebody has it checked out" in error.message
    assert "Have what is checked out checked in." in error.hint
    assert "judged as it is now" in error.hint
