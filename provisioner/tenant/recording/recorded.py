"""The two services with a recorder beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

from provisioner.core.batch import Part, PartAnswer
from provisioner.core.transport import Audience
from provisioner.tenant.recording.beside import Beside
from provisioner.tenant.recording.recorder import Exchange, Recorder
from provisioner.tenant.wire import ContentService, Lost, Received, Request, Service


class Recording:
    """Writes down all that passes. Implements `Between`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def graph(self, service: ContentService) -> ContentService:
        """Graph with the recorder beside it."""
        return _Recorded(service, self._recorder, service)

    def rest(self, service: Service) -> Service:
        """SharePoint with the recorder beside it."""
        return _Recorded(service, self._recorder)

    def roles(self, audience: Audience, ask: Callable[[], frozenset[str]]) -> frozenset[str]:
        """The roles in the token, written down."""
        found = ask()
        self._recorder.roles(audience, found)
        return found


class _Recorded(Beside):
    """A service whose exchanges are written down; the parts of a batch one by one."""

    def __init__(
        self, inner: Service, recorder: Recorder, content: ContentService | None = None
    ) -> None:
        super().__init__(inner)
        self._content = content
        self._recorder = recorder
        self._batches = 0

    async def sign_in(self) -> None:
        """Have a token ready; nothing of it is written down."""
        await self._inner.sign_in()

    async def send(self, request: Request) -> Received:
        """Send once and write it down. Raises `Lost`."""
        try:
            received = await self._inner.send(request)
        except Lost as lost:
            self._wrote(request, 0, {}, None, sent=lost.sent)
            raise
        self._wrote(request, received.status, received.headers, _body(received))
        return received

    async def fetch(self, url: str, target: BinaryIO | None = None) -> Received:
        """GET file content; how much it is, is written down."""
        assert self._content is not None
        received = await self._content.fetch(url, target)
        content = received.content if received.status == 200 else _body(received)
        self._wrote(Request("GET", url), received.status, received.headers, content)
        return received

    async def send_batch(self, parts: Sequence[Part]) -> Received | list[PartAnswer | None]:
        """Send parts in one request; each is written down with what became of it."""
        self._batches += 1
        try:
            answers = await self._inner.send_batch(parts)
        except Lost as lost:
            for part in parts:
                self._part(part, None, sent=lost.sent)
            raise
        if isinstance(answers, Received):
            whole = PartAnswer("", answers.status, answers.headers, _body(answers))
            for part in parts:
                self._part(part, whole)
            return answers
        for part, answer in zip(parts, answers, strict=True):
            self._part(part, answer)
        return answers

    def _part(self, part: Part, answer: PartAnswer | None, *, sent: bool = True) -> None:
        came = answer or PartAnswer("", 0)
        self._recorder.wrote(
            Exchange(
                self.audience,
                part.method,
                self._inner.locate(part.path),
                part.headers,
                part.body,
                came.status,
                came.headers,
                came.body,
                self._batches,
                sent,
            )
        )

    def _wrote(
        self,
        request: Request,
        status: int,
        came: Mapping[str, str],
        answer: Any,
        *,
        sent: bool = True,
    ) -> None:
        asked = Received(0, {n.lower(): v for n, v in request.headers.items()}, request.content)
        body = _body(asked) if request.content else None
        self._recorder.wrote(
            Exchange(
                self.audience,
                request.method,
                request.url,
                request.headers,
                body,
                status,
                came,
                answer,
                0,
                sent,
            )
        )


def _body(received: Received) -> Any:
    """Decoded JSON, or the bytes as they are: what is no JSON is taken for a file."""
    return received.json() if received.is_json else received.content or None
