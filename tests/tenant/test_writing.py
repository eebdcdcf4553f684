from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
import requests
import responses

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Envelope, Operation, Outcome, Poll
from provisioner.tenant.client import TenantClient

from .conftest import SITE, Open, Time, graph_batch


def post(n: int, **more: Any) -> Operation:
    return Operation("graph", "POST", f"/sites/s/lists/{n}", f"list:{n}", "site", {"n": n}, **more)


def rest(method: Any, path: str, body: Any = None, **more: Any) -> Operation:
    return Operation("sharepoint", method, path, "list:a", "list:a", body, **more)


def write(client: TenantClient, *envelopes: Envelope) -> list[list[Outcome]]:
    async def go() -> list[list[Outcome]]:
        async with client:
            return await client.write(envelopes)

    return asyncio.run(go())


def one(client: TenantClient, operation: Operation) -> Outcome:
    return write(client, Envelope((operation,)))[0][0]


def test_a_sequential_envelope_is_one_chained_batch(open_tenant: Open) -> None:
    sent: list[Any] = []

    def graph(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["requests"])
        return graph_batch(request, lambda p: {"status": 201, "body": {"id": p["body"]["n"]}})

    outcomes = write(open_tenant(graph), Envelope((post(0), post(1), post(2)), sequential=True))[0]
    assert [(o.state, o.status, o.body) for o in outcomes] == [
        ("done", 201, {"id": n}) for n in range(3)
    ]
    assert len(sent) == 1
    assert [part.get("dependsOn") for part in sent[0]] == [None, ["1"], ["2"]]
    assert all(part["headers"]["Content-Type"] == "application/json" for part in sent[0])


def test_after_a_failure_the_rest_of_the_chain_is_skipped(open_tenant: Open) -> None:
    def graph(request: httpx.Request) -> httpx.Response:
        def answer(part: dict[str, Any]) -> dict[str, Any]:
            if part["body"]["n"] == 0:
                return {"status": 201, "body": {}}
            if part["body"]["n"] == 1:
                error = {"code": "nameAlreadyExists", "message": "Name already exists"}
                return {"status": 409, "body": {"error": error}, "headers": {"request-id": "r"}}
            return {"status": 424, "body": {"error": {"code": "failedDependency"}}}

        return graph_batch(request, answer)

    outcomes = write(open_tenant(graph), Envelope((post(0), post(1), post(2)), sequential=True))[0]
    assert [o.state for o in outcomes] == ["done", "failed", "skipped"]
    assert (outcomes[1].code, outcomes[1].request_id) == ("nameAlreadyExists", "r")
    assert "Name already exists" in outcomes[1].message


def test_a_throttled_chain_goes_on_from_where_it_stopped(open_tenant: Open, time: Time) -> None:
    sent: list[list[int]] = []

    def graph(request: httpx.Request) -> httpx.Response:
        numbers = [part["body"]["n"] for part in json.loads(request.content)["requests"]]
        sent.append(numbers)

        def answer(part: dict[str, Any]) -> dict[str, Any]:
            n = part["body"]["n"]
            if len(sent) == 1 and n >= 1:
                return {"status": 429 if n == 1 else 424, "headers": {"Retry-After": "4"}}
            return {"status": 201, "body": {}}

        return graph_batch(request, answer)

    client = open_tenant(graph)
    outcomes = write(client, Envelope((post(0), post(1), post(2)), sequential=True))[0]
    assert [o.state for o in outcomes] == ["done"] * 3
    assert sent == [[0, 1, 2], [1, 2]]
    assert time.slept == [4]
    assert client.stats.retries == 2


def test_a_tolerated_refusal_does_not_stop_the_chain(open_tenant: Open, time: Time) -> None:
    sent: list[list[int]] = []

    def graph(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("$batch"):
            sent.append([2])
            return httpx.Response(201, json={})
        numbers = [part["body"]["n"] for part in json.loads(request.content)["requests"]]
        sent.append(numbers)
        status = {0: 201, 1: 404, 2: 424}
        return graph_batch(request, lambda p: {"status": status[p["body"]["n"]]})

    chain = Envelope((post(0), post(1, tolerates=(404,)), post(2)), sequential=True)
    outcomes = write(open_tenant(graph), chain)[0]
    assert [(o.state, o.status) for o in outcomes] == [("done", 201), ("done", 404), ("done", 201)]
    assert sent == [[0, 1, 2], [2]]
    assert sum(time.slept) == 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_that_was_turned_away_is_sent_again(
    open_tenant: Open, time: Time, status: int
) -> None:
    answers = [
        httpx.Response(201, json={"id": "1"}),
        httpx.Response(status, headers={"Retry-After": "1.5"}),
    ]
    outcome = one(open_tenant(lambda _: answers.pop()), post(1))
    assert (outcome.state, outcome.body) == ("done", {"id": "1"})
    assert time.slept == [1.5]


@pytest.mark.parametrize("status", [502, 504])
def test_a_write_that_a_gateway_gave_up_on_is_unknown_and_sent_once(
    open_tenant: Open, status: int
) -> None:
    sent = []

    def graph(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(status)

    assert one(open_tenant(graph), post(1)).state == "unknown"
    assert len(sent) == 1


@pytest.mark.parametrize("lost", [httpx.ReadError("reset"), httpx.ReadTimeout("slow")])
def test_a_write_without_an_answer_is_unknown_and_sent_once(
    open_tenant: Open, lost: httpx.HTTPError
) -> None:
    sent = []

    def graph(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise lost

    outcome = one(open_tenant(graph), post(1))
    assert (outcome.state, outcome.code) == ("unknown", "NO-ANSWER")
    assert "look before sending again" in outcome.message
    assert len(sent) == 1


def test_a_lost_sharepoint_answer_is_unknown_too(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    wire.post(f"{SITE}/_api/web/lists", body=requests.ConnectionError("Connection aborted."))
    assert one(open_tenant(), rest("POST", "/_api/web/lists", {"Title": "a"})).state == "unknown"
    assert len([c for c in wire.calls if "/_api/" in str(c.request.url)]) == 1


def test_a_lost_batch_leaves_every_part_unknown(open_tenant: Open) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("gone")

    outcomes = write(open_tenant(graph), Envelope((post(0), post(1)), sequential=True))[0]
    assert [o.state for o in outcomes] == ["unknown", "unknown"]


def test_a_part_that_timed_out_is_unknown_and_what_follows_is_skipped(open_tenant: Open) -> None:
    def graph(request: httpx.Request) -> httpx.Response:
        return graph_batch(request, lambda p: {"status": 504 if p["body"]["n"] == 0 else 424})

    outcomes = write(open_tenant(graph), Envelope((post(0), post(1)), sequential=True))[0]
    assert [o.state for o in outcomes] == ["unknown", "skipped"]


def test_a_write_that_never_left_is_failed_and_says_that_nothing_was_sent(
    open_tenant: Open, time: Time
) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    outcome = one(open_tenant(graph), post(1))
    assert (outcome.state, outcome.code) == ("failed", "NOT-SENT")
    assert len(time.slept) == 3


def test_at_the_deadline_a_throttled_write_is_failed(open_tenant: Open) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": "60"})

    outcome = one(open_tenant(graph, deadline=30), post(1))
    assert (outcome.state, outcome.status, outcome.code) == ("failed", 429, "THROTTLED")


def test_a_refused_write_says_which_permission_it_needs(open_tenant: Open) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={"error": {"code": "accessDenied", "message": "No"}})

    outcome = one(open_tenant(graph), post(1, permission="Sites.Manage.All"))
    assert (outcome.state, outcome.code) == ("failed", "PERMISSION-MISSING")
    assert "Sites.Manage.All" in outcome.message


def test_merge_and_delete_are_tunnelled_with_if_match(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    sent: list[Any] = []

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        sent.append(request)
        return 204, {}, ""

    url = f"{SITE}/_api/web/lists(guid'1')"
    wire.add_callback(responses.POST, url, answer)
    path = "/_api/web/lists(guid'1')"
    outcomes = write(
        open_tenant(),
        Envelope((rest("MERGE", path, {"Description": "d"}),)),
        Envelope((rest("DELETE", path, headers={"If-Match": '"3"'}),)),
    )
    assert [o[0].state for o in outcomes] == ["done", "done"]
    by_method = {r.headers["X-HTTP-Method"]: r for r in sent}
    assert by_method["MERGE"].headers["If-Match"] == "*"
    assert by_method["MERGE"].headers["Content-Type"] == "application/json;odata=nometadata"
    assert json.loads(by_method["MERGE"].body) == {"Description": "d"}
    assert by_method["DELETE"].headers["If-Match"] == '"3"'
    assert "X-RequestDigest" not in by_method["DELETE"].headers


def test_only_the_throttled_parts_of_a_sharepoint_batch_are_sent_again(
    open_tenant: Open, wire: responses.RequestsMock, time: Time
) -> None:
    bodies: list[str] = []

    def batch(request: Any) -> tuple[int, dict[str, str], str]:
        bodies.append(request.body.decode())
        first = len(bodies) == 1
        statuses = ["201 Created", "503 Busy", "429 Busy"] if first else ["201 Created"] * 2
        parts = [
            f"--r\nContent-Type: application/http\n\nHTTP/1.1 {status}\nRetry-After: {wait}\n\n"
            for wait, status in zip(("0", "1", by_service.format("09")), statuses, strict=False)
        ]
        headers = {"Content-Type": "multipart/mixed; boundary=r", "Date": by_service.format("07")}
        return 200, headers, "\n".join([*parts, "--r--"])

    by_service = "Sun, 22 Nov 2026 15:00:{} GMT"  # three hours ahead of the clock here
    wire.add_callback(responses.POST, f"{SITE}/_api/$batch", batch)
    parts = tuple(rest("POST", f"/_api/web/lists/{n}", {"n": n}) for n in range(3))
    outcomes = write(open_tenant(), Envelope(parts))[0]
    assert [o.state for o in outcomes] == ["done"] * 3
    assert [body.count("HTTP/1.1") for body in bodies] == [3, 2]
    assert "/lists/0 " not in bodies[1]
    assert time.slept == [2]


def test_a_sharepoint_batch_with_an_answer_missing_is_unknown_as_a_whole(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    wire.post(
        f"{SITE}/_api/$batch",
        body="--r\nContent-Type: application/http\n\nHTTP/1.1 201 Created\n\n\n--r--",
        content_type="multipart/mixed; boundary=r",
    )
    parts = tuple(rest("POST", f"/_api/web/lists/{n}", {}) for n in range(2))
    assert [o.state for o in write(open_tenant(), Envelope(parts))[0]] == ["unknown", "unknown"]


def test_a_sharepoint_redirect_is_not_followed(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    wire.post(f"{SITE}/_api/web/lists", status=302, headers={"Location": "https://evil.example/"})
    outcome = one(open_tenant(), rest("POST", "/_api/web/lists", {}))
    assert (outcome.state, outcome.status) == ("failed", 302)
    assert not any("evil" in str(call.request.url) for call in wire.calls)


def test_an_accepted_creation_is_followed_to_its_end(open_tenant: Open, time: Time) -> None:
    monitor = "https://graph.microsoft.com/beta/sites/getOperationStatus('1')"
    states = ["succeeded", "running"]

    def graph(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            assert request.url.path == "/beta/sites"
            return httpx.Response(202, headers={"Location": monitor, "Retry-After": "5"})
        assert str(request.url) == monitor
        return httpx.Response(200, json={"status": states.pop(), "resourceId": "s"})

    create = Operation("graph", "POST", "/beta/sites", "site", "site", {}, poll=Poll(), alone=True)
    outcome = one(open_tenant(graph), create)
    assert (outcome.state, outcome.body["resourceId"]) == ("done", "s")
    assert time.slept == [5, 2]


def test_an_accepted_creation_that_fails_says_why(open_tenant: Open) -> None:
    def graph(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(202, headers={"Location": "/beta/operations/1"})
        return httpx.Response(
            200, json={"status": "failed", "error": {"code": "quota", "message": "No room"}}
        )

    create = Operation("graph", "POST", "/beta/sites", "site", "site", {}, poll=Poll(), alone=True)
    outcome = one(open_tenant(graph), create)
    assert (outcome.state, outcome.code) == ("failed", "quota")
    assert "No room" in outcome.message


def test_the_place_to_ask_must_be_on_the_same_host(open_tenant: Open) -> None:
    hosts = []

    def graph(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(202, headers={"Location": "https://evil.example/monitor"})

    create = Operation("graph", "POST", "/beta/sites", "site", "site", {}, poll=Poll(), alone=True)
    assert one(open_tenant(graph), create).state == "unknown"
    assert hosts == ["graph.microsoft.com"]


def test_an_upload_sends_the_bytes_and_the_version_it_replaces(open_tenant: Open) -> None:
    seen: list[httpx.Request] = []

    def graph(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(412, json={"error": {"code": "resourceModified", "message": "x"}})

    async def go() -> Outcome:
        async with open_tenant(graph) as client:
            return await client.upload("/drives/d/root:/a.json:/content", b"{}", if_match='"1"')

    outcome = asyncio.run(go())
    assert (outcome.state, outcome.status, outcome.code) == ("failed", 412, "resourceModified")
    assert (seen[0].method, seen[0].content, seen[0].headers["if-match"]) == ("PUT", b"{}", '"1"')
    assert seen[0].headers["content-type"] == "application/octet-stream"


def test_a_large_upload_says_its_length(open_tenant: Open) -> None:
    """It is sent in pieces, and of those alone a service could not tell where they end."""
    data, seen = bytes(1 << 20), list[httpx.Request]()

    def graph(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": "1"})

    async def go() -> Outcome:
        async with open_tenant(graph) as client:
            return await client.upload("/drives/d/root:/a.json:/content", data)

    assert asyncio.run(go()).state == "done"
    assert seen[0].headers["content-length"] == str(len(data))
    assert "transfer-encoding" not in seen[0].headers
    assert seen[0].content == data


def test_at_most_so_many_requests_are_under_way(open_tenant: Open) -> None:
    under_way, most = 0, 0

    async def graph(_request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return httpx.Response(201, json={})

    write(open_tenant(graph), *(Envelope((post(n),)) for n in range(20)))
    assert 1 < most <= 6


def test_a_secret_is_refused_for_sharepoint_before_anything_is_sent(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    client = open_tenant(lambda _: httpx.Response(201), method="secret", secret="s3cret")
    with pytest.raises(Refused) as caught:
        write(client, Envelope((rest("POST", "/_api/web/lists", {}),)))
    assert caught.value.code == "SHAREPOINT-NEEDS-CERTIFICATE"
    assert len(wire.calls) == 0


def test_a_device_code_that_nobody_can_see_is_refused(open_tenant: Open) -> None:
    client = open_tenant(lambda _: httpx.Response(201), method="device-code")
    with pytest.raises(ProvisionerError) as caught:
        write(client, Envelope((post(1),)))
    assert (caught.value.code, caught.value.exit_code) == ("SIGN-IN-NEEDS-A-PERSON", 3)


@pytest.mark.parametrize(
    "envelope",
    [
        Envelope(tuple(post(n) for n in range(21)), sequential=True),
        Envelope((post(0), post(1, alone=True))),
        Envelope((rest("POST", "/_api/a"), rest("POST", "/_api/b")), sequential=True),
        Envelope((post(0), rest("POST", "/_api/b"))),
    ],
)
def test_an_envelope_that_no_batch_can_carry_is_a_mistake_of_ours(
    open_tenant: Open, envelope: Envelope
) -> None:
    with pytest.raises(ValueError, match=r"envelope|batch"):
        write(open_tenant(lambda _: httpx.Response(200)), envelope)
