"""The declared lists with everything that stands in them, as the lints look at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from provisioner.core.errors import Where
from provisioner.core.node import Node, Step
from provisioner.engine.declare import Declarations, type_word
from provisioner.kinds.base import Declared
from provisioner.kinds.column_spec import Column
from provisioner.kinds.content_type_spec import BASES, ContentType, ListContentTypes
from provisioner.kinds.item_seed import Items
from provisioner.kinds.list_spec import Library, List
from provisioner.kinds.view_spec import BUILT_IN_TYPES, View

PLAIN_BASES = frozenset({"Item", "Document", "Folder"})
"""Content types of Microsoft that bring no columns beyond those every list has."""
ALWAYS_SHOWN = frozenset(
    {
        "Attachments", "CheckoutUser", "DocIcon", "Edit", "FileRef", "FileSizeDisplay",
        "FolderChildCount", "GUID", "ItemChildCount", "LinkFilename", "LinkFilenameNoMenu",
        "LinkTitle", "LinkTitleNoMenu", "PermMask", "SelectTitle", "UniqueId", "_CheckinComment",
        "_ComplianceTag", "_ModerationComments", "_ModerationStatus", "_UIVersion",
    }
)  # fmt: skip
"""Columns every list or library has for its views, besides those that can be asked about
(learn.microsoft.com, "SPBuiltInFieldId class")."""


@dataclass(frozen=True, slots=True)
class ListPart:
    """A list or library and what is declared in it.

    `own` are its own columns, `brought` those its content types bring, by internal name; `columns`
    is both, and `types` has the words of the `where` language for all that can be asked about.
    `whole` is False where a content type of Microsoft's brings more than the file names.
    """

    declared: Declared
    own: tuple[Declared, ...]
    brought: Mapping[str, Column]
    columns: Mapping[str, Column]
    types: dict[str, str]
    whole: bool
    views: tuple[Declared, ...]
    rows: Declared | None

    @property
    def spec(self) -> Library | List:
        """What the file says of it."""
        assert isinstance(self.declared.spec, Library | List)
        return self.declared.spec

    def may_show(self) -> frozenset[str]:
        """Internal names a view may hold."""
        return frozenset({*self.types, *self.columns, *ALWAYS_SHOWN})


@dataclass(frozen=True)
class Places:
    """Where the values of a declaration stand in the file; nothing is looked up before it is asked."""

    root: Node

    @cached_property
    def nodes(self) -> Mapping[Where, Node]:
        """Its maps and lists, told apart by where they begin."""
        return {
            node.where: node for node in self.root.values() if isinstance(node.value, (dict, tuple))
        }

    def of(self, declared: Declared, *path: Step) -> Where:
        """The place of a value inside a declaration, or the nearest there is."""
        node = self.nodes.get(declared.where)
        return node.at(path).where if node is not None else declared.where

    def saying(self, inside: Where, word: str) -> Where:
        """The place inside a declaration where a name is written, also as `group:name`."""
        node = self.nodes.get(inside)
        for _, one in node.walk() if node is not None else ():
            if isinstance(one.value, str) and word in {one.value, one.value.partition(":")[2]}:
                return one.where
        return inside


def content_types(declarations: Declarations) -> dict[str, Declared]:
    """The content types of the site by name."""
    return {
        one.spec.name: one
        for one in declarations.of("contentType")
        if isinstance(one.spec, ContentType)
    }


def site_columns(declarations: Declarations) -> dict[str, Column]:
    """The columns of the site by internal name."""
    return {
        one.spec.name: one.spec
        for one in declarations.of("column")
        if one.parent is None and isinstance(one.spec, Column)
    }


def list_parts(declarations: Declarations) -> tuple[ListPart, ...]:
    """Every declared list and library, in file order."""
    shared, types = site_columns(declarations), content_types(declarations)
    children: dict[int, list[Declared]] = {}
    for _, one in declarations.all:
        if one.parent is not None:
            children.setdefault(id(one.parent), []).append(one)
    return tuple(
        _part(one, children.get(id(one), []), shared, types) for one in declarations.of("list")
    )


def _part(
    declared: Declared,
    inside: Iterable[Declared],
    shared: Mapping[str, Column],
    types: Mapping[str, Declared],
) -> ListPart:
    below = list(inside)
    own = tuple(one for one in below if isinstance(one.spec, Column))
    gained: dict[str, Column] = {}
    whole = True
    for one in below:
        if isinstance(one.spec, ListContentTypes):
            for name in one.spec.own:
                brought, complete = columns_of(name, types)
                whole = whole and complete
                gained |= {c: shared[c] for c in brought if c in shared}
    columns = gained | {one.spec.name: one.spec for one in own if isinstance(one.spec, Column)}
    return ListPart(
        declared,
        own,
        gained,
        columns,
        {**BUILT_IN_TYPES, **{name: type_word(one) for name, one in columns.items() if one.type}},
        whole,
        tuple(one for one in below if isinstance(one.spec, View)),
        next((one for one in below if isinstance(one.spec, Items)), None),
    )


def columns_of(name: str, types: Mapping[str, Declared]) -> tuple[list[str], bool]:
    """Site columns a content type brings, its bases' too; whether that is all it brings."""
    found: list[str] = []
    seen: set[str] = set()
    while name in types and name not in seen:
        seen.add(name)
        spec = types[name].spec
        assert isinstance(spec, ContentType)
        found += [column for column in spec.column_names if column not in found]
        name = spec.base
    return found, name in PLAIN_BASES or name not in BASES
