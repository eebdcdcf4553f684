"""One scenario of a kind: a part of a workspace file, what is on the site, what must happen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from provisioner.core.errors import Where
from provisioner.core.resource import Action, Change, Existing, FieldChange, Found, Resource
from provisioner.core.transport import Answer, Bindings, Operation, Reading
from provisioner.kinds import all_kinds, kind_named
from provisioner.kinds.base import Access, Declared, Kind, Scope

__all__ = ["Bindings", "Scenario", "all_kinds", "kind_named", "scenarios"]
FOLDER = Path(__file__).parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # every file is read at every start
NOTHING = (None, "", [], {}, False)
WHERE = Where("workspace.yaml", 1, 1)


@dataclass(frozen=True)
class Scenario:
    """A scenario file, read."""

    path: Path
    data: Mapping[str, Any]

    @property
    def scope(self) -> Scope:
        given = dict(self.data.get("scope") or {})
        if "seeded" in given:
            given["seeded"] = {name: tuple(columns) for name, columns in given["seeded"].items()}
        if "access" in given:
            asked = dict(given["access"])
            asked["roled"] = frozenset(asked.get("roled", ()))
            given["access"] = Access(**asked)
        today = date.fromisoformat(given.pop("today", "2026-11-22"))
        return Scope("contoso.sharepoint.com", "/sites/acme", today, **given)

    @property
    def kind(self) -> Kind:
        return next(k for k in all_kinds() if self.data["mount"] in k.mounts)

    def declared(self) -> Declared:
        """The declaration, and what it stands in. Raises pydantic's `ValidationError`."""
        parent = None
        mount = str(self.data["mount"])
        if "parent" in self.data:
            above = mount.rpartition(".")[0]
            owner = next(k for k in all_kinds() if above in k.mounts)
            spec = _read(owner.mounts[above], self.data["parent"])
            parent = Declared(spec, above, WHERE, 0, self._outer(above.rpartition(".")[0]))
        spec = _read(self.kind.mounts[mount], self.data["declare"])
        return Declared(spec, mount, WHERE, 0, parent)

    def _outer(self, mount: str) -> Declared | None:
        """What the parent stands in, as the scenario writes it under `grandparent`."""
        if "grandparent" not in self.data:
            return None
        owner = next(k for k in all_kinds() if mount in k.mounts)
        return Declared(_read(owner.mounts[mount], self.data["grandparent"]), mount, WHERE, 0)

    def resources(self) -> Sequence[Resource]:
        return self.kind.desired(self.declared(), self.scope)

    def known(self) -> dict[str, Existing]:
        """Lists and entries matched before, as the scenario names them."""
        return {
            address: Existing(address.rpartition("/")[2].partition(":")[0], address, {}, ids, True)
            for address, ids in (self.data.get("known") or {}).items()
        }

    def answers(self) -> dict[Reading, Answer]:
        """An answer to each reading the kinds ask, where the scenario has one for its path."""
        given = dict(self.data.get("site") or {})
        asked = [r for k in all_kinds() for r in k.inventory(self.scope)]
        asked += [r for k in all_kinds() for r in k.detail(self.scope, self.known())]
        answers = _answered(asked, given)
        asked = [r for k in all_kinds() for r in k.last(self.scope, self.known(), answers)]
        answers |= _answered(asked, given)
        unused = set(given) - {reading.path.partition("?")[0] for reading in answers}
        assert not unused, f"no kind reads {unused}"
        return answers

    def found(self, kind: Kind) -> list[Found]:
        answers, known = self.answers(), self.known()
        return [
            *kind.found(self.scope, known, answers),
            *kind.detail_found(self.scope, known, answers),
            *kind.last_found(self.scope, known, answers),
        ]

    def outcome(self) -> dict[str, Any]:
        """For each address: what differs, and the requests that mend it."""
        told: dict[str, Any] = {}
        for resource in self.resources():
            kind = kind_named(resource.kind)
            match = _match(resource, self.found(kind))
            change = _change(resource, match, kind)
            if change is None:
                told[resource.address] = "as declared"
                continue
            sent = kind.operations(change, self.scope, frozenset())
            told[resource.address] = {
                "action": change.action.value,
                "risk": kind.risk(change.action, change.fields),
                **(
                    {"differs": {f.path: [f.before, f.after] for f in change.fields}}
                    if match
                    else {}
                ),
                "requests": [_shown(operation) for operation in sent],
            }
        return told


def _read(model: type[BaseModel], data: Any) -> BaseModel:
    return model.model_validate_json(json.dumps(data))


def _answered(asked: Sequence[Reading], given: Mapping[str, Any]) -> dict[Reading, Answer]:
    return {
        reading: Answer(200, body)
        for reading in dict.fromkeys(asked)
        for start, body in given.items()
        if reading.path.partition("?")[0] == start
    }


def _match(resource: Resource, found: Sequence[Found]) -> Found | None:
    above = resource.address.rpartition("/")[0] or "site"
    for key in resource.keys:
        for one in found:
            folded = [(sort, value.casefold()) for sort, value in one.keys]
            if one.parent in (above, "") and (key[0], key[1].casefold()) in folded:
                return one
    return None


def _change(resource: Resource, found: Found | None, kind: Kind) -> Change | None:
    if found is None:
        return Change(resource.address, kind.name, Action.CREATE, "", "low", desired=resource)
    existing = Existing(kind.name, resource.address, found.properties, found.ids, declared=True)
    there = kind.seen(resource, existing)
    fields = tuple(
        FieldChange(path, there.get(path), wanted)
        for path, wanted in resource.properties.items()
        if not same(wanted, there.get(path))
    )
    if not fields:
        return None
    return Change(
        resource.address,
        kind.name,
        Action.UPDATE,
        "",
        "low",
        fields,
        desired=resource,
        existing=existing,
    )


def same(one: Any, other: Any) -> bool:
    """As the planner compares: null, empty and absent mean the same."""
    return one == other or (one in NOTHING and other in NOTHING)


def _shown(operation: Operation) -> dict[str, Any]:
    shown = {"send": f"{operation.audience} {operation.method} {operation.path}"}
    if operation.body is not None:
        shown["body"] = _plain(operation.body)
    if operation.produces:
        shown["produces"] = dict(operation.produces)
    if operation.headers:
        shown["headers"] = dict(operation.headers)
    if operation.tolerates:
        shown["tolerates"] = list(operation.tolerates)
    return json.loads(json.dumps(shown))


def _plain(body: Any) -> Any:
    return body.decode() if isinstance(body, bytes) else body


def scenarios() -> list[Scenario]:
    """Every scenario file, in name order."""
    return [
        Scenario(path, yaml.load(path.read_text(encoding="utf-8"), _LOADER))
        for path in sorted(FOLDER.glob("*/*.yaml"))
    ]
