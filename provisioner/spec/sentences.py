"""What pydantic finds wrong with a part of the file, in plain sentences with a next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioner.core.errors import Problem
from provisioner.core.node import Node, Step
from provisioner.spec.overlay import identity_of, nearest_hint
from provisioner.spec.secrets import is_secret_key


@dataclass(frozen=True, slots=True)
class Whole:
    """What is checked: how it is called, and the keys it may have beside the model's."""

    called: str
    beside: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One of pydantic's errors, placed: `path` holds only steps that exist in the tree."""

    type: str
    path: tuple[Step, ...]
    last: Step | None
    branch: tuple[Step, ...]
    node: Node
    wanted: tuple[str, ...]
    context: Mapping[str, Any]
    schemas: tuple[Mapping[str, Any], ...]
    whole: Whole


def problem_of(fault: Fault) -> Problem:
    """The fault as a sentence at its place, with its code and what to do."""
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


def _retype(fault: Fault) -> str:
    if "text" in fault.wanted and not isinstance(fault.node.value, str | tuple | Mapping):
        return "Put it in quotes if it is meant as text."
    return f"Write it as {' or '.join(fault.wanted)}."


def _unknown_key(fault: Fault) -> Problem:
    key = str(fault.last)
    entry = fault.node.entry(key)
    keys = {name for schema in fault.schemas for name in schema.get("properties", {})}
    known = sorted(keys | fault.whole.beside if not fault.path else keys)
    allowed = f"Known here: {', '.join(known)}." if known else "Nothing may be given here."
    hint = f"{nearest_hint(key, known)} {allowed}".strip()
    where = entry.where if entry else fault.node.where
    return Problem("SPEC-UNKNOWN-KEY", f"“{key}” is not a key of {_place(fault)}.", where, hint)


def _missing(fault: Fault) -> Problem:
    key = str(fault.last)
    found = [s["properties"][key] for s in fault.schemas if key in s.get("properties", {})]
    hint = " ".join(text for text in (f"Add `{key}: …`.", _description(found)) if text)
    message = f"“{key}” is missing from {_place(fault)}."
    return Problem("SPEC-MISSING", message, fault.node.where, hint)


def _not_allowed(fault: Fault) -> Problem:
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


def _sentence(fault: Fault) -> str:
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


def _hint(fault: Fault) -> str:
    if fault.type.startswith("date_"):
        return "Write it as YYYY-MM-DD, a day that exists."
    error = fault.context.get("error")
    if getattr(error, "path", ()):
        return getattr(error, "hint", "") or "Write it like {Status: {ne: Closed}}."
    words = _PATTERNS.get(str(fault.context.get("pattern")), "")
    return f"{_description(fault.schemas)} {words}".strip()


def _description(schemas: Sequence[Mapping[str, Any]]) -> str:
    texts = (schema.get("description") for schema in schemas)
    return next((text for text in texts if isinstance(text, str) and "\n" not in text), "")


def _name(path: Sequence[Step]) -> str:
    keys = [step for step in path if isinstance(step, str)]
    if not keys:
        return "The file"
    index = path[-1]
    return f"“{keys[-1]}[{index}]”" if isinstance(index, int) else f"“{keys[-1]}”"


def _called(fault: Fault) -> str:
    return _name(fault.path) if fault.path else fault.whole.called or _name(())


def _place(fault: Fault) -> str:
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
