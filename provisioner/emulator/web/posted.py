"""What a browser sends from a form: values by name, a file, and whether it came from our own page."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import HTTP
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Posted:
    """A form as it was sent. `file` is a name and its bytes; None where none was chosen."""

    values: dict[str, list[str]] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None

    def first(self, name: str) -> str:
        """The first value, "" for none."""
        return self.values.get(name, [""])[0]


def from_here(request: Request) -> bool:
    """Whether a form came from a page of this server: a browser says so in Origin."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def posted(request: Request) -> Posted:
    """The form in a request; empty for a body of any other sort."""
    kind, body = request.headers.get("content-type", ""), await request.body()
    if kind.startswith("multipart/form-data"):
        return _multipart(_header(kind).get_param("boundary"), body)
    return Posted(parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True))


def _multipart(boundary: object, body: bytes) -> Posted:
    """RFC 7578: parts between lines of the boundary, each with headers of its own."""
    values: dict[str, list[str]] = {}
    file: tuple[str, bytes] | None = None
    for part in (b"\r\n" + body).split(f"\r\n--{boundary}".encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        said = _disposition(head.decode("utf-8", "replace"))
        name, filename = said.get("name", ""), said.get("filename")
        if filename is None:
            values.setdefault(name, []).append(content.decode("utf-8", "replace"))
        elif filename:
            file = filename, content
    return Posted(values, file)


def _disposition(head: str) -> dict[str, str]:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            found = EmailMessage(HTTP)
            found["content-disposition"] = value.strip()
            return dict(found["content-disposition"].params)
    return {}


def _header(kind: str) -> EmailMessage:
    found = EmailMessage(HTTP)
    found["content-type"] = kind
    return found
