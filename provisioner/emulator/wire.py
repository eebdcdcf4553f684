"""What passes between the HTTP edge, the batch engines and the route handlers.

A batch part and a plain request are the same `Call`, so a rule holds for both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Face = Literal["entra", "graph", "rest", "web", "control"]
Connection = Literal["", "drop", "reset", "truncate"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, read from a verified token.

    `audience` is "graph" or "sharepoint"; `roles` are the app roles of that audience;
    `appidacr` is "0" for a public client, "1" for a secret and "2" for a certificate. A person who
    signed in through the app is `user`; then `roles` is empty and `scopes` holds the delegated
    permissions under the names of the application permissions they correspond to.
    """

    app_id: str
    audience: str
    roles: frozenset[str]
    appidacr: str = "2"
    user: str | None = None
    scopes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Call:
    """One request as a route handler sees it, whether it came alone or inside a batch.

    `path` is percent-decoded below the face's root: for Graph without ``/v1.0``, for REST from
    ``/_api`` on with `site_path` ("/sites/acme", "" for the root site) taken off. `query` keeps
    the last value of each name, decoded, names as sent (``$select``). `headers` are lower-case.
    `base_url` is scheme and host of the outer request; absolute links are built from it.
    `args` holds the arguments of a REST function call, whether they came in the URL's
    parentheses or through an ``@alias``: lower-case names, "0" and on for positional ones.
    """

    face: Face
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    caller: Caller | None = None
    base_url: str = ""
    site_path: str = ""
    batch_id: str | None = None
    version: str = "v1.0"
    args: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON; an empty body is an empty object. Raises `Refusal` 400 if malformed."""
        if not self.body.strip():
            return {}
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refusal(400, "invalidRequest", "Invalid JSON in the request body.") from None


@dataclass(slots=True)
class Reply:
    """An answer. `body` is a JSON value (dict or list), raw bytes, or None for no content.

    For REST, handlers give plain "nometadata" values; the edge adds verbose or minimal metadata
    from the request's Accept header. `kind` names the REST entity ("SP.List") or, for Graph, the
    OData type of the answer. `connection` is set by faults only: what becomes of the line instead
    of a whole answer.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    connection: Connection = ""


class Refusal(Exception):
    """Microsoft 365 refuses: status, its error code and its words.

    The edge renders it in the face's own error envelope. `rest_code` is the SharePoint number and
    class ("-2130575338, Microsoft.SharePoint.SPException"); without one a fitting default is used.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        rest_code: str = "",
        inner: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.rest_code = rest_code
        self.inner = inner
        self.headers = dict(headers or {})

    def reply(self) -> Reply:
        """The refusal as a reply whose body is the refusal itself, for the face to render."""
        return Reply(self.status, self, dict(self.headers), kind="refusal")
