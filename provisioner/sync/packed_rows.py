"""Rows by the hundred thousand, held as the file of kept facts holds them: packed.

As values they take a kilobyte each, and hardly any differs from what is wanted. So they stay as they
came, some hundreds to a block, and a block is opened when one of its rows is asked for. The two opened last
stay open: who goes through the rows in their order, beside those of the run before, opens each block once.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import orjson

from provisioner.sync.row_fields import Fields

_LONG = 2_000
"""More rows than these are held packed."""
_MOST = 256
"""Rows of a block."""
_OPEN = 2
"""Blocks that stay open."""
_AS_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_GZIP = 31
"""What zlib calls gzip's form of what it makes ("wbits", docs.python.org/3/library/zlib.html)."""


def _plain(value: Any) -> Any:
    """What is no JSON value in a line are the fields of rows, which are a mapping."""
    return value.plain() if isinstance(value, Fields) else dict(value)


def line(said: object) -> bytes:
    """A line of the file, its end included: the same bytes for the same values."""
    return orjson.dumps(said, _plain, _AS_LINE)


class Numbered(Protocol):
    """Whatever has a number."""

    @property
    def id(self) -> int:
        """The number."""


_Row = TypeVar("_Row", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Form(Generic[_Row]):
    """How rows stand in lines: `[sort, key, said]`. `key` is that of their list or library."""

    sort: str
    key: str
    said: Callable[[_Row], object]
    row: Callable[[Any], _Row]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows with following numbers, from `first` to `last`, and how many: lines, compressed as gzip does."""

    first: int
    last: int
    count: int
    data: bytes

    def lines(self) -> list[Any]:
        """What the lines say."""
        # A line's end stands in no JSON text, so all lines are one array.
        text = zlib.decompress(self.data, wbits=_GZIP).rstrip(b"\n").replace(b"\n", b",")
        found: list[Any] = orjson.loads(b"[%b]" % text)
        return found


class Packed(Mapping[int, _Row]):
    """Rows by number, in the order of their numbers."""

    def __init__(
        self,
        form: Form[_Row],
        blocks: Sequence[Block] = (),
        opened: dict[Block, Mapping[int, _Row]] | None = None,
    ) -> None:
        self.form = form
        self.blocks = tuple(blocks)
        self._firsts = [one.first for one in self.blocks]
        self._open = {} if opened is None else opened

    def __getitem__(self, number: int) -> _Row:
        at = bisect_right(self._firsts, number) - 1
        if at < 0:
            raise KeyError(number)
        return self._opened(self.blocks[at])[number]

    def __iter__(self) -> Iterator[int]:
        for block in self.blocks:
            yield from self._opened(block)

    def __len__(self) -> int:
        return sum(block.count for block in self.blocks)

    def not_in(self, other: Packed[_Row]) -> Iterator[_Row]:
        """The rows of blocks that the other does not share: all that may differ are among them."""
        shared = {id(block) for block in other.blocks}
        for block in self.blocks:
            if id(block) not in shared:
                yield from self._opened(block).values()

    def with_changes(self, changes: Mapping[int, _Row | None]) -> Packed[_Row]:
        """The rows with these in place of, or beside, those there are; None: it is gone."""
        if not changes:
            return self
        touched: dict[int, dict[int, _Row | None]] = {}
        for number in sorted(changes):
            at = max(bisect_right(self._firsts, number) - 1, 0)
            touched.setdefault(at, {})[number] = changes[number]
        blocks: list[Block] = []
        for at, block in enumerate(self.blocks or (None,)):
            if at not in touched:
                blocks += () if block is None else (block,)
                continue
            rows = {} if block is None else self._opened(block)
            both = sorted({**rows, **touched[at]}.items())
            blocks += _packed(self.form, [one for _, one in both if one is not None])
        return Packed(self.form, blocks, self._open)

    def _opened(self, block: Block) -> Mapping[int, _Row]:
        found = self._open.get(block)
        if found is None:
            rows = (self.form.row(said) for _, _, said in block.lines())
            found = {row.id: row for row in rows}
            if len(self._open) >= _OPEN:
                del self._open[next(iter(self._open))]
            self._open[block] = found
        return found


def changed(
    rows: Mapping[int, _Row], changes: Mapping[int, _Row | None], form: Form[_Row]
) -> Mapping[int, _Row]:
    """The rows with these in place of, or beside, those there are, in order, packed if they are many."""
    if isinstance(rows, Packed):
        return rows.with_changes(changes)
    both = {**rows, **changes}
    if len(both) > _LONG:
        return Packed(form).with_changes(both)
    return {number: row for number, row in sorted(both.items()) if row is not None}


def _packed(form: Form[_Row], rows: Sequence[_Row]) -> Iterator[Block]:
    for start in range(0, len(rows), _MOST):
        some = rows[start : start + _MOST]
        text = b"".join([line([form.sort, form.key, form.said(one)]) for one in some])
        packer = zlib.compressobj(1, wbits=_GZIP)  # a tenth larger, a fifth quicker
        data = packer.compress(text) + packer.flush()
        yield Block(some[0].id, some[-1].id, len(some), data)
