"""Bodies on the wire: JSON values become bytes, bytes stay what they are."""

from __future__ import annotations

from typing import Any

import orjson


def to_bytes(body: Any) -> bytes:
    """The bytes of a reply's body; nothing for None."""
    if body is None:
        return b""
    return body if isinstance(body, bytes) else orjson.dumps(body)


def size_of(body: Any) -> int:
    """How many bytes the body takes."""
    return len(to_bytes(body))
