"""What may happen while an apply is under way: it says what, and its receipt is complete."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from provisioner.emulator.model import site_removal
from provisioner.tenant.client import TenantClient


@pytest.fixture
def midway(
    provisioner: Any, small: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Any], None]], tuple[Any, dict[str, Any], set[str]]]:
    """``midway(mishap)``: the mishap comes when the lists are made and nothing is in them yet.

    Gives the answer, the status of each address and the addresses that the plan promised.
    """

    def run(mishap: Callable[[Any], None]) -> tuple[Any, dict[str, Any], set[str]]:
        workspace = provisioner.file(small)
        planned = provisioner("plan", workspace, "--format", "json").json()
        promised = {change["address"] for change in planned["changes"]}
        write, happened = TenantClient.write, []

        async def writing(client: TenantClient, sent: Any) -> Any:
            inside = (op.address for one in sent for op in one.operations)
            if not happened and any(one.startswith("list:risks/") for one in inside):
                happened.append(True)
                with provisioner.running.tenant.lock:
                    mishap(provisioner.running.tenant)
            return await write(client, sent)

        with monkeypatch.context() as patched:
            patched.setattr(TenantClient, "write", writing)
            answer = provisioner("apply", workspace, "--yes", "--format", "json")
        assert happened
        receipt = answer.json()
        assert receipt["kind"] == "Receipt", receipt
        kept = provisioner.running.home / "receipts" / f"{receipt['runId']}.json"
        assert json.loads(kept.read_text("utf-8")) == receipt
        return answer, {one["address"]: one for one in receipt["results"]}, promised

    return run


def test_a_site_that_is_deleted_midway_is_named_and_not_made_again(
    provisioner: Any, midway: Any
) -> None:
    def remove(tenant: Any) -> None:
        site_removal.remove(tenant, tenant.one("SELECT * FROM site WHERE path = '/sites/acme'"))

    answer, results, promised = midway(remove)
    assert answer.code == 1, answer.err
    assert set(results) >= promised
    assert {one["status"] for one in results.values()} <= {"failed", "skipped"}
    assert results["list:evidence"]["code"] == "SITE-GONE"
    assert all(one["message"] for one in results.values())
    sites = [one["path"] for one in provisioner.control.call("GET", "state")["sites"]]
    assert "/sites/acme" not in sites


def test_a_permission_withdrawn_midway_is_a_refusal_with_who_to_ask(
    midway: Any,
) -> None:
    def withdraw(tenant: Any) -> None:
        tenant.run("DELETE FROM app_grant")

    answer, results, promised = midway(withdraw)
    assert answer.code == 3, answer.err
    assert "PERMISSION-MISSING" in answer.err
    assert "Have an administrator give the app its permission" in answer.err
    assert set(results) >= promised


def test_a_token_that_ends_midway_is_renewed_and_nothing_is_lost(
    midway: Any,
) -> None:
    def two_hours_on(tenant: Any) -> None:
        later: datetime = tenant.now() + timedelta(hours=2)
        tenant.set_clock(later)

    answer, results, promised = midway(two_hours_on)
    assert answer.code == 0, answer.err
    assert set(results) >= promised
    assert {one["status"] for one in results.values()} == {"done"}
