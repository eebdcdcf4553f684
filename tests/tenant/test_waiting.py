"""Requests at the root site, and what goes on after an answer that is no 202."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import responses

from provisioner.core.transport import Envelope, Operation, Outcome, Poll
from provisioner.tenant.auth import _roles_in
from provisioner.tenant.claims import claims_of
from provisioner.tenant.client import TenantClient

Open = Callable[..., TenantClient]
HOST = "https://contoso.sharepoint.com"
ASKED = f"{HOST}/_api/SPSiteManager/status?url='x'"
MANAGER = Poll(
    status_pointer="/SiteStatus",
    done=("2",),
    failed=("3", "4"),
    path="/_api/SPSiteManager/status?url='x'",
    reasons={"4": "the address is taken"},
)


def one(client: TenantClient, operation: Operation) -> Outcome:
    async def go() -> Outcome:
        async with client:
            ((outcome,),) = await client.write([Envelope((operation,))])
            return outcome

    return asyncio.run(go())


def create() -> Operation:
    return Operation(
        "sharepoint", "POST", "/_api/SPSiteManager/create", "site", "site", {}, poll=MANAGER,
        at="root",
    )  # fmt: skip


def test_a_site_made_at_the_root_site_is_waited_for(
    open_tenant: Open, wire: responses.RequestsMock, time: Any
) -> None:
    wire.post(f"{HOST}/_api/SPSiteManager/create", json={"SiteStatus": 1})
    for status in (0, 1, 2):
        wire.get(ASKED, json={"SiteStatus": status, "SiteId": "s"})
    outcome = one(open_tenant(), create())
    assert (outcome.state, outcome.body["SiteId"]) == ("done", "s")
    assert time.slept == [0.25, 0.5, 1.0]


def test_the_first_answer_may_be_the_last(
    open_tenant: Open, wire: responses.RequestsMock, time: Any
) -> None:
    wire.post(f"{HOST}/_api/SPSiteManager/create", json={"SiteStatus": 2, "SiteId": "s"})
    assert one(open_tenant(), create()).state == "done"
    assert time.slept == []


def test_a_status_that_means_failure_says_why(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    wire.post(f"{HOST}/_api/SPSiteManager/create", json={"SiteStatus": 4})
    outcome = one(open_tenant(), create())
    assert (outcome.state, outcome.code) == ("failed", "OPERATION-FAILED")
    assert "the address is taken" in outcome.message


def test_what_is_refused_is_not_waited_for(open_tenant: Open, wire: responses.RequestsMock) -> None:
    wire.post(f"{HOST}/_api/SPSiteManager/create", status=403, json={})
    assert one(open_tenant(), create()).state == "failed"


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("https://contoso.sharepoint.com/sites/Acme", "done"),
        ("https://contoso.sharepoint.com/sites/acme2", "failed"),
        ("https://contoso.sharepoint.com/teams/acme", "failed"),
    ],
)
def test_a_look_up_waits_until_it_is_there_and_judges_the_address(
    open_tenant: Open, url: str, state: str
) -> None:
    answers = [
        httpx.Response(200, json={"id": "i", "webUrl": url}),
        httpx.Response(404, json={"error": {"code": "Request_ResourceNotFound", "message": "x"}}),
        httpx.Response(404, json={"error": {"code": "resourceBeingProvisioned", "message": "x"}}),
    ]

    def graph(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1.0/groups/g/sites/root"
        return answers.pop()

    poll = Poll("/webUrl", ("/sites/acme",), ("*",), path="", reasons={"*": "it is at *"})
    look = Operation("graph", "GET", "/groups/g/sites/root", "site", "site", poll=poll)
    outcome = one(open_tenant(graph), look)
    assert outcome.state == state
    assert not answers
    assert state == "done" or f"it is at {url}" in outcome.message


def test_what_is_at_the_root_site_travels_alone(open_tenant: Open) -> None:
    both = Envelope(tuple(Operation("sharepoint", "POST", "/_api/x", "a", "b", at="root")
                          for _ in range(2)))  # fmt: skip

    async def go() -> None:
        async with open_tenant() as client:
            await client.write([both])

    with pytest.raises(ValueError, match="cannot travel in a batch"):
        asyncio.run(go())


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"roles": ["Sites.Create.All"]}, {"Sites.Create.All"}),
        ({}, set()),
        ({"roles": "Sites"}, set()),
        (["x"], set()),
    ],
)
def test_roles_are_read_from_a_token(claims: Any, roles: set[str]) -> None:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert _roles_in(claims_of(f"x.{middle}.y") or {}) == roles


@pytest.mark.parametrize("token", ["opaque", "a.b", "a.%%%.c", "a.aGVsbG8.c"])
def test_a_token_that_cannot_be_read_says_nothing(token: str) -> None:
    assert claims_of(token) is None
