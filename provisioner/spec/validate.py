"""Checks a located tree against a pydantic model and says what is wrong in plain sentences."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from provisioner.core.errors import Problem
from provisioner.core.node import Node, Step
from provisioner.spec.overlay import identity_of, nearest_hint
from provisioner.spec.secrets import is_secret_key

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
    schema = model.model_json_schema(by_alias=True)
    whole = _Whole(called, frozenset(beside))
    faults = [_fault(node, schema, dict(detail), whole) for detail in details]
    return None, [_problem(fault) for fault in _joined(faults)]


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is checked: how it is called, and the keys it may have beside the model's."""

    called: str
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Fault:
    """One of pydantic's errors, placed: `path` holds only steps that exist in the tree."""

    type: str
    path: tuple[Step, ...]
    last: Step | None
    branch: tuple[Step, ...]
    node: Node
    wanted: tuple[str, ...]
    context: Mapping[str, Any]
    schemas: tuple[Mapping[str, Any], ...]
    whole: _Whole


def _fault(
    root: Node, schema: Mapping[str, Any], detail: Mapping[str, Any], whole: _Whole
) -> _Fault:
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
    return _Fault(
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


def _joined(faults: Sequence[_Fault]) -> list[_Fault]:
    """Errors of a union's members told as one, and those of members that fit worse left out."""
    kept: dict[tuple[tuple[Step, ...], str, Step | None], _Fault] = {}
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


def _fits_better(other: _Fault, fault: _Fault) -> bool:
    same = other.path[: len(fault.path)] == fault.path
    return same and other is not fault and (len(other.path) > len(fault.path) or not other.wanted)


def _is_long_enough(fault: _Fault) -> bool:
    """Whether a list is short only because wrong items, told of by themselves, do not count."""
    value = fault.node.value
    return isinstance(value, tuple) and len(value) >= int(fault.context["min_length"])


def _problem(fault: _Fault) -> Problem:
    if fault.type == "extra_forbidden":
        return _unknown_key(fault)
    if fault.type == "missing":
        return _missing(fault)
    name = _called(fault)
    if fault.wanted:
        wanted = " or ".join(fault.wanted)
        message = f"{name} must be {wanted}, not {fault.node.sort}."
        hint = _description(fault.schemas) or _retype(fault)
        return Problem("SPEC-TYPE", message, fault.node.where, hint)
    if fault.type in {"literal_error", "enum", "union_tag_invalid"}:
        return _not_allowed(fault)
    if fault.type == "union_tag_not_found":
        key = str(fault.context.get("discriminator", "type")).strip("'")
        message = f"{name} does not say its `{key}`."
        return Problem("SPEC-MISSING", message, fault.node.where, f"Add `{key}: …`.")
    own = getattr(fault.context.get("error"), "path", ())
    sentence = str(fault.context["error"]) if own else f"{name} {_sentence(fault)}"
    return Problem("SPEC-VALUE", sentence, fault.node.where, _hint(fault))


def _retype(fault: _Fault) -> str:
    if "text" in fault.wanted and not isinstance(fault.node.value, str | tuple | Mapping):
        return "Put it in quotes if it is meant as text."
    return f"Write it as {' or '.join(fault.wanted)}."


def _unknown_key(fault: _Fault) -> Problem:
    key = str(fault.last)
    entry = fault.node.entry(key)
    keys = {name for schema in fault.schemas for name in schema.get("properties", {})}
    known = sorted(keys | fault.whole.beside if not fault.path else keys)
    allowed = f"Known here: {', '.join(known)}." if known else "Nothing may be given here."
    hint = f"{nearest_hint(key, known)} {allowed}".strip()
    where = entry.where if entry else fault.node.where
    return Problem("SPEC-UNKNOWN-KEY", f"“{key}” is not a key of {_place(fault)}.", where, hint)


def _missing(fault: _Fault) -> Problem:
    key = str(fault.last)
    found = [s["properties"][key] for s in fault.schemas if key in s.get("properties", {})]
    hint = " ".join(text for text in (f"Add `{key}: …`.", _description(found)) if text)
    message = f"“{key}” is missing from {_place(fault)}."
    return Problem("SPEC-MISSING", message, fault.node.where, hint)


def _not_allowed(fault: _Fault) -> Problem:
    node, path = fault.node, fault.path
    if fault.type == "union_tag_invalid":
        key = str(fault.context.get("discriminator", "type")).strip("'")
        child = node.get(key)
        node, path = child or node, (*path, key)
        listed = str(fault.context.get("expected_tags", ""))
    else:
        listed = str(fault.context.get("expected", ""))
    allowed = [word.strip().strip("'") for word in listed.replace(" or ", ", ").split(", ")]
    near = nearest_hint(node.value, allowed) if isinstance(node.value, str) else ""
    hint = f"{near} Allowed: {', '.join(allowed)}.".strip()
    message = f"{_name(path)} cannot be {_shown(node, path)}."
    return Problem("SPEC-VALUE", message, node.where, hint)


def _sentence(fault: _Fault) -> str:
    context = fault.context
    template = _SENTENCES.get(fault.type)
    if fault.type.startswith(("date_", "datetime_", "time_")):
        return f"is not a date: {_shown(fault.node, fault.path)}."
    if fault.type == "value_error":
        why = context.get("error", "Its parts disagree.")
        if fault.node.is_mapping:
            return f"does not fit together: {why}"
        if fault.node.is_list:
            return f"is not right: {why}"
        return f"cannot be {_shown(fault.node, fault.path)}: {why}"
    if template is None:
        return f"cannot be {_shown(fault.node, fault.path)}."
    return template.format(**{**dict.fromkeys(_CONTEXT, ""), **context})


def _hint(fault: _Fault) -> str:
    if fault.type.startswith("date_"):
        return "Write it as YYYY-MM-DD, a day that exists."
    error = fault.context.get("error")
    if getattr(error, "path", ()):
        return getattr(error, "hint", "") or "Write it like {Status: {ne: Closed}}."
    words = _PATTERNS.get(str(fault.context.get("pattern")), "")
    return f"{_description(fault.schemas)} {words}".strip()


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


def _description(schemas: Sequence[Mapping[str, Any]]) -> str:
    texts = (schema.get("description") for schema in schemas)
    return next((text for text in texts if isinstance(text, str) and "\n" not in text), "")


def _name(path: Sequence[Step]) -> str:
    keys = [step for step in path if isinstance(step, str)]
    if not keys:
        return "The file"
    index = path[-1]
    return f"“{keys[-1]}[{index}]”" if isinstance(index, int) else f"“{keys[-1]}”"


def _called(fault: _Fault) -> str:
    return _name(fault.path) if fault.path else fault.whole.called or _name(())


def _place(fault: _Fault) -> str:
    """The part of the file a key belongs to: by its own name where it has one."""
    if not any(isinstance(step, str) for step in fault.path):
        return fault.whole.called or "this part of the file"
    identity = identity_of((fault.node,)) if isinstance(fault.path[-1], int) else None
    return f"“{fault.node.at((identity,)).value}”" if identity else _name(fault.path)


def _shown(node: Node, path: Sequence[Step]) -> str:
    value = node.value
    secret = any(isinstance(step, str) and is_secret_key(step) for step in path)
    if isinstance(value, str) and len(value) <= _LONGEST_SHOWN and not secret:
        return f"“{value}”" if value else "empty"
    if isinstance(value, int | float) and not secret:
        return str(value).lower()
    return "that" if isinstance(value, str) else node.sort


_LONGEST_SHOWN = 60
_CONTEXT = (
    "min_length", "max_length", "ge", "gt", "le", "lt", "pattern", "actual_length", "multiple_of",
)  # fmt: skip
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
_SENTENCES = {
    "string_too_short": "is too short: at least {min_length} characters.",
    "string_too_long": "is too long: at most {max_length} characters.",
    "string_pattern_mismatch": "is not written as it must be.",
    "too_short": "has too few: at least {min_length}.",
    "too_long": "has too many: at most {max_length}.",
    "greater_than_equal": "is too small: {ge} or more.",
    "greater_than": "is too small: more than {gt}.",
    "less_than_equal": "is too large: {le} or less.",
    "less_than": "is too large: less than {lt}.",
    "multiple_of": "must be a multiple of {multiple_of}.",
    "finite_number": "must be an ordinary number.",
}
_PATTERNS = {
    r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$": "Write it as a reference.",
    r"^[A-Za-z0-9](.{0,38}[A-Za-z0-9)])?$": "Criteria are written like CC6.1, A1.2, PI1.3 or P4.1.",
    r"^[A-Za-z][A-Za-z0-9._-]{0,63}$": "Start with a letter; then letters, digits, `.`, `_`, `-`.",
    r"^[a-z0-9][a-z0-9-]*$": "Use small letters, digits and `-`.",
    r"^\d+\.\d+\.\d+$": 'Write three numbers in quotes, such as "1.0.0".',
    r"^[A-Za-z0-9.-]+$": "Write the host alone, without https:// or a path.",
}
"""What a pattern of our models asks for, in words."""


def unknown_top_level(root: Node, known: Sequence[str]) -> list[Problem]:
    """One problem for each top-level key that is not in `known`."""
    return [
        Problem(
            "SPEC-UNKNOWN-KEY",
            f"“{entry.key}” is not a key of a workspace.",
            entry.where,
            f"{nearest_hint(entry.key, known)} Known here: {', '.join(sorted(known))}.".strip(),
        )
        for entry in root.entries()
        if entry.key not in known
    ]
