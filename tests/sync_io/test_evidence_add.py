"""Exports that a script files: once, with their facts, and never over what people wrote."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.app import exit_code
from provisioner.cli.commands import evidence
from provisioner.cli.console import Console
from provisioner.core.errors import Refused

from .conftest import FILE, LIBRARY, OWNER, Site, _opened


def test_an_export_is_filed_once_with_its_facts(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = _opened(site.applied, "")
    [item] = [one for one in opened.settings.evidence if one.id == "E002"]
    export = tmp_path / "tokens & keys #1.csv"
    export.write_bytes(b"token,owner\n" * 20)
    period = {"PeriodFrom": date(2026, 5, 1), "PeriodTo": date(2026, 5, 31)}

    def add(
        file: Path, facts: Mapping[str, Any] | None = None, *, name: str = "", replace: bool = False
    ) -> tuple[str, int]:
        """What was done, and how many writes were sent."""
        site.http.request("DELETE", "/_emulator/requests")
        given = dict(facts or {})
        owner = given.pop("owner", None)
        done = asyncio.run(
            evidence._add(
                opened, Console(), item, file.read_bytes(), name or file.name,
                period | given, owner, replace,
            )
        )  # fmt: skip
        return done["action"], len(site.sent())

    def refused(file: Path, facts: Mapping[str, Any] | None = None) -> Refused:
        with pytest.raises(Refused) as caught:
            add(file, facts)
        assert site.sent() == []
        return caught.value

    def row(name: str = export.name) -> dict[str, object]:
        [found] = [one for one in site.rows(LIBRARY) if one.get("FileLeafRef") == name]
        return found

    facts = {
        "CollectedOn": date(2026, 6, 2), "ActivityDate": date(2026, 6, 1), "RowCount": 0,
        "QueryUsed": "status = 'live'\nand owner is null", "owner": OWNER.upper(),
    }  # fmt: skip
    assert add(export, facts)[0] == "filed"
    filed = row()
    expected = site.row("Expected Evidence", "ItemId", "E002")
    assert filed["EvidenceItemLookupId"] == expected["id"]
    assert filed["PeriodFrom"] == "2026-05-01T04:00:00Z", "midnight in Toronto"
    assert filed["CollectedOn"] == "2026-06-02T04:00:00Z"
    assert (filed["RowCount"], filed["QueryUsed"]) == (0, "status = 'live'\nand owner is null")
    assert filed["EvidenceOwnerLookupId"] == site.person(OWNER)
    assert filed["TrustServicesCriteria"] == expected["TrustServicesCriteria"]
    assert filed["SourceSystem"]
    assert filed["Sensitivity"]

    # The same again sends nothing, with or without what is filled in by itself.
    assert add(export, facts) == ("unchanged", 0)
    assert add(export) == ("unchanged", 0)

    # What a run that broke off left empty is filled in; what somebody wrote is left.
    site.patch(LIBRARY, str(filed["id"]), {"SourceSystem": None})
    assert add(export, facts) == ("completed", 1)
    site.patch(LIBRARY, str(filed["id"]), {"RowCount": 7})
    clash = refused(export, facts)
    assert (clash.code, clash.exit_code) == ("EVIDENCE-FACTS-DIFFER", 3)
    assert "RowCount" in clash.message
    assert row()["RowCount"] == 7
    assert add(export, facts, replace=True) == ("replaced", 1)
    assert row()["RowCount"] == 0

    # Other content under the name is a new version only when asked for.
    export.write_bytes(b"token,owner\n" * 30)
    assert refused(export).code == "EVIDENCE-EXISTS"
    before = float(str(row()["_UIVersionString"]))
    assert add(export, replace=True)[0] == "replaced"
    assert float(str(row()["_UIVersionString"])) > before
    assert add(export) == ("unchanged", 0)
    assert add(export, name="june.csv")[0] == "filed"

    # SharePoint rewrites an Office file when its columns change; it is the same file.
    office = tmp_path / "review.docx"
    with zipfile.ZipFile(office, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<w:document/>")
    assert add(office)[0] == "filed"
    assert add(office) == ("unchanged", 0)

    # As a script calls it.
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text(FILE, "utf-8")
    words = ["evidence", "add", str(office), "--item", "e002", "--workspace", str(workspace)]
    capsys.readouterr()
    assert (
        exit_code([*words, "--from", "2026-05-01", "--to", "2026-05-31", "--format", "json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["action"], told["item"]) == ("EvidenceAdded", "unchanged", "E002")

    # The next run of the job judges it like any other.
    run = site.sync(date(2026, 6, 15))
    [seen] = [one for one in run.facts.documents if one.name == export.name]
    assert (seen.item, seen.period_to, seen.row_count) == ("E002", date(2026, 5, 31), 0)
