"""Findings about access that no plan would change: apply leaves these to people.

Guests in groups, sharing links, new administrators, people let into the whole site, and whatever
lies inside a library or list with permissions of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from provisioner.core.address import SITE, address, parent_of, split
from provisioner.core.resource import Existing
from provisioner.engine.closed_periods import closed_document, closed_documents, closed_findings
from provisioner.engine.desired import Desired
from provisioner.engine.drift_access import extra_code
from provisioner.engine.finding import Finding
from provisioner.engine.observe import Observed
from provisioner.kinds.access import LINK, is_anonymous, is_guest, library_of, named_people
from provisioner.kinds.group_requests import levels_held
from provisioner.kinds.principal import by_mail
from provisioner.kinds.site_access import ADMINISTRATOR, SITE_GRANT

_SITE_PERMISSIONS = address("permissions", "", SITE)
Levels = Mapping[str, Sequence[str]]


def site_findings(desired: Desired, observed: Observed) -> Iterable[Finding]:
    """What the site shows beside the plan."""
    yield from _guests(desired, observed)
    yield from _links(observed)
    yield from _administrators(observed)
    yield from _let_in(desired, observed)
    yield from _inheritance(desired, observed)
    if observed.inside:
        yield from closed_findings(observed.existing, observed.ledger)


def _guests(desired: Desired, observed: Observed) -> Iterable[Finding]:
    named = named_people(desired.resources.values())
    for resource in desired.resources.values():
        existing = observed.existing.get(resource.address)
        if resource.kind != "group" or existing is None or resource.extra.get("guests"):
            continue
        inside = existing.properties.get("members") or []
        guests = [who for who in inside if is_guest(who) and by_mail(who) not in named]
        if guests:
            expected = [who for who in inside if who not in guests]
            yield Finding("ACCESS-GUEST", "error", resource.address, "members", expected, inside)


def _links(observed: Observed) -> Iterable[Finding]:
    for link in observed.existing.values():
        library = library_of(link, observed.existing) if link.kind == LINK else None
        if library is None:
            continue
        sort = str(link.properties["sort"])
        shown = f"{sort} link to {link.properties['opens']}"
        if is_anonymous(sort):
            yield Finding("ACCESS-ANONYMOUS-LINK", "error", library, "sharing", None, shown)
        else:
            yield Finding("ACCESS-SHARING-LINK", "warning", library, "sharing", None, shown)


def _administrators(observed: Observed) -> Iterable[Finding]:
    """Those who were none at the first apply; a ledger from before they were noted tells of none."""
    baseline = observed.ledger.baseline
    if not any(split(one)[0] == ADMINISTRATOR for one in baseline):
        return
    for own, existing in observed.existing.items():
        if existing.kind == ADMINISTRATOR and own not in baseline:
            who = existing.properties["who"]
            yield Finding("ACCESS-ADMINISTRATOR", "warning", SITE, "administrators", None, who)


def _let_in(desired: Desired, observed: Observed) -> Iterable[Finding]:
    """New levels in the whole site, where the file does not say who has which."""
    baseline = observed.ledger.baseline
    noted = any(split(one)[0] == SITE_GRANT for one in baseline)
    if _SITE_PERMISSIONS in desired.resources or not noted:
        return
    for own, existing in observed.existing.items():
        if existing.kind == SITE_GRANT and own not in baseline:
            who, level = str(existing.properties["who"]), str(existing.properties["level"])
            code = extra_code(who)
            yield Finding(code, "warning", _SITE_PERMISSIONS, "grants", None, {who: [level]})


def _inheritance(desired: Desired, observed: Observed) -> Iterable[Finding]:
    closed = closed_documents(observed.ledger)
    for own, existing in observed.existing.items():
        if existing.kind != "permissions" or own in desired.resources or existing.builtin:
            continue
        above = parent_of(own)
        if above == SITE or own in observed.ledger.baseline:
            continue
        if split(above)[0] == "list":
            if above in desired.resources:
                yield Finding("ACCESS-INHERITANCE", "error", own, "inherit", True, False)
        elif closed_document(own, existing) not in closed:
            yield from _inside(existing, observed)


def _inside(existing: Existing, observed: Observed) -> Iterable[Finding]:
    """A folder, file or row that does not inherit: who has more there than above it.

    Where nobody has, that it stands apart is told, but for one that a sharing link has set apart:
    the link has a finding already.
    """
    own = existing.address
    held: Levels = existing.properties["grants"]
    above = _above(parent_of(own), observed)
    more = [who for who, levels in held.items() if set(levels) - set(above.get(who, ()))]
    for who in sorted(more):
        actual = {name: levels for name, levels in above.items() if name != who}
        expected = dict(above)
        yield Finding(extra_code(who), "error", own, "grants", expected, {**actual, who: held[who]})
    if not more and not existing.ids.get("linked"):
        yield Finding("ACCESS-INHERITANCE", "warning", own, "inherit", True, False)


def _above(place: str, observed: Observed) -> Levels:
    """Who may do what in the nearest folder, list or site around a place that says so itself."""
    outer = parent_of(place)
    inner = split(place)[1]
    around = [outer]
    if split(place)[0] in {"folder", "file"}:
        parts = inner.split("/")[:-1]
        folders = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
        around = [*(address("folder", path, outer) for path in folders), outer]
    for one in around:
        found = observed.existing.get(address("permissions", "", one))
        if found is not None and not found.builtin:
            grants: Levels = found.properties["grants"]
            return grants
    return _in_site(observed)


def _in_site(observed: Observed) -> Levels:
    """Who may do what in the whole site, groups that say their `role` included."""
    levels: dict[str, list[str]] = {}
    for one in observed.existing.values():
        if one.kind == SITE_GRANT:
            levels.setdefault(str(one.properties["who"]), []).append(str(one.properties["level"]))
        elif one.kind == "group" and levels_held(one):
            levels[f"group:{split(one.address)[1]}"] = levels_held(one)
    return levels
