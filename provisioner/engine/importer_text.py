"""An imported workspace as YAML that people like to read: sections, comments, short things short."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

_WIDE = 100
_SECTIONS = {
    "tenant": "How to reach it.",
    "site": "The site. It is there already; `create: communication` with an `owner` makes one like it.",
    "roles": "Permission levels of the site's own.",
    "groups": "SharePoint groups, and what each may do in the whole site.",
    "columns": "Columns of the site, used through content types.",
    "contentTypes": "What documents and rows carry.",
    "libraries": "Libraries hold documents.",
    "lists": "Lists hold rows. Rows are people's own and are not in this file, unless asked for.",
    "pages": "Pages of the site.",
    "navigation": "The links people click.",
}  # fmt: skip
"""The parts of the file in their order, with the line that introduces each."""


def workspace_text(url: str, parts: Mapping[str, Any], left_out: Sequence[str]) -> str:
    """The whole file. `parts`: top-level key -> plain data; `left_out`: sentences."""
    site = _remark(url)
    lines = [
        "# yaml-language-server: $schema=./workspace.schema.json",
        f"# What {site} is today, as `provisioner import` read it. `provisioner plan` compares the two.",
        "# What is not said here is as SharePoint makes it, or left to people.",
        "apiVersion: provisioner/v1",
        "kind: Workspace",
    ]
    for key in (*_SECTIONS, *sorted(set(parts) - set(_SECTIONS))):
        if not parts.get(key):
            continue
        lines += ["", *([f"# {_SECTIONS[key]}"] if key in _SECTIONS else [])]
        lines += _entry(key, parts[key], "")
    if left_out:
        lines += ["", "# Left out, because this file cannot say it:"]
        lines += [f"# - {_remark(line)}" for line in left_out]
    return "\n".join(lines) + "\n"


def _remark(text: str) -> str:
    """Words of the site on one line of a comment: what comes after a break would be the file's own."""
    return "".join(one if one.isprintable() else "\ufffd" for one in " ".join(text.split()))


def _entry(key: str, value: Any, indent: str) -> list[str]:
    """`key: value` on one line if it fits, else with the value below."""
    name = f"{indent}{_flow(key)}:"
    short = f"{name} {_flow(value)}"
    if not isinstance(value, (Mapping, list)) or not value:
        return [short]
    if len(short) <= _WIDE and not _deep(value) and indent:
        return [short]
    if isinstance(value, Mapping):
        inner = [line for k, v in value.items() for line in _entry(str(k), v, f"{indent}  ")]
        return [name, *inner]
    if all(not isinstance(one, (Mapping, list)) for one in value):
        return _wrapped(name, value, f"{indent}  ")
    apart = any(isinstance(one, Mapping) and _large(one) for one in value)
    made = [name]
    for number, one in enumerate(value):
        made += ([""] if apart and number else []) + _item(one, f"{indent}  ")
    return made


def _item(value: Any, indent: str) -> list[str]:
    short = f"{indent}- {_flow(value)}"
    if not isinstance(value, Mapping) or (len(short) <= _WIDE and not _large(value)):
        return [short]
    inner = [line for k, v in value.items() for line in _entry(str(k), v, f"{indent}  ")]
    return [f"{indent}- {inner[0].lstrip()}", *inner[1:]]


def _wrapped(name: str, values: Sequence[Any], indent: str) -> list[str]:
    """A list of short things over as many lines as it takes."""
    lines, line = [f"{name} ["], ""
    words = [_flow([one])[1:-1] for one in values]
    for number, word in enumerate(words):
        piece = word + ("," if number < len(words) - 1 else "")
        if line and len(f"{indent}{line} {piece}") > _WIDE:
            lines.append(indent + line)
            line = piece
        else:
            line = f"{line} {piece}".strip()
    return [*lines, indent + line, f"{indent[2:]}]"]


def _deep(value: Any) -> bool:
    """Whether a value is a list of maps of some size, which reads better line by line."""
    return isinstance(value, list) and any(isinstance(o, Mapping) and len(o) > 1 for o in value)


def _large(value: Mapping[str, Any]) -> bool:
    """Whether a thing is a library or list, which never goes on one line."""
    return "key" in value and "title" in value


_NUMBER = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+")
"""What YAML 1.2 reads as a number, and the library that writes it, which knows 1.1, does not."""


class _Dumper(yaml.SafeDumper):
    """YAML in which a text of several lines is one line, in double quotes."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    quoted = any(not one.isprintable() for one in value) or _NUMBER.fullmatch(value)
    style = '"' if quoted else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def _flow(value: Any) -> str:
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False,
        width=float("inf"),
    )  # fmt: skip
    return str(text).removesuffix("\n").removesuffix("\n...").strip()
