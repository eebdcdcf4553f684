"""What goes over the wire and what comes back, the same for Graph and SharePoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, Protocol

import orjson

from provisioner.core.batch import Part, PartAnswer
from provisioner.core.transport import Audience

Place = Literal["site", "root"]
"""What a SharePoint path is below: the workspace's site, or the root site of its host."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. `url` is absolute; `content` is what is sent, b"" for nothing."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Received:
    """One HTTP answer, whatever its status. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_json(self) -> bool:
        """Whether the answer says it is JSON."""
        return "json" in self.headers.get("content-type", "").lower()

    def json(self) -> Any:
        """The decoded body; None when it is empty or no JSON."""
        if not self.content:
            return None
        try:
            return orjson.loads(self.content)
        except ValueError:
            return None


class Lost(Exception):
    """No answer came. `sent` is False when the request certainly never reached the service.

    `again` is False when trying again cannot help (an unknown host name, a certificate that is not
    trusted). `sentence` and `hint` are for a person.
    """

    def __init__(self, sentence: str, *, hint: str, sent: bool, again: bool = True) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.sent = sent
        self.again = again


class Service(Protocol):
    """One of the two audiences: it signs, sends and packs, and never judges."""

    @property
    def audience(self) -> Audience:
        """Which token it uses."""

    @property
    def most_parts(self) -> int:
        """How many parts a batch may hold."""

    @property
    def batch_url(self) -> str:
        """Where batches are posted."""

    def locate(self, path: str, at: Place = "site") -> str:
        """The absolute URL of a path. Raises `Permanent` HOST-MISMATCH for a foreign host."""

    def headers(self, method: str, given: Mapping[str, str], *, has_json: bool) -> dict[str, str]:
        """The headers an operation needs, those given winning."""

    async def sign_in(self) -> None:
        """Have a token ready. Raises `ProvisionerError` when there is none to be had."""

    async def send(self, request: Request) -> Received:
        """Send once. Raises `Lost`; never for a status."""

    async def send_batch(self, parts: Sequence[Part]) -> Received | list[PartAnswer | None]:
        """Send parts (paths as `locate` takes them) in one request.

        One answer for each part, None where none came; or the outer answer, when the batch itself
        was refused. Raises `Lost`.
        """


class ContentService(Service, Protocol):
    """A service that also gives the content of files."""

    async def fetch(self, url: str, target: BinaryIO | None = None) -> Received:
        """GET file content, into an open file where one is given. Raises `Lost`."""


class Between(Protocol):
    """Stands between us and the two services: writes down what passes, or plays it again."""

    def graph(self, service: ContentService) -> ContentService:
        """What is spoken to in place of Graph."""

    def rest(self, service: Service) -> Service:
        """What is spoken to in place of SharePoint."""

    def roles(self, audience: Audience, ask: Callable[[], frozenset[str]]) -> frozenset[str]:
        """The app's roles for an audience; `ask` takes them from the token."""
