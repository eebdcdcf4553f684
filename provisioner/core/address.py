"""Addresses: the logical name of each resource, `list:risk-register/column:OwnerId`.

An address never changes when a title does. It is parts of `kind:name` joined by `/`; a `/`, `%` or
control character inside a name is percent-encoded, so that an address can be split again. A part of which
there is only one below its parent is just its kind: `list:risk-register/permissions`.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

SITE = "site"
_PLAIN = " .,()&+_-!@=;~:|"


def address(kind: str, name: str, parent: str = "") -> str:
    """The address of `name` of `kind`, below `parent` (an address, or "" for the site)."""
    own = f"{kind}:{quote(name, safe=_PLAIN)}" if name else kind
    return f"{parent}/{own}" if parent and parent != SITE else own


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
