"""Walk the merged file and validate each part with the model of the kind mounted there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pydantic import BaseModel

from provisioner.core.address import address
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.node import Node
from provisioner.engine.access_scope import access_of
from provisioner.kinds import all_kinds
from provisioner.kinds.base import Declared, Kind, Scope
from provisioner.kinds.column_spec import Column
from provisioner.kinds.default_values import declared_values
from provisioner.kinds.folder import Folder, with_outer
from provisioner.kinds.list import url_of
from provisioner.kinds.list_spec import Library, List
from provisioner.kinds.navigation_bar import declared_order
from provisioner.kinds.site_settings import words_asked
from provisioner.spec.overlay import MOST_PROBLEMS
from provisioner.spec.validate import model_problems


@dataclass(frozen=True, slots=True)
class Mounted:
    """A model and the kind it belongs to, at one place of the file."""

    kind: Kind
    model: type[BaseModel]


@dataclass(frozen=True, slots=True)
class Declarations:
    """Everything the file declares: `(kind name, declaration)` in file order, and what is wrong."""

    all: tuple[tuple[str, Declared], ...]
    problems: tuple[Problem, ...]

    def of(self, kind: str) -> list[Declared]:
        """The declarations of one kind, in file order."""
        return [declared for name, declared in self.all if name == kind]

    def lists(self) -> dict[str, Declared]:
        """The declared lists and libraries, by key."""
        return {str(getattr(one.spec, "key", "")): one for one in self.of("list")}

    def scope(self, hostname: str, today: date) -> Scope:
        """The site they are about; there must be one."""
        site = self.of("site")[0].spec
        scope = Scope(
            hostname=hostname,
            site_path=str(getattr(site, "url", "")),
            today=today,
            locale=str(getattr(site, "locale", None) or "en-US"),
            time_zone=str(getattr(site, "time_zone", None) or "UTC"),
            column_types=self._column_types(),
            filled=self._filled(),
            folders=self._folders(),
            lookups=self._lookups(),
            access=access_of(self.of("permissions"), self.of("group")),
            site_words=words_asked(site),
            defaults=declared_values(self.of("defaultValues")),
            labelled=frozenset(
                address("list", str(getattr(one.parent.spec, "key", "")))
                for one in self.of("retentionLabel")
                if one.parent is not None
            ),
            pages=tuple(f"{getattr(one.spec, 'name', '')}.aspx" for one in self.of("page")),
            navigation=declared_order(
                self.of("navigation"), self.of("topNavigation"), self.of("navigationBar")
            ),
        )
        urls = {
            address("list", one.spec.key): url_of(one.spec, scope)
            for one in self.of("list")
            if isinstance(one.spec, Library | List)
        }
        return replace(scope, list_urls=urls)

    def _folders(self) -> dict[str, tuple[str, ...]]:
        """The declared folders of each library, with those they lie in."""
        paths: dict[str, list[str]] = {}
        for one in self.of("folder"):
            if isinstance(one.spec, Folder) and one.parent is not None:
                above = address("list", str(getattr(one.parent.spec, "key", "")))
                paths.setdefault(above, []).append(one.spec.path)
        return {above: with_outer(found) for above, found in paths.items()}

    def _lookups(self) -> dict[str, str]:
        """The list each lookup column shows, by internal name (site columns) and by address."""
        targets: dict[str, str] = {}
        for one in self.of("column"):
            target = getattr(one.spec, "list", None)
            if target:
                name = str(getattr(one.spec, "name", ""))
                key = str(getattr(one.parent.spec, "key", "")) if one.parent is not None else ""
                own = address("column", name, address("list", key)) if key else name
                targets[own] = address("list", str(target))
        return targets

    def _filled(self) -> frozenset[str]:
        """The columns with a default: those of lists by address, the site's own by name."""
        return frozenset(
            str(one.spec.name)
            if one.parent is None
            else address(
                "column",
                str(one.spec.name),
                address("list", str(getattr(one.parent.spec, "key", ""))),
            )
            for one in self.of("column")
            if isinstance(one.spec, Column) and one.spec.default is not None
        )

    def _column_types(self) -> dict[str, str]:
        """Type words by internal name, the site's own columns first, and by address."""
        types: dict[str, str] = {}
        for column in self.of("column"):
            name, word = str(getattr(column.spec, "name", "")), type_word(column.spec)
            above = column.parent
            if above is None:
                types[name] = word
                continue
            types.setdefault(name, word)
            own = address("list", str(getattr(above.spec, "key", "")))
            types[address("column", name, own)] = word
        return types


def mounts() -> Mapping[str, Mounted]:
    """Every place where a kind may be declared, from the kinds themselves."""
    return {
        path: Mounted(kind, model) for kind in all_kinds() for path, model in kind.mounts.items()
    }


def kind_keys() -> tuple[str, ...]:
    """The top-level keys of a workspace file that belong to kinds."""
    return tuple(sorted({path.partition(".")[0].removesuffix("[]") for path in mounts()}))


def declare(root: Node) -> Declarations:
    """Validate the parts of the merged file that are resources. Never raises: see `problems`.

    After `MOST_PROBLEMS` of them no more is looked at.
    """
    places = mounts()
    problems: list[Problem] = []
    found: list[tuple[str, Declared]] = []
    for path in places:
        node = root.get(path.removesuffix("[]")) if "." not in path else None
        if node is not None:
            found.extend(_walk(path, node, None, places, problems))
    if root.get("site") is None:
        problems.append(
            Problem(
                "SPEC-MISSING",
                "The file names no site.",
                root.where,
                "Add `site:` with a `url` such as /sites/acme-soc2.",
            )
        )
    return Declarations(tuple(found), tuple(problems))


def walk_mount(path: str, node: Node) -> Iterator[tuple[str, Declared]]:
    """One declaration of our own at a mount, with all below it. Raises `SpecInvalid`."""
    problems: list[Problem] = []
    yield from _one(path, node, None, 0, mounts(), problems)
    if problems:
        raise SpecInvalid(tuple(problems))


def _walk(
    path: str,
    node: Node,
    parent: Declared | None,
    places: Mapping[str, Mounted],
    problems: list[Problem],
) -> Iterator[tuple[str, Declared]]:
    if not path.endswith("[]"):
        yield from _one(path, node, parent, 0, places, problems)
        return
    if not isinstance(node.value, tuple):
        key = path[:-2].rpartition(".")[2]
        problems.append(
            Problem(
                "SPEC-TYPE",
                f"“{key}” must be a list, not {node.sort}.",
                node.where,
                f"Start each thing in it with `- `; leave `{key}` out when there is none.",
            )
        )
        return
    for position, item in enumerate(node.value):
        if len(problems) >= MOST_PROBLEMS:
            return
        yield from _one(path, item, parent, position, places, problems)


def _one(
    path: str,
    node: Node,
    parent: Declared | None,
    position: int,
    places: Mapping[str, Mounted],
    problems: list[Problem],
) -> Iterator[tuple[str, Declared]]:
    mounted = places[path]
    below = len(path) + 1
    children = {p[below:]: p for p in places if p.startswith(f"{path}.") and "." not in p[below:]}
    child_keys = {key.removesuffix("[]") for key in children}
    mine = node
    if isinstance(node.value, dict):
        mine = node.with_value({k: e for k, e in node.value.items() if k not in child_keys})
    called = _called(path, node, position)
    spec, wrong = model_problems(mounted.model, mine, called=called, beside=child_keys)
    problems.extend(wrong)
    declared = Declared(spec, path, node.where, position, parent) if spec is not None else None
    if declared is not None:
        yield mounted.kind.name, declared
    for key, child_path in children.items():
        child = node.get(key.removesuffix("[]"))
        if child is not None:
            inner = _walk(child_path, child, declared, places, problems)
            if declared is not None:
                yield from inner
            else:
                list(inner)  # for what is wrong there, which one wrong key above must not hide


def _called(path: str, node: Node, position: int) -> str:
    """How a sentence names a part of the file: by its own name where it has one."""
    last = path.rpartition(".")[2]
    if not last.endswith("[]"):
        return f"“{last}”"
    for key in ("key", "name", "title"):
        own = node.get(key)
        if own is not None and isinstance(own.value, str) and own.value:
            return f"“{own.value}”"
    return f"“{last[:-2]}[{position}]”"


def type_word(spec: BaseModel) -> str:
    """The `where` language's word for a declared column's type."""
    word = str(getattr(spec, "type", None) or "text")
    if word == "calculated":
        word = str(getattr(spec, "result", None) or "text")
        if word == "text":
            return "calculated"
    if word == "currency":
        return "number"
    if word in {"choice", "person", "lookup"} and getattr(spec, "multiple", False):
        return f"multi{word}"
    if word == "dateTime" and (getattr(spec, "format", None) or "dateOnly") == "dateOnly":
        return "dateOnly"
    return word
