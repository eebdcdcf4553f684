"""What an undo does not do unasked, and what it cannot do. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.address import address, root_of, split
from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.resource import Action, Change, Existing
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Blocked, Plan
from provisioner.engine.planner import Options
from provisioner.engine.signed import said
from provisioner.engine.undo_contents import Contents

_STANDS = {
    "role": {"group", "permissions"},
    "group": {"permissions"},
    "column": {"column", "contentType"},
    "contentType": {"contentType", "list"},
    "page": {"navigation", "topNavigation"},
}
"""Kinds that may stand on one of this kind that is the site's."""


def may_stand_on(other: Change, removed: Change) -> bool:
    """Whether one change has to be done before something is removed."""
    home = root_of(removed.address)
    if root_of(other.address) == home:
        return other.kind != "contentType" or removed.kind == "list"
    if removed.kind == "list":  # a lookup shows it
        shows = other.existing.properties.get("list") if other.existing is not None else None
        return shows == split(removed.address)[1]
    return home == removed.address and other.kind in _STANDS.get(removed.kind, ())


@dataclass(slots=True)
class Gathered:
    """What an undo comes to: changes, what blocks it, what stays and why, addresses that go.

    Of the run that is taken back: `anew` are columns it made anew, `removed` what it removed,
    `adopted` what it took over, which stays as it is.
    `begun` is what an undo of it that did not end was to do, by address. `held` are columns of the site
    that content types keep.
    """

    changes: list[Change] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    anew: set[str] = field(default_factory=set)
    removed: Sequence[str] = ()
    adopted: set[str] = field(default_factory=set)
    begun: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)


def still_used(found: Gathered, in_use: Mapping[str, str]) -> None:
    """Content types and site columns that something which stays still uses: they stay as well.

    SharePoint refuses to remove a content type that is in use ("The content type is in use"), and
    a list that is restored from the recycle bin must find what it uses. `in_use` are content types
    of lists that rows are of, with the reason.
    """
    removed = [change for change in found.changes if change.action is Action.DELETE]
    binned = any(change.kind == "list" for change in removed)
    bound = {split(own)[1] for own in in_use}
    for change in sorted(removed, key=_users_first):
        own = change.address
        shared = change.kind in {"column", "contentType"} and root_of(own) == own
        if own in in_use:
            reason = in_use[own]
        elif own in found.held:
            reason = "a content type still uses it"
        elif shared and change.kind == "contentType" and split(own)[1] in bound:
            reason = "a list still uses it"
        elif shared and binned:
            reason = "what goes to the recycle bin still uses it"
        else:
            continue
        found.changes.remove(change)
        found.gone.discard(own)
        found.stays.append(f"{own}: {reason}")
        if change.existing is not None and change.kind == "contentType":
            found.held |= _columns_of(change.existing)


def _users_first(change: Change) -> tuple[bool, bool]:
    """Content types of lists, then those of the site, then what they have."""
    return change.kind != "contentType", root_of(change.address) == change.address


def _columns_of(kept: Existing) -> set[str]:
    named = (path.partition(".") for path in kept.properties)
    return {address("column", name) for word, _, name in named if word == "columns"}


def holding(
    found: Gathered,
    observed: Observed,
    options: Options,
    contents: Contents,
    created: set[str],
) -> None:
    """A list with people's rows in it, or a column of one, is removed only if it is named."""
    for change in found.changes:
        root = observed.existing.get(root_of(change.address))
        if change.action is not Action.DELETE or root is None or root.kind != "list":
            continue
        if change.kind not in {"list", "column"} or change.address in options.allow:
            continue
        ours = sum(one.startswith(f"{root.address}/item:") for one in created)
        count = contents.of(root) - ours
        if count > 0:
            found.blocked.append(
                Blocked(
                    change.address,
                    "UNDO-HOLDS-CONTENT",
                    f"{change.address} would be removed, and {root.address} holds "
                    f"{_rows_or_files(count)} that run did not make.",
                    f"If it may go with them, give --allow {change.address}.",
                )
            )


def _rows_or_files(count: int) -> str:
    return f"{count:,} rows or files" if count > 1 else "1 row or file"


def replaced(result: Mapping[str, Any], existing: Existing | None) -> str:
    """Why a column that was made anew stays so, and the way back.

    Its values were written into the new one, as far as that could hold them; what it could not hold
    is not in the receipt. So the way back is a change of its own, which looks at the values first.
    """
    own = str(result["address"])
    if existing is None:
        return f"{own}: it was made anew and is not on the site any more"
    were = ", ".join(
        f"{one['path']} was {said(one['before'])} and is {said(one['after'])}"
        for one in result.get("fields") or ()
    )
    return (
        f"{own}: it was made anew{f' ({were})' if were else ''}, which is not taken back here. "
        "Write in the file what it was, then plan and apply: that plan says which values would go "
        "back into it"
    )


def unaltered(receipt: Mapping[str, Any], run: str, observed: Observed) -> Mapping[str, Any]:
    """The receipt, where it is that of this run and as it was written.

    Raises:
        ProvisionerError: RECEIPT-ALTERED, when it does not say what its digest was made of, or when
            the ledger knows that run by another digest.
    """
    body = {name: value for name, value in receipt.items() if name != "digest"}
    noted = {str(one.get("runId")): one.get("digest") for one in observed.ledger.runs}
    whose = str(receipt.get("runId"))
    whole = digest(body) == receipt.get("digest") == noted.get(whose, receipt.get("digest"))
    if whole and whose.casefold() == run.casefold():  # as SharePoint finds its folder
        return receipt
    raise ProvisionerError(
        "RECEIPT-ALTERED",
        f"What the ledger has as the receipt of run {run} was changed after it was written.",
        hint="`provisioner receipts verify` names every receipt that does not hold.",
    )


def refusal(undo: Plan) -> Refused:
    """What stands in the way of an undo, each with its own sentence; the first gives the code."""
    first, *others = undo.blocked
    if not others:
        return Refused(first.code, first.message, hint=first.hint, address=first.address)
    named = " ".join(one.message for one in undo.blocked[:_NAMED])
    more = f" And {len(undo.blocked) - _NAMED} more." if len(undo.blocked) > _NAMED else ""
    return Refused(
        first.code,
        f"{len(undo.blocked)} things stand in the way, and nothing was sent. {named}{more}",
        hint=f"`provisioner plan --undo {undo.undoes}` shows all that it would do. What is meant all "
        f"the same is named one by one: {' '.join(f'--allow {one.address}' for one in undo.blocked)}.",
        address=first.address,
    )


_NAMED = 8


def of_another_file(
    results: Sequence[Mapping[str, Any]], declared: Container[str], observed: Observed, run: str
) -> Blocked | None:
    """What stands in the way where the file is not the one of that run: None where it is.

    A part that the run changed and the ledger knows must be in the file under its address: with
    another file it may have its old name, and would be taken for another part.
    """
    strange = [
        own
        for one in results
        if one["action"] == "update"
        and (own := str(one["address"])) not in declared
        and own in observed.ledger.objects
    ]
    if not strange:
        return None
    more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
    return Blocked(
        strange[0],
        "UNDO-OTHER-FILE",
        f"That run changed what this file does not have under the same name: "
        f"{', '.join(strange[:_NAMED])}{more}.",
        f"Take run {run} back with the file as it was then; after that, plan and apply this one.",
    )


def conflict(own: str, moved: Sequence[str]) -> Blocked:
    """Somebody changed it since the run that is taken back."""
    return Blocked(
        own,
        "UNDO-CONFLICT",
        f"{own} has changed since that run: {'; '.join(moved[:3])}.",
        f"If it is to be taken back all the same, give --allow {own}.",
    )
