"""The first apply on a site: the list of the lock is made before all else, and decides who works.

A list whose title is taken is refused with 409 (learn.microsoft.com/graph/api/list-create, Graph's
`nameAlreadyExists`), and the parts of a sequential batch after a refused one are not carried out.
So of two first runs one makes the list, and the other makes nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from provisioner.core.address import address
from provisioner.core.resource import Action, Change
from provisioner.core.transport import Operation
from provisioner.engine.ledger_library import LOCK_ADDRESS
from provisioner.engine.waves import Work, carry_out
from provisioner.kinds.requests import GRAPH_WRITE, graph_list
from provisioner.ledger.lock import lock_by_path
from provisioner.ledger.lock_refusals import beginning

HOLDER = address("item", "holder", LOCK_ADDRESS)


async def lay_foundation(changes: Sequence[Change], work: Work) -> None:
    """Make the lists of our own records. When the lock's list is new, its item comes with it.

    Raises:
        Refused: LOCKED, when another first run was faster.
    """
    makes_lock = any(c.address == LOCK_ADDRESS and c.action is Action.CREATE for c in changes)
    if not makes_lock:
        await carry_out(changes, work)
        return
    await carry_out([*changes, _item(work.keeper.text)], work, vital=LOCK_ADDRESS)
    held = work.results.pop(HOLDER, None)
    if LOCK_ADDRESS in work.conflicts and await _somebody_has_begun(work):
        raise beginning()
    place = (work.known.get(("site", "id")), work.known.get((LOCK_ADDRESS, "id")))
    if place[0] is None or place[1] is None:
        return  # it failed in another way, which is among the results
    if held is not None and held.status == "done":
        number, etag = work.known[HOLDER, "id"], work.known.get((HOLDER, "etag"), "")
        await work.keeper.made(place[0], place[1], number, etag)
    else:
        await work.keeper.acquire(place[0], place[1], None)


async def _somebody_has_begun(work: Work) -> bool:
    """Whether the list of the lock is there, since 409 has other reasons too.

    They are among the results, in Microsoft's words.
    """
    by_path = lock_by_path(work.transport.hostname, work.transport.site_path)
    return (await work.transport.read([by_path]))[by_path].status == HTTPStatus.OK


def _item(text: str) -> Change:
    operation = Operation(
        audience="graph",
        method="POST",
        path=f"{graph_list(LOCK_ADDRESS)}/items",
        address=HOLDER,
        scope=HOLDER,
        body={"fields": {"Title": text}},
        permission=GRAPH_WRITE,
        produces={"id": "/id", "etag": "/eTag"},
        what="Take the lock",
    )
    return Change(HOLDER, "item", Action.NOOP, "", "low", operations=(operation,))
