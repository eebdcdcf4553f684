"""Graph subscriptions: validation, notifications, renewal, expiry."""

from __future__ import annotations

from typing import Any

import pytest

LIST = "sites/contoso.sharepoint.com:/sites/acme:/lists/Log"


@pytest.fixture
def log(graph: Any, site: str) -> str:
    assert graph("POST", f"/{LIST[:-4]}", {"displayName": "Log"}).status_code == 201
    return f"/{LIST}"


@pytest.fixture
def subscribe(graph: Any, log: str, receiver: Any, later: Any) -> Any:
    def send(app: str = "full-control", **changes: Any) -> Any:
        body = {
            "changeType": "updated",
            "resource": LIST,
            "notificationUrl": receiver.url,
            "expirationDateTime": later(days=3),
            "clientState": "secret",
        }
        return graph("POST", "/subscriptions", body | changes, app=app)

    return send


def add(graph: Any, log: str, title: str = "x") -> None:
    assert graph("POST", f"{log}/items", {"fields": {"Title": title}}).status_code == 201


def test_a_change_is_told_to_the_receiver(
    graph: Any, http: Any, log: str, subscribe: Any, receiver: Any
) -> None:
    made = subscribe()
    assert made.status_code == 201, made.text
    assert len(receiver.validated) == 1
    add(graph, log)
    (told,) = receiver.next()["value"]
    assert told["subscriptionId"] == made.json()["id"]
    assert (told["changeType"], told["resource"], told["clientState"]) == (
        "updated",
        LIST,
        "secret",
    )


def test_what_was_posted_is_in_the_outbox(
    graph: Any, http: Any, log: str, subscribe: Any, receiver: Any, emulator: Any
) -> None:
    subscribe()
    add(graph, log, "one")
    receiver.next()
    add(graph, log, "two")
    receiver.next()  # the second is posted after the first was recorded
    first = http.get("/_emulator/outbox").json()[0]
    assert (first["kind"], first["url"], first["status"]) == ("notification", receiver.url, 200)


def test_a_receiver_must_echo_the_token(subscribe: Any, receiver: Any, graph: Any) -> None:
    receiver.echo = False
    answer = subscribe()
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "ValidationError"
    assert graph("GET", "/subscriptions").json()["value"] == []


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "https://169.254.169.254/latest",
        "http://localhost.example.com/hook",
        "ftp://127.0.0.1/hook",
        "http://user:pw@127.0.0.1/hook",
        "http://[::ffff:10.0.0.1]/hook",
        "hook",
        None,
    ],
)
def test_only_loopback_is_posted_to(subscribe: Any, receiver: Any, url: Any) -> None:
    answer = subscribe(notificationUrl=url)
    assert answer.status_code == 400
    assert "loopback" in answer.json()["error"]["message"]
    assert receiver.validated == []


@pytest.mark.parametrize(
    "change",
    [
        {"changeType": "created,updated"},
        {"changeType": "deleted"},
        {"resource": "users"},
        {"resource": ""},
        {"includeResourceData": True},
        {"clientState": "x" * 129},
        {"expirationDateTime": "2001-01-01T00:00:00Z"},
        {"expirationDateTime": "soon"},
    ],
    ids=str,
)
def test_what_a_subscription_may_not_be(
    subscribe: Any, receiver: Any, change: dict[str, Any]
) -> None:
    """Lists and drive roots support `updated` only (resources/subscription)."""
    assert subscribe(**change).status_code == 400
    assert receiver.validated == []


def test_thirty_days_are_too_long(subscribe: Any, later: Any) -> None:
    """At most 42,300 minutes (resources/subscription)."""
    assert subscribe(expirationDateTime=later(minutes=42_305)).status_code == 400
    assert subscribe(expirationDateTime=later(minutes=42_299)).status_code == 201


def test_a_list_that_is_not_there(subscribe: Any) -> None:
    assert subscribe(resource=LIST + "book").status_code == 404


def test_it_ends_unless_it_is_renewed(
    graph: Any, http: Any, log: str, subscribe: Any, receiver: Any, later: Any
) -> None:
    first, second = subscribe().json()["id"], subscribe().json()["id"]
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 2 * 86_400})
    renewed = graph("PATCH", f"/subscriptions/{second}", {"expirationDateTime": later(days=3)})
    assert renewed.status_code == 200
    http.put("/_emulator/settings", json={"clockAdvanceSeconds": 2 * 86_400})
    assert graph("GET", f"/subscriptions/{first}").status_code == 404
    again = graph("PATCH", f"/subscriptions/{first}", {"expirationDateTime": later(days=3)})
    assert again.status_code == 404
    add(graph, log)
    assert receiver.next()["value"][0]["subscriptionId"] == second
    assert receiver.is_empty


def test_a_deleted_one_is_silent(graph: Any, log: str, subscribe: Any, receiver: Any) -> None:
    first, second = subscribe().json()["id"], subscribe().json()["id"]
    assert graph("DELETE", f"/subscriptions/{first}").status_code == 204
    add(graph, log)
    assert receiver.next()["value"][0]["subscriptionId"] == second
    assert graph("DELETE", f"/subscriptions/{first}").status_code == 404


def test_only_the_end_can_be_changed(graph: Any, subscribe: Any) -> None:
    one = f"/subscriptions/{subscribe().json()['id']}"
    assert graph("PATCH", one, {"clientState": "other"}).status_code == 400


def test_a_library_is_told_too(graph: Any, subscribe: Any, receiver: Any, site: str) -> None:
    drive = graph("GET", "/sites/contoso.sharepoint.com:/sites/acme:/drive").json()["id"]
    assert subscribe(resource=f"drives/{drive}/root").status_code == 201
    graph("PUT", f"/drives/{drive}/root:/a.txt:/content", content=b"one")
    assert receiver.next()["value"][0]["resource"] == f"drives/{drive}/root"


def test_who_may_subscribe(subscribe: Any, grant: Any, graph: Any) -> None:
    assert subscribe("reader").status_code == 403
    assert subscribe("sync").status_code == 403
    grant("sync", "write")
    made = subscribe("sync")
    assert made.status_code == 201, made.text
    assert graph("GET", f"/subscriptions/{made.json()['id']}").status_code == 404  # another's
