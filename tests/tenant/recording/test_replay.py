"""A recording is read back in its order, and what is none is told; see also tests/docs."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest

from provisioner.core.errors import ProvisionerError
from provisioner.tenant.recording.recorder import Exchange, Recorder
from provisioner.tenant.recording.replay import tape_of


def test_what_was_not_recorded_is_not_made_up(tmp_path):
    recorder = Recorder(tmp_path / "one.jsonl")
    recorder.begin("plan", {}, date(2026, 11, 22))
    for status, headers in ((429, {"Retry-After": "1"}), (200, {})):
        recorder.wrote(Exchange("graph", "GET", "/v1.0/a b", {}, None, status, headers, {"id": 1}))
    tape = tape_of(tmp_path / "one.jsonl")
    path = json.loads((tmp_path / "one.jsonl").read_text().splitlines()[1])["path"]
    taken = [tape.take("graph", "GET", path)["answer"]["status"] for _ in range(3)]
    assert taken == [429, 200, 200]
    with pytest.raises(ProvisionerError) as caught:
        tape.take("graph", "GET", "/v1.0/elsewhere")
    assert caught.value.code == "REPLAY-UNKNOWN"


def test_what_a_run_keeps_for_the_next_is_recorded_and_other_files_by_their_size_alone(tmp_path):
    head = {"apiVersion": "provisioner/v1", "kind": "KeptFacts", "blocks": [["file", "a", []]]}
    ours = gzip.compress(json.dumps(head).encode() + b"\n") + gzip.compress(b'["row","Kim"]\n')
    others = [gzip.compress(b"{}\n"), gzip.compress(b"a"), ours[:20], b"\x1f\x8b"]
    recorder = Recorder(tmp_path / "one.jsonl")
    recorder.begin("sync", {}, date(2026, 11, 22))
    for content in (ours, *others):
        recorder.wrote(Exchange("graph", "GET", "/v1.0/a", {}, None, 200, {}, content))
    tape = tape_of(tmp_path / "one.jsonl")
    found = [tape.take("graph", "GET", "/v1.0/a")["answer"]["body"] for _ in (ours, *others)]
    first, row = found[0]["lines"]
    assert ("blocks" in first, first["apiVersion"], row[0]) == (False, "provisioner/v1", "row")
    assert row[1] != "Kim"
    assert found[1:] == [{"bytes": len(one)} for one in others]


@pytest.mark.parametrize(
    "text", ["", "{}", "no json", json.dumps({"kind": "Recording", "workspace": {}})]
)
def test_what_is_no_recording_is_told(provisioner, tmp_path, text):
    file = tmp_path / "odd.jsonl"
    file.write_text(text)
    answer = provisioner("replay", file)
    assert answer.code == 1
    assert "RECORDING-UNREADABLE" in answer.err
