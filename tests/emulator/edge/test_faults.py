"""Faults a test may order, on plain requests and on the parts of both kinds of batch."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from provisioner.emulator.server import RunningEmulator

Send = Callable[..., Any]
MATCH = {"path": "/sites/root"}


@pytest.fixture
def order(http: httpx.Client, emulator: RunningEmulator, token: Send) -> Send:
    """``order({"match":…, "do":…}, …)`` orders faults; the tokens were got before."""
    token("full-control", "graph")
    token("full-control", "sharepoint")

    def put(*faults: dict[str, Any]) -> None:
        answer = http.put("/_emulator/faults", json=list(faults))
        assert answer.status_code == 200, answer.text

    return put


def statuses(graph: Send, count: int, path: str = "/sites/root/permissions") -> list[int]:
    return [graph("GET", path).status_code for _ in range(count)]


def titles(emulator: RunningEmulator) -> list[str]:
    return [row["title"] for row in emulator.tenant.rows("SELECT title FROM list ORDER BY title")]


def test_a_fault_stands_in_for_the_service_in_the_words_of_graph(order: Send, graph: Send) -> None:
    """No Retry-After, as some had none: OneDrive/onedrive-api-docs#880."""
    order({"match": MATCH, "do": {"status": 503}})
    answer = graph("GET", "/sites/root")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "serviceNotAvailable"
    assert "Retry-After" not in answer.headers


def test_a_fault_speaks_the_words_of_sharepoint_and_entra(
    order: Send, rest: Send, http: httpx.Client, site: str
) -> None:
    order({"match": {"path": "_api|token"}, "do": {"status": 503, "retryAfter": 1}})
    assert "odata.error" in rest("GET", "/_api/web").json()
    answer = http.post("/common/oauth2/v2.0/token", data={"grant_type": "client_credentials"})
    assert answer.status_code == 503
    assert answer.json()["error"] == "temporarily_unavailable"
    assert answer.headers["Retry-After"] == "1"


def test_retry_after_comes_in_seconds_fractions_or_as_a_date(
    order: Send, graph: Send, http: httpx.Client
) -> None:
    """Fractional: "Microsoft Graph throttling guidance" (learn.microsoft.com/graph/throttling)."""
    http.put("/_emulator/settings", json={"clock": "2027-01-31T08:00:00Z"})
    for told, sent in ((3, "3"), (2.128, "2.128"), ("soon", "soon")):
        order({"match": MATCH, "do": {"status": 429, "retryAfter": told}})
        answer = graph("GET", "/sites/root")
        assert answer.headers["Retry-After"] == sent
        assert answer.json()["error"]["code"] == "activityLimitReached"
    order({"match": MATCH, "do": {"status": 429, "retryAfter": {"dateInSeconds": 90}}})
    when = parsedate_to_datetime(graph("GET", "/sites/root").headers["Retry-After"])
    assert when.strftime("%H:%M") == "08:01"


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({"nth": 2}, [200, 500, 200, 200]),
        ({"every": 2}, [200, 500, 200, 500]),
        ({"method": "get"}, [500, 500, 500, 500]),
        ({"method": "POST"}, [200, 200, 200, 200]),
        ({"path": "^/v1.0/SITES/[a-z]+/permissions$"}, [500, 500, 500, 500]),
        ({"path": "nowhere"}, [200, 200, 200, 200]),
    ],
)
def test_what_a_fault_matches(
    order: Send, graph: Send, match: dict[str, Any], expected: list[int]
) -> None:
    order({"match": match, "do": {"status": 500}})
    assert statuses(graph, 4) == expected


def test_a_probability_is_seeded(order: Send, graph: Send, http: httpx.Client) -> None:
    fault = {"match": {"probability": 0.5, "seed": 7}, "do": {"status": 500}}
    order(fault)
    first = statuses(graph, 12)
    assert set(first) == {200, 500}
    order(fault)
    assert statuses(graph, 12) == first
    order({"match": {"probability": 0.5, "seed": 8}, "do": {"status": 500}})
    assert statuses(graph, 12) != first


def test_faults_are_listed_with_their_hits_and_cleared(
    order: Send, graph: Send, http: httpx.Client
) -> None:
    first = {"match": {"nth": 2}, "when": "before", "do": {"status": 500}}
    order(first, {"match": {}, "do": {"delayMs": 0}})
    statuses(graph, 3)
    listed = http.get("/_emulator/faults").json()
    assert listed[0] == {**first, "seen": 3, "hits": 1}
    assert (listed[1]["seen"], listed[1]["hits"]) == (3, 2)
    assert http.delete("/_emulator/faults").status_code == 204
    assert http.get("/_emulator/faults").json() == []
    assert statuses(graph, 1) == [200]


def test_reset_takes_the_faults_away(order: Send, http: httpx.Client, graph: Send) -> None:
    order({"match": {}, "do": {"status": 500}})
    http.post("/_emulator/reset")
    assert http.get("/_emulator/faults").json() == []


def test_a_body_is_sent_as_ordered(order: Send, graph: Send) -> None:
    order({"match": MATCH, "do": {"status": 502, "body": "<html>Bad gateway</html>"}})
    answer = graph("GET", "/sites/root")
    assert answer.text == "<html>Bad gateway</html>"
    assert answer.headers["Content-Type"].startswith("text/html")
    order({"match": MATCH, "do": {"status": 409, "body": {"error": {"code": "mine"}}}})
    assert graph("GET", "/sites/root").json() == {"error": {"code": "mine"}}


def test_a_delay_delays_and_no_more(order: Send, graph: Send) -> None:
    order({"match": MATCH, "do": {"delayMs": 40}})
    answer = graph("GET", "/sites/root")
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.04


def test_before_means_that_nothing_was_done(
    order: Send, graph: Send, emulator: RunningEmulator
) -> None:
    order({"match": {"method": "POST"}, "do": {"status": 503}})
    assert graph("POST", "/sites/root/lists", {"displayName": "Ghost"}).status_code == 503
    assert "Ghost" not in titles(emulator)


@pytest.mark.parametrize("do", [{"dropResponse": True}, {"reset": True}, {"truncate": True}])
def test_after_means_that_the_work_is_done_and_the_answer_lost(
    order: Send, graph: Send, emulator: RunningEmulator, do: dict[str, Any]
) -> None:
    order({"match": {"method": "POST"}, "when": "after", "do": do})
    with pytest.raises(httpx.TransportError):
        graph("POST", "/sites/root/lists", {"displayName": "Ghost"})
    assert "Ghost" in titles(emulator)
    assert statuses(graph, 1) == [200]


def test_after_with_a_status_does_the_work_and_tells_otherwise(
    order: Send, graph: Send, emulator: RunningEmulator
) -> None:
    order({"match": {"method": "POST"}, "when": "after", "do": {"status": 504}})
    assert graph("POST", "/sites/root/lists", {"displayName": "Ghost"}).status_code == 504
    assert "Ghost" in titles(emulator)


@pytest.mark.parametrize("do", [{"dropResponse": True}, {"reset": True}])
def test_a_line_cut_before_the_work_leaves_nothing(
    order: Send, graph: Send, emulator: RunningEmulator, do: dict[str, Any]
) -> None:
    order({"match": {"method": "POST"}, "do": do})
    with pytest.raises(httpx.TransportError):
        graph("POST", "/sites/root/lists", {"displayName": "Ghost"})
    assert "Ghost" not in titles(emulator)


def test_a_truncated_answer_promises_more_than_it_holds(
    order: Send, http: httpx.Client, token: Send, emulator: RunningEmulator
) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    whole = http.get("/v1.0/sites/root", headers=headers).content
    order({"match": MATCH, "when": "after", "do": {"truncate": True}})
    with http.stream("GET", "/v1.0/sites/root", headers=headers) as answer:
        promised = int(answer.headers["Content-Length"])
        chunks = answer.iter_raw()
        got = next(chunks)
        with pytest.raises(httpx.RemoteProtocolError):
            next(chunks)
    assert abs(promised - len(whole)) < 10
    assert len(got) == promised // 2


def parts(graph: Send) -> dict[str, Any]:
    requests = [
        {"id": "1", "method": "GET", "url": "/sites/root"},
        {"id": "2", "method": "GET", "url": "/sites/root/permissions"},
    ]
    answer = graph("POST", "/$batch", {"requests": requests})
    assert answer.status_code == 200
    return {part["id"]: part for part in answer.json()["responses"]}


def test_a_fault_hits_one_part_of_a_graph_batch(order: Send, graph: Send) -> None:
    """A part carries its own 429 and Retry-After (learn.microsoft.com/graph/json-batching)."""
    order({"match": {"path": "permissions"}, "do": {"status": 429, "retryAfter": 2.5}})
    answers = parts(graph)
    assert answers["1"]["status"] == 200
    assert answers["2"]["status"] == 429
    assert answers["2"]["headers"]["Retry-After"] == "2.5"


def test_a_fault_hits_a_whole_batch(order: Send, graph: Send, emulator: RunningEmulator) -> None:
    order({"match": {"path": r"/\$batch$"}, "when": "after", "do": {"status": 503}})
    part = {"id": "1", "method": "POST", "url": "/sites/root/lists"} | {
        "headers": {"Content-Type": "application/json"},
        "body": {"displayName": "Ghost"},
    }
    assert graph("POST", "/$batch", {"requests": [part]}).status_code == 503
    assert "Ghost" in titles(emulator)


@pytest.mark.parametrize("do", [{"dropResponse": True}, {"reset": True}, {"truncate": True}])
def test_a_line_that_breaks_for_a_part_breaks_for_the_batch(
    order: Send, graph: Send, do: dict[str, Any]
) -> None:
    order({"match": {"path": "permissions"}, "when": "after", "do": do})
    with pytest.raises(httpx.TransportError):
        parts(graph)


def rest_batch(rest: Send, urls: list[str]) -> httpx.Response:
    lines = []
    for url in urls:
        lines += ["--b", "Content-Type: application/http", "", f"GET {url} HTTP/1.1", "", ""]
    return rest(
        "POST",
        "/_api/$batch",
        headers={"Content-Type": "multipart/mixed; boundary=b"},
        content="\r\n".join([*lines, "--b--", ""]).encode(),
    )


def test_a_fault_hits_one_part_of_a_rest_batch(
    order: Send, rest: Send, emulator: RunningEmulator, site: str
) -> None:
    web, lists = (f"{emulator.url}{site}/_api/web{tail}" for tail in ("", "/lists"))
    order({"match": {"path": "/lists$"}, "do": {"status": 429, "retryAfter": 3}})
    text = rest_batch(rest, [web, lists]).text
    assert "HTTP/1.1 200 OK" in text
    assert "HTTP/1.1 429 Too Many Requests" in text
    assert "Retry-After: 3" in text
    order({"match": {"path": "/lists$"}, "do": {"dropResponse": True}})
    with pytest.raises(httpx.TransportError):
        rest_batch(rest, [web, lists])


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"match": {}}, "something to do"),
        ({"match": {"header": "x"}, "do": {"status": 500}}, "header"),
        ({"match": {}, "do": {"explode": True}}, "explode"),
        ({"match": {"path": "("}, "do": {"status": 500}}, "regular expression"),
        ({"match": {"nth": 0}, "do": {"status": 500}}, "nth"),
        ({"match": {"probability": 2}, "do": {"status": 500}}, "probability"),
        ({"match": {}, "when": "never", "do": {"status": 500}}, "before or after"),
        ({"match": {}, "do": {"status": "500"}}, "status"),
        ({"match": {}, "do": {"status": True}}, "status"),
        ({"match": {}, "do": {"retryAfter": 1}}, "status"),
        ({"match": {}, "do": {"reset": True, "truncate": True}}, "one way"),
        ({"match": {}, "do": {"truncate": True}}, "nothing to truncate"),
        ({"match": {}, "do": {"status": 429, "retryAfter": {"in": 1}}}, "dateInSeconds"),
        ("x", "object"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_and_orders_nothing(
    http: httpx.Client, emulator: RunningEmulator, fault: Any, words: str
) -> None:
    answer = http.put("/_emulator/faults", json=[fault])
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert http.get("/_emulator/faults").json() == []
    assert http.put("/_emulator/faults", json={}).status_code == 400
