"""The lists of the site as known: their rows as Graph gives them, and where the next reading goes on.

People edit these lists, so every run looks at what changed on them; the rows that did not change are
those of the run before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.core.record import record
from provisioner.sync.collect_delta import Ending, Query, whole
from provisioner.sync.collect_site import Place, Places
from provisioner.sync.packed_rows import Form, changed
from provisioner.sync.row_fields import Press

_MANY = 200
"""So many changed rows are kept for the next run. Fewer travel again, in the same one page."""
ROW = "row"
"""The word before a row in the file of kept facts."""
AT_ONCE = 4_096
"""So many rows that were read are held before they are packed."""
_LEFT_OUT = frozenset(
    {
        "AppAuthorLookupId", "AppEditorLookupId", "Edit", "FolderChildCount", "ItemChildCount",
        "LinkTitle", "LinkTitleNoMenu", "_ComplianceFlags", "_ComplianceTag",
        "_ComplianceTagUserId", "_ComplianceTagWrittenTime", "id",
    }
)  # fmt: skip
"""What Graph adds to the columns of a row by itself, and no rule asks for."""


@record
class ListRow:
    """A row: its number, its ETag, and the columns that have a value."""

    id: int
    etag: str
    fields: Mapping[str, Any]


def list_form(key: str) -> Form[ListRow]:
    """How the rows of a list are kept."""
    return Form(ROW, key, _said, lambda said: ListRow(*said))


def _said(row: ListRow) -> object:
    return [row.id, row.etag, row.fields]


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
        self._rows: Mapping[int, ListRow] = self._known.rows if self._known else {}
        self._new: dict[int, ListRow | None] = {}
        self._moved: set[int] = set()
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
            self._new[number] = None if "deleted" in row else _row(number, row, self._press)
            if len(self._new) >= AT_ONCE:
                self._take_in()

    def roll(self, ending: Ending) -> Roll:
        """The list as it is known now."""
        self._take_in()
        moved = len(self._moved)
        if not self._known:
            moved += sum(1 for each in self._before if each not in self._rows)
        return Roll(self._place.id, ending.link, self._shape, self._rows, moved)

    def _take_in(self) -> None:
        for number, row in sorted(self._new.items()):
            other = self._before.get(number) != row
            (self._moved.add if other else self._moved.discard)(number)
        self._rows = changed(self._rows, self._new, list_form(self._place.key))
        self._new, self._press = {}, Press(_LEFT_OUT)


def _row(number: int, row: Mapping[str, Any], press: Press) -> ListRow:
    return ListRow(number, str(row.get("eTag") or ""), press.fields(row.get("fields") or {}))
