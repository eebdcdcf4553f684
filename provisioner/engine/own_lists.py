"""Our own lists on a site, found by their addresses, whatever anybody calls them."""

from __future__ import annotations

from dataclasses import dataclass

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Transport
from provisioner.kinds import kind_named
from provisioner.kinds.base import Scope
from provisioner.kinds.list import LISTS
from provisioner.kinds.site import site_reading
from provisioner.ledger.lock import LOCK_URL
from provisioner.ledger.store import FACTS_URL, LIBRARY_URL


@dataclass(frozen=True, slots=True)
class OwnLists:
    """Ids, None for a list that is not there."""

    site_id: str
    ledger: str | None
    facts: str | None
    lock: str | None


async def own_lists(transport: Transport, scope: Scope) -> OwnLists:
    """What there is of our lists.

    Raises:
        ProvisionerError: SITE-NOT-FOUND.
    """
    site = site_reading(scope)
    answers = await transport.read([site, LISTS])
    body = answers[site].body
    if not isinstance(body, dict):
        raise ProvisionerError(
            "SITE-NOT-FOUND",
            f"There is no site at https://{scope.hostname}{scope.site_path}.",
            hint="Check the URL in the workspace file.",
        )
    by_url = {
        value.casefold(): one.ids["id"]
        for one in kind_named("list").found(scope, {}, answers)
        for sort, value in one.keys
        if sort == "url"
    }

    def at(url: str) -> str | None:
        return by_url.get(f"{scope.site_path}/{url}".casefold())

    return OwnLists(str(body["id"]), at(LIBRARY_URL), at(FACTS_URL), at(f"Lists/{LOCK_URL}"))
