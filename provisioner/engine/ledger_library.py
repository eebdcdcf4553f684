"""The lists that hold our own records, declared like any other part of the workspace.

So they stand in the plan, where a client reads what will be made, and drift watches them too: hidden
from navigation and search, without inherited permissions, for site collection administrators only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioner.core.address import address
from provisioner.core.errors import Where
from provisioner.core.node import Entry, Node
from provisioner.core.resource import Resource
from provisioner.engine.declare import walk_mount
from provisioner.kinds import kind_named
from provisioner.kinds.base import Scope
from provisioner.ledger.lock import LOCK_KEY, LOCK_URL
from provisioner.ledger.store import (
    FACTS_KEY,
    FACTS_URL,
    LIBRARY_KEY,
    LIBRARY_TITLE,
    LIBRARY_URL,
)

LEDGER_ADDRESS = address("list", LIBRARY_KEY)
LOCK_ADDRESS = address("list", LOCK_KEY)
OWN_LISTS = frozenset({LEDGER_ADDRESS, LOCK_ADDRESS, address("list", FACTS_KEY)})
"""What we keep for ourselves in a client's site."""
_LEDGER = {
    "key": LIBRARY_KEY,
    "title": LIBRARY_TITLE,
    "url": LIBRARY_URL,
    "description": "Records of the evidence workspace provisioner. Please do not edit.",
    "hidden": True,
    "crawled": False,
    "quickLaunch": False,
    "versioning": {"major": 500, "minor": 0},
    "permissions": {"inherit": False, "grants": []},
}
_FACTS = {
    **_LEDGER,
    "key": FACTS_KEY,
    "title": "Provisioner facts",
    "url": FACTS_URL,
    "description": "What the last sync read. Made anew by a full sync; please do not edit.",
    "versioning": {"major": 0, "minor": 0},
}
_LOCK = {
    **_LEDGER,
    "key": LOCK_KEY,
    "title": LOCK_URL,  # as its URL, so that no second list can be made there while this one is
    "url": LOCK_URL,
    "description": "Says who changes the site at this moment. Please do not edit.",
    "versioning": {"major": 0, "minor": 0},
}


def ledger_resources(scope: Scope) -> Iterable[Resource]:
    """The ledger library, the one for kept facts, the list of the lock, and their permissions."""
    declarations = (("lists[]", _LOCK), ("libraries[]", _LEDGER), ("libraries[]", _FACTS))
    for mount, declaration in declarations:
        for kind, declared in walk_mount(mount, _node(declaration)):
            yield from kind_named(kind).desired(declared, scope)


def _node(value: Any) -> Node:
    where = Where("(built in)", 1, 1)
    if isinstance(value, Mapping):
        value = {key: Entry(key, where, _node(one)) for key, one in value.items()}
    elif isinstance(value, list):
        value = tuple(_node(one) for one in value)
    return Node(value, where, "built in")
