"""One works, the other refuses: the lock of a site."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from provisioner.emulator.dispatch import Dispatcher
from provisioner.emulator.wire import Call
from provisioner.ledger.lock import Holder

OTHER = Holder("20260101T000000Z-beef", "build-7", 4711, "another-boot")


def lock_item(provisioner: Any) -> dict[str, Any]:
    (site,) = (
        one
        for one in provisioner.control.call("GET", "state")["sites"]
        if one["path"] == "/sites/acme"
    )
    (held,) = (one for one in site["lists"] if one["title"] == "ProvisionerLock")
    (item,) = held["items"]
    return dict(item)


def hold(provisioner: Any, holder: Holder) -> None:
    """Somebody else takes the lock, as SharePoint would store it."""
    tenant = provisioner.running.tenant
    with tenant.lock:
        row = tenant.one("SELECT id FROM list WHERE url = '/sites/acme/Lists/ProvisionerLock'")
        stored = tenant.one("SELECT rowid, fields FROM item WHERE list_id = ?", row["id"])
        fields = {**json.loads(stored["fields"]), "Title": holder.text}
        tenant.run(
            "UPDATE item SET fields = ?, modified = ?, version = version + 1 WHERE rowid = ?",
            json.dumps(fields),
            tenant.stamp(),
            stored["rowid"],
        )


@contextlib.contextmanager
def both_at_once() -> Iterator[None]:
    """Nobody may make the site before two have looked at it and found none."""
    perform, came = Dispatcher.perform, []

    async def held_back(dispatcher: Dispatcher, call: Call) -> Any:
        if (call.method, call.path) == ("POST", "/sites"):
            came.append(call)
            for _ in range(600):
                if len(came) > 1:
                    break
                await asyncio.sleep(0.05)
        return await perform(dispatcher, call)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Dispatcher, "perform", held_back)
        yield
        assert len(came) > 1, "they did not overlap"


@pytest.fixture
def changed(provisioner: Any, small: str) -> Any:
    """A workspace that was applied, and a file that asks for one thing more."""
    assert provisioner("apply", provisioner.file(small), "--yes").code == 0
    return provisioner.file(small.replace("Who may do what.", "Who may do it."))


def test_a_lock_that_is_held_refuses_until_it_expires_or_is_broken_by_name(
    provisioner: Any, changed: Any
) -> None:
    hold(provisioner, OTHER)
    provisioner.forget_requests()
    refused = provisioner("apply", changed, "--yes")
    assert (refused.code, provisioner.writes()) == (3, [])
    assert refused.err.startswith("LOCKED  ")
    assert all(word in refused.err for word in (OTHER.run, "build-7", "4711", "UTC"))
    assert f"`provisioner apply … --break-lock {OTHER.run}`" in refused.err
    back = provisioner("apply", changed, "--yes", "--undo", "20260101T000000Z-0000")
    assert (back.code, back.err.startswith("LOCKED  ")) == (3, True), "taking a run back waits too"

    wrong = provisioner("apply", changed, "--yes", "--break-lock", "20260101T000000Z-0000")
    assert (wrong.code, provisioner.writes()) == (3, [])
    assert "LOCK-NOT-THAT" in wrong.err

    broken = provisioner("apply", changed, "--yes", "--break-lock", OTHER.run)
    assert broken.code == 0, broken.err
    assert "free" in str(lock_item(provisioner)["fields"])

    text = changed.read_text("utf-8")
    changed.write_text(text.replace("Who may do it.", "Who may do so."), "utf-8")
    hold(provisioner, OTHER)
    provisioner.control.call("PUT", "settings", {"clockAdvanceSeconds": 60})
    assert provisioner("apply", changed, "--yes").code == 3
    provisioner.control.call("PUT", "settings", {"clockAdvanceSeconds": 70})
    assert provisioner("apply", changed, "--yes").code == 0

    provisioner.forget_requests()
    hold(provisioner, OTHER)
    idle = provisioner("apply", changed, "--yes")
    assert (idle.code, provisioner.writes()) == (0, []), "nothing to do takes no lock"
    assert provisioner("drift", changed).code == 0, "reading is free"
    asked = provisioner("apply", changed, "--yes", "--break-lock", OTHER.run)
    assert (asked.code, f"{OTHER.run} is broken" in asked.err) == (0, True), "sync was refused"
    assert "free" in str(lock_item(provisioner)["fields"])


def test_the_lock_is_one_item_rewritten_over_what_was_seen(provisioner: Any, changed: Any) -> None:
    provisioner.forget_requests()
    assert provisioner("apply", changed, "--yes").code == 0
    asked = [row for row in provisioner.requests() if "/items/1/fields" in row["path"]]
    assert [(row["method"], row["status"]) for row in asked] == [("PATCH", 200)] * 2
    first, last = (
        next(i for i, row in enumerate(provisioner.requests()) if row["seq"] == one["seq"])
        for one in asked
    )
    written = [
        i
        for i, row in enumerate(provisioner.requests())
        if row["method"] in {"POST", "PATCH", "PUT", "DELETE"}
        and row["audience"] in {"graph", "sharepoint"}
        and not row["path"].lower().endswith("$batch")
    ]
    assert (written[0], written[-1]) == (first, last), "the lock comes first and goes last"


def test_two_first_applies_at_once_one_works_and_one_refuses(provisioner: Any, small: str) -> None:
    workspace = provisioner.file(small)
    command = [sys.executable, "-m", "provisioner", "apply", str(workspace), "--yes"]
    with both_at_once():
        both = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        said = [one.communicate(timeout=120) for one in both]
    codes = sorted(one.returncode for one in both)
    assert codes == [0, 3], said
    refused = next(s[1].decode() for s, one in zip(said, both, strict=True) if one.returncode == 3)
    assert refused.startswith(("LOCKED  ", "RUN-BETWEEN  ")), refused
    lists = [
        one["title"]
        for site in provisioner.control.call("GET", "state")["sites"]
        for one in site["lists"]
    ]
    assert sum(title.startswith("Provisioner") for title in lists) == 3
    assert provisioner("plan", workspace).code == 0
    assert provisioner("receipts", "verify", workspace).code == 0


def test_a_run_that_loses_its_lock_stops_before_the_next_wave(
    provisioner: Any, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from provisioner.ledger import lock_keeper
    from provisioner.tenant.client import TenantClient

    workspace = provisioner.file(small)
    monkeypatch.setattr(lock_keeper, "RENEW_SECONDS", -1.0)  # looked at before every wave
    write, waves = TenantClient.write, []

    async def stolen(client: TenantClient, envelopes: Any) -> Any:
        if any("list:risks" in op.address for one in envelopes for op in one.operations):
            waves.append(len(envelopes))
            if len(waves) == 1:
                hold(provisioner, OTHER)
        return await write(client, envelopes)

    monkeypatch.setattr(TenantClient, "write", stolen)
    answer = provisioner("apply", workspace, "--yes", "--format", "json")
    assert len(waves) == 1, "no wave after the one in which it was lost"
    assert answer.code == 3, answer.err
    assert "LOCK-LOST" in answer.err
    receipt = answer.json()
    states = {one["address"]: one["status"] for one in receipt["results"]}
    assert states["list:risks/view:Overdue"] == "skipped"
    assert "done" in states.values()
    assert OTHER.run in str(lock_item(provisioner)["fields"]), "the other's lock is left alone"
