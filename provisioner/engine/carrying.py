"""Requests that travel inside another one, because the other can say what they say. Pure.

Columns of a new list go into the request that makes it (learn.microsoft.com/graph/api/list-create,
`columns`), and a setting of a new list goes along with its other settings. A column stays a change
of its own: it is done when the request that carries it is, and not tried when that fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.resource import Action, Change
from provisioner.core.transport import Operation, refs_in


def carried(changes: Sequence[Change]) -> list[Change]:
    """The same changes, with what may travel inside a creation put into it and marked `carried`.

    A request whose answer somebody waits for goes by itself, since what carries it answers for
    another address.
    """
    creations = {c.address: c for c in changes if c.action is Action.CREATE and c.operations}
    waited_for = {a for c in changes for op in c.operations for a, _ in op.needs()}
    made: dict[str, Change] = {}
    for change in changes:
        kept = []
        for at, operation in enumerate(change.operations):
            carrier = made.get(operation.inside) or creations.get(operation.inside)
            grown = None
            answered_for = operation.produces and change.address in waited_for
            if carrier is not None and at == 0 and not answered_for:
                grown = _grown(carrier, operation)
            if grown is None:
                kept.append(operation)
            else:
                made[grown.address] = grown
                kept.append(replace(operation, carried=True))
        if any(one.carried for one in kept):
            made[change.address] = replace(change, operations=tuple(kept))
    return [made.get(change.address, change) for change in changes]


def _grown(carrier: Change, inner: Operation) -> Change | None:
    """The change that carries, with its request grown; None where it cannot say the same."""
    operations = list(carrier.operations)
    for at, outer in enumerate(operations):
        if outer.audience == inner.audience:
            body = _joined(outer, inner)
            if body is None:
                return None
            operations[at] = replace(outer, body=body)
            return replace(carrier, operations=tuple(operations))
    return None


def _joined(outer: Operation, inner: Operation) -> Mapping[str, Any] | None:
    if not isinstance(outer.body, Mapping) or not isinstance(inner.body, Mapping):
        return None
    if outer.method == inner.method and outer.path == inner.path:
        return {**inner.body, **outer.body} if not refs_in(inner.body) else None
    if outer.method == inner.method == "POST" and inner.path.endswith("/columns"):
        return {**outer.body, "columns": [*outer.body.get("columns", ()), dict(inner.body)]}
    return None
