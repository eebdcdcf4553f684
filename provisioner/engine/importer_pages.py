"""Pages as a workspace file declares them: text and quick links, in sections of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provisioner.core.address import split
from provisioner.core.resource import Existing
from provisioner.engine.importer_said import Importing, Said, in_order, keep
from provisioner.kinds.page import Page


def pages(work: Importing, link_word: Callable[[str], str]) -> list[Said]:
    """The pages people made; `link_word` turns a compared link into the file's word for it."""
    made = []
    for one in in_order([p for p in work.of("page") if not p.builtin], _name):
        plain = _page(one, link_word)
        if plain is None:
            work.drop(f"page {_name(one)}", "it holds more than text with quick links below it")
        elif not one.properties["published"]:
            work.drop(f"page {_name(one)}", "it is a draft, and declared pages are published")
        elif keep(work, one, f"page {_name(one)}", Page, "pages[]", plain) is not None:
            made.append(plain)
    return made


def _page(one: Existing, link_word: Callable[[str], str]) -> Said | None:
    plain: Said = {"name": _name(one), "title": one.properties["title"]}
    if one.properties.get("home"):
        plain["home"] = True
    sections = []
    for section in one.properties["sections"]:
        columns = [_column(parts, link_word) for parts in section]
        if any(column is None for column in columns):
            return None
        sections.append({"columns": columns})
    return {**plain, "sections": sections} if sections else plain


def _column(parts: Sequence[Mapping[str, Any]], link_word: Callable[[str], str]) -> Said | None:
    """A column with one text and one set of links at most, in this order; None for another."""
    if [next(iter(part), "") for part in parts] not in (
        [], ["text"], ["quickLinks"], ["text", "quickLinks"]
    ):  # fmt: skip
        return None
    plain: Said = {}
    for part in parts:
        plain |= dict(part)
    if "quickLinks" in plain:
        plain["quickLinks"] = [
            {"title": link["title"], "link": link_word(str(link["link"]))}
            for link in plain["quickLinks"]
        ]
    return plain


def _name(one: Existing) -> str:
    return split(one.address)[1]
