"""What used to take others down, or never came to rest: a guest by mail, an empty title, a hub."""

from __future__ import annotations

from typing import Any

GUEST = "user:auditor@auditor.example"
WORKSPACE = f"""
apiVersion: provisioner/v1
kind: Workspace
tenant: {{cloud: emulator}}
site: {{url: /sites/alone, title: Alone, create: communication, owner: vciso@contoso.example}}
groups:
  - {{name: Auditors, role: Read, guests: true, members: ['{GUEST}']}}
lists:
  - key: plain
    title: Plain
    url: Plain
    permissions: {{grants: [{{to: '{GUEST}', role: Read}}, {{to: 'site:owners', role: Full Control}}]}}
  - key: risks
    title: Risk Register
    url: RiskRegister
    columns:
      - {{name: Ref, type: text}}
      - {{name: State, type: text, default: Open}}
    items: {{key: Ref, seed: [{{Ref: R-1, Title: '', State: ''}}, {{Ref: R-2, Title: Two}}]}}
"""


def test_guests_by_mail_and_emptied_defaults_are_at_rest_after_one_apply(provisioner: Any) -> None:
    """Named by the address everybody knows, and a row that says nothing where a default would."""
    file = provisioner.file(WORKSPACE)
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.out + done.err
    plan = provisioner("plan", file, "--format", "json").json()
    assert not plan["changes"], plan["changes"]
    assert not plan["notes"]
    assert not provisioner("drift", file, "--format", "json").json()["findings"]

    file.write_text(WORKSPACE.replace(f", members: ['{GUEST}']", ", members: []"), "utf-8")
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file).code == 0


def test_a_hub_that_is_missing_fails_alone(provisioner: Any) -> None:
    """Everything else is made; the site alone is failed, and the hub named."""
    text = WORKSPACE.replace("title: Alone,", "title: Alone, hub: /sites/gone,")
    file = provisioner.file(text)
    done = provisioner("apply", file, "--yes", "--format", "json")
    assert done.code == 1
    assert "results" in done.json(), done.out
    states = {one["address"]: one["status"] for one in done.json()["results"]}
    assert {own for own, state in states.items() if state != "done"} == {"site"}
    again = provisioner("apply", file, "--yes", "--format", "json").json()
    assert [one["address"] for one in again["results"] if one["status"] != "done"] == ["site"]
