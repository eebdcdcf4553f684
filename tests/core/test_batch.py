from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.batch import (
    Part,
    PartAnswer,
    chained,
    decode_graph,
    decode_rest,
    encode_graph,
    encode_rest,
)


def test_a_graph_batch_carries_method_url_headers_and_body() -> None:
    parts = [
        Part("1", "GET", "/sites/root"),
        Part("2", "POST", "/sites/root/lists", {"Content-Type": "application/json"}, {"a": "é"}),
    ]
    assert json.loads(encode_graph(parts)) == {
        "requests": [
            {"id": "1", "method": "GET", "url": "/sites/root"},
            {
                "id": "2",
                "method": "POST",
                "url": "/sites/root/lists",
                "headers": {"Content-Type": "application/json"},
                "body": {"a": "é"},
            },
        ]
    }


def test_a_chain_names_the_part_before() -> None:
    body = json.loads(encode_graph(chained([Part(str(i), "GET", "/x") for i in range(3)])))
    assert [request.get("dependsOn") for request in body["requests"]] == [None, ["0"], ["1"]]


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([], "1 to 20"),
        ([Part(str(i), "GET", "/x") for i in range(21)], "1 to 20"),
        ([Part("a", "GET", "/x"), Part("A", "GET", "/y")], "same id"),
        ([Part("1", "GET", "/x", depends_on=("9",))], "not in it"),
        (
            [Part("1", "GET", "/x"), Part("2", "GET", "/x"), Part("3", "GET", "/x", {}, 0, ("1",))],
            "all chained or all free",
        ),
    ],
)
def test_what_graph_would_refuse_is_not_encoded(parts: list[Part], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        encode_graph(parts)


def test_graph_answers_are_found_by_id_in_any_order() -> None:
    body = {
        "responses": [
            {"id": "2", "status": 429, "headers": {"Retry-After": "2.5"}},
            {"id": "1", "status": 200, "body": {"ok": True}},
        ]
    }
    answers = decode_graph(json.dumps(body).encode())
    assert answers == {
        "1": PartAnswer("1", 200, {}, {"ok": True}),
        "2": PartAnswer("2", 429, {"retry-after": "2.5"}, None),
    }


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"error":{}}', b"[]"])
def test_what_is_no_graph_batch_is_told_apart(content: bytes) -> None:
    assert decode_graph(content) is None


def test_a_sharepoint_batch_puts_writes_into_one_changeset_and_reads_outside() -> None:
    site = "https://contoso.sharepoint.com/sites/a/_api"
    body = encode_rest(
        [
            Part("1", "GET", f"{site}/web", {"Accept": "application/json"}),
            Part("2", "POST", f"{site}/web/lists", {"Content-Type": "application/json"}, {"T": 1}),
            Part("3", "MERGE", f"{site}/web", {"If-Match": "*"}, {"Title": "x"}),
            Part("4", "GET", f"{site}/site"),
        ],
        "b1",
    ).decode()
    assert body.split("\r\n") == [
        "--b1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"GET {site}/web HTTP/1.1",
        "Accept: application/json",
        "",
        "",
        "--b1",
        'Content-Type: multipart/mixed; boundary="changeset_1_b1"',
        "",
        "--changeset_1_b1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"POST {site}/web/lists HTTP/1.1",
        "Content-Type: application/json",
        "",
        '{"T": 1}',
        "",
        "--changeset_1_b1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"MERGE {site}/web HTTP/1.1",
        "If-Match: *",
        "",
        '{"Title": "x"}',
        "",
        "--changeset_1_b1--",
        "",
        "--b1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"GET {site}/site HTTP/1.1",
        "",
        "",
        "--b1--",
        "",
    ]


@pytest.mark.parametrize(
    "part",
    [
        Part("1", "GET", "https://x/_api/web HTTP/1.1\r\nHost: elsewhere"),
        Part("1", "GET", "https://x/_api/web", {"X": "a\nAuthorization: b"}),
    ],
)
def test_a_value_cannot_write_headers_of_its_own(part: Part) -> None:
    with pytest.raises(ValueError, match="line end"):
        encode_rest([part], "b")


def test_a_sharepoint_batch_holds_a_hundred_parts() -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        encode_rest([Part("1", "GET", "https://x/_api")] * 101, "b")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_sharepoint_answers_come_in_the_order_of_the_parts(end: str) -> None:
    lines = [
        "--batchresponse_1",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "HTTP/1.1 200 OK",
        "CONTENT-TYPE: application/json;odata=nometadata",
        'ETag: "1"',
        "",
        '{"Title":"--batchresponse_1 inside"}',
        "--batchresponse_1",
        'Content-Type: multipart/mixed; boundary="changeset_2"',
        "",
        "--changeset_2",
        "Content-Type: application/http",
        "",
        "HTTP/1.1 204 No Content",
        "",
        "",
        "--changeset_2",
        "Content-Type: application/http",
        "",
        "HTTP/1.1 404 Not Found",
        "Content-Type: text/plain",
        "",
        "404 FILE NOT FOUND",
        "--changeset_2--",
        "--batchresponse_1--",
        "",
    ]
    answers = decode_rest(end.join(lines).encode(), "multipart/mixed; boundary=batchresponse_1")
    assert answers is not None
    assert [(a.id, a.status, a.body) for a in answers] == [
        ("0", 200, {"Title": "--batchresponse_1 inside"}),
        ("1", 204, None),
        ("2", 404, "404 FILE NOT FOUND"),
    ]
    assert answers[0].headers["etag"] == '"1"'


def test_an_answer_that_is_not_multipart_is_told_apart() -> None:
    assert decode_rest(b"{}", "application/json") is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.integers(200, 599), _json), min_size=1, max_size=20))
def test_whatever_json_parts_carry_comes_back_as_it_was(
    parts: list[tuple[int, object]],
) -> None:
    boundary = "batchresponse_x"
    out = []
    for status, body in parts:
        out += [f"--{boundary}", "Content-Type: application/http", ""]
        out += [f"HTTP/1.1 {status} Any", "Content-Type: application/json", ""]
        out += [json.dumps(body)]
    out += [f"--{boundary}--", ""]
    answers = decode_rest("\r\n".join(out).encode(), f'multipart/mixed; boundary="{boundary}"')
    assert answers is not None
    assert [(a.status, a.body) for a in answers] == parts
