from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.core.node import Node
from provisioner.spec.load import read_text
from provisioner.spec.overlay import Overlay, identity_of, nearest, nearest_hint


def tree(text: str, name: str = "base") -> Node:
    node, problems = read_text(text, f"{name}.yaml", name)
    assert problems == []
    assert node is not None
    return node


def merged(base: str, over: str) -> object:
    overlay = Overlay()
    found = overlay.merge(tree(base), tree(over, "over")).plain()
    assert overlay.problems == []
    return found


def problems(base: str, over: str) -> list[tuple[str, int]]:
    overlay = Overlay()
    overlay.merge(tree(base), tree(over, "over"))
    return [(problem.code, problem.where.line) for problem in overlay.problems]


@pytest.mark.parametrize(
    ("base", "over", "result"),
    [
        ("a: {x: 1, y: 2}", "a: {y: 3, z: 4}", {"a": {"x": 1, "y": 3, "z": 4}}),
        ("a: 1", "a: {x: 1}", {"a": {"x": 1}}),
        ("a: {x: 1}", "a: 2", {"a": 2}),
        ("a: 1", "a: ~", {"a": None}),
        ("a: [1, 2]", "a: [3]", {"a": [3]}),
        ("a: [{key: x}]", "a: []", {"a": []}),
        (
            "a: [{key: x, v: 1}, {key: y, v: 2}]",
            "a: [{key: z, v: 3}, {key: x, w: 4}]",
            {"a": [{"key": "x", "v": 1, "w": 4}, {"key": "y", "v": 2}, {"key": "z", "v": 3}]},
        ),
        ("a: [{id: 1, v: 1}]", "a: [{id: '1', v: 2}]", {"a": [{"id": "1", "v": 2}]}),
        (
            "a: [{key: x, name: n, id: 1}]",
            "a: [{name: n, id: 2}]",
            {"a": [{"key": "x", "name": "n", "id": 2}]},
        ),
        ("a: [{name: x, v: 1}]", "a: [{name: x, remove: true}]", {"a": []}),
        ("a: {x: {v: 1}, y: 2}", "a: {x: {remove: true}}", {"a": {"y": 2}}),
        ("a: [{to: x}]", "a: [{to: y}]", {"a": [{"to": "y"}]}),
        ("a: [A, {name: B}]", "a: [{name: C}]", {"a": ["A", {"name": "B"}, {"name": "C"}]}),
        (
            "a: [A, {name: B}]",
            "a: [{name: A, v: 1}]",
            {"a": [{"name": "A", "v": 1}, {"name": "B"}]},
        ),
        ("a: [{name: A, v: 1}]", "a: [A]", {"a": [{"name": "A", "v": 1}]}),
        (
            "a: [{key: x, b: [{name: p, v: 1}]}]",
            "a: [{key: x, b: [{name: p, w: 2}]}]",
            {"a": [{"key": "x", "b": [{"name": "p", "v": 1, "w": 2}]}]},
        ),
    ],
)
def test_what_a_client_file_changes(base: str, over: str, result: object) -> None:
    assert merged(base, over) == result


@pytest.mark.parametrize(
    ("base", "over", "code"),
    [
        ("a: [{id: E1}]", "a: [{id: E2, remove: true}]", "SPEC-REMOVE"),
        ("a: {x: 1}", "a: {y: {remove: true}}", "SPEC-REMOVE"),
        ("a: [{id: E1, v: 1}]", "a: [{id: E1, remove: true, v: 2}]", "SPEC-REMOVE"),
        ("a: [{to: x}]", "a: [{to: x, remove: true}]", "SPEC-REMOVE"),
        ("a: [{id: E1}]", "a: [{title: T}]", "SPEC-MERGE"),
        ("a: [{id: E1}]", "a: [{id: E2}, {title: T}]", "SPEC-MERGE"),
        ("a: 1", "a: [{id: E1}, {id: E1}]", "SPEC-DUPLICATE-NAME"),
        ("a: 1", "b: [{a: 1, c: [{name: x}, {name: x}]}]", "SPEC-DUPLICATE-NAME"),
    ],
)
def test_what_does_not_fit_is_said(base: str, over: str, code: str) -> None:
    assert problems(base, over) == [(code, 1)]


def test_a_list_called_remove_is_no_removal() -> None:
    assert merged("r: [{name: x, add: [a]}]", "r: [{name: x, remove: [b]}]") == {
        "r": [{"name": "x", "add": ["a"], "remove": ["b"]}]
    }


def test_each_value_keeps_its_origin() -> None:
    found = Overlay().merge(tree("a: {x: 1, y: 2}"), tree("a: {y: 3}", "over"))
    assert found.at(("a", "x")).origin == "base"
    assert found.at(("a", "y")).origin == "over"
    assert found.at(("a", "y")).where.file == "over.yaml"


def test_lists_without_names_have_no_identity() -> None:
    assert identity_of(()) is None
    assert identity_of((tree("[1]"),)) is None
    items = tree("[{name: a}, 3]").value
    assert isinstance(items, tuple)
    assert identity_of(items) is None


@pytest.mark.parametrize(
    ("word", "found"), [("libarary", "library"), ("LIBRARY", "library"), ("zzz", None)]
)
def test_nearest(word: str, found: str | None) -> None:
    assert nearest(word, ["library", "list"]) == found
    assert bool(nearest_hint(word, ["library", "list"])) is (found is not None)


SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["x", "y", "é"])
NAMES = st.sampled_from(["A", "B", "C"])
FIELDS = st.sampled_from(["v", "w", "deep"])


def named(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    item = st.dictionaries(FIELDS, inner, max_size=2)
    things = st.dictionaries(NAMES, item, max_size=3)
    return things.map(lambda found: [{"name": name, **rest} for name, rest in found.items()])


VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.dictionaries(FIELDS, inner, max_size=3) | named(inner) | st.lists(SCALARS, max_size=3)
    ),
    max_leaves=12,
)
TREES = st.dictionaries(st.sampled_from(["a", "b", "views"]), VALUES, min_size=1, max_size=3)


def node(data: object, origin: str) -> Node:
    return tree(json.dumps(data, ensure_ascii=False), origin)


@given(TREES)
def test_law_a_tree_over_itself_is_itself(data: dict[str, object]) -> None:
    overlay = Overlay()
    assert overlay.merge(node(data, "a"), node(data, "b")).plain() == data
    assert overlay.problems == []


@given(TREES)
def test_law_a_tree_over_nothing_is_itself(data: dict[str, object]) -> None:
    assert Overlay().merge(None, node(data, "a")).plain() == data
    assert Overlay().merge(node({}, "a"), node(data, "b")).plain() == data
    assert Overlay().merge(node(data, "a"), node({}, "b")).plain() == data


@given(TREES, TREES)
def test_law_applying_an_overlay_twice_changes_nothing_more(
    base: dict[str, object], over: dict[str, object]
) -> None:
    once = Overlay().merge(node(base, "a"), node(over, "b"))
    assert Overlay().merge(once, node(over, "b")).plain() == once.plain()


@given(TREES, TREES)
def test_law_every_key_of_both_is_kept_and_each_value_has_one_of_the_origins(
    base: dict[str, object], over: dict[str, object]
) -> None:
    found = Overlay().merge(node(base, "a"), node(over, "b"))
    plain = found.plain()
    assert set(plain) == set(base) | set(over)
    assert list(plain)[: len(base)] == list(base)
    assert {part.origin for _, part in found.walk()} <= {"a", "b"}
