"""Canaries: no secret, key, token or signed address gets into a word we print or a byte we write.

Each way of signing in runs what it can, in success and in failure, as talkative as it goes. Then
everything printed, every file written on this machine and all that was left in the tenant is
searched. The one place that may hold tokens is a person's token cache, for its owner's eyes only.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from provisioner.cli import main
from provisioner.emulator.entra.authority import Authority
from provisioner.emulator.server import environment

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")
PASSPHRASE = "canary-passphrase-77aa"
SIGNATURE = "canary-signature-88bb"
JOB_TOKEN = "canary-job-token-99cc"
WORKLOAD = "eyJjYW5hcnkiOjF9.eyJjYW5hcnkiOjJ9.canary-workload-00dd"
SECRET_FIELDS = ("access_token", "refresh_token", "device_code", "id_token")


@dataclass
class Canaries:
    """What must not be seen again, by what it is."""

    texts: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, text: str) -> None:
        self.texts[f"{what} {len(self.texts)}"] = text

    def found_in(self, data: bytes) -> list[str]:
        """A part counts too: messages are cut, and a token is known by its signature."""
        return [
            what
            for what, text in self.texts.items()
            if text.encode() in data or text[-32:].encode() in data
        ]


@pytest.fixture
def canaries(monkeypatch: pytest.MonkeyPatch) -> Canaries:
    """All that the authority gives out or is given, and what the tests put in."""
    found = Canaries()
    for text in (PASSPHRASE, SIGNATURE, JOB_TOKEN, WORKLOAD):
        found.add("of the test", text)
    answer = Authority.answer

    def watched(self: Authority, call: Any) -> Any:
        reply = answer(self, call)
        for name, value in reply.body.items() if isinstance(reply.body, dict) else ():
            if name in SECRET_FIELDS:
                found.add(name, value)
        for pair in call.body.decode().split("&"):
            name, _, value = pair.partition("=")
            if name in {"client_assertion", "device_code", "refresh_token"}:
                found.add(name, value)
        return reply

    monkeypatch.setattr(Authority, "answer", watched)
    return found


def declared(auth: str) -> str:
    return (
        SMALL.replace("{cloud: emulator}", f"{{cloud: emulator, auth: {{{auth}}}}}")
        + "\nnotifications: {mailFrom: evidence@contoso.example, teamsWorkflowUrl: 'env:WORKFLOW'}\n"
    )


WAYS = {
    "certificate": "method: certificate, certificate: 'env:APP_PEM'",
    "pfx": "method: certificate, certificate: 'file:app.pfx', certificatePassword: 'env:APP_WORD'",
    "secret": "method: secret, secret: 'env:APP_SECRET'",
    "federated": "method: federated, tokenFile: token.jwt",
    "device-code": "method: device-code",
}
READING: list[list[str]] = [
    ["doctor", "--format", "json"],
    ["plan", "--out", "plan.json"],
    ["drift", "--format", "sarif"],
]
RECORDED = frozenset({"plan"})
MORE: list[list[str]] = [
    ["plan", "--format", "html"],
    ["apply", "--yes", "--receipts", "receipts"],
    ["permissions", "--format", "script"],
    ["schedule", "github"],
]


@pytest.fixture
def run(
    provisioner: Any, canaries: Canaries, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str, list[list[str]]], list[int]]]:
    """``run("secret", commands)``: the exit codes; what they printed has no canary in it."""
    running = provisioner.running
    home = tmp_path / "home"
    home.mkdir()
    (home / "emulator").symlink_to(running.home / "emulator")
    workflow = f"{running.url}/v1.0/workflows/w/triggers/manual/paths/invoke?sig={SIGNATURE}"

    def go(way: str, commands: list[list[str]]) -> list[int]:
        name = "interactive" if way == "device-code" else "full-control"
        env = environment(running.home, running.url, name)
        pem = Path(env["EMULATOR_CERTIFICATE"]).read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        pfx = pkcs12.serialize_key_and_certificates(
            b"app", key, x509.load_pem_x509_certificate(pem), None,
            serialization.BestAvailableEncryption(PASSPHRASE.encode()),
        )  # fmt: skip
        (tmp_path / "app.pfx").write_bytes(pfx)
        (tmp_path / "token.jwt").write_text(WORKLOAD)
        lines = pem.decode().partition("-----END PRIVATE")[0].splitlines()
        for line in lines[1:]:
            canaries.add("private key", line)
        canaries.add("client secret", env["EMULATOR_CLIENT_SECRET"])
        for variable, value in {
            "PROVISIONER_HOME": str(home),
            "PROVISIONER_CLIENT_ID": env["EMULATOR_CLIENT_ID"],
            "APP_PEM": pem.decode(),
            "APP_WORD": PASSPHRASE,
            "APP_SECRET": env["EMULATOR_CLIENT_SECRET"],
            "WORKFLOW": workflow,
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": JOB_TOKEN,
        }.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.chdir(tmp_path)
        file = provisioner.file(declared(WAYS[way]))
        codes = []
        for number, words in enumerate(commands):
            place = [] if words[0] == "schedule" else [file]
            talk = ["--log-format", "json"] if number % 2 else ["--verbose"]
            kept = ["--record", f"traffic-{number}.json"] if words[0] in RECORDED else []
            answer = provisioner(*talk, *kept, *words, *place)
            assert canaries.found_in((answer.out + answer.err).encode()) == [], words
            codes.append(answer.code)
        return codes

    yield go
    inspected = 0
    for path in tmp_path.rglob("*"):
        inside = path.relative_to(tmp_path)
        given = {"app.pfx", "token.jwt"}
        if not path.is_file() or "emulator" in inside.parts or inside.name in given:
            continue
        if inside.parts[:2] == ("home", "tokens"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            continue
        inspected += 1
        assert canaries.found_in(path.read_bytes()) == [], path
    assert inspected > 0
    for what in ("state", "requests"):
        kept = json.dumps(provisioner.control.call("GET", what)).encode()
        assert canaries.found_in(kept) == [], what
    assert len(canaries.texts) > 20


def test_all_that_works_with_a_certificate_gives_nothing_away(run: Any, provisioner: Any) -> None:
    provisioner.applied(SMALL, "other.yaml")
    codes = run("certificate", [*READING, *MORE])
    assert set(codes) <= {0, 2}
    assert run("certificate", [["sync"]]) == [1], "there is no evidence to judge here"
    assert list(Path().glob("traffic-*.json"))


@pytest.mark.parametrize("way", ["pfx", "secret", "federated", "device-code"])
def test_each_way_to_sign_in_keeps_what_it_is_given(
    way: str, run: Any, provisioner: Any, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    provisioner.applied(SMALL, "other.yaml")
    if way == "device-code":
        monkeypatch.setattr(
            "provisioner.cli.progress.ConsoleProgress.tell", _approving(provisioner)
        )
    expected = {"pfx": {0}, "secret": {3}, "federated": {1}, "device-code": {0, 2}}[way]
    assert set(run(way, READING)) <= expected


@pytest.mark.parametrize("key", ["clientId", "tenantId"])
def test_a_secret_in_place_of_an_id_is_not_repeated(
    key: str, provisioner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids stand in messages: whoever names the wrong variable must not find their secret in a log."""
    monkeypatch.setenv("WRONG", "abc8Q~canary/secret+11dd==")
    ids = {"tenantId": "contoso.example", "clientId": "00000000-0000-0000-0000-000000000001"}
    said = {**ids, key: "env:WRONG"}
    tenant = f"{{cloud: global, hostname: contoso.sharepoint.com, tenantId: '{said['tenantId']}', "
    auth = f"auth: {{method: secret, secret: 'env:WRONG', clientId: '{said['clientId']}'}}}}"
    file = provisioner.file(SMALL.replace("{cloud: emulator}", tenant + auth))
    answer = provisioner("plan", file)
    assert answer.code == 1
    assert "SIGN-IN-ID" in answer.err
    assert "canary" not in answer.out + answer.err


def _approving(provisioner: Any) -> Callable[[Any, str], None]:
    def tell(_: Any, text: str) -> None:
        code = text.partition("the code ")[2].split()[0]
        body = {"userCode": code, "user": "vciso@contoso.example"}
        provisioner.control.call("POST", "device-logins", body)

    return tell


@pytest.mark.parametrize("status", [400, 403])
def test_a_service_that_repeats_what_it_was_sent_is_not_repeated(
    status: int, run: Any, provisioner: Any
) -> None:
    provisioner.applied(SMALL, "other.yaml")
    words = f"got Bearer {WORKLOAD} and sig={SIGNATURE} and password={PASSPHRASE}"
    for body in ({"error": {"code": words, "message": words}}, words):
        fault = {"match": {"path": "^/(v1.0|_api|sites)"}, "do": {"status": status, "body": body}}
        provisioner.control.call("PUT", "faults", [fault])
        codes = run("certificate", [["doctor"], ["plan"], ["apply", "--yes"]])
        assert set(codes[1:]) <= {1, 3}


@pytest.mark.skipif(os.name == "nt", reason="there is no such mask there")
@pytest.mark.parametrize(("mask", "kept"), [(0o000, 0o002), (0o002, 0o002), (0o077, 0o077)])
def test_whatever_the_mask_nothing_is_for_everybody_to_change(
    mask: int, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Journals and receipts say what was done; another user of the machine must not alter them."""
    seen: list[int] = []

    def look() -> None:
        seen.append(os.umask(0o077))

    monkeypatch.setattr("provisioner.cli.app.run", look)
    before = os.umask(mask)
    try:
        main()
    finally:
        os.umask(before)
    assert seen == [kept]
