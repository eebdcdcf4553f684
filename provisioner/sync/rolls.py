"""The lists of the site as known: their rows as Graph gives them, and where the next reading goes on.

People edit these lists, so every run looks at what changed on them; the rows that did not change are
those of the run before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.sync.collect_delta import Ending, Query, whole
from provisioner.sync.collect_site import Place, Places
from provisioner.sync.row_fields import Press

_MANY = 200
"""So many changed rows are kept for the next run. Fewer travel again, in the same one page."""
_LEFT_OUT = frozenset(
    {
        "AppAuthorLookupId", "AppEditorLookupId", "Edit", "FolderChildCount", "ItemChildCount",
        "LinkTitle", "LinkTitleNoMenu", "_ComplianceFlags", "_ComplianceTag",
        "_ComplianceTagUserId", "_ComplianceTagWrittenTime", "id",
    }
)  # fmt: skip
"""What Graph adds to the columns of a row by itself, and no rule asks for."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row: its number, its ETag, and the columns that have a value."""

    id: int
    etag: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Roll:
    """A list as known. `shape` is what its rows were asked for; `rows` are by number.

    `moved` is how many rows are others than before the last reading.
    """

    list_id: str
    link: str
    shape: str
    rows: Mapping[int, ListRow] = field(default_factory=dict)
    moved: int = 0

    def worth_keeping(self, before: Roll | None) -> bool:
        """Whether the next run would read much again if this were forgotten."""
        return before is None or before.list_id != self.list_id or self.moved > _MANY


class RollReader:
    """Takes the rows of one list. `columns`: those to ask for by name, all that show if empty."""

    def __init__(
        self,
        places: Places,
        place: Place,
        known: Roll | None,
        columns: Iterable[str] = (),
        *,
        full: bool = False,
    ) -> None:
        named = ",".join(columns)
        fields = f"fields($select={named})" if named else "fields"
        self._place = place
        self._items = f"{places.graph(place)}/items"
        self._shape = f"$select=id,eTag&$expand={fields}"
        fits = known is not None and (known.list_id, known.shape) == (place.id, self._shape)
        self._known = known if fits and not full and known is not None and known.link else None
        self._before: Mapping[int, ListRow] = {} if known is None else known.rows
        self._rows = dict(self._known.rows) if self._known else {}
        self._press = Press(_LEFT_OUT)

    @property
    def query(self) -> Query:
        """What to ask for."""
        path = self._known.link if self._known else whole(self._items, self._shape)
        return Query(path, self._items, self._shape, self._place.title)

    def take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Note what rows say."""
        for row in rows:
            number = int(row["id"])
            if "deleted" in row:
                self._rows.pop(number, None)
            else:
                self._rows[number] = _row(number, row, self._press)

    def roll(self, ending: Ending) -> Roll:
        """The list as it is known now."""
        rows, before = dict(sorted(self._rows.items())), self._before
        moved = sum(1 for each, row in rows.items() if before.get(each) != row)
        moved += len(before.keys() - rows.keys())
        return Roll(self._place.id, ending.link, self._shape, rows, moved)


def _row(number: int, row: Mapping[str, Any], press: Press) -> ListRow:
    return ListRow(number, str(row.get("eTag") or ""), press.fields(row.get("fields") or {}))
