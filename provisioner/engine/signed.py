"""A plan that was approved: read from its file, checked against its own digest, and compared.

Pure. `apply --plan` does exactly what the file says or nothing, so the file must be as it was
written, and a plan made now must say the same. Where it does not, each difference has a name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.core.canonical import canonical_json
from provisioner.core.errors import Refused
from provisioner.engine.plan import UNSIGNED_IN_CHANGES, plan_digest, seal_of, seal_of_change

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that is not as it was approved. `what` says whether the file or the site moved."""

    address: str
    sentence: str
    what: str

    def __str__(self) -> str:
        """`list:risks: the site had “A” as title and has “B”`."""
        return f"{self.address}: {self.sentence}" if self.address else self.sentence


class _Twice(Exception):
    """A name stands twice in one place: a reader sees the first, and a program takes the last."""


def read_signed(text: str | bytes, name: str) -> Mapping[str, Any]:
    """The `Plan` document of a file. `name` is for the message.

    Editors and shells may have written it anew, with another encoding, spacing or order of names.

    Raises:
        Refused: PLAN-UNREADABLE, when it is no plan of ours; PLAN-ALTERED, when it does not say what
            its digests were made of.
    """
    try:
        document = json.loads(text, object_pairs_hook=_once)
        claimed, sealed = document["digest"], document["seal"]
        ours = _has_our_form(document)
        whole = ours and plan_digest(document) == claimed and seal_of(document) == sealed
    except _Twice as twice:
        raise _altered(name, f"“{twice}” stands there twice") from twice
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unreadable(name) from error
    if not ours:
        raise unreadable(name)
    if not whole:
        raise _altered(name, _where_altered(document))
    checked: Mapping[str, Any] = document
    return checked


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _has_our_form(document: Mapping[str, Any]) -> bool:
    """Whether all is there that is looked at afterwards, whoever made its digests."""
    return (
        document["kind"] == "Plan"
        and isinstance(document["changes"], list)
        and isinstance(document.get("allow", []), list)
        and all(
            {"address", "action", "fields"} <= change.keys()
            and all({"path", "before", "after"} <= one.keys() for one in change["fields"])
            for change in document["changes"]
        )
        and all({"address", "path", "actual"} <= one.keys() for one in document.get("notes", ()))
    )


def _where_altered(document: Mapping[str, Any]) -> str:
    """Where a plan is not as it was written, as far as it can tell."""
    marks = [
        (str(one["address"]), one.get("seal") == seal_of_change(one)) for one in document["changes"]
    ]
    wrong = [address for address, as_written in marks if not as_written]
    if not wrong:
        return (
            "each change in it is as it was written, so one was left out, added or moved, or what "
            "stands beside them is not"
        )
    more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return f"it is not as it was written at {', '.join(wrong[:_SHOWN])}{more}"


def _altered(name: str, where: str) -> Refused:
    return Refused(
        "PLAN-ALTERED",
        f"{name} was changed after it was made: {where}. Nothing was sent.",
        hint="Make a new plan with `provisioner plan --out plan.json`, have it approved, and "
        "apply that one as it is.",
    )


def unreadable(name: str) -> Refused:
    """The refusal of a file that is no plan, or not the whole of one."""
    return Refused(
        "PLAN-UNREADABLE",
        f"{name} is not a plan we wrote, or not the whole of one. Nothing was sent.",
        hint="Make one with `provisioner plan --out plan.json`.",
    )


def stale(signed: Mapping[str, Any], fresh: Mapping[str, Any]) -> Refused | None:
    """The refusal when a plan made now is not the approved one, naming what moved; None when it is."""
    if plan_digest(signed) == plan_digest(fresh):
        return None
    found = moved(signed, fresh)
    if _place(signed) != _place(fresh):
        return _not_this(f"{found[0]}. Nothing was sent.", None)
    named = "; ".join(str(one) for one in found[:_SHOWN])
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    first = next((one.address for one in found if one.address), None)
    return _not_this(f"The plan is out of date, and nothing was sent. {named}{more}.", first)


def _not_this(message: str, address: str | None) -> Refused:
    hint = "Make a new plan, have it approved, and apply that one."
    return Refused("PLAN-STALE", message, hint=hint, address=address)


def moved(signed: Mapping[str, Any], fresh: Mapping[str, Any]) -> list[Moved]:
    """Everything in which the two `Plan` documents differ, in the order of the approved one."""
    if _place(signed) != _place(fresh):
        what = f"It is a plan for {_place(signed)}, not for {_place(fresh)}"
        return [Moved("", what, "file")]
    found = list(_changes(signed, fresh))
    found += _notes(signed, fresh, {one.address for one in found})
    if signed.get("madeBy") != fresh.get("madeBy"):
        what = f"It was made by version {signed.get('madeBy')} of this program; this is {fresh.get('madeBy')}"
        found.append(Moved("", what, "file"))
    if found:
        return found
    if signed.get("specDigest") != fresh.get("specDigest"):
        return [Moved("", "The file asks for something else, which is on the site already", "file")]
    if signed.get("observedDigest") != fresh.get("observedDigest"):
        what = "Something on the site has changed that the plan leaves as it is"
        return [Moved("", what, "site")]
    others = [name for name in {**signed, **fresh} if not _same(signed.get(name), fresh.get(name))]
    named = dict.fromkeys(_BESIDE[name] for name in others if name in _BESIDE)
    return [Moved("", f"Not as approved: {', '.join(named) or 'its form'}", "file")]


_BESIDE = {
    "prune": "whether `--prune` was given",
    "allow": "what `--allow` names",
    "packs": "the versions of its packs",
    "undoes": "the run that it takes back",
    "stays": "what it leaves as it is",
    "permissions": "the permissions it uses",
    "cost": "its cost",
    "blocked": "what cannot be done",
    "summary": "how many changes it counts",
    "day": "its day",
}


def _place(document: Mapping[str, Any]) -> str:
    return f"{document.get('host') or ''}{document.get('workspace')}"


def _changes(signed: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterable[Moved]:
    before = {str(one["address"]): one for one in signed["changes"]}
    now = {str(one["address"]): one for one in fresh["changes"]}
    who = _mover(signed, fresh)
    for address, approved in before.items():
        change = now.get(address)
        if change is None:
            yield Moved(address, f"there is nothing to {approved['action']} any more", who)
        elif change["action"] != approved["action"]:
            yield Moved(
                address,
                f"approved was to {approved['action']} it, now it is {change['action']}",
                who,
            )
        else:
            yield from _fields(address, approved, change)
    for address, change in now.items():
        if address not in before:
            values = ", ".join(
                f"{one['path']} is {said(one['before'])} on the site and {said(one['after'])} in "
                "the file"
                for one in change["fields"][:2]
                if change["action"] == "update"
            )
            yield Moved(
                address,
                f"to {change['action']} it was not approved{f' ({values})' if values else ''}",
                who,
            )


def _fields(
    address: str, approved: Mapping[str, Any], change: Mapping[str, Any]
) -> Iterable[Moved]:
    before = {str(one["path"]): one for one in approved["fields"]}
    now = {str(one["path"]): one for one in change["fields"]}
    named = False
    for path in [*before, *(one for one in now if one not in before)]:
        old, new = before.get(path), now.get(path)
        if old is None and new is not None:
            named = True
            what = (
                f"{path} is {said(new['before'])} on the site and {said(new['after'])} in the file"
            )
            yield Moved(address, f"{what}, which was not approved", "file or site")
        elif new is None:
            named = True
            yield Moved(address, f"{path} need not be changed any more", "file or site")
        elif old is not None:
            if not _same(old["before"], new["before"]):
                named = True
                what = f"the site had {said(old['before'])} as {path} and has {said(new['before'])}"
                yield Moved(address, what, "site")
            if not _same(old["after"], new["after"]):
                named = True
                what = f"the file said {said(old['after'])} as {path} and says {said(new['after'])}"
                yield Moved(address, what, "file")
    if not named and not _same(_signed_part(approved), _signed_part(change)):
        yield Moved(address, "the requests for it are others now", "site")


def _signed_part(change: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in change.items() if name not in UNSIGNED_IN_CHANGES}


def _notes(signed: Mapping[str, Any], fresh: Mapping[str, Any], named: set[str]) -> Iterable[Moved]:
    def keyed(document: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
        return {(str(n["address"]), str(n["path"])): n for n in document.get("notes") or ()}

    before, now = keyed(signed), keyed(fresh)
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if key[0] in named or _same(old, new):
            continue
        was = said(old["actual"]) if old else "what the file says"
        has = said(new["actual"]) if new else "what the file says"
        yield Moved(key[0], f"the site had {was} as {key[1]} and has {has}", "site")


def _mover(signed: Mapping[str, Any], fresh: Mapping[str, Any]) -> str:
    file = signed.get("specDigest") != fresh.get("specDigest")
    site = signed.get("observedDigest") != fresh.get("observedDigest")
    return "file or site" if file == site else "file" if file else "site"


def _same(one: object, other: object) -> bool:
    return canonical_json(one) == canonical_json(other)


def said(value: object) -> str:
    """A value in a sentence, cut where it is long."""
    if value in (None, "", [], {}):
        return "nothing"
    text = value if isinstance(value, str) else canonical_json(value).decode()
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"
