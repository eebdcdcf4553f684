"""Findings about access that a plan would change, each with a code of its own.

What the site shows beside that, and apply leaves to people, is in `drift_site_access`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.core.resource import Change, FieldChange, Severity
from provisioner.engine.finding import Finding
from provisioner.kinds.access import is_guest
from provisioner.kinds.group_requests import levels_held

Levels = Mapping[str, Sequence[str]]
SEVERITY: Mapping[str, Severity] = {"ACCESS-MISSING-GRANT": "warning"}
"""Of the codes that are no error."""


def grant_findings(change: Change, recorded: Mapping[str, Any] | None) -> Iterable[Finding]:
    """What differs in permissions: inheritance, or one finding for each principal.

    `recorded` are the properties last applied, None when nothing is recorded. What still is as it
    was applied has changed in the file, and is NOT-APPLIED.
    """
    assert change.desired is not None
    now = change.existing.properties if change.existing is not None else {}
    wanted = change.desired.properties
    before = recorded or {}
    said, there = bool(wanted.get("inherit")), bool(now.get("inherit", "inherit" in wanted))
    if said != there:
        in_file = recorded is None or before.get("inherit") == there
        broken = "ACCESS-INHERITANCE" if said else "ACCESS-INHERITS-AGAIN"
        code = "NOT-APPLIED" if in_file else broken
        yield Finding(code, "error", change.address, "inherit", said, there)
        return
    yield from _of_grants(change, _levels(wanted), _levels(now), recorded)


def _of_grants(
    change: Change, said: Levels, there: Levels, recorded: Mapping[str, Any] | None
) -> Iterable[Finding]:
    assert change.desired is not None
    ended: Levels = change.desired.extra.get("ended") or {}
    before = _levels(recorded or {})
    for who in sorted({*said, *there}):
        if sorted(said.get(who, ())) == sorted(there.get(who, ())):
            continue
        as_applied = recorded is not None and before.get(who, ()) == there.get(who, ())
        code = _code(who, said.get(who, ()), there.get(who, ()), ended, as_applied=as_applied)
        # Of everybody else what is declared stands in `actual`, so that one finding says one thing.
        actual = {name: levels for name, levels in said.items() if name != who}
        actual |= {who: there[who]} if who in there else {}
        severity = SEVERITY.get(code, "error")
        yield Finding(code, severity, change.address, "grants", dict(said), actual)


def _levels(properties: Mapping[str, Any]) -> Levels:
    return properties.get("grants") or {}


def _code(
    who: str, said: Sequence[str], there: Sequence[str], ended: Levels, *, as_applied: bool
) -> str:
    extra = set(there) - set(said)
    if extra and extra <= set(ended.get(who, ())):
        return "ACCESS-PAST-END"
    if as_applied:
        return "NOT-APPLIED"
    return extra_code(who) if extra else "ACCESS-MISSING-GRANT"


def extra_code(who: str) -> str:
    """The code of a grant to somebody who should not have it."""
    if is_guest(who):
        return "ACCESS-GUEST"
    return "ACCESS-DIRECT-USER" if who.startswith("user:") else "ACCESS-EXTRA-GRANT"


def group_code(change: Change, field: FieldChange) -> str:
    """The code of what somebody changed in a group: its members, its level on the site, the rest."""
    if field.path == "members" and set(field.before or ()) - set(field.after or ()):
        return "ACCESS-MEMBER"
    if field.path == "role":
        held = levels_held(change.existing) if change.existing is not None else []
        return "ACCESS-EXTRA-GRANT" if set(held) - {field.after} else "ACCESS-MISSING-GRANT"
    return "DRIFT-CHANGED"
