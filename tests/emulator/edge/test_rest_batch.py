from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from provisioner.emulator.rest.batch import parse
from provisioner.emulator.server import RunningEmulator
from provisioner.emulator.wire import Refusal

Send = Callable[..., Any]

MULTIPART = 'multipart/mixed; boundary="batch_1"'
NONE = "application/json;odata=nometadata"


def read_part(url: str, boundary: str = "batch_1", end: str = "\r\n", accept: str = NONE) -> str:
    lines = [
        f"--{boundary}",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"GET {url} HTTP/1.1",
        f"Accept: {accept}",
        "",
        "",
    ]
    return end.join(lines)


def batch_of(urls: list[str], end: str = "\r\n") -> bytes:
    return ("".join(read_part(url, end=end) for url in urls) + f"--batch_1--{end}").encode()


@pytest.fixture
def send(rest: Send, server: RunningEmulator, site: str) -> Send:
    def post(
        body: Any, *, app: str = "full-control", content_type: str = MULTIPART
    ) -> httpx.Response:
        headers = {"Content-Type": content_type}
        return rest("POST", "/_api/$batch", content=body, headers=headers, app=app)

    return post


def answers_of(answer: httpx.Response) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.text
    boundary = re.search(r'boundary="?([^";]+)', answer.headers["Content-Type"])[1]
    pieces = answer.text.split(f"--{boundary}")[1:-1]
    found = []
    for piece in pieces:
        _, head, body = piece.split("\r\n\r\n", 2)
        found.append((int(head.split()[1]), head, body.strip()))
    return found


def test_answers_come_in_the_order_of_the_requests_whatever_order_they_ran_in(
    send: Send, http: httpx.Client, server: RunningEmulator, site: str
) -> None:
    """Order of execution is not promised (github.com/SharePoint/sp-dev-docs issue 5476)."""
    urls = [f"{server.url}{site}/_api/web/sitegroups?n={n}" for n in range(10)]
    urls[3] = f"{server.url}{site}/_api/nothing"
    http.delete("/_emulator/requests")
    answers = answers_of(send(batch_of(urls)))
    assert [status for status, _, _ in answers] == [200, 200, 200, 501] + [200] * 6
    log = http.get("/_emulator/requests").json()
    outer, *inner = (row for row in log if "/_api/" in row["path"])  # signing in comes before
    assert outer["outer"] is True
    assert {row["batchId"] for row in inner} == {outer["batchId"]}
    assert [row["query"] for row in inner if row["query"]] != [
        f"n={n}" for n in range(10) if n != 3
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_line_ends_are_read(send: Send, server: RunningEmulator, site: str, end: str) -> None:
    (answer,) = answers_of(send(batch_of([f"{server.url}{site}/_api/web/sitegroups"], end)))
    assert answer[0] == 200
    assert '"value"' in answer[2]


def test_writes_in_a_change_set_with_the_boundary_directly_after_the_body(
    send: Send, server: RunningEmulator, site: str
) -> None:
    """As Office365-REST-Python-Client 3.3.0 writes it: a stray header block first, LF only."""
    url = f"{server.url}{site}/_api/web/sitegroups"
    body = (
        'Content-Type: multipart/mixed;\n boundary="batch_1"\n\n'
        '--batch_1\nContent-Type: multipart/mixed; boundary="changeset_2"\n\n'
        "--changeset_2\nContent-Type: application/http\nContent-Transfer-Encoding: binary\n\n"
        f"POST {url} HTTP/1.1\nContent-Type:{NONE}\nAccept:{NONE}\n\n\n"
        '{"Title": "Reviewers"}--changeset_2\nContent-Type: application/http\n\n'
        f"POST {url} HTTP/1.1\nContent-Type:{NONE}\nAccept:{NONE}\n\n"
        '{"Title": "Auditors"}\n--changeset_2--\n\n--batch_1--'
    )
    answers = answers_of(send(body.encode()))
    assert [status for status, _, _ in answers] == [201, 201]
    assert '"Reviewers"' in answers[0][2]
    assert '"Auditors"' in answers[1][2]


def test_a_tunnelled_method_works_inside_a_batch(
    send: Send, server: RunningEmulator, site: str, rest: Send
) -> None:
    made = rest("POST", "/_api/web/sitegroups", {"Title": "Reviewers"}).json()
    url = f"{server.url}{site}/_api/web/sitegroups({made['Id']})"
    body = (
        "--batch_1\r\nContent-Type: application/http\r\n\r\n"
        f"POST {url} HTTP/1.1\r\nX-HTTP-Method: MERGE\r\nIF-MATCH: *\r\nContent-Type: {NONE}\r\n"
        '\r\n{"Description": "They review"}\r\n--batch_1--'
    )
    ((status, _, text),) = answers_of(send(body.encode()))
    assert (status, text) == (204, "")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://contoso.sharepoint.com/sites/acme/_api/web", "host"),
        ("/sites/other/_api/web", "site"),
        ("/sites/acme/_api/$batch", "batch"),
        ("/v1.0/sites/root", "_api"),
    ],
)
def test_a_part_for_another_place_refuses_the_batch(send: Send, url: str, why: str) -> None:
    answer = send(batch_of([url]))
    assert answer.status_code == 400
    assert why in answer.json()["odata.error"]["message"]["value"]


def test_more_than_a_hundred_parts_are_refused() -> None:
    url = "/sites/acme/_api/web"
    assert len(parse(batch_of([url] * 100), MULTIPART)) == 100
    with pytest.raises(Refusal):
        parse(batch_of([url] * 101), MULTIPART)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", MULTIPART),
        (b"--batch_1--", MULTIPART),
        (batch_of(["/_api/web"]), "application/json"),
        (batch_of(["/_api/web"]).replace(b"--batch_1--", b""), MULTIPART),
        (batch_of(["/_api/web"]).replace(b"HTTP/1.1", b""), MULTIPART),
        (batch_of(["/_api/web"]).replace(b"application/http", b"text/plain"), MULTIPART),
    ],
)
def test_a_body_that_is_no_batch_is_refused(body: Any, content_type: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(body, content_type)
    assert refused.value.status == 400


def test_a_read_inside_a_change_set_is_refused() -> None:
    inner = read_part("/_api/web", "changeset_2") + "--changeset_2--"
    body = (
        "--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_2\r\n\r\n"
        f"{inner}\r\n--batch_1--"
    )
    with pytest.raises(Refusal):
        parse(body.encode(), MULTIPART)


def test_one_boundary_may_begin_like_another() -> None:
    inner = read_part("/_api/web", "batch_12").replace("GET", "POST") + "--batch_12--"
    body = (
        "--batch_1\r\nContent-Type: multipart/mixed; boundary=batch_12\r\n\r\n"
        f"{inner}\r\n--batch_1--"
    )
    assert len(parse(body.encode(), MULTIPART)) == 1


def test_parts_are_throttled_one_by_one(
    send: Send, server: RunningEmulator, site: str, http: httpx.Client
) -> None:
    """learn.microsoft.com, "Avoid getting throttled or blocked in SharePoint Online"."""
    http.put("/_emulator/settings", json={"resourceUnitsPerMinute": 6})
    urls = [f"{server.url}{site}/_api/web/sitegroups"] * 5
    answers = answers_of(send(batch_of(urls)))
    statuses = sorted(status for status, _, _ in answers)
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert any("Retry-After: " in head for status, head, _ in answers if status == 429)
