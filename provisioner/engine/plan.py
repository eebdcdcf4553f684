"""A plan is a value: ordered changes, what they cost, what they need, and a digest to sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisioner import __version__
from provisioner.core.canonical import digest
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, FieldChange
from provisioner.core.transport import Operation
from provisioner.engine.packing import Forecast
from provisioner.engine.packs import PackChange

API_VERSION = "provisioner/v1"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A difference that cannot be brought about in place, and what to do instead.

    `fields` are the properties it is about, where it is about some and not about the whole.
    """

    address: str
    code: str
    message: str
    hint: str
    where: Where | None = None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What apply would do. `changes` are in the order they are carried out.

    A no-op among them is a look-up that others wait for; people are shown the `shown` ones. `day` is
    the one it was made on; it may be carried out later, since what a day changes (a grant that ends)
    is among the changes. `prune` and `allow` are what it was made with; `packs` are those with
    another version than at the last apply; `host` is the tenant's, for sites of two tenants may have
    one path. A plan that takes a run back has it as `undoes`, and in `stays` what it leaves, and why.
    """

    workspace: str
    spec_digest: str
    observed_digest: str
    changes: tuple[Change, ...]
    noop: int
    cost: Forecast
    blocked: tuple[Blocked, ...] = ()
    notes: tuple[Note, ...] = ()
    accepted: tuple[Note, ...] = ()
    day: str = ""
    prune: bool = False
    allow: tuple[str, ...] = ()
    packs: tuple[PackChange, ...] = ()
    host: str = ""
    undoes: str = ""
    stays: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Covers everything its document says, but not where in the file a change is declared."""
        return plan_digest(self._document())

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send and nothing to record."""
        return not self.shown

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes that change anything."""
        return tuple(change for change in self.changes if change.action is not Action.NOOP)

    @property
    def writes(self) -> bool:
        """Whether carrying it out sends any request that changes the site."""
        return any(change.operations for change in self.shown)

    @property
    def permissions(self) -> tuple[str, ...]:
        """The application permissions its requests need, least first by name."""
        return tuple(sorted({op.permission for op in self._operations() if op.permission}))

    def summary(self) -> dict[str, int]:
        """How many changes of each action."""
        count = Counter(change.action for change in self.changes)
        named = {
            action.value: count[action]
            for action in (
                Action.CREATE,
                Action.UPDATE,
                Action.REPLACE,
                Action.DELETE,
                Action.ADOPT,
            )
        }
        return {**named, "forget": count[Action.FORGET], "noop": self.noop}

    def json(self) -> dict[str, Any]:
        """The `Plan` document of the command line; its digest can be checked from it alone."""
        return with_digests(self._document())

    def _document(self) -> dict[str, Any]:
        return {
            "apiVersion": API_VERSION,
            "kind": "Plan",
            "workspace": self.workspace,
            "host": self.host,
            "madeBy": __version__,
            "digest": "",
            "day": self.day,
            "prune": self.prune,
            "allow": list(self.allow),
            "packs": [one.json() for one in self.packs],
            **({"undoes": self.undoes, "stays": list(self.stays)} if self.undoes else {}),
            "specDigest": self.spec_digest,
            "observedDigest": self.observed_digest,
            "summary": self.summary(),
            "cost": {
                "requests": self.cost.requests,
                "roundTrips": self.cost.round_trips,
                "resourceUnits": self.cost.resource_units,
                "seconds": self.cost.seconds,
            },
            "permissions": list(self.permissions),
            "changes": [change_json(change) for change in self.shown],
            "blocked": [
                {"address": b.address, "code": b.code, "message": b.message, "hint": b.hint}
                for b in self.blocked
            ],
            "notes": [note.json() for note in (*self.notes, *self.accepted)],
        }

    def _operations(self) -> list[Operation]:
        return [op for change in self.changes for op in change.operations]


@dataclass(frozen=True, slots=True)
class Note:
    """A difference that leads to no change: people's own, or accepted by a deviation.

    `reason` says why it was accepted; of a deviation that is about nothing any more, where it stands.
    """

    address: str
    path: str
    expected: Any
    actual: Any
    code: str
    reason: str = ""
    approver: str = ""
    expires: str = ""

    def json(self) -> dict[str, Any]:
        """As it stands in a `Plan`."""
        return {
            "address": self.address,
            "path": self.path,
            "code": self.code,
            "expected": self.expected,
            "actual": self.actual,
        }


def change_json(change: Change) -> dict[str, Any]:
    """One change. What goes is kept whole, as `definition`; a body is named by its digest."""
    where = change.desired.where if change.desired else None
    document: dict[str, Any] = {
        "address": change.address,
        "kind": change.kind,
        "action": change.action.value,
        "reason": change.reason,
        "risk": change.risk,
        "fields": [{"path": f.path, "before": f.before, "after": f.after} for f in change.fields],
        "requests": [_request_json(operation) for operation in change.operations],
        "source": {"file": where.file, "line": where.line} if where else None,
    }
    if change.action in {Action.DELETE, Action.REPLACE} and change.existing is not None:
        document["definition"] = dict(change.existing.properties)
    return document


def _request_json(operation: Operation) -> dict[str, Any]:
    request = {
        "audience": operation.audience,
        "method": operation.method,
        "path": operation.path,
    }
    if operation.body is not None:
        body = operation.body
        request["bodyDigest"] = digest(body.hex() if isinstance(body, bytes) else body)
    if operation.carried:
        request["inside"] = operation.inside
    return request


def plan_digest(document: Mapping[str, Any]) -> str:
    """The digest of a `Plan` document: of all it says but the digest and the lines of the file.

    Lines are left out so that a comment in the file moves no approval, and so is who made it: another
    version of ours that would send the very same may do so.
    """
    said = {name: value for name, value in document.items() if name not in _UNSIGNED}
    said["changes"] = [
        {name: value for name, value in change.items() if name not in UNSIGNED_IN_CHANGES}
        for change in document.get("changes") or ()
    ]
    return digest(said)


def with_digests(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its digest, and with a seal over every word of it, lines of the file too."""
    changes = [{**change, "seal": seal_of_change(change)} for change in document["changes"]]
    signed = {**document, "digest": plan_digest(document), "changes": changes}
    return {**signed, "seal": seal_of(signed)}


def seal_of_change(change: Mapping[str, Any]) -> str:
    """A short mark of one change, so that a plan that was altered can say where."""
    return digest({name: value for name, value in change.items() if name != "seal"})[7:19]


def seal_of(document: Mapping[str, Any]) -> str:
    """What the seal of a `Plan` document must be for it to be as it was written."""
    return digest({name: value for name, value in document.items() if name != "seal"})


_UNSIGNED = frozenset({"digest", "seal", "madeBy", "earlier", "approved"})
"""The last two are added to the copy in the ledger, for a run that takes up one that was cut off."""
UNSIGNED_IN_CHANGES = frozenset({"source", "seal"})
