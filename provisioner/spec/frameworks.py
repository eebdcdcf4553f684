"""Whether evidence and periods name criteria that exist: the Trust Services Criteria, or declared ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from provisioner.core.criteria import TRUST_SERVICES
from provisioner.core.errors import Problem
from provisioner.core.node import Entry, Node
from provisioner.spec.overlay import nearest_hint

CATEGORIES = ("Security", "Availability", "Processing Integrity", "Confidentiality", "Privacy")
"""The categories of the Trust Services Criteria, which need no declaring."""
_EXAMPLE = "Criteria are written like CC6.1, A1.2, PI1.3 or P4.1."
_DECLARE = "Others are declared under `frameworks`."


def criteria_problems(root: Node) -> Iterator[Problem]:
    """One problem for each criterion of `evidence` and each category of `periods` that is unknown.

    Values that are no text are left to the models. Code: SPEC-CRITERION.
    """
    declared = [one for _, one in _items(root.get("frameworks"))]
    names = [one.get("name") for one in declared]
    own = {entry.key for one in declared for entry in _entries(one.get("criteria"))}
    for where, text in _texts(root, "evidence"):
        if text not in TRUST_SERVICES and text not in own:
            hint = nearest_hint(text, sorted(own)) or _EXAMPLE
            yield _problem(f"There is no criterion “{text}”.", where, hint)
    known = [*CATEGORIES, *(str(name.value) for name in names if name is not None)]
    folded = {one.casefold() for one in known} | {one.casefold() for one in TRUST_SERVICES | own}
    for where, text in _texts(root, "periods"):
        if text.casefold() not in folded:
            hint = nearest_hint(text, known) or f"Categories here: {', '.join(known)}."
            yield _problem(f"There is no category “{text}”.", where, hint)


def _problem(message: str, node: Node, hint: str) -> Problem:
    return Problem("SPEC-CRITERION", message, node.where, f"{hint} {_DECLARE}")


def _texts(root: Node, key: str) -> Iterator[tuple[Node, str]]:
    for _, one in _items(root.get(key)):
        for _, criterion in _items(one.get("criteria")):
            if isinstance(criterion.value, str) and criterion.value.strip():
                yield criterion, criterion.value


def _items(node: Node | None) -> Sequence[tuple[object, Node]]:
    return list(node.items()) if node is not None and node.is_list else []


def _entries(node: Node | None) -> Sequence[Entry]:
    return node.entries() if node is not None else ()
