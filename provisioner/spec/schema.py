"""The JSON Schema of the workspace file, put together from our own models and those of the kinds.

A kind's schema is mounted where the kind is declared: "site" is a map, "columns[]" the items of a
list, "libraries[].columns[]" the items of a list inside those. The schema is draft 2020-12.

A client's file overlays a pack and may hold parts of things, so the schema for editors asks for
nothing but what names a thing; the strict one asks for all that a whole workspace needs.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from provisioner.spec.models import Settings
from provisioner.spec.overlay import IDENTITIES, LIKE, REMOVE
from provisioner.spec.patterns import PLACES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REMOVE = {"const": True, "description": "Drops the thing of this name that a pack brought."}
_LIKE = {"type": "string", "description": "The pattern that fills in what is not said here."}
_ALWAYS = ("apiVersion", "kind")

Schema = dict[str, Any]


def workspace_schema(
    kind_schemas: Mapping[str, Mapping[str, Any]], *, strict: bool = False
) -> Schema:
    """The whole schema. `kind_schemas`: mount -> what pydantic's `model_json_schema` gives.

    `strict` keeps `required` and leaves `remove` out: right for a merged workspace. Raises
    `ValueError` for a mount that is not written as mounts are.
    """
    root: Schema = copy.deepcopy(Settings.model_json_schema(by_alias=True))
    definitions: Schema = root.setdefault("$defs", {})
    for mount in sorted(kind_schemas, key=lambda path: (path.count("."), path)):
        _mount(root, mount, copy.deepcopy(dict(kind_schemas[mount])), definitions)
    _close(root)
    if not strict:
        _loosen(root)
        root["required"] = list(_ALWAYS)
        _allow_like(definitions)
    root.pop("$defs", None)
    return {
        "$schema": DIALECT,
        **root,
        "title": "Evidence workspace",
        "description": "One evidence workspace in Microsoft 365: see `provisioner schema`.",
        "$defs": dict(sorted(definitions.items())),
    }


def _allow_like(definitions: Schema) -> None:
    """`like` where a pattern may fill things in: in libraries, lists, and their columns and views."""
    below = {f"{place}_{part}" for place in PLACES for part in ("columns", "views")}
    for name, definition in definitions.items():
        own = definition.get("properties", {})
        if name.partition(".")[0] in below.union(PLACES) and {"key", "name"} & own.keys():
            own[LIKE] = dict(_LIKE)


def _mount(root: Schema, mount: str, schema: Schema, definitions: Schema) -> None:
    steps = mount.split(".")
    if not all(step.removesuffix("[]").isidentifier() for step in steps):
        msg = f"{mount!r} is not a mount such as 'libraries[].columns[]'"
        raise ValueError(msg)
    name = mount.replace("[]", "").replace(".", "_")
    for inner, definition in schema.pop("$defs", {}).items():
        definitions[f"{name}.{inner}"] = definition
        _rename(definition, name)
    _rename(schema, name)
    definitions[name] = schema
    holder = root
    for depth, step in enumerate(steps[:-1], 1):
        parent = "_".join(part.removesuffix("[]") for part in steps[:depth])
        if parent not in definitions:
            definitions[parent] = {"type": "object"}
            _place(holder, step, {"$ref": f"#/$defs/{parent}"})
        holder = _resolved(definitions[parent], definitions)
    _place(holder, steps[-1], {"$ref": f"#/$defs/{name}"}, definitions[name])


def _place(holder: Schema, step: str, reference: Schema, shape: Schema | None = None) -> None:
    """Put a reference under its key, with the words an editor shows for the key itself."""
    properties = holder.setdefault("properties", {})
    about = {name: shape[name] for name in ("description",) if shape and shape.get(name)}
    listed = {"type": "array", "items": reference, **about}
    properties[step.removesuffix("[]")] = listed if step.endswith("[]") else {**reference, **about}


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    while "$ref" in schema and "properties" not in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    return schema


def _rename(schema: Any, name: str) -> None:
    """References to a kind's own definitions, now that these carry its name."""
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            schema["$ref"] = f"#/$defs/{name}.{reference.removeprefix('#/$defs/')}"
        mapping = schema.get("discriminator", {})
        if isinstance(mapping, dict) and isinstance(mapping.get("mapping"), dict):
            schema.pop("discriminator")  # OpenAPI's word; oneOf says the same to an editor
        for value in schema.values():
            _rename(value, name)
    elif isinstance(schema, list):
        for value in schema:
            _rename(value, name)


def _close(schema: Any) -> None:
    """No unknown keys in any map that has named ones."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and _is_schema(schema):
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            _close(value)
    elif isinstance(schema, list):
        for value in schema:
            _close(value)


def _is_schema(schema: Schema) -> bool:
    """A map of properties may itself have one that is called `properties`."""
    return "type" in schema or "title" in schema or "$defs" in schema


def _loosen(schema: Any) -> None:
    """Parts of things are welcome: only what names a thing is asked for, and `remove` allowed."""
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict) and _is_schema(schema):
            schema.pop("required", None)
            identity = next((key for key in IDENTITIES if key in properties), None)
            if "seed" in properties or (identity == "title" and "link" not in properties):
                identity = None  # rows and the site are no things of a list
            if identity:
                schema["required"] = [identity]
            if identity or "seed" in properties:
                properties.setdefault(REMOVE, dict(_REMOVE))
        if "oneOf" in schema and "anyOf" not in schema:
            schema["anyOf"] = schema.pop("oneOf")  # a part of a thing fits several of them
        for value in schema.values():
            _loosen(value)
    elif isinstance(schema, list):
        for value in schema:
            _loosen(value)
