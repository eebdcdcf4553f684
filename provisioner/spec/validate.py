"""Checks a located tree against a pydantic model and says what is wrong in plain sentences."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from provisioner.core.errors import Problem
from provisioner.core.node import Node, Step
from provisioner.spec.overlay import MOST_PROBLEMS, nearest_hint
from provisioner.spec.sentences import Fault, Whole, problem_of

Model = TypeVar("Model", bound=BaseModel)


def model_problems(
    model: type[Model], node: Node, *, called: str = "", beside: Collection[str] = ()
) -> tuple[Model | None, list[Problem]]:
    """The instance, or None with a problem for each thing that does not fit, at its place.

    The tree is read as JSON is, so that lists may fill tuples and ISO text may fill dates, and
    nothing else is coerced. `called` is how sentences name the node; `beside` are keys that may
    stand in it although the model does not know them. Codes: SPEC-UNKNOWN-KEY, SPEC-MISSING,
    SPEC-TYPE, SPEC-VALUE.
    """
    try:
        return model.model_validate_json(json.dumps(node.plain())), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    schema = _schema_of(model)
    whole = Whole(called, frozenset(beside))
    faults = [_fault(node, schema, dict(detail), whole) for detail in details[:MOST_PROBLEMS]]
    return None, [problem_of(fault) for fault in _joined(faults)]


@cache
def _schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    """Made once for each model: a file with a hundred wrong rows asks a hundred times."""
    return model.model_json_schema(by_alias=True)


def _fault(root: Node, schema: Mapping[str, Any], detail: Mapping[str, Any], whole: Whole) -> Fault:
    location: tuple[Step, ...] = detail["loc"]
    sort: str = detail["type"]
    last = location[-1] if location and sort in {"extra_forbidden", "missing"} else None
    node = root
    path: list[Step] = []
    branch: list[Step] = []
    for step in location[:-1] if last is not None else location:
        child = node.exactly((step,))
        if child is None:
            branch.append(step)
            continue
        node, path, branch = child, [*path, step], []
    context = detail.get("ctx", {})
    for step in getattr(context.get("error"), "path", ()):
        child = node.exactly((step,))
        if child is not None:  # the error itself knows a deeper place
            node, path = child, [*path, step]
    schemas = schemas_at(schema, path)
    wanted = _EXPECTED.get(sort)
    return Fault(
        sort,
        tuple(path),
        last,
        tuple(branch),
        node,
        (wanted,) if wanted else (),
        context,
        schemas,
        whole,
    )


def _joined(faults: Sequence[Fault]) -> list[Fault]:
    """Errors of a union's members told as one, and those of members that fit worse left out."""
    kept: dict[tuple[tuple[Step, ...], str, Step | None], Fault] = {}
    for fault in faults:
        if fault.wanted and fault.branch and any(_fits_better(other, fault) for other in faults):
            continue
        if fault.type == "too_short" and _is_long_enough(fault):
            continue
        sort = "type" if fault.wanted else fault.type
        key = (fault.path, sort, fault.last)
        before = kept.get(key)
        if before is not None and fault.wanted:
            wanted = tuple(dict.fromkeys((*before.wanted, *fault.wanted)))
            fault = replace(fault, last=None, wanted=wanted)  # noqa: PLW2901 - in place of both
        kept[key] = fault
    return list(kept.values())


def _fits_better(other: Fault, fault: Fault) -> bool:
    same = other.path[: len(fault.path)] == fault.path
    return same and other is not fault and (len(other.path) > len(fault.path) or not other.wanted)


def _is_long_enough(fault: Fault) -> bool:
    """Whether a list is short only because wrong items, told of by themselves, do not count."""
    value = fault.node.value
    return isinstance(value, tuple) and len(value) >= int(fault.context["min_length"])


def schemas_at(schema: Mapping[str, Any], path: Sequence[Step]) -> tuple[Mapping[str, Any], ...]:
    """Every schema that may describe the value at `path`, references followed, unions spread."""
    current = _spread(schema, schema)
    for step in path:
        below: list[Mapping[str, Any]] = []
        for one in current:
            child = (
                one.get("items")
                if isinstance(step, int)
                else one.get("properties", {}).get(step, one.get("additionalProperties"))
            )
            if isinstance(child, Mapping):
                below.extend(_spread(schema, child))
        current = below
    return tuple(current)


def _spread(root: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = [schema]
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found.extend(_spread(root, root["$defs"][reference.rpartition("/")[2]]))
    for word in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(word, ()):
            found.extend(_spread(root, one))
    return found


_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
    "mapping_type": "a map",
    "date_type": "a date",
    "none_required": "nothing",
}


def unknown_top_level(root: Node, known: Sequence[str]) -> list[Problem]:
    """One problem for each top-level key that is not in `known`, the first `MOST_PROBLEMS`."""
    unknown = [entry for entry in root.entries() if entry.key not in known]
    return [
        Problem(
            "SPEC-UNKNOWN-KEY",
            f"“{entry.key}” is not a key of a workspace.",
            entry.where,
            f"{nearest_hint(entry.key, known)} Known here: {', '.join(sorted(known))}.".strip(),
        )
        for entry in unknown[:MOST_PROBLEMS]
    ]
