"""What happened at a client happens again from a recording that says nothing of the client."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from provisioner.core.errors import ProvisionerError
from provisioner.tenant.recording.recorder import Exchange, Recorder
from provisioner.tenant.recording.replay import tape_of

SMALL = Path(__file__).parents[2] / "small.yaml"
NAMES = ("kwartz", "risk register of", "acme", "vciso", "contoso", "token leak", "treatment")


def test_a_field_problem_is_played_again_without_the_field(provisioner, tmp_path, monkeypatch):
    text = SMALL.read_text("utf-8")
    file = provisioner.applied(text)
    provisioner.file(text.replace("title: Risk Register", "title: Risk Register of Kwartz"))
    recording = tmp_path / "drift.jsonl"
    drifted = provisioner("drift", file, "--format", "json", "--record", recording)
    assert drifted.code == 2
    kept = recording.read_text("utf-8").casefold()
    assert [one for one in (*NAMES, "bearer", "eyj") if one in kept] == []

    monkeypatch.setenv("PROVISIONER_HOME", str(tmp_path / "elsewhere"))  # no tenant is near
    provisioner.forget_requests()
    again = provisioner("replay", recording, "--format", "json")
    assert again.code == 2
    told = [
        [(one["code"], one["severity"], one["path"]) for one in each.json()["findings"]]
        for each in (drifted, again)
    ]
    assert told[0] == told[1]
    planned = provisioner("replay", recording, "--as", "plan")
    assert "1 to update" in planned.out
    assert provisioner.requests() == []


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


@pytest.mark.parametrize(
    "text", ["", "{}", "no json", json.dumps({"kind": "Recording", "workspace": {}})]
)
def test_what_is_no_recording_is_told(provisioner, tmp_path, text):
    file = tmp_path / "odd.jsonl"
    file.write_text(text)
    answer = provisioner("replay", file)
    assert answer.code == 1
    assert "RECORDING-UNREADABLE" in answer.err
