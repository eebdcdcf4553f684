from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from provisioner.emulator.budget import Budget

Send = Callable[..., Any]

START = datetime(2026, 3, 31, 8, 0, tzinfo=UTC)


def test_the_limit_is_shown_from_four_fifths_on() -> None:
    """Source: learn.microsoft.com, Avoid getting throttled or blocked in SharePoint Online."""
    budget = Budget()
    assert budget.charge("a", 79, 100, START).headers == {}
    shown = budget.charge("a", 1, 100, START + timedelta(seconds=15)).headers
    assert shown == {
        "RateLimit-Limit": "100",
        "RateLimit-Remaining": "20",
        "RateLimit-Reset": "45",
    }


def test_what_exceeds_the_limit_is_refused_and_still_counted() -> None:
    budget = Budget()
    assert not budget.charge("a", 100, 100, START).refused
    refused = budget.charge("a", 1, 100, START + timedelta(seconds=59.5))
    assert refused.refused
    assert refused.headers["Retry-After"] == "1"
    assert budget.charge("a", 0, 100, START + timedelta(seconds=59.6)).refused


def test_a_minute_later_the_app_may_ask_again() -> None:
    budget = Budget()
    assert budget.charge("a", 200, 100, START).refused
    assert not budget.charge("a", 100, 100, START + timedelta(seconds=60)).refused


def test_each_app_has_its_own_budget() -> None:
    budget = Budget()
    assert budget.charge("a", 200, 100, START).refused
    assert not budget.charge("b", 100, 100, START).refused


def test_a_clock_set_back_does_not_lock_an_app_out() -> None:
    budget = Budget()
    assert budget.charge("a", 200, 100, START).refused
    assert not budget.charge("a", 1, 100, START - timedelta(days=1)).refused


def test_graph_and_sharepoint_draw_on_one_budget(
    http: httpx.Client, rest: Send, graph: Send, site: str
) -> None:
    """learn.microsoft.com, "Avoid getting throttled or blocked in SharePoint Online": per app and tenant."""
    http.put("/_emulator/settings", json={"resourceUnitsPerMinute": 10})
    assert graph("GET", "/sites/root/permissions").status_code == 200
    warned = graph("GET", "/sites/root/permissions")
    assert warned.status_code == 200
    assert warned.headers["RateLimit-Remaining"] == "0"
    refused = rest("GET", "/_api/web/sitegroups")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert graph("GET", "/sites/root/permissions", app="reader").status_code == 403
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 60})
    assert rest("GET", "/_api/web/sitegroups").status_code == 200


def test_a_throttled_graph_call_says_so_as_graph_does(http: httpx.Client, graph: Send) -> None:
    """OneDrive/onedrive-api-docs#880 quotes the body; Retry-After in seconds."""
    http.put("/_emulator/settings", json={"resourceUnitsPerMinute": 4})
    refused = graph("GET", "/sites/root/permissions")
    assert refused.status_code == 429
    error = refused.json()["error"]
    assert error["code"] == "activityLimitReached"
    assert error["innerError"]["code"] == "throttledRequest"
