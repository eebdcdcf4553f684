"""What lies in the lists that an undo is about to change: how many rows, and of which types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.address import parent_of
from provisioner.core.resource import Existing
from provisioner.core.transport import Answer, Reading, Transport
from provisioner.engine.observe import Observed
from provisioner.kinds.requests import read_rest, rest_list_by_id, rows

_LISTS = Reading("sharepoint", "/_api/web/lists?$select=Id,ItemCount", cost=2, pages=True)
_PAGE = 5000


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows or files by the id of their list; and of content types that stay in use, why."""

    counts: Mapping[str, int] = field(default_factory=dict)
    in_use: Mapping[str, str] = field(default_factory=dict)

    def of(self, listed: Existing) -> int:
        """How many rows or files this list holds."""
        return self.counts.get(listed.ids["id"].lower(), 0)


async def read_contents(
    transport: Transport, receipt: Mapping[str, Any], observed: Observed
) -> Contents:
    """What lies in the lists of the site, as far as taking back the run of this receipt needs it.

    SharePoint refuses to take a content type out of a list that has a row of it ("The content type
    is in use"), so the rows of lists that the run gave one are looked at. Those of a list with more
    than 5,000 are not, and the type counts as used.
    """
    counted = (await transport.read([_LISTS]))[_LISTS]
    contents = Contents(
        {str(row["Id"]).lower(): int(row.get("ItemCount") or 0) for row in rows(counted.body)}
    )
    bound = list(_bound_by(receipt, observed))
    looked_at = {
        of.address: _types(of.ids["id"]) for _, of in bound if 0 < contents.of(of) <= _PAGE
    }
    answers = await transport.read(list(dict.fromkeys(looked_at.values())))
    used = {where: _types_in(answers[reading]) for where, reading in looked_at.items()}
    in_use = {}
    for one, of in bound:
        if one.ids["id"].lower() in used.get(of.address, ()):
            in_use[one.address] = "rows or files that stay are of it"
        elif contents.of(of) > _PAGE:
            in_use[one.address] = (
                f"{of.address} holds {contents.of(of):,} rows or files, too many to look which are "
                "of it"
            )
    return Contents(contents.counts, in_use)


def _bound_by(
    receipt: Mapping[str, Any], observed: Observed
) -> Iterable[tuple[Existing, Existing]]:
    """Each content type that the run gave a list which was there before, and the list."""
    made = {str(one["address"]) for one in receipt["results"] if one["action"] == "create"}
    for own in made:
        one, above = observed.existing.get(own), observed.existing.get(parent_of(own))
        if one is None or above is None or above.address in made:
            continue
        if (one.kind, above.kind) == ("contentType", "list"):
            yield one, above


def _types(list_id: str) -> Reading:
    return read_rest(f"{rest_list_by_id(list_id)}/items?$select=Id,ContentTypeId&$top={_PAGE}")


def _types_in(answer: Answer) -> frozenset[str]:
    return frozenset(str(row.get("ContentTypeId", "")).lower() for row in rows(answer.body))
