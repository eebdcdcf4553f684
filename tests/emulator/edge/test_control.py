from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from provisioner.emulator.server import RunningEmulator

Send = Callable[..., Any]


def requests(http: httpx.Client) -> list[dict[str, Any]]:
    return http.get("/_emulator/requests").json()


def test_every_request_is_told_in_order_until_cleared(
    http: httpx.Client, graph: Send, rest: Send, site: str
) -> None:
    rest("POST", "/_api/contextinfo")  # so that both are signed in
    assert http.delete("/_emulator/requests").status_code == 204
    graph("GET", "/sites/root/permissions", headers={"client-request-id": "abc"})
    rest("POST", "/_api/contextinfo")
    first, second = requests(http)
    assert first["seq"] == 1
    assert second["seq"] == 2
    assert first["audience"] == "graph"
    assert first["method"] == "GET"
    assert first["path"] == "/v1.0/sites/root/permissions"
    assert first["status"] == 200
    assert first["resourceUnits"] == 5
    assert first["bytes"] > 0
    assert first["appId"]
    assert first["batchId"] is None
    assert first["startedMs"] <= first["endedMs"] <= second["endedMs"]
    assert second["audience"] == "sharepoint"
    assert second["path"] == "/sites/acme/_api/contextinfo"
    http.delete("/_emulator/requests")
    assert requests(http) == []


def test_a_refused_request_is_told_too(http: httpx.Client, emulator: RunningEmulator) -> None:
    http.delete("/_emulator/requests")
    http.get("/v1.0/sites/root")
    http.get("/sites/acme/_api/web")
    assert [(row["status"], row["appId"]) for row in requests(http)] == [(401, None), (401, None)]


def test_a_tunnelled_merge_is_told_as_the_write_it_is(
    http: httpx.Client, rest: Send, site: str
) -> None:
    group = rest("POST", "/_api/web/sitegroups", {"Title": "Reviewers"}).json()
    http.delete("/_emulator/requests")
    headers = {"X-HTTP-Method": "MERGE", "If-Match": "*"}
    path = f"/_api/web/sitegroups({group['Id']})"
    rest("POST", path, {"Description": "x"}, headers=headers)
    assert [row["method"] for row in requests(http)] == ["PATCH"]


def test_settings_can_be_read_and_changed(http: httpx.Client, emulator: RunningEmulator) -> None:
    assert http.get("/_emulator/settings").json()["resourceUnitsPerMinute"] == 1250
    answer = http.put("/_emulator/settings", json={"serviceMs": {"write": 3}, "pageSize": 50})
    assert answer.json()["serviceMs"] == {"read": 0, "write": 3}
    assert http.get("/_emulator/settings").json()["pageSize"] == 50
    told = {"settleMs": 5, "deltaTokenDays": 2, "timeZone": "Europe/Berlin"}
    assert http.put("/_emulator/settings", json=told).json().items() >= told.items()


@pytest.mark.parametrize(
    "change",
    [
        {"pageSize": 50, "nonsense": 1},
        {"pageSize": "many"},
        {"pageSize": -1},
        {"officeHashMoves": 1},
        {"settleMs": "soon"},
        {"timeZone": 1},
        {"timeZone": "W. Europe Standard Time"},
        {"pageSize": True},
        {"pageSize": 50, "clock": "yesterday"},
        {"clockAdvanceSeconds": "1"},
        [],
    ],
)
def test_a_setting_that_makes_no_sense_changes_nothing(
    http: httpx.Client, emulator: RunningEmulator, change: Any
) -> None:
    answer = http.put("/_emulator/settings", json=change)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert http.get("/_emulator/settings").json()["pageSize"] == 200


def test_the_clock_can_be_set_and_moved_and_goes_on_from_there(
    http: httpx.Client, emulator: RunningEmulator
) -> None:
    http.put("/_emulator/settings", json={"clock": "2027-01-31T08:00:00Z"})
    answer = http.put("/_emulator/settings", json={"clockAdvanceSeconds": 3600})
    clock = datetime.fromisoformat(answer.json()["clock"])
    start = datetime.fromisoformat("2027-01-31T09:00:00+00:00")
    assert start <= clock < start + timedelta(minutes=1)


def test_the_date_header_follows_the_tenants_clock(http: httpx.Client, graph: Send) -> None:
    http.put("/_emulator/settings", json={"clock": "2027-01-31T08:00:00Z"})
    assert graph("GET", "/sites/root").headers["Date"].startswith("Sun, 31 Jan 2027 08:00:")


def test_reset_leaves_a_new_tenant_and_keeps_clients_signed_in(
    http: httpx.Client, graph: Send, rest: Send, grant: Send
) -> None:
    grant("provisioner", "fullcontrol")
    http.put("/_emulator/settings", json={"pageSize": 7, "clock": "2030-01-01T00:00:00Z"})
    assert http.post("/_emulator/reset").status_code == 204
    assert requests(http) == []
    settings = http.get("/_emulator/settings").json()
    assert settings["pageSize"] == 200
    assert not settings["clock"].startswith("2030")
    state = http.get("/_emulator/state").json()
    assert [site["path"] for site in state["sites"]] == [""]
    assert state["grants"] == []
    assert graph("GET", "/sites/root/permissions").status_code == 200


def test_a_tenant_can_be_made_in_another_language(
    http: httpx.Client, emulator: RunningEmulator
) -> None:
    """Not documented in one place: what a site holds is named in its language."""
    assert http.post("/_emulator/reset", json={"locale": "fr-FR"}).status_code == 204
    (root,) = http.get("/_emulator/state").json()["sites"]
    assert root["lcid"] == 1036
    assert http.post("/_emulator/reset", json={"locale": "xx-XX"}).status_code == 400


def test_the_state_tells_what_the_tenant_holds(http: httpx.Client, rest: Send, grant: Send) -> None:
    grant("sync", "write")
    rest("POST", "/_api/web/lists", {"Title": "Risks", "BaseTemplate": 100})
    state = http.get("/_emulator/state").json()
    site = next(site for site in state["sites"] if site["path"] == "/sites/acme")
    risks = next(one for one in site["lists"] if one["title"] == "Risks")
    assert "Title" in {column["internal_name"] for column in risks["columns"]}
    assert risks["views"]
    assert risks["items"] == []
    assert site["principals"]
    assert site["permissions"]
    assert state["grants"] == [
        {"role": "write", "list_id": None, "app": "sync", "site": "/sites/acme"}
    ]


def test_the_outbox_begins_empty(http: httpx.Client, emulator: RunningEmulator) -> None:
    assert http.get("/_emulator/outbox").json() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"site": "/sites/none", "app": "sync", "role": "read"}, 404),
        ({"site": "/sites/acme", "app": "nobody", "role": "read"}, 404),
        ({"site": "/sites/acme", "app": "sync", "role": "boss"}, 400),
        ({}, 404),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(
    http: httpx.Client, site: str, body: Any, status: int
) -> None:
    assert http.post("/_emulator/grants", json=body).status_code == status


def test_a_page_that_reached_us_by_another_name_is_refused(
    http: httpx.Client, emulator: RunningEmulator
) -> None:
    """A name that resolves to 127.0.0.1 would let a web page in a browser call us."""
    answer = http.post("/_emulator/reset", headers={"Host": "evil.example"})
    assert answer.status_code == 403


def test_a_body_that_is_not_json_is_refused(http: httpx.Client, emulator: RunningEmulator) -> None:
    assert http.put("/_emulator/settings", content=b"{").status_code == 400


def test_latency_is_once_per_outer_request_and_service_time_per_part(
    http: httpx.Client, graph: Send, site: str
) -> None:
    settings = {"latencyMs": 20, "serviceMs": {"read": 30}}
    http.put("/_emulator/settings", json=settings)
    http.delete("/_emulator/requests")
    parts = [{"id": "1", "method": "GET", "url": "/sites/root/permissions"}]
    parts.append(parts[0] | {"id": "2", "dependsOn": ["1"]})
    started = graph("POST", "/$batch", {"requests": parts}).elapsed.total_seconds()
    outer, first, second = requests(http)
    assert first["endedMs"] - first["startedMs"] >= 29
    assert second["startedMs"] >= first["endedMs"]
    assert outer["endedMs"] - outer["startedMs"] >= 59
    assert started >= 0.079
