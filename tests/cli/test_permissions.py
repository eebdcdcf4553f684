"""`provisioner permissions`: what the client's administrator is asked for, and nothing more."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import Said

LIST = """\
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: usgov, hostname: acme.sharepoint.us}
site: {url: /sites/acme, title: Acme, owner: a@acme.example, create: CREATE}
lists:
  - key: risks
    title: Risks
    columns: [{name: Rating, type: number}]
"""
MAIL = "notifications: {mailFrom: evidence@acme.example}\n"

Command = Callable[..., Said]


def asked(command: Command, text: str) -> dict[str, Any]:
    Path("workspace.yaml").write_text(text, "utf-8")
    answer = command("permissions", "--format", "json")
    assert (answer.code, answer.err) == (0, ""), answer.err
    document = answer.json()
    assert document["kind"] == "Permissions"
    return {app["key"]: app for app in document["apps"]}


def names(app: dict[str, Any]) -> set[str]:
    return {f"{need['resource']}:{need['name']}" for need in app["permissions"]}


SELECTED = {"graph:Sites.Selected", "sharepoint:Sites.Selected"}


def test_the_role_follows_from_what_the_file_declares(command: Command) -> None:
    made = asked(command, LIST.replace("CREATE", "communication"))["provisioner"]
    assert names(made) == {*SELECTED, "graph:Sites.Create.All"}
    assert made["siteRole"] == {"least": "fullcontrol", "grant": None, "byMakingTheSite": True}

    given = asked(command, LIST.replace("CREATE", "never"))["provisioner"]
    assert names(given) == SELECTED
    assert given["siteRole"] == {
        "least": "fullcontrol",
        "grant": "fullcontrol",
        "byMakingTheSite": False,
    }
    uses = {use["what"] for need in given["permissions"] for use in need["uses"]}
    assert {"Library or list", "Column"} <= uses


def test_the_job_writes_content_and_sends_mail_only_where_the_file_says_so(
    command: Command,
) -> None:
    text = LIST.replace("CREATE", "never")
    sync = asked(command, text)["sync"]
    assert names(sync) == {*SELECTED, "graph:User.Read.All"}
    assert [need["name"] for need in sync["permissions"] if need["optional"]] == ["User.Read.All"]
    assert (sync["siteRole"]["grant"], sync["mailbox"]) == ("write", None)
    mailing = asked(command, text + MAIL)["sync"]
    assert names(mailing) - names(sync) == {"graph:Mail.Send"}
    assert mailing["mailbox"] == "evidence@acme.example"


def test_the_table_and_the_consent_text_say_why_and_how_to_take_it_back(command: Command) -> None:
    Path("workspace.yaml").write_text(LIST.replace("CREATE", "communication") + MAIL, "utf-8")
    table = command("permissions").out
    assert "Sites.Create.All" in table
    assert "requests for: " in table
    consent = command("permissions", "--format", "markdown").out
    for words in (
        "https://acme.sharepoint.us/sites/acme",
        "nothing by itself; only what is granted on single sites",
        "evidence@acme.example",
        "How you take it back",
        "“cannot judge”, never as missing",
    ):
        assert words in consent
    assert "Sites.FullControl.All" not in consent


def test_what_joining_a_hub_takes_can_be_left_out_by_joining_it_by_hand(command: Command) -> None:
    text = LIST.replace("CREATE", "communication").replace(
        "title: Acme,", "title: Acme, hub: /sites/h,"
    )
    assert "sharepoint:Sites.FullControl.All" in names(asked(command, text)["provisioner"])
    consent = command("permissions", "--format", "markdown").out
    assert "Join the site to the hub yourself (Add-SPOHubSiteAssociation)" in consent


AZ = f"""\
#!{sys.executable} -IS
import json, os, sys
with open(os.environ["AZ_LOG"], "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if "--query" in sys.argv:
    print("id-%d" % sum(1 for _ in open(os.environ['AZ_LOG'])))
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="the script is for bash")
def test_the_script_registers_consents_and_grants_in_two_steps(
    command: Command, tmp_path: Path
) -> None:
    Path("workspace.yaml").write_text(LIST.replace("CREATE", "never") + MAIL, "utf-8")
    script, az, log = tmp_path / "permissions.sh", tmp_path / "bin" / "az", tmp_path / "az.log"
    script.write_text(command("permissions", "--format", "script").out, "utf-8")
    az.parent.mkdir()
    az.write_text(AZ)
    az.chmod(0o755)
    for key in ("provisioner", "sync"):
        (tmp_path / f"{key}.crt").write_text("-----BEGIN CERTIFICATE-----\n")
    environment = {**os.environ, "PATH": f"{az.parent}:{os.environ['PATH']}", "AZ_LOG": str(log)}

    def ran(*words: str, **more: str) -> tuple[int, list[list[str]]]:
        log.write_text("")
        code = subprocess.run(
            ["bash", script, *words],
            env={**environment, **more},
            cwd=tmp_path,
            capture_output=True,
            check=False,
        ).returncode
        return code, [json.loads(line) for line in log.read_text().splitlines()]

    assert ran() == (64, [])
    code, calls = ran("register")
    assert code == 0
    assert calls[0] == ["cloud", "set", "--name", "AzureUSGovernment"]
    assert sum(call[:3] == ["ad", "app", "create"] for call in calls) == 2
    queries = [
        call[call.index("--query") + 1] for call in calls if call[:3] == ["ad", "sp", "show"]
    ]
    roles = [query for query in queries if query.startswith("appRoles")]
    assert roles == ["appRoles[?value=='Sites.Selected'].id | [0]"] * 4
    bodies = [json.loads(call[call.index("--body") + 1]) for call in calls if call[0] == "rest"]
    assert all(set(body) == {"principalId", "resourceId", "appRoleId"} for body in bodies)
    assert len(bodies) == 4

    (tmp_path / "sync.crt").write_text("-----BEGIN PRIVATE KEY-----\n")
    assert ran("register")[0] == 1, "a private key never leaves"

    code, calls = ran("grant")
    assert (code != 0, calls) == (True, [])
    code, calls = ran("grant", PROVISIONER="app-1", SYNC="app-2")
    assert code == 0
    sent = [json.loads(call[call.index("--body") + 1]) for call in calls if "post" in call]
    patched = [json.loads(call[call.index("--body") + 1]) for call in calls if "patch" in call]
    assert patched == [{"roles": ["fullcontrol"]}]
    assert [body["roles"] for body in sent] == [["write"], ["write"]]
    granted = [body["grantedToIdentities"][0]["application"]["id"] for body in sent]
    assert granted == ["app-1", "app-2"]
