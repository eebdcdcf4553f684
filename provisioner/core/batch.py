"""The two batch formats of Microsoft 365 as values: parts in, bytes out, and answers back.

Graph: one JSON body, at most 20 parts, either all free of `dependsOn` or one chain ("Combine
multiple HTTP requests using JSON batching", learn.microsoft.com/graph/json-batching).
SharePoint: a `multipart/mixed` body, reads at the top level and writes inside a changeset, answers
in the order of the parts ("Make batch requests with the REST APIs",
learn.microsoft.com/sharepoint/dev/sp-add-ins/make-batch-requests-with-the-rest-apis).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

GRAPH_PARTS = 20
REST_PARTS = 100

_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)
_STATUS = re.compile(rb"^HTTP/\d(?:\.\d)? (\d{3})")


@dataclass(frozen=True, slots=True)
class Part:
    """One request inside a batch.

    `path` is below the service root for Graph ("/sites/root") and an absolute URL for SharePoint.
    `body` is a JSON value, or None for no body. `depends_on` is for Graph only.
    """

    id: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """What came back for one part: header names in lower case, `body` decoded JSON, text or None.

    For SharePoint `id` is the position of the part, from "0".
    """

    id: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def dated(self, headers: Mapping[str, str]) -> PartAnswer:
        """The answer with the `Date` of the whole batch's `headers`: a part has none of its own."""
        date = headers.get("date")
        return replace(self, headers={"date": date, **self.headers}) if date else self


def chained(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The same parts, each depending on the one before: a fully sequential Graph batch."""
    before: tuple[str, ...] = ()
    out = []
    for part in parts:
        out.append(Part(part.id, part.method, part.path, part.headers, part.body, before))
        before = (part.id,)
    return tuple(out)


def encode_graph(parts: Sequence[Part]) -> bytes:
    """The body of a POST to `$batch`.

    Raises `ValueError` for what Graph would refuse as a whole: no parts or more than 20, an id
    twice (compared without case), an unknown id in `depends_on`, or a mixture of chained and free.
    """
    _check_graph(parts)
    requests = []
    for part in parts:
        request: dict[str, Any] = {"id": part.id, "method": part.method, "url": part.path}
        if part.depends_on:
            request["dependsOn"] = list(part.depends_on)
        if part.headers:
            request["headers"] = dict(part.headers)
        if part.body is not None:
            request["body"] = part.body
        requests.append(request)
    return json.dumps(
        {"requests": requests}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def decode_graph(
    content: bytes, loads: Callable[[bytes], Any] = json.loads
) -> dict[str, PartAnswer] | None:
    """The answers by part id; None when the body is not that of a batch.

    Parts may be answered in any order, and one that is missing was not answered.
    """
    try:
        body = loads(content)
    except ValueError:
        return None
    responses = body.get("responses") if isinstance(body, dict) else None
    if not isinstance(responses, list):
        return None
    answers = {}
    for response in responses:
        if not isinstance(response, dict) or not isinstance(response.get("status"), int):
            continue
        headers = response.get("headers") or {}
        answer = PartAnswer(
            id=str(response.get("id")),
            status=response["status"],
            headers={str(name).lower(): str(value) for name, value in headers.items()},
            body=response.get("body"),
        )
        answers[answer.id] = answer
    return answers


def encode_rest(parts: Sequence[Part], boundary: str) -> bytes:
    """The body of a POST to `_api/$batch`, to be sent as `multipart/mixed; boundary={boundary}`.

    Writes that follow one another share a changeset; MERGE and DELETE stand in the request line.
    Raises `ValueError` for no parts, more than 100, or a header that would break the format.
    """
    if not 0 < len(parts) <= REST_PARTS:
        raise ValueError(f"a SharePoint batch holds 1 to {REST_PARTS} parts, not {len(parts)}")
    out: list[str] = []
    changeset = ""
    for number, part in enumerate(parts):
        reads = part.method == "GET"
        if reads and changeset:
            out += [f"--{changeset}--", ""]
            changeset = ""
        if not reads and not changeset:
            changeset = f"changeset_{number}_{boundary}"
            out += [f"--{boundary}", f'Content-Type: multipart/mixed; boundary="{changeset}"', ""]
        out.append(f"--{changeset or boundary}")
        out += ["Content-Type: application/http", "Content-Transfer-Encoding: binary", ""]
        out += [f"{_clean(part.method)} {_clean(part.path)} HTTP/1.1"]
        out += [f"{_clean(name)}: {_clean(value)}" for name, value in part.headers.items()]
        out.append("")
        if part.body is not None:
            out.append(json.dumps(part.body, ensure_ascii=False, allow_nan=False))
        out.append("")
    if changeset:
        out += [f"--{changeset}--", ""]
    out += [f"--{boundary}--", ""]
    return "\r\n".join(out).encode()


def decode_rest(
    content: bytes, content_type: str, loads: Callable[[bytes], Any] = json.loads
) -> list[PartAnswer] | None:
    """The answers in the order of the parts; None when the body is not multipart.

    Line ends may be CRLF or LF; changesets inside the answer are opened.
    """
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return None
    answers: list[PartAnswer] = []
    for chunk in _chunks(content, boundary[1].encode()):
        headers, inner = _split_headers(chunk)
        kind = headers.get("content-type", "")
        if kind.lower().startswith("multipart/"):
            nested = decode_rest(inner, kind, loads) or []
            answers += [
                PartAnswer(str(len(answers) + i), a.status, a.headers, a.body)
                for i, a in enumerate(nested)
            ]
            continue
        answer = _answer(inner.lstrip(b"\r\n"), str(len(answers)), loads)
        if answer is not None:
            answers.append(answer)
    return answers


def _check_graph(parts: Sequence[Part]) -> None:
    if not 0 < len(parts) <= GRAPH_PARTS:
        raise ValueError(f"a Graph batch holds 1 to {GRAPH_PARTS} parts, not {len(parts)}")
    ids = [part.id.lower() for part in parts]
    if len(set(ids)) != len(ids):
        raise ValueError("two parts of a Graph batch have the same id")
    known = {part.id for part in parts}
    if any(not known.issuperset(part.depends_on) for part in parts):
        raise ValueError("a part of a Graph batch depends on one that is not in it")
    chains = [bool(part.depends_on) for part in parts]
    if any(chains) and not all(chains[1:]):
        raise ValueError("parts of a Graph batch are either all chained or all free")


def _clean(text: str) -> str:
    # A line end inside a URL or header would let a value write headers of its own.
    if "\r" in text or "\n" in text:
        raise ValueError("a line end inside a batch header or URL")
    return text


def _chunks(content: bytes, boundary: bytes) -> list[bytes]:
    # Only a delimiter that fills its line counts: a body may hold the same characters elsewhere.
    # The pattern begins with plain characters, so that long bodies are searched quickly.
    delimiter = re.compile(re.escape(b"--" + boundary) + rb"(--)?[ \t]*(?=\r?\n|$)")
    chunks: list[bytes] = []
    start: int | None = None
    for found in delimiter.finditer(content):
        end = found.start()
        if end and content[end - 1 : end] != b"\n":
            continue
        if start is not None:
            chunks.append(content[start:end].removesuffix(b"\n").removesuffix(b"\r"))
        if found[1]:
            break
        start = found.end()
    return chunks


def _split_headers(chunk: bytes) -> tuple[dict[str, str], bytes]:
    chunk = re.sub(rb"^\r?\n", b"", chunk, count=1)
    head, _, rest = _partition_blank(chunk)
    headers: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.strip().decode("latin-1").lower()] = value.strip().decode("latin-1")
    return headers, rest


def _partition_blank(data: bytes) -> tuple[bytes, bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", data)
    if found is None:
        return data, b"", b""
    return data[: found.start()], found[0], data[found.end() :]


def _answer(message: bytes, part_id: str, loads: Callable[[bytes], Any]) -> PartAnswer | None:
    status = _STATUS.match(message)
    if status is None:
        return None
    _, _, after_line = message.partition(b"\n")
    # A part without headers goes from the status line straight to the blank line.
    headers, body = _split_headers(b"\n" + after_line) if after_line.strip() else ({}, b"")
    return PartAnswer(part_id, int(status[1]), headers, _decoded(body.strip(), loads))


def _decoded(body: bytes, loads: Callable[[bytes], Any]) -> Any:
    if not body:
        return None
    try:
        return loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
