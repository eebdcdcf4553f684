"""`provisioner doctor` on tenants set strange: it says what is wrong and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.core.check import Check
from provisioner.core.site_role import role_of
from provisioner.emulator import proxy
from provisioner.emulator.server import environment
from provisioner.engine.fitness import (
    consent_check,
    lock_check,
    mail_check,
    missing_site_check,
    role_check,
    zone_check,
)
from provisioner.engine.permissions import Need, granted_role, sync_app
from provisioner.kinds.base import Scope
from provisioner.report.doctor_text import doctor_exit_code, doctor_text
from provisioner.tenant.examined import clock_check

if TYPE_CHECKING:
    from tests.conftest import Commands

WORKSPACE = """\
apiVersion: provisioner/v1
kind: Workspace
tenant: TENANT
site: {url: /sites/acme, title: Acme, owner: vciso@contoso.example}
lists:
  - key: risks
    title: Risks
    approval: true
    columns: [{name: Rating, type: number}]
notifications: {mailFrom: evidence@contoso.example}
"""
LOCAL = "{cloud: emulator}"
CERTIFICATE = "{cloud: emulator, auth: {method: certificate, certificate: 'env:APP_PEM'}}"
SECRET = "{cloud: emulator, auth: {method: secret}}"
GLOBAL = (
    "{cloud: global, hostname: contoso.sharepoint.com, "
    "auth: {method: certificate, certificate: 'env:APP_PEM'}}"
)


class Doctor:
    """``doctor("--for", "sync")``: exit code and each check by name."""

    def __init__(self, commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands = commands
        self.patch = monkeypatch
        self.tenant(LOCAL)

    def tenant(self, text: str) -> None:
        self.file = self.commands.file(WORKSPACE.replace("TENANT", text))

    def app(self, name: str) -> dict[str, str]:
        running = self.commands.running
        env = environment(running.home, running.url, name)
        self.patch.setenv("PROVISIONER_CLIENT_ID", env["EMULATOR_CLIENT_ID"])
        self.patch.setenv("PROVISIONER_TENANT_ID", env["EMULATOR_TENANT_ID"])
        self.patch.setenv("PROVISIONER_CLIENT_SECRET", env["EMULATOR_CLIENT_SECRET"])
        self.patch.setenv("APP_PEM", env["EMULATOR_CERTIFICATE"])
        return env

    def __call__(self, *words: str) -> tuple[int, dict[str, dict[str, Any]]]:
        answer = self.commands("doctor", self.file, "--format", "json", *words)
        document = answer.json()
        assert document["kind"] == "Doctor", document
        checks = {check["check"]: check for check in document["checks"]}
        assert len(checks) == len(document["checks"])
        assert sum(document["summary"].values()) == len(checks)
        for check in checks.values():
            assert check["found"].rstrip()
            assert check["fix"] or check["state"] != "fail", check
        return answer.code, checks


@pytest.fixture
def doctor(provisioner: Commands, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    return Doctor(provisioner, monkeypatch)


def states(checks: dict[str, dict[str, Any]], state: str) -> set[str]:
    return {name for name, check in checks.items() if check["state"] == state}


def test_a_german_tenant_before_and_after_and_with_too_little_left(doctor: Doctor) -> None:
    control = doctor.commands.control
    control.call("POST", "reset", {"locale": "de-DE", "resourceUnitsPerMinute": 1_000_000})
    code, checks = doctor()
    assert (code, states(checks, "fail"), states(checks, "unknown")) == (0, set(), {"site-graph"})
    assert "makes it" in checks["site-graph"]["found"]
    assert doctor.commands("apply", doctor.file, "--yes").code == 0
    doctor.commands.forget_requests()
    code, checks = doctor()
    assert (code, states(checks, "fail"), states(checks, "unknown")) == (0, set(), set())
    assert "fullcontrol" in checks["site-role"]["found"]
    assert checks["site-lock"]["found"] == "The site is not locked."
    assert "runs: 1" in checks["ledger"]["found"]
    assert doctor.commands.writes() == [], "a doctor changes nothing"
    text = doctor.commands("doctor", doctor.file).out
    assert text.strip().endswith("Everything is as it should be.")

    control.call("PUT", "settings", {"clock": "2031-03-31T08:00:00Z"})
    code, checks = doctor()
    assert (code, checks["clock"]["code"]) == (1, "CLOCK-WRONG")
    now = datetime.now(UTC).isoformat()  # noqa: TID251 - the clock the doctor reads
    control.call("PUT", "settings", {"clock": now, "resourceUnitsPerMinute": 1})
    code, checks = doctor()
    assert code == 1
    assert states(checks, "fail") == {"limits"}
    assert checks["limits"]["found"].startswith("0 of 1 ")
    assert states(checks, "unknown") & {"ledger", "site-graph"}


def test_an_app_that_lacks_one_thing_is_told_which(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = doctor.commands.control
    assert doctor.commands("apply", doctor.file, "--yes").code == 0
    doctor.tenant(CERTIFICATE)

    doctor.app("none")
    code, checks = doctor()
    assert (code, checks["token-graph"]["code"]) == (3, "CONSENT-MISSING")
    assert "Sites.Selected on SharePoint" in checks["consent"]["found"]

    doctor.app("sync")
    code, checks = doctor("--for", "sync")
    assert (code, states(checks, "fail")) == (3, {"site-graph", "site-sharepoint"})
    assert checks["site-graph"]["code"] == "PERMISSION-MISSING"
    assert "grants the app this one site" in checks["site-graph"]["fix"]
    for name in ("site-graph", "site-sharepoint"):
        assert "{" not in checks[name]["found"], "Microsoft's words, not its JSON"
    assert checks["mail"]["state"] == "pass"

    for role, said in (("read", "fail"), ("write", "pass")):
        control.call("POST", "grants", {"site": "/sites/acme", "app": "sync", "role": role})
        code, checks = doctor("--for", "sync")
        assert (code, checks["site-role"]["state"]) == (3 if said == "fail" else 0, said)
        assert f"the role {role}" in checks["site-role"]["found"]
    assert "“cannot judge”" in checks["site-role"]["found"]
    assert doctor()[1]["site-role"]["state"] == "fail", "to build, write is not enough"

    with monkeypatch.context() as later:
        years_on = datetime(2035, 1, 1, tzinfo=UTC)
        later.setattr("provisioner.cli.settings.now", lambda: years_on)
        code, checks = doctor("--for", "sync")
    assert (code, checks["certificate"]["code"]) == (1, "CERTIFICATE-EXPIRED")
    assert states(checks, "unknown") >= {"consent", "site-graph", "site-sharepoint"}

    secret = doctor.app("sync")["EMULATOR_CLIENT_SECRET"]
    doctor.tenant(SECRET)
    code, checks = doctor("--for", "sync")
    assert (code, checks["certificate"]["code"]) == (3, "SHAREPOINT-NEEDS-CERTIFICATE")
    assert checks["token-graph"]["state"] == "pass"
    assert secret not in str(checks)


def test_with_a_proxy_in_between_it_says_so_and_without_an_answer_too(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = doctor.commands.running
    env = doctor.app("full-control")
    doctor.tenant(GLOBAL)
    between = proxy.start(running.url)
    try:
        for name, value in proxy.environment(between.url, Path(env["EMULATOR_CA"])).items():
            monkeypatch.setenv(name, value)
        code, checks = doctor()
    finally:
        between.stop()
    assert (code, states(checks, "fail")) == (0, set())
    assert checks["proxy"]["found"] == "Requests go through 127.0.0.1."
    assert checks["authority"]["found"] == "login.microsoftonline.com knows the tenant."
    assert "more than is needed" in checks["consent"]["found"]
    code, checks = doctor()
    assert code == 1
    assert checks["authority"]["state"] == "fail"
    assert states(checks, "unknown") >= {"clock", "token-graph", "site-graph", "limits"}


def test_a_clock_is_wrong_from_five_minutes_on() -> None:
    now = datetime(2026, 3, 31, 8, 0, tzinfo=UTC)

    def state(date: str) -> str:
        return clock_check({"date": date}, now).state

    assert state("Tue, 31 Mar 2026 08:04:59 GMT") == "pass"
    assert state("Tue, 31 Mar 2026 07:54:59 GMT") == "fail"
    assert state("soon") == "unknown"
    assert "ahead" in clock_check({"date": "Tue, 31 Mar 2026 07:00:00 GMT"}, now).found


def test_a_role_is_read_from_the_bits_or_not_at_all() -> None:
    assert role_of({"High": "432", "Low": "1011028719"}) == "write"
    assert role_of({"High": "432", "Low": "1012866047"}) == "manage"
    assert role_of({"Low": "many"}) == role_of({}) == ""
    job = sync_app("")
    assert role_check(job, "", approval=False).state == "unknown"
    assert role_check(job, "manage", approval=False).state == "pass"
    assert [granted_role(one) for one in ("read", "write", "manage")] == [
        "read",
        "write",
        "fullcontrol",
    ]


def test_a_role_is_asked_for_as_large_as_it_must_be() -> None:
    fix = role_check(sync_app(""), "read", approval=False).fix
    assert "as write" in fix
    assert "fullcontrol" not in fix, "a daily job never gets it"


def test_a_site_in_another_time_zone_is_named_with_the_word_to_write() -> None:
    scope = Scope("contoso.sharepoint.com", "/sites/acme", date(2026, 6, 1))
    paris = {"TimeZone": {"Id": 3, "Description": "(UTC+01:00) Brussels, Copenhagen, Paris"}}
    check = zone_check(paris, scope)
    assert (check.state, check.code) == ("fail", "SET-BY-HAND")
    assert "`timeZone: Europe/Paris`" in check.fix
    assert "/sites/acme/_layouts/15/regionalsetng.aspx" in check.fix
    assert zone_check({"TimeZone": {"Id": 93}}, scope).state == "pass"
    foreign = {"TimeZone": {"Id": 999, "Description": "(UTC+03:30) Somewhere"}}
    assert [zone_check(one, scope).state for one in ({}, foreign)] == ["unknown", "unknown"]


def test_a_site_that_can_be_read_and_not_changed_is_for_an_administrator() -> None:
    locked = {"ReadOnly": True, "LockIssue": "Closed with the contract."}
    check = lock_check(locked)
    assert (check.state, check.code, check.refused) == ("fail", "SITE-LOCKED", True)
    assert "(Closed with the contract)." in check.found
    assert "None" not in lock_check({"ReadOnly": True, "LockIssue": None}).found
    assert [lock_check(one).state for one in ({"ReadOnly": False}, {})] == ["pass", "unknown"]


def test_a_site_that_nobody_here_makes_is_for_an_administrator() -> None:
    check = missing_site_check(sync_app(""), {}, adopted=True)
    assert (check.state, check.code) == ("fail", "SITE-NOT-FOUND")
    assert "create: never" in check.found
    assert "apply" not in check.fix, "no app of ours may make it"


def test_who_may_not_join_a_hub_may_have_been_joined_by_hand() -> None:
    joining = Need("sharepoint", "Sites.FullControl.All")
    app = replace(sync_app(""), needs=(joining,))
    check = consent_check(app, {"sharepoint": frozenset({"Sites.Selected"})}, site_there=True)
    assert (check.state, check.code) == ("unknown", "")
    assert "Add-SPOHubSiteAssociation" in check.fix


def test_mail_that_exchange_may_allow_cannot_be_told() -> None:
    assert mail_check("", {}).state == "pass"
    assert mail_check("a@b.example", {}).state == "unknown"
    assert mail_check("a@b.example", {"graph": frozenset()}).state == "unknown"
    assert mail_check("a@b.example", {"graph": frozenset({"Mail.Send"})}).fix
    assert consent_check(sync_app(""), {}, site_there=True).state == "unknown"


def test_the_exit_code_tells_a_missing_permission_from_the_rest() -> None:
    good = Check("a", "A", "pass", "It is.")
    mine = Check("b", "B", "fail", "It is not.", "Do.", "CODE-B")
    theirs = Check("c", "C", "fail", "It may not.", "Ask.", refused=True)
    given = ((good,), (good, theirs), (theirs, mine), (Check("d", "D", "unknown", "?"),))
    assert [doctor_exit_code(one) for one in given] == [0, 3, 1, 0]
    text = doctor_text("https://x", (good, mine))
    assert "-> Do." in text
    assert text.endswith("1 failed.")
    assert doctor_text("https://x", (theirs, good, theirs)).count("Ask.") == 1, "the same fix"
