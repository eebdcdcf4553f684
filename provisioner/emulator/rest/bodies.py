"""Bodies of SharePoint REST writes: what the JSON carries besides the properties.

With ``odata=verbose`` an entity must say its type in ``__metadata``, without it the name is an
unknown property ("The property '__metadata' does not exist on type …"), which is the first thing
most people meet when they write to this service.
"""

from __future__ import annotations

from typing import Any

from provisioner.emulator.wire import Call, Refusal

_CLIENT_QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"


def is_verbose(call: Call) -> bool:
    """Whether the body is sent as ``odata=verbose``."""
    return "odata=verbose" in call.headers.get("content-type", "").lower().replace(" ", "")


def _object(call: Call) -> dict[str, Any]:
    body = call.json()
    if not isinstance(body, dict):
        raise Refusal(
            400,
            "invalidRequest",
            "The request body is not a JSON object.",
            rest_code=_CLIENT_QUERY,
        )
    return body


def entity(call: Call, kind: str) -> dict[str, Any]:
    """The properties of an entity in the body; `kind` is its type, "SP.List".

    Raises `Refusal` 400 for verbose without ``__metadata``, or ``__metadata`` without verbose.
    """
    body = _object(call)
    metadata = body.pop("__metadata", None)
    if is_verbose(call):
        if not isinstance(metadata, dict) or "type" not in metadata:
            raise Refusal(
                400,
                "invalidRequest",
                "An entry without a type name was found, but no expected type was specified. To "
                "allow entries without type information, the expected type must also be specified "
                "when the model is specified.",
                rest_code=_CLIENT_QUERY,
            )
    elif metadata is not None:
        raise Refusal(
            400,
            "invalidRequest",
            f"The property '__metadata' does not exist on type '{kind}'. Make sure to only use "
            "property names that are defined by the type.",
            rest_code=_CLIENT_QUERY,
        )
    return {name: _plain(value) for name, value in body.items() if not name.startswith("odata.")}


def parameters(call: Call, name: str = "parameters") -> dict[str, Any]:
    """The properties inside one named argument, ``{"parameters": {…}}``. Raises `Refusal` 400."""
    body = _object(call)
    for key, value in body.items():
        if key.lower() == name.lower() and isinstance(value, dict):
            return {k: _plain(v) for k, v in value.items() if k != "__metadata"}
    raise Refusal(
        400,
        "invalidRequest",
        f"The parameter {name} is missing or is not an object.",
        rest_code=_CLIENT_QUERY,
    )


def _plain(value: Any) -> Any:
    """A value without verbose spelling: ``{"results": […]}`` is a list."""
    if isinstance(value, dict):
        if set(value) - {"__metadata"} == {"results"}:
            return [_plain(member) for member in value["results"]]
        return {k: _plain(v) for k, v in value.items() if k != "__metadata"}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value
