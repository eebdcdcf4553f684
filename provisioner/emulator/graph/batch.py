"""Graph's JSON batch: up to twenty requests in one.

Source: "Combine multiple HTTP requests using JSON batching"
(learn.microsoft.com/graph/json-batching, 2025-02-21): at most 20 requests, `id` unique whatever
its case, `url` relative, a Content-Type where there is a body, 424 for what depends on a failure,
answers in any order, 200 whatever happened inside. `dependsOn` is "fully sequential or fully
parallel": on every request but the first, or on none.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from provisioner.emulator.dispatch import BatchFace
from provisioner.emulator.graph.path import options
from provisioner.emulator.json_body import size_of
from provisioner.emulator.wire import Call, Connection, Refusal, Reply

LIMIT = 20
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    depends_on: tuple[str, ...]


async def answer(face: BatchFace, call: Call, asked: str) -> Reply:
    """Perform a batch; its parts are charged, gated and logged one by one."""
    dispatcher = face.dispatcher
    call.batch_id = dispatcher.tenant.guid()
    row = dispatcher.log.start(call, asked, outer=True)
    try:
        parts = _parts(call.json())
    except Refusal as refusal:
        reply = face.render(call, refusal.reply())
        dispatcher.log.finish(row, status=reply.status, size=size_of(reply.body))
        return reply
    broken: list[Connection] = []  # a fault of one part breaks the line of the whole batch
    if parts and parts[-1].depends_on:
        responses = await _in_order(face, call, parts, broken)
    else:
        shuffled = dispatcher.tenant.shuffled(list(parts))
        performed = (_perform(face, call, part, broken) for part in shuffled)
        responses = list(await asyncio.gather(*performed))
    body = {"responses": dispatcher.tenant.shuffled(responses)}
    reply = face.render(call, Reply(200, body))
    reply.connection = broken[0] if broken else ""
    dispatcher.log.finish(row, status=200, size=size_of(body))
    return reply


async def _in_order(
    face: BatchFace, call: Call, parts: list[_Part], broken: list[Connection]
) -> list[dict[str, Any]]:
    responses: list[dict[str, Any]] = []
    failed: set[str] = set()
    for part in parts:
        if failed.intersection(part.depends_on):
            message = "The request depends on a request of this batch that failed."
            error = {"error": {"code": "FailedDependency", "message": message}}
            responses.append({"id": part.id, "status": 424, "headers": {}, "body": error})
            failed.add(part.id.lower())
            continue
        response = await _perform(face, call, part, broken)
        responses.append(response)
        if response["status"] >= 400:
            failed.add(part.id.lower())
    return responses


async def _perform(
    face: BatchFace, outer: Call, part: _Part, broken: list[Connection]
) -> dict[str, Any]:
    target = urlsplit(part.url)
    path = unquote(target.path)
    inner = Call(
        face="graph",
        method=part.method,
        path=path if path.startswith("/") else f"/{path}",
        query=options(target.query),
        headers=part.headers,
        body=part.body,
        caller=outer.caller,
        base_url=outer.base_url,
        batch_id=outer.batch_id,
        version=outer.version,
    )
    reply = await face.perform(inner, f"/{outer.version}{inner.path}", outer=False)
    if reply.connection:
        broken.append(reply.connection)
    headers = {"Content-Type": "application/json"} | reply.headers
    response: dict[str, Any] = {"id": part.id, "status": reply.status, "headers": headers}
    if isinstance(reply.body, bytes):
        response["body"] = base64.b64encode(reply.body).decode()
    elif reply.body is not None:
        response["body"] = reply.body
    else:
        del headers["Content-Type"]
    return response


def _parts(payload: Any) -> list[_Part]:
    """The requests of the payload; `Refusal` 400 for the whole batch if one is malformed."""
    requests = payload.get("requests") if isinstance(payload, dict) else None
    if not isinstance(requests, list) or not requests:
        raise _bad("Invalid batch payload format.")
    if len(requests) > LIMIT:
        raise _bad(f"Number of batch request steps exceeds the maximum value of {LIMIT}.")
    parts = [_part(request) for request in requests]
    seen: set[str] = set()
    for part in parts:
        if part.id.lower() in seen:
            raise _bad(f"Request Id : {part.id} has to be unique in a batch.")
        for dependency in part.depends_on:
            if dependency not in seen:
                raise _bad(f"Request Id : {part.id} depends on an unknown or later request.")
        seen.add(part.id.lower())
    sequential = [bool(part.depends_on) for part in parts[1:]]
    if any(sequential) and not all(sequential):
        raise _bad(
            "Requests of a batch are either fully sequential, with dependsOn on every one but the "
            "first, or fully parallel, with dependsOn on none."
        )
    return parts


def _part(request: Any) -> _Part:
    if not isinstance(request, dict):
        raise _bad("Invalid batch payload format.")
    identifier, method, url = (request.get(name) for name in ("id", "method", "url"))
    if not isinstance(identifier, str) or not identifier:
        raise _bad("Request Id cannot be null or empty.")
    if not isinstance(method, str) or method.upper() not in _METHODS:
        raise _bad(f"Request Id : {identifier} has an invalid method.")
    if not isinstance(url, str) or not url or urlsplit(url).netloc:
        raise _bad(f"Request Id : {identifier} must have a url relative to the version.")
    if urlsplit(url).path.strip("/").lower() == "$batch":
        raise _bad(f"Request Id : {identifier} is a batch inside a batch.")
    headers = {str(k).lower(): str(v) for k, v in (request.get("headers") or {}).items()}
    headers.pop("authorization", None)
    depends_on = request.get("dependsOn") or []
    if not isinstance(depends_on, list):
        raise _bad(f"Request Id : {identifier} has an invalid dependsOn.")
    body = b""
    if request.get("body") is not None:
        if "content-type" not in headers:
            raise _bad(
                f"Write request id : {identifier} does not contain Content-Type header or body."
            )
        body = _body(request["body"], headers["content-type"], identifier)
    return _Part(
        identifier,
        method.upper(),
        url,
        headers,
        body,
        tuple(str(dependency).lower() for dependency in depends_on),
    )


def _body(body: Any, content_type: str, identifier: str) -> bytes:
    """JSON as it is; anything else is base64 text."""
    if "json" in content_type.lower():
        return orjson.dumps(body)
    if not isinstance(body, str):
        raise _bad(f"Request Id : {identifier} must have its body as base64 text.")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise _bad(f"Request Id : {identifier} must have its body as base64 text.") from None


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
