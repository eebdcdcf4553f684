"""What the file declares for sync beside the evidence: checks of lists, and what keeps libraries safe."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.cli.workspace import Workspace
from provisioner.core.address import split
from provisioner.core.where import parse
from provisioner.engine.lint_parts import ListPart, list_parts
from provisioner.kinds.list_spec import List
from provisioner.sync.collect_site import Safeguards
from provisioner.sync.register_facts import Check, Register
from provisioner.sync.vocabulary import Severity


def registers_of(workspace: Workspace) -> tuple[Register, ...]:
    """Every list with checks, without rows, in the order of the file."""
    parts = list_parts(workspace.declarations)
    return tuple(
        register_of(part) for part in parts if isinstance(part.spec, List) and part.spec.checks
    )


def register_of(part: ListPart) -> Register:
    """A list or library as its rows are read, with its checks if it has some, without rows."""
    spec = part.spec
    columns = part.columns.items()
    unique = tuple(name for name, one in columns if getattr(one, "unique", None) is True)
    targets = {name: str(one.list) for name, one in columns if getattr(one, "list", None)}
    checks = tuple(
        Check(
            one.code,
            Severity(one.severity),
            parse(one.where),
            one.message,
            one.assign,
        )
        for one in (spec.checks if isinstance(spec, List) else ())
    )
    return Register(spec.key, spec.title, checks, part.types, ids=unique, targets=targets)


def safeguards_of(workspace: Workspace) -> dict[str, Safeguards]:
    """What the file says keeps each library safe, by its key."""
    found: dict[str, Safeguards] = {}
    resources = workspace.desired.resources
    for one in resources.values():
        if one.kind != "list" or one.properties.get("template") != "documentLibrary":
            continue
        versioning = one.properties.get("versioning") or {}
        permissions = resources.get(f"{one.address}/permissions")
        inherits = None if permissions is None else permissions.properties.get("inherit")
        limit = versioning.get("major")
        found[split(one.address)[1]] = Safeguards(
            limit if isinstance(limit, int) else None,
            not inherits if isinstance(inherits, bool) else None,
        )
    return found


def welcome_in(workspace: Workspace) -> frozenset[str]:
    """Principals the file names, and groups it lets guests into, in lower case."""
    return frozenset(word.lower() for word in _named(workspace))


def _named(workspace: Workspace) -> Iterator[str]:
    for one in workspace.desired.resources.values():
        if one.kind == "principal":
            yield from _spellings(str(one.properties.get("login") or split(one.address)[1]))
        if one.kind == "group":
            if one.extra.get("guests"):
                yield f"group:{one.properties.get('name')}"
            for word in one.properties.get("members") or ():
                yield from _spellings(str(word))


def _spellings(word: str) -> Iterator[str]:
    yield word
    yield word.removeprefix("user:").rpartition("|")[2]
