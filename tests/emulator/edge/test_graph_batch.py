from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provisioner.emulator.seeds import identifier
from provisioner.emulator.server import RunningEmulator

Send = Callable[..., Any]

SYNC = identifier("app:sync")


def part(
    number: int, method: str = "GET", url: str = "/sites/root/permissions", **more: Any
) -> dict[str, Any]:
    return {"id": str(number), "method": method, "url": url, **more}


def post(number: int, url: str, body: Any, **more: Any) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    return part(number, "POST", url, headers=headers, body=body, **more)


def grant_body(role: str = "read") -> dict[str, Any]:
    return {"roles": [role], "grantedToIdentities": [{"application": {"id": SYNC}}]}


@pytest.fixture
def batch(graph: Send) -> Send:
    def send(*parts: dict[str, Any], app: str = "full-control") -> httpx.Response:
        return graph("POST", "/$batch", {"requests": list(parts)}, app=app)

    return send


def by_id(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return {response["id"]: response for response in answer.json()["responses"]}


def test_each_part_has_its_own_status_and_body(batch: Send) -> None:
    answers = by_id(batch(part(1), post(2, "/sites/root/permissions", grant_body("manage"))))
    assert answers["1"]["status"] == 200
    assert answers["1"]["body"] == {"value": []}
    assert answers["2"]["status"] == 400
    assert answers["2"]["body"]["error"]["message"] == "Invalid value for role"


def test_more_than_twenty_requests_are_refused(batch: Send) -> None:
    """Source: learn.microsoft.com/graph/json-batching."""
    assert batch(*(part(n) for n in range(20))).status_code == 200
    assert batch(*(part(n) for n in range(21))).status_code == 400


def test_ids_that_differ_only_in_case_are_refused(batch: Send) -> None:
    """learn.microsoft.com/graph/json-batching: ids are unique, whatever their case."""
    assert batch(part("a"), part("A")).status_code == 400


@pytest.mark.parametrize(
    "bad",
    [
        part(1, url="https://graph.microsoft.com/v1.0/sites/root"),
        part(1, method="FETCH"),
        part(""),
        part(1, "POST", body={}),
        part(1, url="/$batch"),
        part(1, dependsOn=["7"]),
        part(1, "POST", headers={"Content-Type": "text/plain"}, body="not base64!"),
    ],
    ids=["absolute", "method", "no id", "no content type", "nested", "unknown dependency", "text"],
)
def test_a_malformed_request_refuses_the_whole_batch(
    batch: Send, http: httpx.Client, emulator: RunningEmulator, bad: dict[str, Any]
) -> None:
    http.delete("/_emulator/requests")
    assert batch(part(0), bad).status_code == 400
    assert len(http.get("/_emulator/requests").json()) == 1


@pytest.mark.parametrize("payload", [b"[]", b"{}", b'{"requests": []}', b"{"])
def test_a_payload_that_is_no_batch_is_refused(graph: Send, payload: bytes) -> None:
    answer = graph("POST", "/$batch", content=payload)
    assert answer.status_code == 400


def test_depends_on_in_some_parts_only_is_refused(batch: Send) -> None:
    """Either fully sequential or fully parallel (learn.microsoft.com Q&A 1532547)."""
    parts = [part(1), part(2, dependsOn=["1"]), part(3)]
    assert batch(*parts).status_code == 400


def test_what_depends_on_a_failure_answers_424(batch: Send, emulator: RunningEmulator) -> None:
    """learn.microsoft.com/graph/json-batching: "424 (Failed Dependency)"."""
    parts = [
        part(1),
        post(2, "/sites/root/permissions", grant_body("fullcontrol"), dependsOn=["1"]),
        post(3, "/sites/root/permissions", grant_body(), dependsOn=["2"]),
        part(4, dependsOn=["3"]),
    ]
    answers = by_id(batch(*parts))
    assert [answers[n]["status"] for n in "1234"] == [200, 400, 424, 424]
    assert emulator.tenant.one("SELECT 1 FROM app_grant") is None


def test_a_sequential_batch_runs_in_the_order_it_names(batch: Send) -> None:
    parts = [post(1, "/sites/root/permissions", grant_body())]
    parts += [part(n, dependsOn=[str(n - 1)]) for n in range(2, 21)]
    answers = by_id(batch(*parts))
    assert answers["1"]["status"] == 201
    assert all(len(answers[str(n)]["body"]["value"]) == 1 for n in range(2, 21))


def test_parts_without_depends_on_run_in_another_order_than_they_came(
    batch: Send, http: httpx.Client
) -> None:
    """learn.microsoft.com/graph/json-batching: parts without dependsOn run in parallel."""
    orders = set()
    for _ in range(3):
        http.delete("/_emulator/requests")
        batch(*(part(n, url=f"/sites/root/permissions?n={n}") for n in range(12)))
        rows = http.get("/_emulator/requests").json()
        orders.add(tuple(row["query"] for row in rows if not row["outer"]))
    assert tuple(f"n={n}" for n in range(12)) not in orders
    assert len(orders) > 1


def test_answers_come_in_any_order(batch: Send) -> None:
    answer = batch(*(part(n) for n in range(12)))
    ids = [response["id"] for response in answer.json()["responses"]]
    assert ids != [str(n) for n in range(12)]
    assert sorted(ids, key=int) == [str(n) for n in range(12)]


def test_parts_are_logged_with_the_batch_they_came_in(batch: Send, http: httpx.Client) -> None:
    http.delete("/_emulator/requests")
    batch(part(1), part(2))
    outer, *inner = http.get("/_emulator/requests").json()
    assert (outer["path"], outer["outer"], outer["resourceUnits"]) == ("/v1.0/$batch", True, 0)
    assert [row["outer"] for row in inner] == [False, False]
    assert {row["batchId"] for row in inner} == {outer["batchId"]}
    assert {row["path"] for row in inner} == {"/v1.0/sites/root/permissions"}
    assert [row["resourceUnits"] for row in inner] == [5, 5]


def test_parts_are_charged_and_throttled_one_by_one(batch: Send, http: httpx.Client) -> None:
    """learn.microsoft.com/graph/throttling: "requests in a batch are evaluated individually"."""
    http.put("/_emulator/settings", json={"resourceUnitsPerMinute": 25})
    answers = by_id(batch(*(part(n) for n in range(8))))
    statuses = sorted(answer["status"] for answer in answers.values())
    assert statuses == [200] * 5 + [429] * 3
    throttled = next(answer for answer in answers.values() if answer["status"] == 429)
    assert throttled["body"]["error"]["code"] == "activityLimitReached"
    assert int(throttled["headers"]["Retry-After"]) > 0


def test_a_part_needs_the_same_permission_as_a_plain_request(batch: Send) -> None:
    assert by_id(batch(part(1), app="reader"))["1"]["status"] == 403


def test_an_authorization_header_inside_a_part_is_ignored(batch: Send, token: Send) -> None:
    better = {"Authorization": f"Bearer {token('full-control')}"}
    assert by_id(batch(part(1, headers=better), app="reader"))["1"]["status"] == 403


def test_the_depends_on_key_msgraph_core_misspells_is_ignored(batch: Send) -> None:
    """msgraph-core 1.5.2 writes depends_on (msgraph-sdk-python-core pull request 996)."""
    answers = by_id(batch(part(1, depends_on=[]), part(2, depends_on=["1"])))
    assert [answers[n]["status"] for n in "12"] == [200, 200]


def test_a_relative_url_may_lack_its_leading_slash_and_encode_its_dollar(batch: Send) -> None:
    answers = by_id(batch(part(1, url="sites/root/permissions?%24select=id")))
    assert answers["1"]["status"] == 200


def test_a_part_that_is_not_built_says_501(batch: Send) -> None:
    assert by_id(batch(part(1, url="/communications/calls")))["1"]["status"] == 501


def test_a_body_that_is_not_json_travels_as_base64(batch: Send) -> None:
    text = base64.b64encode(b"evidence").decode()
    headers = {"Content-Type": "text/plain"}
    answers = by_id(batch(part(1, "PUT", "/nowhere/content", headers=headers, body=text)))
    assert answers["1"]["status"] == 501
