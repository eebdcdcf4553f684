"""What is downloaded for a package is what was judged, and one run at a time works in its folder."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import pytest

from provisioner.cli.package_store import Kept, PackageStore
from provisioner.core.errors import Permanent, ProvisionerError, Refused, Temporary
from provisioner.core.transport import Answer, Reading
from provisioner.sync.quick_xor import quick_xor_of
from provisioner.sync.shelves import FileRow

JUDGED, OTHER = b"judged bytes", b"other  bytes"
ETAG = '"{0A1B2C3D-0000-0000-0000-000000000001},3"'


class Site:
    """One document on a site: its bytes, or the refusal to hand them out, and its ETag now."""

    def __init__(self, found: bytes | ProvisionerError | None, etag: str | None = ETAG) -> None:
        self.found, self.etag = found, etag

    async def save(self, _path: str, target: BinaryIO) -> int | None:
        if isinstance(self.found, ProvisionerError):
            raise self.found
        return None if self.found is None else target.write(self.found)

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        there = self.etag is not None
        return {
            one: Answer(200, {"eTag": self.etag}) if there else Answer(404, None)
            for one in readings
        }


def row(*, hashed: bool, size: int | None = len(JUDGED)) -> FileRow:
    apart = quick_xor_of([JUDGED]) if hashed else ""
    return FileRow("a", 1, "x.pdf", "u", "d", size, "", "", ETAG, "", {}, hash_apart=apart)


def got(
    folder: Path, site: Site, *, hashed: bool = True, size: int | None = len(JUDGED)
) -> Kept | str:
    store = PackageStore(folder / "p.zip.partial")
    with store.alone():
        return asyncio.run(store.get(site, "/content", "/item", row(hashed=hashed, size=size)))  # type: ignore[arg-type]


@pytest.mark.parametrize("hashed", [True, False], ids=["with SharePoint's hash", "without"])
def test_the_bytes_that_were_judged_are_kept_and_others_of_the_same_size_are_not(
    tmp_path: Path, hashed: bool
) -> None:
    first, again = (got(tmp_path, Site(JUDGED), hashed=hashed) for _ in range(2))
    assert isinstance(first, Kept)
    assert isinstance(again, Kept)
    assert (first.downloaded, again.downloaded) == (True, False)
    changed = got(tmp_path / "other", Site(OTHER, '"{0A},4"'), hashed=hashed)
    assert "was changed while the package was made" in str(changed)


def test_without_a_hash_a_document_that_is_gone_or_of_another_size_is_not_taken(
    tmp_path: Path,
) -> None:
    assert "was changed" in str(got(tmp_path, Site(JUDGED, None), hashed=False))
    assert got(tmp_path, Site(b"short"), hashed=False) == "5 bytes came where 12 were judged"
    assert isinstance(got(tmp_path, Site(b"short"), hashed=False, size=None), Kept)
    assert got(tmp_path, Site(None)) == "it is no longer on the site"


def test_a_refusal_is_the_documents_and_trouble_with_the_service_is_the_runs(
    tmp_path: Path,
) -> None:
    no = Refused("PERMISSION-MISSING", "The app may not read it.")
    assert got(tmp_path, Site(no)) == "it cannot be downloaded: The app may not read it"
    gone = Permanent("GONE", "Microsoft 365 says that it is gone: /content.", status=410)
    assert "says that it is gone" in str(got(tmp_path, Site(gone)))
    with pytest.raises(Temporary):
        got(tmp_path, Site(Temporary("NO-ANSWER", "No answer.")))


@pytest.mark.parametrize("named", ["/elsewhere/a.pdf", None])
def test_trouble_with_the_disk_names_its_file_or_else_the_folder(
    tmp_path: Path, named: str | None
) -> None:
    store = PackageStore(tmp_path / "p.zip.partial")
    with pytest.raises(OSError, match="No space") as caught, store.alone():
        raise OSError(28, "No space", named)
    assert caught.value.filename == (named or str(store.folder))


def test_a_second_run_is_refused_until_the_first_ends_or_dies(tmp_path: Path) -> None:
    store = PackageStore(tmp_path / "p.zip.partial")
    work = (
        "import sys; from pathlib import Path; from provisioner.cli.package_store import PackageStore\n"
        "with PackageStore(Path(sys.argv[1])).alone(): print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", work, str(store.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Refused) as caught, store.alone():
            pass
        assert caught.value.code == "PACKAGE-BEING-MADE"
        other.kill()
    with store.alone():
        store.done()
    assert not store.folder.exists()
