"""A plan arranged for the person who approves it: what is risky, who gets access, what is made.

The same value stands behind the Markdown and the HTML page, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from provisioner.core.address import parent_of, root_of, split
from provisioner.core.resource import Action, Change
from provisioner.engine.outlived import OUTLIVED
from provisioner.engine.plan import Blocked, Note, Plan
from provisioner.kinds import kind_named
from provisioner.report.differences import becoming, short
from provisioner.report.permission_words import permission_words
from provisioner.report.plan_text import minutes, outlived_entries, summary_line, what_goes

DONE_TO = {
    Action.CREATE: "made new",
    Action.UPDATE: "changed",
    Action.REPLACE: "replaced",
    Action.DELETE: "removed",
    Action.ADOPT: "recorded as it is",
    Action.FORGET: "no longer watched",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One change: what is done to what, each property with both values, and its requests."""

    mark: str
    done: str
    address: str
    name: str
    kind: str
    risk: str
    reason: str
    fields: tuple[tuple[str, str], ...]
    requests: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    """A list with all in it, or the site's own parts of one kind."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what in one place after the plan."""

    place: str
    who: str
    roles: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Everything an approver reads, worst first. `minutes` is an estimate of the run's length.

    `site` is the whole address, `day` the one it was made on, and `options` what it was made with.
    """

    workspace: str
    site: str
    day: str
    options: tuple[str, ...]
    digest: str
    spec_digest: str
    observed_digest: str
    summary: str
    empty: bool
    risky: tuple[Line, ...]
    access: tuple[Access, ...]
    sections: tuple[Section, ...]
    blocked: tuple[Blocked, ...]
    conflicts: tuple[Note, ...]
    kept: tuple[Note, ...]
    outlived: tuple[str, ...]
    accepted: tuple[Note, ...]
    permissions: tuple[tuple[str, str, int], ...]
    requests: int
    round_trips: int
    resource_units: int
    minutes: str
    packs: tuple[str, ...]


def approval(plan: Plan) -> Approval:
    """The plan as an approver reads it."""
    titles = _titles(plan.shown)
    lines = {change.address: _line(change) for change in plan.shown}
    by_section: dict[str, list[Line]] = {}
    inside_lists_last = sorted(plan.shown, key=_in_list)
    for change in inside_lists_last:
        by_section.setdefault(_section(change, titles), []).append(lines[change.address])
    return Approval(
        workspace=plan.workspace,
        site=f"https://{plan.host}{plan.workspace}" if plan.host else plan.workspace,
        day=plan.day,
        options=tuple(_options(plan)),
        digest=plan.digest,
        spec_digest=plan.spec_digest,
        observed_digest=plan.observed_digest,
        summary=summary_line(plan),
        empty=plan.empty and not plan.blocked,
        risky=tuple(sorted(_risky(plan, lines), key=lambda line: line.risk != "high")),
        access=tuple(_access(plan.shown, titles)),
        sections=tuple(Section(title, tuple(some)) for title, some in by_section.items()),
        blocked=plan.blocked,
        conflicts=tuple(note for note in plan.notes if note.code == "CONFLICT"),
        kept=tuple(note for note in plan.notes if note.code not in {"CONFLICT", OUTLIVED}),
        outlived=tuple(outlived_entries(plan)),
        accepted=plan.accepted,
        permissions=tuple(_permissions(plan)),
        requests=plan.cost.requests,
        round_trips=plan.cost.round_trips,
        resource_units=plan.cost.resource_units,
        minutes=minutes(plan.cost.seconds),
        packs=tuple(one.words() for one in plan.packs),
    )


def _titles(changes: Sequence[Change]) -> Mapping[str, str]:
    """What lists are called, by address."""
    named: dict[str, str] = {}
    for change in changes:
        if change.kind == "list":
            given = change.desired or change.existing
            title = given.properties.get("title") if given is not None else None
            named[change.address] = str(title or split(change.address)[1])
    return named


def _in_list(change: Change) -> bool:
    return split(root_of(change.address))[0] == "list"


def _section(change: Change, titles: Mapping[str, str]) -> str:
    root = root_of(change.address)
    if _in_list(change):
        return titles.get(root, split(root)[1])
    return kind_named(change.kind).title


def _line(change: Change) -> Line:
    given = change.desired or change.existing
    shown = given.properties.get("title") or given.properties.get("displayName") if given else None
    where = change.desired.where if change.desired else None
    return Line(
        change.action.mark,
        DONE_TO.get(change.action, ""),
        change.address,
        str(shown or split(change.address)[1]),
        kind_named(change.kind).title,
        change.risk,
        "; ".join([change.reason, *what_goes(change)]),
        tuple(_fields(change)),
        tuple(f"{op.method} {op.path}" for op in change.operations),
        f"{PurePath(where.file).name}:{where.line}" if where else "",
    )


def _fields(change: Change) -> Iterable[tuple[str, str]]:
    for field in change.fields:
        if change.action is Action.CREATE:
            yield field.path, short(field.after)
        else:
            yield field.path, becoming(field.before, field.after)


def _risky(plan: Plan, lines: Mapping[str, Line]) -> Iterable[Line]:
    """What may cost something that is there; what is made new endangers nothing but access."""
    for change in plan.shown:
        taken = change.action in {Action.DELETE, Action.REPLACE}
        if taken or (change.risk != "low" and change.action is not Action.CREATE):
            yield lines[change.address]


def _access(changes: Sequence[Change], titles: Mapping[str, str]) -> Iterable[Access]:
    for change in changes:
        wanted = change.desired.properties if change.desired else {}
        if "grants" in wanted and "inherit" in wanted:
            root = root_of(change.address)
            inside = parent_of(change.address).removeprefix(root).strip("/")
            place = titles.get(root, split(root)[1] or "the site")
            place = f"{place}, {split(inside)[1]}" if inside else place
            if wanted["inherit"]:
                yield Access(place, "everybody the site lets in", "as on the site")
            for who, roles in sorted((wanted["grants"] or {}).items()):
                yield Access(place, str(who), short(roles))
        elif change.kind == "group" and wanted.get("members"):
            yield Access(f"group {split(change.address)[1]}", short(wanted["members"]), "member")


def _permissions(plan: Plan) -> Iterable[tuple[str, str, int]]:
    used = [op.permission for change in plan.changes for op in change.operations]
    for permission in plan.permissions:
        yield permission, permission_words(permission), used.count(permission)


def _options(plan: Plan) -> Iterable[str]:
    """What the command was told besides the file, in sentences; what an undo leaves as it is."""
    if plan.undoes:
        yield f"It takes back run {plan.undoes}; the file asks for what that run did."
    yield from (f"Stays: {reason}." for reason in plan.stays)
    if plan.prune:
        yield "What we made and the file dropped is removed (--prune)."
    if plan.allow:
        yield f"Risky, and said to be meant with --allow: {', '.join(plan.allow)}."
