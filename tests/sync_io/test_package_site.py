"""The auditor's package of a site: made, broken off, gone on with, and checked."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.app import exit_code
from provisioner.cli.console import Console
from provisioner.cli.packaging import Package, make_package
from provisioner.core.errors import ProvisionerError

from .conftest import FILE, LIBRARY, OWNER, Site, _opened


def test_a_package_holds_the_sound_evidence_and_goes_on_where_it_broke_off(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = _opened(site.applied, "")
    out = tmp_path / "out" / "package.zip"

    def package(*, partial: bool = False) -> Package:
        return asyncio.run(make_package(opened, Console(), period, out, partial=partial))

    def downloads() -> int:
        """Documents asked for since the last look."""
        rows = site.http.get("/_emulator/requests").json()
        site.http.request("DELETE", "/_emulator/requests")
        return sum(
            row["method"] == "GET" and "/drive/items/" in row["path"] and "/content" in row["path"]
            for row in rows
        )

    period = str(site.rows("Audit Periods")[0]["Title"])
    large = b"".join(number.to_bytes(4, "big") for number in range(400_000))
    office = io.BytesIO()
    with zipfile.ZipFile(office, "w") as made:
        made.writestr("word/document.xml", "<w:document/>")
    numbers = {
        name: site.approved(name, item, on, data)
        for name, item, on, data in (
            ("users (1).csv", "E002", date(2026, 6, 10), b""),
            ("Übersicht.pdf", "E003", date(2026, 3, 5), large),
            ("review.docx", "E003", date(2026, 6, 5), office.getvalue()),
            ("same.pdf", "E002", date(2026, 5, 10), b""),
        )
    }
    site.approved("self.pdf", "E007", date(2026, 6, 10), reviewer=OWNER)
    site.file("draft.pdf", "E002", ActivityDate=date(2026, 6, 1))
    site.sync()
    downloads()

    whole = package()
    first = out.read_bytes()
    assert downloads() >= len(numbers)
    with zipfile.ZipFile(out) as inside:
        evidence = {one for one in inside.namelist() if one.startswith("evidence/")}
        index = json.loads(inside.read("index/evidence-index.json"))
        assert inside.read(next(one for one in evidence if "Übersicht" in one)) == large
        assert any(one.startswith("receipts/") for one in inside.namelist())
    assert {one.rpartition("/")[2] for one in evidence} == set(numbers)
    assert all(one.startswith(f"evidence/{LIBRARY}/E00") for one in evidence)
    assert {one["version"] for one in index["evidence"]} != {""}
    assert not out.with_name("package.zip.partial").exists()
    assert exit_code(["verify", str(out), "--digest", whole.digest]) == 0

    out.unlink()
    package()
    assert out.read_bytes() == first, "the same evidence makes the same package"
    out.unlink()
    downloads()

    # Two documents cannot be had: no package, unless it may be partial.
    def without(name: str, status: int) -> dict[str, Any]:
        path = f"{site.path(LIBRARY)}/items/{numbers[name]}/driveItem"
        content = f"/items/{site.graph('GET', path)['id']}/content"
        return {"match": {"method": "GET", "path": content}, "do": {"status": status}}

    gone, refused = without("Übersicht.pdf", 404), without("review.docx", 403)
    assert site.http.put("/_emulator/faults", json=[gone, refused]).status_code < 300
    with pytest.raises(ProvisionerError) as caught:
        package()
    assert caught.value.code == "PACKAGE-INCOMPLETE"
    assert "lack 2 things" in caught.value.message
    assert "Übersicht.pdf: it is no longer on the site" in caught.value.message
    assert "review.docx: it cannot be downloaded" in caught.value.message
    assert site.http.put("/_emulator/faults", json=[gone]).status_code < 300
    assert not out.exists()
    assert out.with_name("package.zip.partial").is_dir()
    part = package(partial=True)
    assert [one.why for one in part.facts.omissions] == ["it is no longer on the site"]
    assert exit_code(["verify", str(out)]) == 0
    with zipfile.ZipFile(out) as inside:
        assert json.loads(inside.read("manifest.json"))["partial"] is True

    # Once it is there again, the rest is not asked for twice.
    out.unlink()
    with pytest.raises(ProvisionerError):
        package()
    site.http.delete("/_emulator/faults")
    told = package().json()
    assert (told["documents"], told["downloaded"], told["partial"]) == (4, 1, False)
    assert out.read_bytes() == first

    # Somebody has one checked out: what was checked in last is what was judged, and is in it.
    held = site.graph("GET", f"{site.path(LIBRARY)}/items/{numbers['same.pdf']}/driveItem")["id"]
    site.graph("POST", f"{site.path(LIBRARY)}/drive/items/{held}/checkout")
    out.unlink()
    told = package().json()
    assert (told["documents"], told["partial"]) == (4, False)
    site.graph("POST", f"{site.path(LIBRARY)}/drive/items/{held}/checkin", {"comment": "as it was"})

    # What counted and was deleted since belongs in it, too.
    out.unlink()
    site.graph("DELETE", f"{site.path(LIBRARY)}/items/{numbers['same.pdf']}")
    with pytest.raises(ProvisionerError, match=r"same\.pdf: it counted, and is in no") as caught:
        package()
    assert caught.value.code == "PACKAGE-INCOMPLETE"

    # As the command line says it.
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text(FILE, "utf-8")
    words = ["package", str(workspace), "--as-of", "2026-06-15", "--out", str(tmp_path / "x.zip")]
    capsys.readouterr()
    assert exit_code([*words, "--period", "1999"]) == 1
    error = capsys.readouterr().err
    assert "PERIOD-UNKNOWN" in error
    assert period in error
