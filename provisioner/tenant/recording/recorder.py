"""Write down what is sent and what comes back, a line of JSON each, without what it was about."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import stat
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provisioner.tenant.recording.stand_ins import StandIns

API_VERSION = "provisioner/v1"
_SENT = frozenset({"accept", "content-type", "if-match", "prefer", "x-http-method"})
_CAME = frozenset(
    {
        "content-type",
        "etag",
        "location",
        "retry-after",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
    }
)
_GZIP = b"\x1f\x8b"
_LARGEST = 64 * 1024 * 1024
_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `status` 0: none came, and `sent` says whether it was sent.

    `url` may be absolute or a path; `batch` numbers the batch it travelled in, 0 for none. Bodies
    are JSON values, text, or bytes, which stand for the content of a file.
    """

    audience: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: Any
    status: int
    came: Mapping[str, str]
    answer: Any
    batch: int = 0
    sent: bool = True


class Recorder:
    """Writes to a file that only its owner may read, and that is emptied first.

    `kept` are words that stay beside those of the protocols: those of the workspace file's schema;
    `whole` texts of our own.
    """

    def __init__(
        self,
        path: Path,
        kept: frozenset[str] = frozenset(),
        whole: frozenset[str] = frozenset(),
    ) -> None:
        self._stand_ins = StandIns(kept, whole)
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, os.O_TRUNC, "")

    def begin(self, command: str, workspace: Any, today: date) -> None:
        """The first line: the command's word, and the workspace as it was merged, on a day."""
        self._line(
            {
                "apiVersion": API_VERSION,
                "kind": "Recording",
                "command": command,
                "today": today.isoformat(),
                "workspace": self._stand_ins.value(workspace),
            }
        )

    def roles(self, audience: str, roles: frozenset[str]) -> None:
        """What the app may do, which are Microsoft's words."""
        self._line({"audience": audience, "roles": sorted(map(self._stand_ins.text, roles))})

    def wrote(self, one: Exchange) -> None:
        """One exchange."""
        parts = urlsplit(one.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        request = {
            "audience": one.audience,
            "method": one.method,
            "path": self._stand_ins.text(path),
            "headers": self._headers(one.headers, _SENT),
            "body": self._stand_ins.value(one.body),
        }
        answer = {
            "status": one.status,
            "headers": self._headers(one.came, _CAME),
            "body": self._stand_ins.value(_ours_or_size(one.answer)),
        }
        self._line({**request, "batch": one.batch, "sent": one.sent, "answer": answer})

    def _headers(self, given: Mapping[str, str], kept: frozenset[str]) -> dict[str, str]:
        lower = {name.lower(): value for name, value in given.items()}
        found = {n: self._stand_ins.text(v) for n, v in lower.items() if n in kept}
        date = lower.get("date", "")
        if _DATE.fullmatch(date):
            found["date"] = date
        return found

    def _line(self, row: Mapping[str, Any]) -> None:
        _write(self._path, os.O_APPEND, json.dumps(row, ensure_ascii=False) + "\n")


def _ours_or_size(answer: Any) -> Any:
    """The content of a file as its size alone, unless it is our own: a JSON document, or lines of it."""
    if not isinstance(answer, bytes):
        return answer
    if answer.startswith(_GZIP):
        return _our_lines(answer) or answer
    try:
        document = json.loads(answer)
    except ValueError:
        return answer
    return {"document": document} if _is_ours(document) else answer


def _our_lines(packed: bytes) -> dict[str, list[Any]] | None:
    """What a run of the job keeps for the next, such as how far each list was read; None for else."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            head = json.loads(file.readline(_LARGEST))
            if not _is_ours(head):
                return None
            # They say at which bytes the last lines are; here all follow one another.
            head.pop("blocks", None)
            return {"lines": [head, *map(json.loads, file)]}
    except (OSError, EOFError, zlib.error, ValueError):
        return None


def _is_ours(document: Any) -> bool:
    return isinstance(document, dict) and document.get("apiVersion") == API_VERSION


def _write(path: Path, how: int, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    if sys.platform != "win32" and stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.fchmod(descriptor, 0o600)  # also one that was there already, for others to read
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
