"""A team is told: digests by mail and to a Teams channel, and a report of the same site."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from provisioner.cli.app import exit_code

from .conftest import FILE, OWNER, REVIEWER, Site

WAITED_FOR = "cto@contoso.example"
AS_SYNC_APP = """\
tenant:
  cloud: emulator
  auth: {method: certificate, clientId: "env:SYNC_APP", certificate: "file:app.pem"}
"""
NOTIFICATIONS = """\
people: {Payments operations lead: payments@contoso.example}
notifications: {mailFrom: vciso@contoso.example, digest: weekly, teamsWorkflowUrl: "env:WORKFLOW"}
"""


@pytest.fixture
def workspace(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same workspace, with an app that may send mail and people to tell."""
    from provisioner.emulator.server import environment

    env = environment(site.emulator.home, site.emulator.url, "sync")
    answer = site.http.post(
        "/_emulator/grants", json={"site": "/sites/acme", "app": "sync", "role": "fullcontrol"}
    )
    assert answer.status_code == 200, answer.text
    monkeypatch.setenv("SYNC_APP", env["EMULATOR_CLIENT_ID"])
    monkeypatch.setenv(
        "WORKFLOW",
        f"{site.emulator.url}/v1.0/workflows/w1/triggers/manual/paths/invoke?sig=top-secret-signature",
    )
    (tmp_path / "app.pem").write_bytes(Path(env["EMULATOR_CERTIFICATE"]).read_bytes())
    file = tmp_path / "workspace.yaml"
    text = FILE.replace("tenant: {cloud: emulator}\n", AS_SYNC_APP)
    file.write_text(text + NOTIFICATIONS, "utf-8")
    return file


def outbox(site: Site, kind: str) -> list[dict[str, Any]]:
    return [one for one in site.http.get("/_emulator/outbox").json() if one["kind"] == kind]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = exit_code([str(one) for one in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_people_are_told_once_a_week_and_a_failed_mail_fails_nothing(
    site: Site,
    workspace: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    site.file(
        "waits.pdf", "E003", uploaded=date(2026, 5, 4), ReviewStatus="Submitted",
        ActivityDate=date(2026, 5, 1), CollectedOn=date(2026, 5, 1), reviewer=WAITED_FOR,
    )  # fmt: skip
    site.approved("stale.pdf", "E003", date(2026, 3, 5))

    code, out, err = run(capsys, "sync", workspace, "--as-of", "2026-06-15", "--dry-run")
    assert code == 2, err
    assert "To: vciso@contoso.example" in out
    assert "New since last time" in out
    assert outbox(site, "mail") == outbox(site, "teams") == []

    signed = os.environ["WORKFLOW"]
    monkeypatch.setenv("WORKFLOW", signed.partition("?")[0])
    faults = [{"match": {"path": "sendMail"}, "do": {"status": 403}}]
    ordered = site.http.put("/_emulator/faults", json=faults)
    assert ordered.status_code == 200, ordered.text
    code, out, err = run(capsys, "sync", workspace, "--as-of", "2026-06-15", "--format", "json")
    assert code == 2, "findings, and no failure"
    assert not any(one["sent"] for one in json.loads(out)["digests"])
    assert "was not sent" in err
    assert "refused the message (HTTP 401)" in err
    assert outbox(site, "mail") == outbox(site, "teams") == []

    site.http.request("DELETE", "/_emulator/faults")
    monkeypatch.setenv("WORKFLOW", signed)
    code, out, err = run(capsys, "sync", workspace, "--as-of", "2026-06-15", "--format", "json")
    assert code == 2, err
    told = {one["to"]: one for one in json.loads(out)["digests"]}
    assert all(one["sent"] for one in told.values())
    assert all(one["new"] == one["open"] for one in told.values()), "nobody was told before"
    mails = {
        one["message"]["toRecipients"][0]["emailAddress"]["address"]: one["message"]
        for one in outbox(site, "mail")
    }
    assert set(mails) == set(told)
    assert {REVIEWER, WAITED_FOR, OWNER, "payments@contoso.example"} <= set(mails)
    assert mails[REVIEWER]["subject"].startswith("Acme Payments: ")
    body = mails[WAITED_FOR]["body"]["content"]
    assert "waits.pdf has waited for review" in body
    assert 'href="https://contoso.sharepoint.com/' in body
    assert "Past twice the time, with others" in mails[REVIEWER]["body"]["content"]
    assert "stale.pdf" in mails[OWNER]["body"]["content"]
    [posted] = outbox(site, "teams")
    assert posted["cards"][0]["type"] == "AdaptiveCard"

    site.http.request("DELETE", "/_emulator/requests")
    code, out, err = run(capsys, "sync", workspace, "--as-of", "2026-06-16", "--format", "json")
    assert json.loads(out)["digests"] == []
    assert len(outbox(site, "mail")) == len(mails)
    assert len(outbox(site, "teams")) == 1
    assert not [one for one in site.sent() if "told.json" in one], "nothing new is kept"
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("uvicorn")]
    assert len(ours) > 10
    assert not any("top-secret-signature" in one for one in [*ours, out, err])


def test_a_report_is_written_in_every_format_and_says_what_changed(
    site: Site, workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.approved("scopes.pdf", "E003", date(2026, 6, 10))
    site.sync()
    row = site.row("Readiness Checklist", "QuestionId", "S2")
    site.patch("Readiness Checklist", row["id"], {"Title": "Are all scopes written down?"})
    folder = tmp_path / "out"
    folder.mkdir()
    before = {
        "kind": "ReadinessReport", "workspace": "/sites/acme", "today": "2020-01-01",
        "headline": {"tally": {"share": 0.5}}, "attention": [],
        "items": [{"id": "E003", "state": "Rejected"}],
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(before), "utf-8")
    code, out, err = run(capsys, "report", workspace, "--out", folder)
    assert code == 0, err
    names = {
        *("report.html", "report.json", "leadership.html", "report.xlsx"),
        *("evidence-index.csv", "findings.csv", "report.md"),
    }
    assert {Path(line).name for line in out.splitlines()} == names
    report = json.loads((folder / "report.json").read_text("utf-8"))
    asked = {one["id"]: one for one in report["checklist"]}
    assert len(asked) == 22
    assert asked["S2"]["question"] == "Are all scopes written down?"
    assert len(report["buyers"]) == 8
    assert report["changes"]["since"] == "2020-01-01"
    assert [one["item"] for one in report["changes"]["moved"]] == ["E003"]
    rows = list(csv.DictReader(io.StringIO((folder / "evidence-index.csv").read_text("utf-8-sig"))))
    (line,) = [one for one in rows if one["Document"] == "scopes.pdf"]
    assert line["Version"].endswith(".0")
    assert line["Content identity"]
    book = openpyxl.load_workbook(folder / "report.xlsx")
    assert book.sheetnames[0] == "Summary"
