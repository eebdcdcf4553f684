from __future__ import annotations

import pytest

from provisioner.core.errors import Where
from provisioner.core.node import Entry, Node


def leaf(value: str | float | bool | None, line: int = 1, column: int = 1) -> Node:
    return Node(value, Where("w.yaml", line, column), "w.yaml")


def mapping(**values: Node) -> Node:
    entries = {key: Entry(key, node.where, node) for key, node in values.items()}
    return Node(entries, Where("w.yaml", 1, 1), "w.yaml")


TREE = mapping(title=leaf("A", 2, 8), views=leaf(None).with_value((mapping(name=leaf("V", 5, 9)),)))


def test_plain_gives_the_data_without_places() -> None:
    assert TREE.plain() == {"title": "A", "views": [{"name": "V"}]}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("views", 0, "name"), 5),
        (("views", 0, "name", "literal['x']"), 5),
        (("views", 0, "function-wrap", "name"), 5),
        (("title", "deeper", 3), 2),
        ((), 1),
        (("absent",), 1),
    ],
)
def test_at_finds_the_nearest_place(path: tuple[str | int, ...], line: int) -> None:
    assert TREE.at(path).where.line == line


def test_exactly_gives_nothing_for_a_path_that_is_not_there() -> None:
    assert TREE.exactly(("views", 1)) is None
    assert TREE.exactly(("views", -1)) is None
    assert TREE.exactly(("title", "x")) is None
    found = TREE.exactly(("views", 0, "name"))
    assert found is not None
    assert found.value == "V"


def test_walk_visits_everything_in_file_order_with_its_path() -> None:
    assert [path for path, _ in TREE.walk()] == [
        (),
        ("title",),
        ("views",),
        ("views", 0),
        ("views", 0, "name"),
    ]


def test_scalars_have_no_items_and_no_keys() -> None:
    assert list(leaf("x").items()) == []
    assert leaf("x").get("a") is None
    assert leaf("x").entries() == ()


@pytest.mark.parametrize(
    ("value", "word"),
    [("x", "text"), (1, "a number"), (1.5, "a number"), (True, "true or false"), (None, "nothing")],
)
def test_sort_says_what_a_value_is(value: str | float | bool | None, word: str) -> None:
    assert leaf(value).sort == word


def test_lists_and_maps_say_what_they_are() -> None:
    assert TREE.sort == "a map"
    assert TREE.at(("views",)).sort == "a list"


def test_repr_is_short_and_says_where() -> None:
    assert repr(TREE) == "Node(a map at w.yaml:1:1)"
    assert repr(leaf("x", 3, 4)) == "Node('x' at w.yaml:3:4)"
