"""`provisioner report`: what it refuses before it reads anything."""

from __future__ import annotations

from pathlib import Path

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")


def test_an_upload_to_nowhere_is_refused_before_anything_is_read(provisioner):
    said = provisioner("report", provisioner.file(SMALL), "--upload")
    assert said.code == 64
    assert "REPORTS-NOT-SAID" in said.err
    assert provisioner.requests() == []
