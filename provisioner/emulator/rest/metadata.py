"""SharePoint REST's three ways to write the same answer, and its two error bodies.

Handlers give plain values (``odata=nometadata``). A verbose client gets ``{"d": …}`` with
``__metadata`` and ``{"results": […]}``; minimal metadata adds ``odata.metadata`` and ``odata.type``.
Source: "JSON Light support in REST SharePoint API released"
(microsoft.com/microsoft-365/blog, 2014) and "Get to know the SharePoint REST service"
(learn.microsoft.com/sharepoint/dev/sp-add-ins). A client that names no format would get Atom from
SharePoint; here it gets minimal JSON.
"""

from __future__ import annotations

from typing import Any, Literal

from provisioner.emulator.wire import Call, Refusal, Reply

Level = Literal["verbose", "minimal", "none"]

# Functions whose value a verbose answer names after the function.
_FUNCTION_OF_KIND = {
    "SP.ContextWebInformation": "GetContextWebInformation",
    "SP.SiteCreationResponse": "Create",
}
_KEPT_BARE = frozenset({"odata.nextLink", "odata.count", "odata.null"})
_DEFAULT_CODES = {
    400: "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
    403: "-2147024891, System.UnauthorizedAccessException",
    404: "-2147024894, System.IO.FileNotFoundException",
    409: "-2130575305, Microsoft.SharePoint.SPException",
    412: "-1, Microsoft.SharePoint.Client.ClientServiceException",
    500: "-1, System.Exception",
    501: "-1, System.NotImplementedException",
}


def level_of(call: Call) -> Level:
    """The metadata level the Accept header asks for."""
    accept = call.headers.get("accept", "").lower().replace(" ", "")
    if "odata=verbose" in accept:
        return "verbose"
    if "odata=nometadata" in accept or "odata.metadata=none" in accept:
        return "none"
    return "minimal"


def content_type(level: Level) -> str:
    """The Content-Type of an answer at this level."""
    name = {"verbose": "verbose", "minimal": "minimalmetadata", "none": "nometadata"}[level]
    suffix = "" if level == "verbose" else ";streaming=true"
    return f"application/json;odata={name}{suffix};charset=utf-8"


def wrap(call: Call, reply: Reply) -> Any:
    """The body of a successful answer, as this client asked for it. None stays no content.

    A function without a value answers 200 and says null, in the words of each level.
    """
    level = level_of(call)
    function = call.path.rsplit("/", 1)[-1]
    if reply.body is None:
        if reply.status != 200:
            return None
        return {"d": {function: None}} if level == "verbose" else {"odata.null": True}
    if not isinstance(reply.body, dict):
        return reply.body
    if level == "none":
        return _bare(reply.body)
    if level == "minimal":
        return _minimal(call, reply)
    return {"d": _verbose(call, reply, function)}


def error_body(call: Call, refusal: Refusal) -> dict[str, Any]:
    """The error envelope: ``error`` for verbose clients, ``odata.error`` for the others."""
    code = refusal.rest_code or _DEFAULT_CODES.get(refusal.status, _DEFAULT_CODES[500])
    error = {"code": code, "message": {"lang": "en-US", "value": refusal.message}}
    return {"error" if level_of(call) == "verbose" else "odata.error": error}


def _address(call: Call) -> str:
    return f"{call.base_url}{call.site_path}{call.path}"


def _bare(value: Any) -> Any:
    """The value without annotations; only what a client cannot do without stays.

    "JSON Light support in REST SharePoint API released": no metadata means none, ETags included,
    which come as the header of a single entity.
    """
    if isinstance(value, dict):
        return {
            name: _bare(member)
            for name, member in value.items()
            if not name.startswith("odata.") or name in _KEPT_BARE
        }
    return [_bare(member) for member in value] if isinstance(value, list) else value


def _minimal(call: Call, reply: Reply) -> dict[str, Any]:
    body: dict[str, Any] = {"odata.metadata": f"{call.base_url}{call.site_path}/_api/$metadata"}
    if reply.kind and "value" not in reply.body:
        body |= {"odata.type": reply.kind, "odata.id": _address(call)}
    body.update(reply.body)
    return body


def _verbose(call: Call, reply: Reply, function: str) -> dict[str, Any]:
    body: dict[str, Any] = reply.body
    if isinstance(body.get("value"), list):
        members = [_entity(value, reply.kind, "") for value in body["value"]]
        if reply.kind.startswith("Collection("):
            inner = {"__metadata": {"type": reply.kind}, "results": members}
            return {function: inner}
        answer: dict[str, Any] = {"results": members}
        if "odata.nextLink" in body:
            answer["__next"] = body["odata.nextLink"]
        return answer
    if set(body) == {"value"}:
        return {function: body["value"]}
    entity = _entity(body, reply.kind, _address(call))
    assert isinstance(entity, dict)
    named = _FUNCTION_OF_KIND.get(reply.kind)
    return {named: entity} if named else entity


def _entity(value: Any, kind: str, address: str) -> Any:
    """A value with verbose spelling: metadata on the entity, ``results`` around every list."""
    if isinstance(value, list):
        return {"results": [_entity(member, "", "") for member in value]}
    if not isinstance(value, dict):
        return value
    plain = {
        name: _entity(member, "", "")
        for name, member in value.items()
        if not name.startswith("odata.")
    }
    kind = str(value.get("odata.type") or kind)
    address = str(value.get("odata.id") or value.get("odata.editLink") or address)
    if kind and not kind.startswith("Collection("):
        metadata = {"type": kind}
        if address:
            metadata |= {"id": address, "uri": address}
        if "odata.etag" in value:
            metadata["etag"] = value["odata.etag"]
        return {"__metadata": metadata, **plain}
    return plain
