"""Files for schedulers: each is read back by a parser of its own, and findings are a success in all."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from datetime import time
from pathlib import Path

import pytest
import yaml

from provisioner.cli.schedules.job import Job
from provisioner.cli.schedules.kinds import KINDS

FILE = """\
apiVersion: provisioner/v1
kind: Workspace
tenant:
  cloud: global
  hostname: contoso.sharepoint.com
  tenantId: "env:TENANT"
  auth: {method: METHOD, clientId: "env:APP_ID"CERTIFICATE}
site: {url: /sites/Acme-SOC2, title: Acme, create: never, timeZone: America/Toronto}
notifications: {mailFrom: vciso@contoso.com, teamsWorkflowUrl: "env:WORKFLOW"}
"""
VARIABLES = {"TENANT", "APP_ID", "WORKFLOW"}


@pytest.fixture
def written(command, tmp_path):
    """``written("cron")``: the files of a kind, as text by name."""

    def of(kind, method="certificate", *options):
        certificate = ', certificate: "file:app.pem"' if method == "certificate" else ""
        text = FILE.replace("METHOD", method).replace("CERTIFICATE", certificate)
        (tmp_path / "workspace.yaml").write_text(text, "utf-8")
        answer = command("schedule", kind, "--out", "made", *options)
        assert answer.code == 0, answer.err
        folder = tmp_path / "made"
        files = {
            path.relative_to(folder).as_posix(): path.read_text("utf-8")
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert {Path(line).relative_to("made").as_posix() for line in answer.out.splitlines()} == (
            set(files)
        )
        return files

    return of


def fields_of(expression):
    """Minute, hour and weekday of a cron expression of five fields that runs once a day or a week."""
    match = re.fullmatch(r"([0-5]?\d) (1?\d|2[0-3]) \* \* (\*|[0-7])", expression)
    assert match is not None, expression
    return int(match[1]), int(match[2]), match[3]


def shell(script, code, tmp_path):
    """What a command line answers when the product ends with a code."""
    stand_in = tmp_path / "bin" / "provisioner"
    stand_in.parent.mkdir(exist_ok=True)
    stand_in.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\nexit {code}\n', "utf-8")
    stand_in.chmod(0o755)
    path = f"{stand_in.parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["/bin/sh", "-ec", script], env={"PATH": path, "TMPDIR": str(tmp_path)}, check=False
    )
    return done.returncode


def findings_are_a_success(script, tmp_path):
    answers = {code: shell(script, code, tmp_path) for code in (0, 1, 2, 3, 64)}
    assert answers == {0: 0, 1: 1, 2: 0, 3: 3, 64: 64}


def test_cron(written, tmp_path):
    files = written("cron", "certificate", "--at", "05:10")
    lines = [
        line
        for line in files["acme-soc2.crontab"].splitlines()
        if line and not line.startswith("#")
    ]
    assert lines[0] == "CRON_TZ=America/Toronto"
    split = [line.split(" ", 6) for line in lines[1:]]
    assert [(fields_of(" ".join(one[:5])), one[6]) for one in split] == [
        ((10, 5, "*"), "sync"),
        ((10, 6, "1"), "drift"),
    ]
    script = files["acme-soc2.sh"]
    assert (tmp_path / "made" / "acme-soc2.sh").stat().st_mode & 0o111
    assert all(f"#   {name}=…" in script for name in VARIABLES)
    here = script.replace("/etc/provisioner/acme-soc2", str(tmp_path))
    findings_are_a_success(here, tmp_path)
    assert "--quiet sync workspace.yaml" in (tmp_path / "calls").read_text("utf-8")


def test_systemd(written, tmp_path):
    files = written("systemd")
    assert set(files) == {
        f"provisioner-acme-soc2-{name}.{unit}"
        for name in ("sync", "drift")
        for unit in ("service", "timer")
    }
    for name, text in files.items():
        unit = configparser.ConfigParser(strict=True, interpolation=None)
        unit.optionxform = str
        unit.read_string(text)
        if name.endswith(".service"):
            assert unit["Service"]["SuccessExitStatus"] == "2"
            assert unit["Service"]["Type"] == "oneshot"
        else:
            assert unit["Timer"]["OnCalendar"].endswith(":30:00 America/Toronto")
            assert unit["Timer"]["Persistent"] == "true"
    assert "Mon *-*-* 07:30:00" in files["provisioner-acme-soc2-drift.timer"]


def test_systemd_itself_takes_the_units(written, tmp_path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    written("systemd")
    units = sorted(str(path) for path in (tmp_path / "made").iterdir())
    done = subprocess.run(
        [analyze, "verify", *units], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_github_keeps_secrets_by_name_and_needs_none_with_oidc(written, tmp_path):
    (text,) = written("github").values()
    flow = yaml.safe_load(text)
    crons = [one["cron"] for one in flow[True]["schedule"]]
    assert [fields_of(one) for one in crons] == [(30, 11, "*"), (30, 12, "1")]
    assert flow["concurrency"]["cancel-in-progress"] is False
    assert flow["permissions"] == {"contents": "read"}
    sync = flow["jobs"]["sync"]
    assert crons[0] in sync["if"]
    assert sync["env"] == {name: f"${{{{ secrets.{name} }}}}" for name in sorted(VARIABLES)}
    assert any("secrets.APP_PEM" in str(step.get("env")) for step in sync["steps"])
    findings_are_a_success(sync["steps"][-1]["run"], tmp_path)

    (text,) = written("github", "federated").values()
    flow = yaml.safe_load(text)
    assert flow["permissions"] == {"contents": "read", "id-token": "write"}
    assert "APP_PEM" not in text


def test_azure_devops(written, tmp_path):
    (text,) = written("azure-devops", "federated").values()
    pipeline = yaml.safe_load(text)
    assert [fields_of(one["cron"])[2] for one in pipeline["schedules"]] == ["*", "1"]
    assert all(one["always"] for one in pipeline["schedules"])
    steps = [one for one in pipeline["steps"] if one.get("condition")]
    assert [one["displayName"] for one in steps] == ["sync", "drift"]
    for step, schedule in zip(steps, pipeline["schedules"], strict=True):
        assert schedule["displayName"] in step["condition"]
        assert {*VARIABLES, "SYSTEM_ACCESSTOKEN"} <= set(step["env"])
        findings_are_a_success(step["script"], tmp_path)
    (text,) = written("azure-devops").values()
    files = [one for one in yaml.safe_load(text)["steps"] if one.get("task", "")[:8] == "Download"]
    assert [one["inputs"]["secureFile"] for one in files] == ["app.pem"]


def test_kubernetes(written, tmp_path):
    files = written("kubernetes")
    account, *jobs = yaml.safe_load_all(files["acme-soc2-evidence.yaml"])
    assert [one["metadata"]["name"] for one in jobs] == ["acme-soc2-sync", "acme-soc2-drift"]
    for job in jobs:
        spec = job["spec"]
        assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
        fields_of(spec["schedule"])
        assert spec["timeZone"] == "America/Toronto"
        assert spec["concurrencyPolicy"] == "Forbid"
        rules = spec["jobTemplate"]["spec"]["podFailurePolicy"]["rules"]
        assert rules[0]["onExitCodes"]["values"] == [3, 64]
        pod = spec["jobTemplate"]["spec"]["template"]["spec"]
        assert pod["restartPolicy"] == "Never", "a pod failure policy asks for it"
        assert pod["serviceAccountName"] == account["metadata"]["name"]
        (container,) = pod["containers"]
        assert container["name"] == rules[0]["onExitCodes"]["containerName"]
        mounted = {one["name"] for one in container["volumeMounts"]}
        assert mounted == {one["name"] for one in pod["volumes"]}
        findings_are_a_success(container["args"][0], tmp_path)
    assert files["Dockerfile"].startswith("FROM ")
    account, *_ = yaml.safe_load_all(written("kubernetes", "federated")["acme-soc2-evidence.yaml"])
    assert "azure.workload.identity/client-id" in account["metadata"]["annotations"]


def test_container_apps(written, tmp_path):
    files = written("container-apps")
    for name in ("sync", "drift"):
        job = yaml.safe_load(files[f"acme-soc2-{name}-job.yaml"])
        settings = job["properties"]["configuration"]
        assert settings["triggerType"] == "Schedule"
        fields_of(settings["scheduleTriggerConfig"]["cronExpression"])
        secrets = {one["name"] for one in settings["secrets"]}
        assert all(one["keyVaultUrl"].endswith(one["name"]) for one in settings["secrets"])
        (container,) = job["properties"]["template"]["containers"]
        used = {one["secretRef"] for one in container["env"] if "secretRef" in one}
        assert used == secrets
        assert {one["name"] for one in container["env"]} == {*VARIABLES, "PROVISIONER_HOME"}
        findings_are_a_success(container["args"][0], tmp_path)
    assert {"**/app.pem", "**/*.pem"} < set(files[".dockerignore"].splitlines())
    assert "Not in the image: app.pem" in files["acme-soc2-sync-job.yaml"]


def test_a_workspace_in_a_folder_finds_its_certificate_and_shows_it_to_no_image():
    job = Job("a", "acme/workspace.yaml", time(6), "UTC", (), ("app.pem",), False, "p")
    made = {kind: "".join(KINDS[kind](job).values()) for kind in KINDS}
    assert '> acme/app.pem"' in made["github"]
    assert 'secureFilePath)\\" acme/app.pem"' in made["azure-devops"]
    assert "sync workspace.yaml --format" in made["kubernetes"], "a config map has no folders"
    assert "--from-file=acme/workspace.yaml" in made["kubernetes"]
    assert "the workspace as acme/workspace.yaml" in made["cron"]
    assert "the workspace is acme/workspace.yaml" in made["systemd"]
    for kind in set(made) - {"kubernetes"}:
        assert "sync acme/workspace.yaml" in made[kind].replace('"${1:-sync}"', "sync")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--at", "25:00"), "BAD-TIME"),
        (("--at", "noon"), "BAD-TIME"),
        (("--name", "a; rm -rf /"), "BAD-NAME"),
        (("--name", "-x"), "BAD-NAME"),
    ],
)
def test_what_could_break_a_file_is_refused(command, tmp_path, options, code):
    (tmp_path / "workspace.yaml").write_text(
        FILE.replace("METHOD", "federated").replace("CERTIFICATE", ""), "utf-8"
    )
    answer = command("schedule", "cron", *options)
    assert answer.code == 64
    assert code in answer.err
    assert not (tmp_path / "schedule").exists()


def test_a_path_that_a_shell_would_take_apart_is_refused(command, tmp_path):
    name = "my $(touch x) workspace.yaml"
    (tmp_path / name).write_text(
        FILE.replace("METHOD", "federated").replace("CERTIFICATE", ""), "utf-8"
    )
    answer = command("schedule", "systemd", name)
    assert answer.code == 64
    assert "BAD-PATH" in answer.err


@pytest.mark.parametrize(
    ("zone", "daily", "weekly"),
    [
        ("America/Toronto", "30 11 * * *", "30 12 * * 1"),
        ("Asia/Tokyo", "30 21 * * *", "30 22 * * 0"),  # Monday 07:30 there
        ("Asia/Kolkata", "0 1 * * *", "0 2 * * 1"),
        ("UTC", "30 6 * * *", "30 7 * * 1"),
    ],
)
def test_drift_runs_on_mondays_of_the_site_where_the_scheduler_knows_only_utc(zone, daily, weekly):
    job = Job("acme", "workspace.yaml", time(6, 30), zone, (), (), False, "package")
    for kind in ("github", "azure-devops", "container-apps"):
        found = [line for text in KINDS[kind](job).values() for line in text.splitlines()]
        crons = [line for line in found if re.search(r"cron(Expression)?: ", line)]
        assert sum(daily in one for one in crons) == 1, crons
        assert sum(weekly in one for one in crons) == 1, crons


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_heartbeats_are_asked_for_in_every_kind_and_only_then(kind):
    for wanted in (False, True):
        job = Job("acme", "acme.yaml", time(6, 30), "UTC", (), (), False, "package", wanted)
        lines = [line for text in KINDS[kind](job).values() for line in text.splitlines()]
        runs = [line for line in lines if re.search(r"provisioner .*acme\.yaml", line)]
        assert len(runs) == (1 if kind == "cron" else 2), runs
        assert all(("acme.yaml" in line and "--heartbeat" in line) is wanted for line in runs)


def test_the_command_asks_for_heartbeats(written):
    assert "--heartbeat" in written("cron", "federated", "--heartbeat")["acme-soc2.sh"]
