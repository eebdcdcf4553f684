"""SharePoint webhooks of a list (learn.microsoft.com/sharepoint/dev/apis/webhooks)."""

from __future__ import annotations

from typing import Any

import pytest

LIST = "/_api/web/lists/getbytitle('Log')"


@pytest.fixture
def made(rest: Any, site: str, receiver: Any, later: Any) -> Any:
    assert rest("POST", "/_api/web/lists", {"Title": "Log", "BaseTemplate": 100}).status_code == 201
    body = {
        "resource": "Log",
        "notificationUrl": receiver.url,
        "clientState": "s",
        "expirationDateTime": later(days=170),
    }
    answer = rest("POST", f"{LIST}/subscriptions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_notification_tells_which_list_and_nothing_else(
    rest: Any, made: Any, receiver: Any
) -> None:
    assert rest("POST", f"{LIST}/items", {"Title": "x"}).status_code == 201
    (told,) = receiver.next()["value"]
    assert set(told) == {
        "subscriptionId",
        "clientState",
        "expirationDateTime",
        "resource",
        "tenantId",
        "siteUrl",
        "webId",
    }
    assert told["resource"] == rest("GET", LIST).json()["Id"].lower()


def test_reading_renewing_deleting(rest: Any, made: Any, later: Any) -> None:
    one = f"{LIST}/subscriptions('{made['id']}')"
    assert rest("GET", one).json()["clientState"] == "s"
    assert [e["id"] for e in rest("GET", f"{LIST}/subscriptions").json()["value"]] == [made["id"]]
    assert rest("PATCH", one, {"expirationDateTime": later(days=2)}).status_code == 204
    assert rest("PATCH", one, {"notificationUrl": "http://127.0.0.1:1/x"}).status_code == 400
    assert rest("DELETE", one).status_code == 204
    assert rest("GET", one).status_code == 404


def test_at_most_180_days_on_loopback(rest: Any, made: Any, receiver: Any, later: Any) -> None:
    body = {
        "resource": "Log",
        "notificationUrl": receiver.url,
        "expirationDateTime": later(days=181),
    }
    assert rest("POST", f"{LIST}/subscriptions", body).status_code == 400
    body |= {"expirationDateTime": later(days=1), "notificationUrl": "https://example.com/"}
    assert rest("POST", f"{LIST}/subscriptions", body).status_code == 400


def test_it_takes_manage(rest: Any, made: Any, grant: Any) -> None:
    for role, status in (("write", 403), ("read", 403)):
        grant("sync", role)
        assert rest("GET", f"{LIST}/subscriptions", app="sync").status_code == status
