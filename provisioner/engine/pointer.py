"""JSON pointers (RFC 6901), for taking an id out of an answer."""

from __future__ import annotations

from typing import Any


def at_pointer(value: Any, pointer: str) -> Any:
    """What `pointer` names inside `value`; None when it is not there."""
    for raw in pointer.split("/")[1:]:
        step = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
