from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import responses

from provisioner.core.errors import Permanent, ProvisionerError, Refused, Temporary
from provisioner.core.transport import Answer, Reading
from provisioner.tenant.client import TenantClient

from .conftest import SITE, TOKEN_URL, Open, Time, Told, graph_batch

LISTS = Reading("graph", "/sites/contoso.sharepoint.com:/sites/acme:/lists", cost=2)


def read(client: TenantClient, *readings: Reading) -> dict[Reading, Answer]:
    async def go() -> dict[Reading, Answer]:
        async with client:
            return await client.read(readings)

    return asyncio.run(go())


def test_a_single_reading_is_sent_plain_and_signed_for_graph(open_tenant: Open) -> None:
    seen: list[httpx.Request] = []

    def graph(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"value": [{"date": "2026-11-22"}]})

    answers = read(open_tenant(graph), LISTS)
    assert answers[LISTS].body == {"value": [{"date": "2026-11-22"}]}
    assert [str(r.url) for r in seen] == [
        "https://graph.microsoft.com/v1.0/sites/contoso.sharepoint.com:/sites/acme:/lists"
    ]
    assert seen[0].headers["authorization"] == "Bearer tok-graph"
    assert seen[0].headers["user-agent"].startswith("NONISV|EvidenceProvisioner|provisioner/")


def test_equal_readings_are_sent_once_and_many_travel_in_batches_of_twenty(
    open_tenant: Open,
) -> None:
    sizes: list[int] = []

    def graph(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1.0/$batch"
        sizes.append(len(json.loads(request.content)["requests"]))
        return graph_batch(request, lambda part: {"status": 200, "body": {"url": part["url"]}})

    client = open_tenant(graph)
    readings = [Reading("graph", f"/sites/{n}", cost=2) for n in range(40)]
    answers = read(client, *readings, *readings)
    assert sorted(sizes) == [20, 20]
    assert {r.path: a.body["url"] for r, a in answers.items()} == {r.path: r.path for r in readings}
    assert (client.stats.requests, client.stats.resource_units) == (40, 80)


def test_sharepoint_readings_travel_in_one_multipart_batch(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    sent: list[Any] = []

    def batch(request: Any) -> tuple[int, dict[str, str], str]:
        sent.append(request)
        parts = [
            "--r\nContent-Type: application/http\n\nHTTP/1.1 200 OK\n"
            f"Content-Type: application/json\n\n{json.dumps({'n': n})}"
            for n in range(2)
        ]
        headers = {"Content-Type": "multipart/mixed; boundary=r"}
        return 200, headers, "\n".join([*parts, "--r--"])

    wire.add_callback(responses.POST, f"{SITE}/_api/$batch", batch)
    web, lists = Reading("sharepoint", "/_api/web"), Reading("sharepoint", "/_api/web/lists")
    answers = read(open_tenant(), web, lists)
    assert [answers[web].body, answers[lists].body] == [{"n": 0}, {"n": 1}]
    body = sent[0].body.decode()
    assert f"GET {SITE}/_api/web HTTP/1.1\r\nAccept: application/json;odata=nometadata" in body
    assert sent[0].headers["Authorization"] == "Bearer tok-sharepoint"
    assert sent[0].headers["User-Agent"].startswith("NONISV|")
    assert "tok-" not in body
    urls = [call.request.url for call in wire.calls]
    assert not any("contextinfo" in str(url).lower() for url in urls), "no digest is fetched"


def test_every_page_is_followed_and_the_delta_link_kept(open_tenant: Open) -> None:
    base = "https://graph.microsoft.com/v1.0/drives/d/root/delta"

    def graph(request: httpx.Request) -> httpx.Response:
        token = request.url.params.get("token", "")
        body: dict[str, Any] = {"value": [{"id": token or "first"}]}
        follow = {"": "a", "a": "b"}.get(token)
        if follow:
            body["@odata.nextLink"] = f"{base}?token={follow}"
        else:
            body["@odata.deltaLink"] = f"{base}?token=end"
        return httpx.Response(200, json=body)

    reading = Reading("graph", "/drives/d/root/delta", pages=True)
    body = read(open_tenant(graph), reading)[reading].body
    assert [row["id"] for row in body["value"]] == ["first", "a", "b"]
    assert body["@odata.deltaLink"] == f"{base}?token=end"
    assert "@odata.nextLink" not in body


def test_pages_of_sharepoint_are_followed_too(
    open_tenant: Open, wire: responses.RequestsMock
) -> None:
    wire.get(
        f"{SITE}/_api/web/lists",
        json={"value": [1], "odata.nextLink": f"{SITE}/_api/web/lists2?$skiptoken=Paged=TRUE"},
    )
    wire.get(f"{SITE}/_api/web/lists2", json={"value": [2]})
    reading = Reading("sharepoint", "/_api/web/lists", pages=True)
    assert read(open_tenant(), reading)[reading].body == {"value": [1, 2]}


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/next",
        "https://graph.microsoft.com:8443/v1.0/next",
        "http://graph.microsoft.com/v1.0/next",
        "https://graph.microsoft.com@evil.example/v1.0/next",
        "//evil.example/next",
    ],
)
def test_a_next_link_to_another_host_gets_neither_request_nor_token(
    open_tenant: Open, link: str
) -> None:
    hosts: list[str] = []

    def graph(request: httpx.Request) -> httpx.Response:
        hosts.append(str(request.url.copy_with(path="/", query=None)))
        return httpx.Response(200, json={"value": [], "@odata.nextLink": link})

    with pytest.raises(Permanent) as caught:
        read(open_tenant(graph), Reading("graph", "/sites/x/lists", pages=True))
    assert caught.value.code == "HOST-MISMATCH"
    assert set(hosts) == {"https://graph.microsoft.com/"}
    assert len(hosts) == 1


def test_pages_that_go_round_in_a_circle_are_noticed(open_tenant: Open) -> None:
    def graph(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"value": [1], "@odata.nextLink": str(request.url)})

    with pytest.raises(Permanent) as caught:
        read(open_tenant(graph), Reading("graph", "/sites/x/lists", pages=True))
    assert caught.value.code == "PAGES-REPEAT"


def test_a_download_follows_its_redirect_without_the_token(open_tenant: Open) -> None:
    seen: list[tuple[str, str | None]] = []

    def graph(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.host, request.headers.get("authorization")))
        if request.url.host == "graph.microsoft.com":
            return httpx.Response(302, headers={"Location": "https://files.example/f?tempauth=x"})
        return httpx.Response(200, content=b"\x00bytes")

    async def go() -> bytes | None:
        async with open_tenant(graph) as client:
            return await client.download("/drives/d/items/1/content")

    assert asyncio.run(go()) == b"\x00bytes"
    assert seen == [("graph.microsoft.com", "Bearer tok-graph"), ("files.example", None)]


def test_a_download_that_does_not_end_is_broken_off(
    open_tenant: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provisioner.tenant.graph._LARGEST_IN_MEMORY", 1000)
    monkeypatch.setattr("provisioner.tenant.graph._LARGEST_FILE", 2000)

    def graph(request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.microsoft.com":
            return httpx.Response(302, headers={"Location": "https://files.example/x"})
        return httpx.Response(200, content=b"x" * 3000)

    async def go(save: bool) -> None:
        async with open_tenant(graph) as client:
            path = "/drives/d/items/1/content"
            await (client.save(path, io.BytesIO()) if save else client.download(path))

    for save in (False, True):
        with pytest.raises(ProvisionerError) as caught:
            asyncio.run(go(save))
        assert caught.value.code == "DOWNLOAD-TOO-LARGE"


def test_a_download_is_not_followed_to_plain_http(open_tenant: Open) -> None:
    def graph(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        return httpx.Response(302, headers={"Location": "http://files.example/f"})

    async def go() -> None:
        async with open_tenant(graph) as client:
            await client.download("/drives/d/items/1/content")

    with pytest.raises(Permanent) as caught:
        asyncio.run(go())
    assert caught.value.code == "HOST-MISMATCH"


def test_a_file_that_is_not_there_downloads_as_none(open_tenant: Open) -> None:
    async def go() -> bytes | None:
        async with open_tenant(lambda _: httpx.Response(404, json={})) as client:
            return await client.download("/drives/d/root:/ledger.json:/content")

    assert asyncio.run(go()) is None


class Broken(httpx.AsyncByteStream):
    """A file whose connection breaks off after its first bytes."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"half of"
        raise httpx.ReadError("connection reset")


def test_a_file_is_saved_whole_though_the_line_broke_midway(open_tenant: Open) -> None:
    whole = b"x" * 1_000_000
    tokens: list[str | None] = []

    def graph(request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.microsoft.com":
            return httpx.Response(302, headers={"Location": "https://files.example/f?tempauth=x"})
        tokens.append(request.headers.get("authorization"))
        return (
            httpx.Response(200, stream=Broken())
            if len(tokens) == 1
            else httpx.Response(200, content=whole)
        )

    target = io.BytesIO(b"what was here before, which is longer than nothing")

    async def go() -> int | None:
        async with open_tenant(graph) as client:
            return await client.save("/drives/d/items/1/content", target)

    assert asyncio.run(go()) == len(whole)
    assert target.getvalue() == whole
    assert tokens == [None, None]


def test_saving_says_what_was_answered_instead_of_a_file(open_tenant: Open) -> None:
    def save(answer: httpx.Response) -> int | None:
        async def go() -> int | None:
            async with open_tenant(lambda _: answer) as client:
                return await client.save("/drives/d/items/1/content", target)

        return asyncio.run(go())

    target = io.BytesIO()
    assert save(httpx.Response(404, json={})) is None
    assert save(httpx.Response(200, content=b"no redirect")) == len(b"no redirect")
    assert target.getvalue() == b"no redirect"
    with pytest.raises(Refused):
        save(httpx.Response(403, json={"error": {"code": "accessDenied", "message": "no"}}))


def throttled_once(headers: dict[str, str], status: int = 429) -> Callable[..., httpx.Response]:
    left = [httpx.Response(status, headers=headers, json={"error": {"code": "busy"}})]

    def graph(_request: httpx.Request) -> httpx.Response:
        return left.pop() if left else httpx.Response(200, json={"value": []})

    return graph


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "2.128"}, 2.128),
        ({"Retry-After": "5", "RateLimit-Reset": "31"}, 31.0),
        ({"Retry-After": "40", "RateLimit-Reset": "31"}, 40.0),
        # The clock here says 12:00:00; the answer's own Date counts.
        (
            {
                "Retry-After": "Sun, 22 Nov 2026 15:00:09 GMT",
                "Date": "Sun, 22 Nov 2026 15:00:00 GMT",
            },
            9.0,
        ),
        ({"Retry-After": "Sun, 22 Nov 2026 12:00:05 GMT"}, 5.0),
    ],
)
def test_a_throttled_read_waits_as_long_as_it_is_asked_to(
    open_tenant: Open, time: Time, told: Told, headers: dict[str, str], waits: float
) -> None:
    client = open_tenant(throttled_once(headers))
    assert read(client, LISTS)[LISTS].status == 200
    assert time.slept == [waits]
    assert client.stats.throttled_seconds == pytest.approx(waits)
    assert client.stats.retries == 1
    assert client.stats.resource_units == 4, "a throttled call counts against the limit too"
    assert told.waits == [(waits, "Microsoft 365 is busy (HTTP 429).")]


@pytest.mark.parametrize(
    "headers", [{}, {"Retry-After": "soon"}, {"Retry-After": f"22 Nov {9**30} 12:00:00 GMT"}]
)
def test_without_a_time_it_waits_one_to_two_seconds_and_then_longer(
    open_tenant: Open, time: Time, headers: dict[str, str]
) -> None:
    answers = [httpx.Response(200, json={})] + [
        httpx.Response(503, headers=headers) for _ in range(3)
    ]
    read(open_tenant(lambda _: answers.pop()), LISTS)
    assert len(time.slept) == 3
    for slept, longest in zip(time.slept, (2, 4, 8), strict=True):
        assert longest / 2 <= slept <= longest


def test_at_once_means_at_once(open_tenant: Open, time: Time) -> None:
    answers = [httpx.Response(200, json={}), httpx.Response(503, headers={"Retry-After": "0"})]
    read(open_tenant(lambda _: answers.pop()), LISTS)
    assert time.slept == [0]


def test_a_wait_beyond_the_deadline_is_not_begun(open_tenant: Open, time: Time) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": "400"})

    with pytest.raises(Temporary) as caught:
        read(open_tenant(graph), LISTS)
    assert caught.value.code == "THROTTLED"
    assert caught.value.retry_after == 400
    assert "400 s" in caught.value.message
    assert time.slept == []


def test_at_the_deadline_it_gives_up(open_tenant: Open, time: Time) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": "40"})

    with pytest.raises(Temporary):
        read(open_tenant(graph, deadline=100), LISTS)
    assert time.slept == [40, 40]


def test_only_the_throttled_parts_of_a_batch_are_asked_again(open_tenant: Open, time: Time) -> None:
    asked: list[list[str]] = []

    def graph(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("$batch"):
            asked.append([request.url.path.removeprefix("/v1.0")])
            return httpx.Response(200, json={"late": True})
        parts = json.loads(request.content)["requests"]
        asked.append([part["url"] for part in parts])

        def answer(part: dict[str, Any]) -> dict[str, Any]:
            nine = "Sun, 22 Nov 2026 15:00:09 GMT"
            busy = {"/sites/1": "3.5", "/sites/2": nine} if len(asked) == 1 else {"/sites/2": "1"}
            if part["url"] in busy:
                return {"status": 429, "headers": {"Retry-After": busy[part["url"]]}}
            return {"status": 200, "body": {}}

        whole = graph_batch(request, answer)
        whole.headers["Date"] = "Sun, 22 Nov 2026 15:00:00 GMT"  # our clock is three hours behind
        return whole

    client = open_tenant(graph)
    read(client, *(Reading("graph", f"/sites/{n}") for n in range(4)))
    assert asked == [
        ["/sites/0", "/sites/1", "/sites/2", "/sites/3"],
        ["/sites/1", "/sites/2"],
        ["/sites/2"],
    ]
    assert time.slept == [9, 1]
    assert client.stats.retries == 3


def test_a_read_whose_connection_breaks_is_sent_again(open_tenant: Open, time: Time) -> None:
    left: list[Exception] = [httpx.ReadError("reset"), httpx.RemoteProtocolError("gone")]

    def graph(_request: httpx.Request) -> httpx.Response:
        if left:
            raise left.pop()
        return httpx.Response(200, json={})

    assert read(open_tenant(graph), LISTS)[LISTS].status == 200
    assert sum(time.slept) < 2


def test_a_host_that_refuses_connections_is_named_with_a_next_step(open_tenant: Open) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno 111] Connection refused")

    with pytest.raises(Temporary) as caught:
        read(open_tenant(graph), LISTS)
    assert "graph.microsoft.com" in caught.value.message
    assert "HTTPS_PROXY" in caught.value.hint


def test_a_missing_permission_is_refused_with_the_permission_to_ask_for(
    open_tenant: Open,
) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        body = {
            "error": {
                "code": "accessDenied",
                "message": "Access denied",
                "innerError": {"request-id": "req-1"},
            }
        }
        return httpx.Response(403, json=body)

    with pytest.raises(Refused) as caught:
        read(open_tenant(graph), Reading("graph", "/sites/x", permission="Sites.Selected"))
    error = caught.value
    assert (error.code, error.exit_code, error.request_id) == ("PERMISSION-MISSING", 3, "req-1")
    assert "accessDenied: Access denied" in error.message
    assert "Sites.Selected" in error.hint
    assert "https://contoso.sharepoint.com/sites/acme" in error.hint


def test_a_site_that_is_not_there_is_said_in_a_sentence(open_tenant: Open) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            404,
            json={
                "error": {"code": "itemNotFound", "message": "Requested site could not be found"}
            },
        )

    with pytest.raises(ProvisionerError) as caught:
        read(open_tenant(graph), Reading("graph", "/sites/contoso.sharepoint.com:/sites/acme"))
    assert caught.value.code == "SITE-NOT-FOUND"
    assert "https://contoso.sharepoint.com/sites/acme" in caught.value.message
    assert caught.value.hint


def test_a_404_is_an_answer_where_absence_is_allowed(open_tenant: Open) -> None:
    reading = Reading("graph", "/sites/x/lists/y", absent_ok=True)
    answers = read(open_tenant(lambda _: httpx.Response(404, json={"error": {}})), reading)
    assert answers[reading] == Answer(404, None, answers[reading].headers)


def test_a_404_that_means_not_yet_is_asked_again(open_tenant: Open, time: Time) -> None:
    message = "Resource provisioning is in progress. Please try again."
    answers = [
        httpx.Response(200, json={"id": "d"}),
        httpx.Response(404, json={"error": {"code": "ResourceNotFound", "message": message}}),
    ]
    reading = Reading("graph", "/groups/g/drive", absent_ok=True)
    assert read(open_tenant(lambda _: answers.pop()), reading)[reading].body == {"id": "d"}
    assert len(time.slept) == 1


def test_a_delta_token_that_is_too_old_is_an_answer(open_tenant: Open) -> None:
    reading = Reading("graph", "/drives/d/root/delta?token=old", pages=True)
    body = {"error": {"code": "resyncChangesApplyDifferences"}}
    assert (
        read(open_tenant(lambda _: httpx.Response(410, json=body)), reading)[reading].status == 410
    )


def test_a_page_of_html_from_a_proxy_never_shows_a_token(open_tenant: Open) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJncmFwaCJ9.c2lnbmF0dXJl"

    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, text=f"<p>bad {token} {'x' * 900}</p>")

    with pytest.raises(Permanent) as caught:
        read(open_tenant(graph), LISTS)
    assert token not in str(caught.value)
    assert len(caught.value.message) < 500


def test_a_refused_batch_is_one_error_for_all_its_parts(open_tenant: Open) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"error": {"code": "InvalidAuthenticationToken"}})

    absent = [Reading("graph", f"/sites/{n}", absent_ok=True) for n in range(2)]
    with pytest.raises(Refused) as caught:
        read(open_tenant(graph), *absent)
    assert caught.value.code == "SIGN-IN-NOT-ACCEPTED"


def test_a_token_the_service_no_longer_takes_is_renewed_once(
    open_tenant: Open, wire: responses.RequestsMock, time: Time
) -> None:
    statuses = [200, 401, 200]

    def graph(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(statuses.pop(), json={})

    async def go() -> None:
        async with open_tenant(graph) as client:
            await client.read([LISTS])
            time.now += 600
            await client.read([LISTS])

    asyncio.run(go())
    assert statuses == []
    assert [str(call.request.url) for call in wire.calls].count(TOKEN_URL) == 2


def test_a_fresh_token_that_is_refused_is_not_asked_for_again(open_tenant: Open) -> None:
    sent = []

    def graph(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(401, json={})

    with pytest.raises(Refused):
        read(open_tenant(graph), LISTS)
    assert len(sent) == 1


def test_a_netrc_file_does_not_take_the_place_of_the_token(
    open_tenant: Open,
    wire: responses.RequestsMock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine contoso.sharepoint.com login me password mine\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    wire.get(f"{SITE}/_api/web", json={})
    read(open_tenant(), Reading("sharepoint", "/_api/web"))
    assert wire.calls[-1].request.headers["Authorization"] == "Bearer tok-sharepoint"


def test_file_content_and_beta_travel_outside_the_batch(open_tenant: Open) -> None:
    paths: list[str] = []

    def graph(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        if request.url.path.endswith("$batch"):
            return graph_batch(request, lambda _part: {"status": 200, "body": {}})
        return httpx.Response(200, content=b"{}", headers={"Content-Type": "application/json"})

    content = Reading("graph", "/drives/d/items/1/content")
    answers = read(
        open_tenant(graph),
        content,
        Reading("graph", "/beta/sites/x"),
        Reading("graph", "/sites/1"),
        Reading("graph", "/sites/2"),
    )
    assert sorted(paths) == ["/beta/sites/x", "/v1.0/$batch", "/v1.0/drives/d/items/1/content"]
    assert answers[content].body == b"{}", "a file stays bytes, whatever is in it"
