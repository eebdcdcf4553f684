"""Findings about who can get at what, each with a code of its own.

Differences in the grants of a list come from the plan; guests, sharing links and inheritance that
nobody declared are seen on the site alone, and apply leaves them to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.core.address import parent_of
from provisioner.core.resource import Change, Severity
from provisioner.engine.desired import Desired
from provisioner.engine.finding import Finding
from provisioner.engine.observe import Observed
from provisioner.kinds.access import LINK, is_anonymous, is_guest, library_of, named_people

Levels = Mapping[str, Sequence[str]]
_SEVERITY: dict[str, Severity] = {"ACCESS-MISSING-GRANT": "warning", "NOT-APPLIED": "error"}


def grant_findings(change: Change, recorded: Mapping[str, Any] | None) -> Iterable[Finding]:
    """What differs in the permissions of a list: inheritance, or one finding for each principal.

    `recorded` are the properties last applied, None when nothing is recorded. What still is as it
    was applied has changed in the file, and is NOT-APPLIED.
    """
    assert change.desired is not None
    now = change.existing.properties if change.existing is not None else {}
    wanted = change.desired.properties
    before = recorded or {}
    if bool(wanted["inherit"]) != bool(now.get("inherit", True)):
        in_file = recorded is not None and before.get("inherit") == now.get("inherit", True)
        code = "NOT-APPLIED" if in_file else "ACCESS-INHERITANCE"
        yield Finding(
            code, "error", change.address, "inherit", wanted["inherit"], now.get("inherit", True)
        )
        return
    said, there = _levels(wanted), _levels(now)
    ended: Levels = change.desired.extra.get("ended") or {}
    for who in sorted({*said, *there}):
        if sorted(said.get(who, ())) == sorted(there.get(who, ())):
            continue
        as_applied = recorded is not None and _levels(before).get(who, ()) == there.get(who, ())
        code = _code(who, said.get(who, ()), there.get(who, ()), ended, as_applied=as_applied)
        # Of everybody else what is declared stands in `actual`, so that one finding says one thing.
        actual = {name: levels for name, levels in said.items() if name != who}
        actual |= {who: there[who]} if who in there else {}
        yield Finding(
            code, _SEVERITY.get(code, "error"), change.address, "grants", dict(said), actual
        )


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
    if not extra:
        return "ACCESS-MISSING-GRANT"
    if is_guest(who):
        return "ACCESS-GUEST"
    return "ACCESS-DIRECT-USER" if who.startswith("user:") else "ACCESS-EXTRA-GRANT"


def site_findings(desired: Desired, observed: Observed) -> Iterable[Finding]:
    """What the site shows that no plan would change: guests, links, inheritance broken by hand."""
    yield from _guests(desired, observed)
    yield from _links(observed)
    yield from _inheritance(desired, observed)


def _guests(desired: Desired, observed: Observed) -> Iterable[Finding]:
    named = named_people(desired.resources.values())
    for resource in desired.resources.values():
        existing = observed.existing.get(resource.address)
        if resource.kind != "group" or existing is None or resource.extra.get("guests"):
            continue
        inside = existing.properties.get("members") or []
        guests = [who for who in inside if is_guest(who) and who not in named]
        if guests:
            expected = [who for who in inside if who not in guests]
            yield Finding("ACCESS-GUEST", "error", resource.address, "members", expected, inside)


def _links(observed: Observed) -> Iterable[Finding]:
    for link in observed.existing.values():
        library = library_of(link, observed.existing) if link.kind == LINK else None
        if library is None:
            continue
        sort = str(link.properties["sort"])
        severity: Severity = "error" if is_anonymous(sort) else "warning"
        shown = f"{sort} link to {link.properties['opens']}"
        yield Finding("ACCESS-SHARING-LINK", severity, library, "sharing", None, shown)


def _inheritance(desired: Desired, observed: Observed) -> Iterable[Finding]:
    for address, existing in observed.existing.items():
        if existing.kind != "permissions" or address in desired.resources or existing.builtin:
            continue
        if address not in observed.ledger.baseline and parent_of(address) in desired.resources:
            yield Finding("ACCESS-INHERITANCE", "error", address, "inherit", True, False)
