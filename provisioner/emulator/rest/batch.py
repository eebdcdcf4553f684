"""SharePoint's multipart batch: up to a hundred requests of one site in one.

Source: "Make batch requests with the REST APIs" (learn.microsoft.com/sharepoint/dev/sp-add-ins):
reads at the top level, writes in change sets, addresses of the same site only, not transactional.
The order of execution is not promised (github.com/SharePoint/sp-dev-docs issue 5476), so parts run
in random order here; answers come in the order of the requests. Line ends may be LF or CRLF, a
stray header block may come first, and a boundary may follow a body directly:
Office365-REST-Python-Client 3.3.0 writes all three.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from provisioner.emulator.dispatch import BatchFace
from provisioner.emulator.json_body import size_of, to_bytes
from provisioner.emulator.rest.path import address, is_rest, options
from provisioner.emulator.wire import Call, Refusal, Reply

LIMIT = 100
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_REQUEST_LINE = re.compile(r"([A-Za-z]+)\s+(\S.*?)\s+HTTP/\d(?:\.\d)?\s*\Z")


@dataclass(frozen=True, slots=True)
class _Part:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


async def answer(face: BatchFace, call: Call, asked: str) -> Reply:
    """Perform a batch; its parts are charged, gated and logged one by one."""
    dispatcher = face.dispatcher
    call.batch_id = dispatcher.tenant.guid()
    row = dispatcher.log.start(call, asked, outer=True)
    try:
        parts = parse(call.body, call.headers.get("content-type", ""))
        inner_calls = [_inner(call, part) for part in parts]
    except Refusal as refusal:
        reply = face.render(call, refusal.reply())
        dispatcher.log.finish(row, status=reply.status, size=size_of(reply.body))
        return reply
    answers: dict[int, Reply] = {}
    for index in dispatcher.tenant.shuffled(list(range(len(parts)))):
        path = unquote(urlsplit(parts[index].url).path)
        answers[index] = await face.perform(inner_calls[index], path, outer=False)
    boundary = f"batchresponse_{dispatcher.tenant.guid()}"
    body = _multipart([answers[index] for index in range(len(parts))], boundary)
    reply = face.render(call, Reply(200, body))
    reply.headers["Content-Type"] = f'multipart/mixed; boundary="{boundary}"'
    reply.connection = next((each.connection for each in answers.values() if each.connection), "")
    dispatcher.log.finish(row, status=200, size=len(body))
    return reply


def parse(body: bytes, content_type: str) -> list[_Part]:
    """The requests of a multipart body, in order; `Refusal` 400 if it is malformed."""
    parts = list(_requests(body, _boundary(content_type), in_changeset=False))
    if not parts:
        raise _bad("The batch has no requests.")
    if len(parts) > LIMIT:
        raise _bad(f"The batch has {len(parts)} requests; at most {LIMIT} are allowed.")
    return parts


def _requests(body: bytes, boundary: str, *, in_changeset: bool) -> Iterator[_Part]:
    pieces = re.split(rb"--" + re.escape(boundary.encode()) + rb"(?=--|\s|\Z)", body)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise _bad(f"The boundary '{boundary}' is not closed.")
    for piece in pieces[1:-1]:
        headers, content = _head_and_body(piece.lstrip(b"\r\n"))
        media = headers.get("content-type", "")
        if media.lower().startswith("multipart/mixed"):
            if in_changeset:
                raise _bad("A change set cannot hold another one.")
            yield from _requests(content, _boundary(media), in_changeset=True)
        elif media.lower().startswith("application/http"):
            part = _request(content.lstrip(b"\r\n"))
            if in_changeset and part.method == "GET":
                raise _bad("A change set cannot hold a read; put it at the top level.")
            yield part
        else:
            raise _bad("A part must be application/http or a change set.")


def _request(content: bytes) -> _Part:
    line, _, rest = content.partition(b"\n")
    found = _REQUEST_LINE.match(line.decode("utf-8", "replace"))
    if found is None:
        raise _bad("A part must begin with a request line: METHOD URL HTTP/1.1.")
    without_headers = rest.startswith((b"\n", b"\r\n")) or not rest.strip()
    headers, body = ({}, rest) if without_headers else _head_and_body(rest)
    return _Part(found[1].upper(), found[2], headers, body.strip())


def _head_and_body(content: bytes) -> tuple[dict[str, str], bytes]:
    """Header lines up to the first blank line, names in lower case, and what follows it."""
    end = _BLANK_LINE.search(content)
    head = content[: end.start()] if end else content
    body = content[end.end() :] if end else b""
    headers: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers, body


def _boundary(content_type: str) -> str:
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if message.get_content_type() != "multipart/mixed" or not isinstance(boundary, str):
        raise _bad("The Content-Type must be multipart/mixed with a boundary.")
    return boundary


def _inner(outer: Call, part: _Part) -> Call:
    target = urlsplit(part.url)
    if target.netloc and f"{target.scheme}://{target.netloc}".lower() != outer.base_url.lower():
        raise _bad(f"{part.url} is not an address of this host.")
    if not is_rest(unquote(target.path)):
        raise _bad(f"{part.url} is not an address below /_api.")
    inner = Call(
        face="rest",
        method=part.method,
        path=target.path,
        query=options(target.query),
        headers=part.headers,
        body=part.body,
        caller=outer.caller,
        base_url=outer.base_url,
        batch_id=outer.batch_id,
    )
    address(inner, target.path)
    if inner.site_path.lower() != outer.site_path.lower():
        raise _bad(f"{part.url} is not an address of the batch's site.")
    if inner.path.lower() == "/_api/$batch":
        raise _bad("A batch cannot hold another one.")
    return inner


def _multipart(replies: list[Reply], boundary: str) -> bytes:
    lines: list[bytes] = []
    for reply in replies:
        lines += [
            f"--{boundary}".encode(),
            b"Content-Type: application/http",
            b"Content-Transfer-Encoding: binary",
            b"",
            f"HTTP/1.1 {reply.status} {_reason(reply.status)}".encode(),
            *(f"{name}: {value}".encode() for name, value in reply.headers.items()),
            b"",
            to_bytes(reply.body),
        ]
    lines += [f"--{boundary}--".encode(), b""]
    return b"\r\n".join(lines)


def _reason(status: int) -> str:
    """The phrase of a status, also of one that only a fault would give."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Fault"


def _bad(message: str) -> Refusal:
    return Refusal(
        400,
        "invalidRequest",
        message,
        rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
    )
