"""What we ask Microsoft 365, as data, and the `Transport` that carries it.

Kinds say what to read and what to write; the engine packs it; `tenant` sends it. Because requests
are values, a plan can show them, their cost and the permission they need before anything is sent.

References: what the service assigns (a list id, a principal id) is written `⟦address#attribute⟧`
inside paths and bodies, made by `ref` and filled by `Bindings.fill` when it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Literal, Protocol

Audience = Literal["graph", "sharepoint"]

_REF = re.compile(r"⟦([^⟦⟧#]+)#([A-Za-z]+)⟧")


def ref(address: str, attribute: str = "id") -> str:
    """A placeholder for what the service assigns to the resource at `address`."""
    return f"⟦{address}#{attribute}⟧"


def refs_in(value: Any) -> frozenset[tuple[str, str]]:
    """Every `(address, attribute)` referred to inside a JSON value, keys included."""
    if isinstance(value, str):
        return frozenset((a, b) for a, b in _REF.findall(value)) if "⟦" in value else frozenset()
    if isinstance(value, Mapping):
        parts = [refs_in(k) | refs_in(v) for k, v in value.items()]
        return frozenset().union(*parts)
    if isinstance(value, (list, tuple)):
        return frozenset().union(*(refs_in(v) for v in value))
    return frozenset()


class Bindings(dict[tuple[str, str], str]):
    """What the service has assigned so far: `(address, attribute)` -> text."""

    def has(self, wanted: frozenset[tuple[str, str]]) -> bool:
        """Whether everything in `wanted` is known."""
        return all(key in self for key in wanted)

    def fill(self, value: Any) -> Any:
        """`value` with each reference replaced. Raises `KeyError` for one that is not known."""
        if isinstance(value, str):
            return _REF.sub(lambda m: self[m[1], m[2]], value) if "⟦" in value else value
        if isinstance(value, Mapping):
            return {self.fill(k): self.fill(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.fill(v) for v in value]
        return value


@dataclass(frozen=True, slots=True)
class Reading:
    """One GET. Equal readings of several kinds are sent once.

    `path` is below `/v1.0` for Graph ("/sites/contoso.sharepoint.com:/sites/acme:/lists") and
    below the site for SharePoint ("/_api/web/lists"), query included and already encoded.
    `pages` follows every next link and joins the `value` arrays. `absent_ok`: a 404 is an answer.
    `refused_ok`: a 403 is one as well, where we can do without.
    """

    audience: Audience
    path: str
    cost: int = 1
    pages: bool = False
    absent_ok: bool = False
    refused_ok: bool = False
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to a reading. `body` is decoded JSON, bytes for file content, or None.

    `status` is 200, 404 (only where `absent_ok`), 403 (only where `refused_ok`) or 410 for a delta
    token that is too old.
    """

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


Answers = Mapping[Reading, Answer]


@dataclass(frozen=True, slots=True)
class Poll:
    """How to wait for what the service does after its answer: GET an address until it is `done`.

    `path` is None for a 202, whose `Location` header names the address. Otherwise it is a path like
    an operation's ("" for the operation's own), and the first answer may already be the last; an
    operation that is itself a GET is waited for while it answers 404.
    `done` and `failed` are texts at `status_pointer`, in any case; one that begins with "/" is the
    path of an address that stands there, and "*" in `failed` is any other text. `reasons` says what
    a text in `failed` means.
    """

    status_pointer: str = "/status"
    done: tuple[str, ...] = ("succeeded",)
    failed: tuple[str, ...] = ("failed",)
    every_seconds: float = 2.0
    path: str | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One write, as data.

    `address` is the resource it works for; `scope` names what must stay serial ("list:risk-register",
    "site"); `cost` is in resource units (Microsoft's throttling table); `permission` is the least
    application permission. `body` is JSON (may hold references) or bytes. `produces` maps an
    attribute of `address` to a JSON pointer into the answer ("/id"). `tolerates` lists statuses that
    mean "already so" (a 404 on a delete). `poll` is for what goes on after the answer. `alone` keeps
    it out of batches; `in_order` has it wait for the earlier ones of its path. `at` is "root" for a
    SharePoint path below the tenant's root site, which works alone only. `inside` is the address of
    a change whose first request to this audience may say the same, where it is there; `carried` that
    it does, so that this one is not sent by itself.
    `refused` says for a status what it means here and what to do, besides Microsoft's own words.
    `capability` names what its refusal, as a way, says of the tenant; `otherwise` is another way.
    `urgent` ones wait behind no others for the minute's budget: the lock must be kept meanwhile.
    """

    audience: Audience
    method: Literal["GET", "POST", "PATCH", "MERGE", "PUT", "DELETE"]
    path: str
    address: str
    scope: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cost: int = 2
    permission: str = ""
    produces: Mapping[str, str] = field(default_factory=dict)
    tolerates: tuple[int, ...] = ()
    poll: Poll | None = None
    alone: bool = False
    what: str = ""
    at: Literal["site", "root"] = "site"
    inside: str = ""
    carried: bool = False
    in_order: bool = False
    refused: Mapping[int, str] = field(default_factory=dict)
    capability: str = ""
    otherwise: Operation | None = None
    urgent: bool = False

    def needs(self) -> frozenset[tuple[str, str]]:
        """The references that must be known before it can be sent."""
        return refs_in(self.path) | refs_in(self.body) | refs_in(dict(self.headers))

    def filled(self, known: Bindings) -> Operation:
        """The same operation with every reference replaced."""
        return replace(
            self,
            path=known.fill(self.path),
            body=self.body if isinstance(self.body, bytes) else known.fill(self.body),
            headers=known.fill(dict(self.headers)),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation.

    `state`: done; failed (refused for good: `code`, `message`); unknown (no answer came, so look
    before sending again); skipped (not sent: what it depends on failed).
    """

    state: Literal["done", "failed", "unknown", "skipped"]
    status: int = 0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    message: str = ""
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Operations that travel in one request. `sequential`: each part depends on the one before."""

    operations: tuple[Operation, ...]
    sequential: bool = False

    @property
    def audience(self) -> Audience:
        """The one audience of all parts."""
        return self.operations[0].audience


@dataclass(slots=True)
class Stats:
    """What a run cost so far; times in seconds.

    `requests` counts every request, the parts of a batch too, as Microsoft's limits do;
    `round_trips` the HTTP requests that had to wait for one another: the longest chain of them,
    each sent after the one before was answered. Those sent side by side count once.
    """

    requests: int = 0
    round_trips: int = 0
    resource_units: int = 0
    retries: int = 0
    throttled_seconds: float = 0.0

    @contextmanager
    def round_trip(self, requests: int, units: int) -> Iterator[None]:
        """Around one HTTP request, which carries so many and costs so much."""
        self.requests += requests
        self.resource_units += units
        before = self.round_trips
        try:
            yield
        finally:
            self.round_trips = max(self.round_trips, before + 1)


class Transport(Protocol):
    """The way to one site. Implemented by `tenant`; handed to engine, ledger and sync.

    Raises `Refused` (401, 403), `Permanent` (other refusals of a reading), `Temporary` (after the
    retry deadline). A write never raises for what Microsoft answered: that is an `Outcome`.
    """

    @property
    def hostname(self) -> str:
        """The SharePoint host, "contoso.sharepoint.com"."""

    @property
    def site_path(self) -> str:
        """Server-relative path of the site, "/sites/acme"."""

    @property
    def stats(self) -> Stats:
        """Counted as it goes."""

    async def read(self, readings: Sequence[Reading]) -> dict[Reading, Answer]:
        """All readings, batched and in parallel."""

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        """Send envelopes in parallel; one list of outcomes for each, in the order of its parts."""

    async def upload(self, path: str, data: bytes, *, if_match: str | None = None) -> Outcome:
        """PUT the bytes to a Graph content path, "/drives/{id}/root:/a.json:/content"."""

    async def download(self, path: str) -> bytes | None:
        """The bytes at a Graph content path; None for 404."""

    async def save(self, path: str, target: BinaryIO) -> int | None:
        """Write the bytes at a Graph content path into an open file, a piece at a time.

        The file is emptied first. How many there were; None for 404.
        """

    async def app_roles(self) -> frozenset[str]:
        """What the app may do in the whole tenant, "graph:Sites.Create.All"; may sign in for it."""
