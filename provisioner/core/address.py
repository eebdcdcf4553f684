"""Addresses: the logical name of each resource, `list:risk-register/column:OwnerId`.

An address never changes when a title does. It is parts of `kind:name` joined by `/`; a `/`, `%` or
control character inside a name is percent-encoded, so that an address can be split again. Letters of
every language stay as they are: `group:Équipe sécurité`. A part of which there is only one below its
parent is just its kind: `list:risk-register/permissions`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote

SITE = "site"
_PLAIN = " .,()&+_-!?@=;~:|'"
_NEEDS_NOTHING = re.compile(rf"[A-Za-z0-9{re.escape(_PLAIN)}]*")
_LAST_ASCII = "\x7f"
_REFERENCE = "⟦⟧"
"""What marks a reference to an address: see `core.transport`."""


def address(kind: str, name: str, parent: str = "") -> str:
    """The address of `name` of `kind`, below `parent` (an address, or "" for the site)."""
    own = f"{kind}:{_escaped(name)}" if name else kind
    return f"{parent}/{own}" if parent and parent != SITE else own


@lru_cache(maxsize=8192)
def _escaped(name: str) -> str:
    if _NEEDS_NOTHING.fullmatch(name):
        return name
    return "".join(
        one
        if one > _LAST_ASCII and one.isprintable() and one not in _REFERENCE
        else quote(one, safe=_PLAIN)
        for one in name
    )


def spelled(value: str) -> str:
    """An address as it is written now, where somebody typed more escapes than it needs."""
    parts = (one.partition(":") for one in value.split("/"))
    return "/".join(address(kind, unquote(name)) for kind, _, name in parts)


def parent_of(value: str) -> str:
    """The address this one sits below; "site" for those that sit on the site itself."""
    return value.rpartition("/")[0] or SITE


def split(value: str) -> tuple[str, str]:
    """Kind and name of the last part."""
    last = value.rpartition("/")[2]
    kind, _, name = last.partition(":")
    return kind, unquote(name)


def root_of(value: str) -> str:
    """The first part: the list, group or column that the address belongs to."""
    return value.partition("/")[0]
