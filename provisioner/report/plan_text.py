"""A plan for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from provisioner.core.address import parent_of, root_of, split
from provisioner.core.resource import Action, Change
from provisioner.engine.outlived import OUTLIVED
from provisioner.engine.plan import Plan
from provisioner.kinds import kind_named
from provisioner.report.differences import becoming

SHOWN_FIELDS = 6
SHOWN_NAMES = 40
NAMED_TOGETHER = 3


def plan_text(plan: Plan) -> str:
    """The plan in plain lines: the site's own parts by kind, then each list with all in it.

    What is made new is named; what changes is shown to the property. JSON has every request.
    """
    beyond = [
        f"! {note.address} {note.path}: this tenant has no way to set it (TENANT-CANNOT)."
        for note in plan.notes
        if note.code == "TENANT-CANNOT"
    ]
    outlived = [f"! {one}" for one in outlived_entries(plan)]
    if plan.empty and not plan.blocked:
        as_said = "Nothing to do: the site is as the file says."
        if plan.undoes:
            return "\n".join(["Nothing to take back.", *_stays(plan)])
        first = "Nothing more can be done here." if beyond else as_said
        return "\n".join([first, *beyond, *outlived])
    lines: list[str] = []
    lines += [f"To take back run {plan.undoes}"] if plan.undoes else []
    lines += [f"Pack {one.words()}" for one in plan.packs]
    for title, changes in _sections(plan.shown):
        lines += ["", title, *_section(changes)]
    for blocked in plan.blocked:
        lines += ["", f"x {blocked.address}  {blocked.code}"]
        lines += [f"      {blocked.message}", f"      {blocked.hint}"]
    lines += ["", *stays] if (stays := _stays(plan)) else []
    lines += ["", summary_line(plan), _cost_line(plan)]
    if plan.permissions:
        lines.append("Permissions used: " + ", ".join(plan.permissions))
    lines += [
        f"! {note.address} {note.path}: both the file and people changed it; it is left alone. "
        f"Give --allow {note.address} to take the file's."
        for note in plan.notes
        if note.code == "CONFLICT"
    ]
    lines += [*beyond, *outlived, f"Digest {plan.digest}"]
    return "\n".join(lines).lstrip("\n")


def outlived_entries(plan: Plan) -> list[str]:
    """A sentence for each entry of deviations.yaml whose address nobody declares any more."""
    return [
        f"{note.reason} accepts a difference at {note.address}, which nobody declares any more; "
        f"take that entry out ({OUTLIVED})."
        for note in plan.notes
        if note.code == OUTLIVED
    ]


def _stays(plan: Plan) -> list[str]:
    return [f"Stays: {reason}" for reason in plan.stays]


def _sections(changes: Sequence[Change]) -> Iterable[tuple[str, list[Change]]]:
    """The site's own kinds first, then a section for each list."""
    sections: dict[str, list[Change]] = {}
    for change in changes:
        root = root_of(change.address)
        kind = split(root)[0]
        title = root if kind == "list" else kind_named(change.kind).title
        sections.setdefault(title, []).append(change)
    return sorted(sections.items(), key=lambda one: one[0].startswith("list:"))


def _section(changes: Sequence[Change]) -> Iterable[str]:
    """Changes one by one; what is new in a section of many is named on a line for its kind."""
    new: dict[str, list[Change]] = {}
    for change in changes:
        inside = change.address != root_of(change.address)
        if change.action is Action.CREATE and (
            inside or (not _is_list(change) and len(changes) > NAMED_TOGETHER)
        ):
            new.setdefault(change.kind, []).append(change)
        else:
            yield f"  {change.action.mark} {change.address}{_title(change)}{_risk(change)}"
            yield from (f"        {line}" for line in _fields(change))
    for kind, made in new.items():
        names = [name for change in made if (name := _name(change.address))]
        shown = ", ".join(names[:SHOWN_NAMES])
        more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
        title = kind_named(kind).title + (f" ({len(made)})" if len(made) > 1 else "")
        yield f"  + {title}{': ' if shown else ''}{shown}{more}{_risk(made[0])}"


def _name(address: str) -> str:
    """The name of a part; for what has none, such as permissions, that of the row or folder it is of.

    What the list itself has needs no name below the list's own line.
    """
    above = parent_of(address)
    own = split(address)[1]
    return own or (split(above)[1] if above != root_of(address) else "")


def summary_line(plan: Plan) -> str:
    """One line: 12 to create, 3 to update, 210 as they should be."""
    words = {
        "create": "to create",
        "update": "to update",
        "replace": "to replace",
        "delete": "to delete",
        "adopt": "to adopt",
        "forget": "to stop watching",
        "noop": "as they should be",
    }
    parts = [f"{count} {words[name]}" for name, count in plan.summary().items() if count]
    return ", ".join(parts or ["nothing declared"]) + "."


def _cost_line(plan: Plan) -> str:
    cost = plan.cost
    return (
        f"About {cost.requests} requests in {cost.round_trips} round trips, "
        f"{cost.resource_units} resource units. It takes {minutes(cost.seconds)}."
    )


def minutes(seconds: float) -> str:
    """How long it takes, as a person would say it."""
    if seconds < 60:
        return "less than a minute"
    whole = round(seconds / 60)
    return "about a minute" if whole == 1 else f"about {whole} minutes"


def what_goes(change: Change) -> Iterable[str]:
    """What goes with a list that is removed, and where it goes to.

    Lists and their content are in the recycle bins for 93 days ("Manage the recycle bin of a
    SharePoint site", support.microsoft.com).
    """
    if change.kind != "list" or change.action is not Action.DELETE or change.existing is None:
        return
    count = change.existing.ids.get("contents", "") or "0"
    what = {"0": "nothing is in it", "1": "the one row or file in it goes along"}
    goes = what.get(count, f"the {count} rows and files in it go along")
    yield f"{goes}; the site's recycle bin keeps it for 93 days"


def _is_list(change: Change) -> bool:
    return change.kind == "list"


def _title(change: Change) -> str:
    title = change.desired.properties.get("title") if change.desired else None
    return f" “{title}”" if title else ""


def _risk(change: Change) -> str:
    return "" if change.risk == "low" else f"   [{change.risk} risk]"


def _fields(change: Change) -> Iterable[str]:
    if change.action in {Action.DELETE, Action.FORGET}:
        yield change.reason
        yield from what_goes(change)
    if change.action not in {Action.UPDATE, Action.REPLACE}:
        return
    for field in change.fields[:SHOWN_FIELDS]:
        yield f"{field.path}: {becoming(field.before, field.after)}"
    if len(change.fields) > SHOWN_FIELDS:
        yield f"… and {len(change.fields) - SHOWN_FIELDS} more"
    yield change.reason
