"""What was taken from an auditor's lists before, kept beside the other facts of the site.

By it an edit of the team is told from one of the auditor: what stands in a request and is not what was
taken last, people wrote since. Of each value only a digest is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from provisioner.core.transport import Transport
from provisioner.sync.auditor_list.reading import Asked
from provisioner.sync.collect_site import Places
from provisioner.sync.columns import Value
from provisioner.sync.kept_beside import (
    document_bytes,
    document_of,
    load_beside,
    save_beside,
)

FILE = "requests.json"
_KIND = "TakenRequests"

Taken = Mapping[str, Mapping[str, str]]
"""Digests of values by column, by reference in small letters."""


def mark(value: Value) -> str:
    """A short digest of a value; several choices in any order have one."""
    if isinstance(value, tuple):
        value = "\n".join(sorted(value))
    said = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def after(
    before: Taken, written: Iterable[Asked], kept: Mapping[str, Iterable[str]]
) -> dict[str, Mapping[str, str]]:
    """What is to be kept once these stand on the site; `kept` are columns left alone, by reference."""
    found = dict(before)
    for one in written:
        key = one.reference.casefold()
        left = set(kept.get(key, ()))
        marks = {name: mark(value) for name, value in one.values.items() if name not in left}
        found[key] = {**found.get(key, {}), **marks}
    return found


async def load_taken(transport: Transport, places: Places) -> Taken:
    """What earlier imports took; {} where nothing is kept or it cannot be read."""
    return read_taken(await load_beside(transport, places, FILE))


async def save_taken(transport: Transport, places: Places, taken: Taken) -> str:
    """Keep it for the next import. Gives what went wrong, "" when nothing did."""
    return await save_beside(transport, places, FILE, taken_bytes(taken))


def taken_bytes(taken: Taken) -> bytes:
    """The file: the same bytes for the same facts."""
    requests = {key: dict(sorted(one.items())) for key, one in sorted(taken.items())}
    return document_bytes(_KIND, {"requests": requests})


def read_taken(data: bytes) -> Taken:
    """What a file of ours says; {} for anything else: then no edit is known to be the team's."""
    try:
        return {
            str(key): {str(name): str(said) for name, said in one.items()}
            for key, one in document_of(_KIND, data)["requests"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
