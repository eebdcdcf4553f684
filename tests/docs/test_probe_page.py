"""A field problem becomes a test, by the very lines of docs/probe.md, without the field."""

from __future__ import annotations

import pages

PAGE = pages.ROOT / "docs" / "probe.md"
SITE = """
    apiVersion: provisioner/v1
    kind: Workspace
    tenant: {cloud: emulator}
    site: {url: /sites/acme, title: Acme proof, create: communication, owner: vciso@contoso.example}
    lists:
      - key: risks
        title: Risk Register
        url: RiskRegister
        columns: [{name: Treatment, displayName: Treatment, type: choice, choices: [Mitigate, Accept]}]
        views: [{name: By treatment, columns: [LinkTitle, Treatment]}]
        items: {key: Title, seed: [{Title: Token leak, Treatment: Accept}]}
"""
NAMES = ("kwartz", "risk register of", "acme", "vciso", "contoso", "token leak", "treatment")


def line(*start):
    found = [
        one.words[1:] for one in pages.command_lines(PAGE) if one.words[1:][: len(start)] == start
    ]
    assert found, start
    return found[0]


def test_a_recording_holds_the_problem_and_not_the_client(
    provisioner, tmp_path, monkeypatch, capsys
):
    (tmp_path / "acme").mkdir()
    monkeypatch.chdir(tmp_path)
    provisioner.applied(SITE, "acme/workspace.yaml")
    changed = SITE.replace("title: Risk Register", "title: Risk Register of Kwartz")
    provisioner.file(changed, "acme/workspace.yaml")
    drifted = provisioner(*line("drift"), "--format", "json")
    recording = tmp_path / "drift.jsonl"
    kept = recording.read_text("utf-8").casefold()
    assert [one for one in (*NAMES, "bearer", "eyj") if one in kept] == []
    assert recording.stat().st_mode & 0o077 == 0

    monkeypatch.setenv("PROVISIONER_HOME", str(tmp_path / "elsewhere"))  # no tenant is near
    provisioner.forget_requests()
    again = provisioner(*line("replay"), "--format", "json")
    told = [
        [(one["code"], one["severity"], one["path"]) for one in each.json()["findings"]]
        for each in (drifted, again)
    ]
    assert (drifted.code, again.code) == (2, 2)
    assert told[0] == told[1]
    planned = provisioner(*line("replay", "drift.jsonl", "--as"))
    assert planned.json()["summary"]["update"] == 1

    (recipe,) = pages.blocks(PAGE, "python")
    test = {"__file__": str(tmp_path / "test_field.py"), "__name__": "test_field"}
    exec(compile(recipe, str(PAGE), "exec"), test)
    test["test_drift_names_the_title_that_somebody_changed"](capsys)
    assert provisioner.requests() == []


def test_the_page_names_every_capability_that_chooses_a_way():
    from provisioner.engine.probing.probe import BEHAVIOURS

    said = set(pages.inline_code(PAGE))
    assert {one.capability for one in BEHAVIOURS if one.capability} <= said
    assert line("probe", "--against") == ("probe", "--against", "emulator")
