"""A recording played again: the product asks, and gets what the tenant once answered.

What is asked is looked up by method and address, in the order of the recording; the last answer to
an address is given again as often as it is asked for.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from provisioner.core.batch import Part, PartAnswer
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Audience
from provisioner.tenant.recording.beside import Beside
from provisioner.tenant.wire import ContentService, Lost, Place, Received, Request, Service

_STAND_IN = re.compile(r"\bzz[a-z]{3,}\b|\b0000abcd-[0-9a-f-]+|\b\d{8}t\d{6}z-[0-9a-f]{4}\b|\d+")


@dataclass(slots=True)
class Tape:
    """A recording in memory. `workspace` is the merged file, as it was made unrecognisable."""

    command: str
    today: str
    workspace: Any
    roles: Mapping[str, frozenset[str]]
    answers: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    likely: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def take(self, audience: str, method: str, url: str) -> Mapping[str, Any]:
        """The next answer to a request. Raises `ProvisionerError` REPLAY-UNKNOWN."""
        exact, alike = _keys(audience, method, url)
        for kept, key in ((self.answers, exact), (self.likely, alike)):
            rows = kept.get(key)
            if rows:
                return rows.pop(0) if len(rows) > 1 else rows[0]
        raise ProvisionerError(
            "REPLAY-UNKNOWN",
            f"The recording does not know what the tenant answers to {exact}.",
            hint="It was made by another command or another version of the program.",
        )


def tape_of(path: Path) -> Tape:
    """Read a recording. Raises `ProvisionerError` RECORDING-UNREADABLE."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        head = rows[0]
        roles = {row["audience"]: frozenset(row["roles"]) for row in rows[1:] if "roles" in row}
        tape = Tape(str(head["command"]), str(head["today"]), head["workspace"], roles)
        for row in rows[1:]:
            if "answer" in row:
                exact, alike = _keys(row["audience"], row["method"], row["path"])
                tape.answers.setdefault(exact, []).append(row)
                tape.likely.setdefault(alike, []).append(row)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise ProvisionerError(
            "RECORDING-UNREADABLE",
            f"{path} is no recording of ours.",
            hint="Make one with `provisioner --record FILE` before the name of a command.",
        ) from error
    return tape


class Replay:
    """Plays a tape instead of speaking to anybody. Implements `Between`."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def graph(self, service: ContentService) -> ContentService:
        """Graph as it was."""
        return _Replayed(service, self._tape)

    def rest(self, service: Service) -> Service:
        """SharePoint as it was."""
        return _Replayed(service, self._tape)

    def roles(self, audience: Audience, ask: Callable[[], frozenset[str]]) -> frozenset[str]:
        """The roles that were in the token."""
        del ask
        return self._tape.roles.get(audience, frozenset())


class _Replayed(Beside):
    """A service that sends nothing and answers from a tape."""

    def __init__(self, inner: Service, tape: Tape) -> None:
        super().__init__(inner)
        self._tape = tape

    def locate(self, path: str, at: Place = "site") -> str:
        """The absolute URL of a path; a link of an answer as it is, for nothing is sent there."""
        return path if path.startswith("https://") else self._inner.locate(path, at)

    async def sign_in(self) -> None:
        """Nobody signs in."""

    async def send(self, request: Request) -> Received:
        """What was answered. Raises `Lost` where no answer came."""
        row = self._tape.take(self.audience, request.method, request.url)
        return _received(row)

    async def fetch(self, url: str, target: BinaryIO | None = None) -> Received:
        """One of our own documents as it was; of any other file, as many bytes."""
        received = _received(self._tape.take(self.audience, "GET", url))
        if target is not None and received.status == 200:
            target.write(received.content)
        return received

    async def send_batch(self, parts: Sequence[Part]) -> Received | list[PartAnswer | None]:
        """What was answered to each part."""
        found: list[PartAnswer | None] = []
        for part in parts:
            row = self._tape.take(self.audience, part.method, self._inner.locate(part.path))
            answer = row["answer"]
            heard = PartAnswer(part.id, answer["status"], answer["headers"], answer["body"])
            found.append(heard if answer["status"] else None)
        return found


def _keys(audience: str, method: str, url: str) -> tuple[str, str]:
    """How a request is looked up: by its address, and by its address without what changes."""
    parts = urlsplit(url)
    # The path is all that counts: the same site has another host in the recording.
    text = unquote(parts.path + (f"?{parts.query}" if parts.query else "")).casefold()
    exact = f"{audience} {method} {text}"
    return exact, _STAND_IN.sub("*", exact)


def _received(row: Mapping[str, Any]) -> Received:
    answer = row["answer"]
    if not answer["status"]:
        raise Lost(
            "No answer came, as in the recording.", hint="", sent=bool(row["sent"]), again=False
        )
    body, headers = answer["body"], answer["headers"]
    if isinstance(body, dict) and set(body) == {"bytes"}:
        return Received(answer["status"], headers, bytes(int(body["bytes"])))
    if isinstance(body, dict) and set(body) == {"document"}:
        return Received(answer["status"], headers, json.dumps(body["document"]).encode())
    if isinstance(body, dict) and set(body) == {"lines"}:
        lines = "\n".join(map(json.dumps, body["lines"]))
        return Received(answer["status"], headers, gzip.compress(lines.encode()))
    content = b"" if body is None else json.dumps(body).encode()
    return Received(answer["status"], headers, content)


class Stopwatch:
    """A clock that only waiting moves, so that nobody waits for what is long past."""

    def __init__(self) -> None:
        self._now = 0.0

    def clock(self) -> float:
        """Seconds since the start."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Pretend to wait."""
        self._now += seconds
