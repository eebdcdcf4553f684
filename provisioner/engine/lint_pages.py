"""What is wrong with pages and navigation that no part of them can see alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from provisioner.core.errors import Problem, Where
from provisioner.engine.declare import Declarations
from provisioner.engine.lint_parts import ListPart, Places
from provisioner.kinds.base import Declared
from provisioner.kinds.navigation_parts import BARS, Entry
from provisioner.kinds.page_spec import Chart, Page, Words
from provisioner.spec.overlay import nearest_hint

_PAGE = "page:"


def page_problems(
    declarations: Declarations, parts: Sequence[ListPart], where: Places
) -> Iterable[Problem]:
    """Codes: PAGE-TWICE, PAGE-HOME, PAGE-LAYOUT, PAGE-LINK, CHART-COLUMN, NAVIGATION-TWICE."""
    pages = declarations.of("page")
    yield from _alone(pages, where)
    yield from _full_width(declarations, pages, where)
    names = {one.spec.name for one in pages if isinstance(one.spec, Page)}
    for one in pages:
        assert isinstance(one.spec, Page)
        for words in _words(one.spec):
            yield from _unknown_pages(one, _links(words), names, where)
            if words.chart is not None:
                yield from _chart(one, words.chart, parts, where)
    for bar in BARS:
        entries = declarations.of(bar.kind)
        specs = [one.spec for one in entries if isinstance(one.spec, Entry)]
        yield from _twice(entries, specs, "the bar", where)


def _alone(pages: Sequence[Declared], where: Places) -> Iterable[Problem]:
    names: dict[str, Where] = {}
    home: Where | None = None
    for one in pages:
        assert isinstance(one.spec, Page)
        at = where.of(one, "name")
        before = names.setdefault(one.spec.name.casefold(), at)
        if before is not at:
            yield Problem(
                "PAGE-TWICE",
                f"The page “{one.spec.name}” differs from the one at {before} only in capitals.",
                at,
                "They would be one file; rename one of them.",
            )
        if one.spec.home and home is not None:
            yield Problem(
                "PAGE-HOME",
                f"A site opens with one page, and {home} is another one.",
                where.of(one, "home"),
                "Keep `home: true` on the page people should see first.",
            )
        home = where.of(one, "home") if one.spec.home else home


def _full_width(
    declarations: Declarations, pages: Sequence[Declared], where: Places
) -> Iterable[Problem]:
    site = declarations.of("site")
    create = str(getattr(site[0].spec, "create", "")) if site else ""
    for one in pages if create in {"team", "group"} else ():
        assert isinstance(one.spec, Page)
        for place, section in enumerate(one.spec.sections):
            if section.layout == "fullWidth":
                yield Problem(
                    "PAGE-LAYOUT",
                    f"“{one.spec.name}” has a section of full width, which only communication "
                    "sites have.",
                    where.of(one, "sections", place, "layout"),
                    "Use oneColumn, or `create: communication`.",
                )


def _words(page: Page) -> Iterator[Words]:
    for section in page.sections:
        for column in section.columns or (section,):
            yield column
            yield from column.parts


def _links(words: Words) -> list[str | None]:
    button = [words.button.link] if words.button is not None else []
    return [*(one.link for one in words.quick_links), *button]


def _unknown_pages(
    one: Declared, links: Iterable[str | None], names: set[str], where: Places
) -> Iterable[Problem]:
    for link in links:
        name = (link or "").removeprefix(_PAGE)
        if link and link.startswith(_PAGE) and name not in names:
            yield Problem(
                "PAGE-LINK",
                f"“{link}” leads to a page that the workspace does not declare.",
                where.saying(one.where, link),
                f"{nearest_hint(name, sorted(names))} Write the path of a page that is there "
                "already: /sites/acme/SitePages/Help.aspx.".strip(),
            )


def _chart(
    one: Declared, chart: Chart, parts: Sequence[ListPart], where: Places
) -> Iterable[Problem]:
    part = next((each for each in parts if each.spec.key == chart.list), None)
    if part is None:
        return  # a list that is not there is told of with the other references
    for word, name in (("label", chart.label), ("value", chart.value)):
        if name not in part.types and part.whole:
            yield Problem(
                "CHART-COLUMN",
                f"The chart's {word} is the column “{name}”, which “{chart.list}” does not have.",
                where.saying(one.where, name),
                nearest_hint(name, sorted(part.types)) or "Use the `name` of one of its columns.",
            )
    if part.types.get(chart.value, "number") != "number":
        yield Problem(
            "CHART-COLUMN",
            f"A chart draws numbers, and “{chart.value}” holds {part.types[chart.value]}.",
            where.saying(one.where, chart.value),
            "Name a number column as its `value`.",
        )


def _twice(
    places: Sequence[Declared], entries: Sequence[Any], above: str, where: Places
) -> Iterable[Problem]:
    """Entries of one level are known by where they lead, so no two may lead to the same place."""
    seen: dict[str, Any] = {}
    for one, entry in zip(places, entries, strict=True):
        link = (entry.link or "").replace("library:", "list:").rstrip("/")
        other = seen.setdefault(link, entry) if link else entry
        if other is not entry:
            yield Problem(
                "NAVIGATION-TWICE",
                f"“{other.title}” and “{entry.title}” in {above} lead to the same place.",
                where.saying(one.where, entry.title),
                "Entries of one level are known by where they lead: take one of them away.",
            )
        children = getattr(entry, "children", ())
        yield from _twice([one] * len(children), children, f"“{entry.title}”", where)
