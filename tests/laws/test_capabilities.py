"""A tenant that cannot do one thing costs one finding, or another way; never the run."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

SITE = """
    apiVersion: provisioner/v1
    kind: Workspace
    tenant: {cloud: emulator}
    site: {url: /sites/able, title: Able, create: communication, owner: vciso@contoso.example}
    lists:
      - key: risks
        title: Risks
        url: Risks
        columns:
          - {name: State, displayName: State, type: choice, choices: [Open, Closed], formatting: status-pill}
          - {name: Areas, displayName: Areas, type: choice, multiple: true, choices: [Access, Change]}
          - {name: Proof, displayName: Proof, type: hyperlink}
          - {name: Cost, displayName: Cost, type: currency, locale: en-US}
        views:
          - {name: All, columns: [LinkTitle, State, Areas]}
"""
TOGETHER = re.compile(r"(?i)lists\(guid'[^']+'\)\?.*expand=[^&]*,")
WORDS = ["multi-choice", "hyperlink", "currency"]
GONE = {"odata.error": {"code": "-1, System.NotImplementedException", "message": {"value": "no"}}}


def whole(request):
    return f"{request['path']}?{unquote(str(request['query']))}"


def refuse(provisioner, *paths, status=501):
    faults = [
        {
            "match": {"path": path},
            "when": "before",
            "do": {"status": status, "body": GONE},
        }
        for path in paths
    ]
    provisioner.control.call("PUT", "faults", faults)


def test_what_the_service_does_no_more_is_one_finding_or_goes_another_way(provisioner):
    settings = {"graphColumns": WORDS, "expandTogether": False}
    provisioner.control.call("PUT", "settings", settings)
    refuse(
        provisioner,
        r"(?i)/fields/CreateFieldAsXml",
        r"(?i)/_api/web/lists\(guid'[^']+'\)/fields\(guid'[^']+'\)$",
    )
    file = provisioner.file(SITE)
    applied = provisioner("apply", file, "--yes", "--format", "json")
    results = {one["address"]: one for one in applied.json()["results"]}
    codes = {a: one["code"] for a, one in results.items() if one.get("code")}
    assert {one["status"] for one in results.values()} == {"done"}
    assert codes == {"list:risks/column:State": "TENANT-CANNOT"}
    assert applied.code == 0

    provisioner.forget_requests()
    again = provisioner("plan", file, "--format", "json").json()
    assert again["changes"] == []
    together = [one for one in provisioner.requests() if TOGETHER.search(whole(one))]
    assert together == [], "what was refused once is not asked for again"
    assert [(one["code"], one["path"]) for one in again["notes"]] == [
        ("TENANT-CANNOT", "formatting")
    ]
    drifted = provisioner("drift", file, "--format", "json").json()
    assert [(one["severity"], one["code"]) for one in drifted["findings"]] == [
        ("note", "TENANT-CANNOT")
    ]
    assert provisioner.writes() == []
    assert "formatting: this tenant has no way to set it" in provisioner("plan", file).out

    # What was learnt chooses the way: the next such column goes by Graph at once.
    more = "          - {name: Kinds, displayName: Kinds, type: choice, multiple: true, choices: [A]}\n"
    provisioner.file(SITE.replace("        views:\n", f"{more}        views:\n"))
    planned = provisioner("plan", file, "--format", "json").json()
    sent = {one["address"]: one["requests"] for one in planned["changes"]}
    assert [one["audience"] for one in sent["list:risks/column:Kinds"]] == ["graph"]


def test_a_probe_tells_which_way_to_go_and_nonsense_is_refused(provisioner):
    file = provisioner.file(SITE)
    kept = file.parent / "capabilities.json"
    able = {"graph-hyperlink": True, "graph-currency": False, "field-formatter": False}
    kept.write_text(json.dumps({"kind": "Capabilities", "capabilities": able}))
    plan = provisioner("plan", file, "--format", "json").json()
    sent = {one["address"]: [r["audience"] for r in one["requests"]] for one in plan["changes"]}
    assert sent["list:risks/column:Proof"] == ["graph"]
    assert sent["list:risks/column:Cost"] == ["sharepoint"]
    assert len(sent["list:risks/column:State"]) == 1, "its formatting is not tried"
    for text in ("", "{}", '{"capabilities": {"pages": "yes"}}', '{"capabilities": []}'):
        kept.write_text(text)
        answer = provisioner("plan", file)
        assert answer.code == 1
        assert "CAPABILITIES-UNREADABLE" in answer.err
