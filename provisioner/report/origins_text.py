"""Where each value of a workspace came from, as text for a terminal and as a JSON document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from provisioner.spec.origins import Origin

_LONGEST = 72


def origins_text(found: Sequence[Origin]) -> str:
    """One line for each value: its place, its path and itself, long ones cut."""
    places = [f"{one.where.file}:{one.where.line}" for one in found]
    width = max((len(place) for place in places), default=0)
    return "\n".join(
        f"{place:<{width}}  {one.path} = {_shown(one.value)}"
        for place, one in zip(places, found, strict=True)
    )


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def origins_json(found: Sequence[Origin]) -> dict[str, Any]:
    """The `WhereFrom` document of the command line; values are whole."""
    return {
        "apiVersion": "provisioner/v1",
        "kind": "WhereFrom",
        "values": [
            {
                "path": one.path,
                "value": one.value,
                "file": one.where.file,
                "line": one.where.line,
                "column": one.where.column,
            }
            for one in found
        ],
    }
