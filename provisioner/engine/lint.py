"""What is wrong with a workspace that no part of it can see alone; found before anything is sent.

Each rule has a code of its own and names the line. Limits: "SharePoint limits"
(learn.microsoft.com/office365/servicedescriptions/sharepoint-online-service-description) and
"Add an index to a list or library column" (support.microsoft.com).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Node
from provisioner.engine.declare import Declarations
from provisioner.engine.formula_order import named_in
from provisioner.engine.lint_defaults import default_problems
from provisioner.engine.lint_lists import list_problems
from provisioner.engine.lint_pages import page_problems
from provisioner.engine.lint_parts import (
    ListPart,
    Places,
    content_types,
    list_parts,
    site_columns,
)
from provisioner.engine.lint_rows import row_problems
from provisioner.engine.lint_views import view_problems
from provisioner.kinds.base import Declared
from provisioner.kinds.column_spec import Column
from provisioner.kinds.content_type_spec import ContentType
from provisioner.kinds.list_spec import Library
from provisioner.ledger.lock import LOCK_URL
from provisioner.ledger.store import FACTS_URL, LIBRARY_URL
from provisioner.spec.models import Settings
from provisioner.spec.overlay import nearest_hint

MOST_INDEXES = 20
_RESERVED = frozenset({"lists", "sitepages", "siteassets", "formservertemplates"})
"""Addresses in a site that SharePoint uses already."""
_OURS = frozenset(word.casefold() for word in (LIBRARY_URL, FACTS_URL, LOCK_URL))
"""Addresses, and first titles, of our own records; a list is created under such a title too."""


def lint(root: Node, declarations: Declarations, settings: Settings | None) -> list[Problem]:
    """Every problem of a workspace whose single parts are sound, in order of place.

    Codes: LIST-URL-TWICE, LIST-URL-RESERVED, LIST-TITLE-TWICE, COLUMN-TWICE, INDEX-LIMIT,
    UNIQUE-NOT-INDEXED, CHOICE-ALIKE, LOOKUP-COLUMN, LOOKUP-PRIMARY, CONTENT-TYPE-LOOP, FORMULA-LATER,
    SPEC-TWICE for names that differ in capitals only; VIEW-TWICE,
    VIEW-DEFAULTS, VIEW-COLUMN, VIEW-WHERE, VIEW-SORT, VIEW-BOARD, VIEW-TOTAL, LOOKUP-LIMIT;
    SEED-COLUMN, SEED-VALUE, SEED-CIRCLE, EVIDENCE-LIBRARY; FORMATTING-COLUMN, FORMATTING-TWICE, CHECK-COLUMN;
    DEFAULT-COLUMN, DEFAULT-VALUE.
    """
    where = Places(root)
    parts = list_parts(declarations)
    problems = [
        *_addresses(parts, where),
        *_loops(declarations, where),
        *_names_alike(declarations, where),
        *_formulas(declarations, where),
        *_lookups(declarations, parts, where),
        *_primaries(declarations, where),
        *_contradictions(declarations, where),
        *_choices_alike(declarations, where),
        *page_problems(declarations, parts, where),
    ]
    formattings, defaults = declarations.of("formatting"), declarations.of("defaultValues")
    for part in parts:
        problems += _columns_twice(part, where)
        problems += _indexes(part, where)
        problems += view_problems(part, where)
        problems += list_problems(part, formattings, where)
        problems += default_problems(part, defaults, where)
    problems += row_problems(root, parts, settings, where)
    return sorted(
        dict.fromkeys(problems), key=lambda p: (p.where.file, p.where.line, p.where.column)
    )


def _addresses(parts: Sequence[ListPart], where: Places) -> Iterable[Problem]:
    # A library is at /sites/a/Word and a list at /sites/a/Lists/Word. They may not share the word all
    # the same: each is created under it as its title, and two titles alike are refused.
    urls: dict[str, Where] = {}
    titles: dict[str, Where] = {}
    for part in parts:
        spec, library = part.spec, isinstance(part.spec, Library)
        # As the kind does: the key in capitals where no url is given.
        word = spec.url or "".join(one[:1].upper() + one[1:] for one in spec.key.split("-"))
        at = where.of(part.declared, "url")
        if (library and word.casefold() in _RESERVED) or word.casefold() in _OURS:
            yield Problem(
                "LIST-URL-RESERVED",
                f"A {'library' if library else 'list'} cannot be at “{word}”: the site uses that "
                "address already.",
                at,
                "Give it another `url`.",
            )
        before = urls.setdefault(word.casefold(), at)
        if before is not at:
            yield Problem(
                "LIST-URL-TWICE",
                f"“{spec.key}” has the address “{word}”, which is taken at {before}.",
                at,
                "Give one of them another `url`.",
            )
        at = where.of(part.declared, "title")
        before = titles.setdefault(spec.title.casefold(), at)
        if before is not at:
            yield Problem(
                "LIST-TITLE-TWICE",
                f"Two lists of a site cannot both be called “{spec.title}”; see {before}.",
                at,
                "Give one of them another `title`.",
            )


def _columns_twice(part: ListPart, where: Places) -> Iterable[Problem]:
    brought = {name.casefold(): name for name in part.brought}
    seen: dict[str, Where] = {}
    for one in part.own:
        assert isinstance(one.spec, Column)
        name, at = one.spec.name, where.of(one, "name")
        before = seen.setdefault(name.casefold(), at)
        if before is not at:
            yield Problem(
                "COLUMN-TWICE",
                f"The column “{name}” differs from the one at {before} only in capitals.",
                at,
                "SharePoint takes them for one; rename one of them.",
            )
        elif name.casefold() in brought:
            yield Problem(
                "COLUMN-TWICE",
                f"“{part.spec.key}” gets a column “{brought[name.casefold()]}” from its content "
                "types already.",
                at,
                "Take it away here, or give it another name.",
            )


def _indexes(part: ListPart, where: Places) -> Iterable[Problem]:
    indexed = [name for name, one in part.columns.items() if one.indexed or one.unique]
    if len(indexed) <= MOST_INDEXES:
        return
    over = indexed[MOST_INDEXES]
    place = next(
        (where.of(one, "indexed") for one in part.own if getattr(one.spec, "name", "") == over),
        part.declared.where,
    )
    yield Problem(
        "INDEX-LIMIT",
        f"“{part.spec.key}” has {len(indexed)} indexed columns, and a list may have "
        f"{MOST_INDEXES}; “{over}” is one too many.",
        place,
        "Keep `indexed` (and `unique`, which needs an index) for columns that big views filter or "
        "sort by.",
    )


def _contradictions(declarations: Declarations, where: Places) -> Iterable[Problem]:
    for one in declarations.of("column"):
        spec = one.spec
        assert isinstance(spec, Column)
        if spec.unique and not spec.indexed and "indexed" in spec.model_fields_set:
            yield Problem(
                "UNIQUE-NOT-INDEXED",
                f"“{spec.name}” is unique, so SharePoint needs an index on it.",
                where.of(one, "indexed"),
                "Take `indexed: false` away, or `unique: true`.",
            )


def _choices_alike(declarations: Declarations, where: Places) -> Iterable[Problem]:
    for one in declarations.of("column"):
        first: dict[str, str] = {}
        for index, choice in enumerate(getattr(one.spec, "choices", None) or ()):
            known = first.setdefault(choice.strip().casefold(), choice)
            if known != choice:
                yield Problem(
                    "CHOICE-ALIKE",
                    f"The choice “{choice}” differs from “{known}” only in capitals or blanks.",
                    where.of(one, "choices", index),
                    "SharePoint takes them for one; keep one of them.",
                )


def _lookups(
    declarations: Declarations, parts: Sequence[ListPart], where: Places
) -> Iterable[Problem]:
    by_key = {part.spec.key: part for part in parts}
    for one in declarations.of("column"):
        spec = one.spec
        assert isinstance(spec, Column)
        target = by_key.get(spec.list or "")
        if target is None or not target.whole:
            continue  # a list that is not there is told of with the other references
        show = spec.show or "Title"
        if show not in target.types:
            yield Problem(
                "LOOKUP-COLUMN",
                f"“{spec.name}” shows the column “{show}”, which “{target.spec.key}” does not have.",
                where.of(one, "show"),
                nearest_hint(show, sorted(target.types)) or "Use the `name` of one of its columns.",
            )


def _primaries(declarations: Declarations, where: Places) -> Iterable[Problem]:
    """Lookups that show more of another one, which must stand beside them and look into that list."""
    siblings: dict[tuple[object, str], Column] = {}
    for one in declarations.of("column"):
        assert isinstance(one.spec, Column)
        siblings[id(one.parent.spec) if one.parent else None, one.spec.name] = one.spec
    for one in declarations.of("column"):
        spec = one.spec
        assert isinstance(spec, Column)
        other = siblings.get(
            (id(one.parent.spec) if one.parent else None, spec.primary_column or "")
        )
        if other is None or (other.type, other.list) == ("lookup", spec.list):
            continue  # one that is not there is told of with the other references
        yield Problem(
            "LOOKUP-PRIMARY",
            f"“{spec.name}” shows more of “{other.name}”, which does not look into “{spec.list}”.",
            where.of(one, "primaryColumn"),
            "Name a lookup column of the same place with the same `list`.",
        )


def _loops(declarations: Declarations, where: Places) -> Iterable[Problem]:
    types = content_types(declarations)
    for name, one in types.items():
        way = [name]
        while way[-1] in types:
            base = str(getattr(types[way[-1]].spec, "base", ""))
            if base == name:
                yield _loop(one, [*way, name], where)
            if base in way:
                break
            way.append(base)


def _loop(one: Declared, way: Sequence[str], where: Places) -> Problem:
    return Problem(
        "CONTENT-TYPE-LOOP",
        f"A content type cannot stand on itself: {' → '.join(way)}.",
        where.of(one, "base"),
        "Let one of them start from Item or Document.",
    )


def _names_alike(declarations: Declarations, where: Places) -> Iterable[Problem]:
    """SharePoint tells these by their names, whatever the capitals."""
    first: dict[tuple[str, str], tuple[str, Where]] = {}
    for kind in ("column", "contentType", "group", "role"):
        for one in declarations.of(kind):
            name = getattr(one.spec, "name", None)
            if name is None or one.parent is not None:
                continue
            known, before = first.setdefault((kind, name.casefold()), (name, one.where))
            if known != name:
                yield Problem(
                    "SPEC-TWICE",
                    f"“{name}” differs from “{known}” at {before} only in capitals.",
                    where.of(one, "name"),
                    "SharePoint takes them for one; rename one of them.",
                )


def _formulas(declarations: Declarations, where: Places) -> Iterable[Problem]:
    """A list gets the columns of a content type one after the other, and checks each formula."""
    shared = site_columns(declarations)
    for one in declarations.of("contentType"):
        names = one.spec.column_names if isinstance(one.spec, ContentType) else ()
        for place, name in enumerate(names):
            column = shared.get(name)
            words = named_in(column.formula) if column is not None and column.formula else set()
            later = (
                other
                for other in names[place + 1 :]
                if other in shared
                and {other.casefold(), (shared[other].display_name or "").casefold()} & words
            )
            for other in later:
                yield Problem(
                    "FORMULA-LATER",
                    f"The formula of “{name}” names “{other}”, which comes after it.",
                    where.of(one, "columns", place),
                    f"Put {other} before {name} in `columns`.",
                )
