"""Pages as a workspace file declares them: their parts, in sections of columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provisioner.core.address import split
from provisioner.core.resource import Existing
from provisioner.engine.importer_links import link_word
from provisioner.engine.importer_said import Importing, Said, in_order, keep
from provisioner.kinds.list_spec import Library
from provisioner.kinds.page_spec import Page

_TITLE_AREA = {"layout": "plain", "align": "left", "textAbove": "", "publishDate": False}
_USUAL_TITLE_AREA = {**_TITLE_AREA, "layout": "imageAndTitle"}
"""The title area of a page on which nobody has touched it."""
_BY_COUNT = {1: "oneColumn", 2: "twoColumns", 3: "threeColumns"}


def pages(work: Importing) -> list[Said]:
    """The pages people made that can be said whole."""
    made = []
    for one in in_order([p for p in work.of("page") if not p.builtin], _name):
        plain, strange = _page(work, one)
        if strange:
            work.drop(f"page {_name(one)}", strange)
        elif not one.properties["published"]:
            work.drop(f"page {_name(one)}", "it is a draft, and declared pages are published")
        elif keep(work, one, f"page {_name(one)}", Page, "pages[]", plain) is not None:
            made.append(plain)
    return made


def _page(work: Importing, one: Existing) -> tuple[Said, str]:
    """The declaration, and why it cannot be one."""
    said = one.properties
    plain: Said = {"name": _name(one), "title": said["title"]}
    if said.get("description"):
        plain["description"] = said["description"]
    if said.get("home"):
        plain["home"] = True
    if said["titleArea"] != _USUAL_TITLE_AREA:
        area = {word: value for word, value in said["titleArea"].items()
                if value != _TITLE_AREA[word]}  # fmt: skip
        plain["titleArea"] = area or {"layout": "plain"}
    sections = []
    for section in said["sections"]:
        columns = [[_part(work, part) for part in parts] for parts in section["columns"]]
        strange = [part for parts in columns for part in parts if part is None]
        if strange:
            return plain, "it holds a part that a workspace file has no words for"
        sections.append(_section(section, columns))
    return {**plain, "sections": sections} if sections else plain, ""


def _section(section: Mapping[str, Any], columns: Sequence[Sequence[Any]]) -> Said:
    made: Said = {}
    if section["layout"] != _BY_COUNT[len(columns)]:
        made["layout"] = section["layout"]
    made |= {word: section[word] for word in ("emphasis", "collapsible") if word in section}
    if len(columns) == 1 and len(columns[0]) == 1:
        return made | dict(columns[0][0])
    return made | {"columns": [_column(parts) for parts in columns]}


def _column(parts: Sequence[Said]) -> Said:
    """The shortest way to say a column: text with links below it needs no list."""
    words = [next(iter(part)) for part in parts]
    if words in (["text"], ["quickLinks"], ["text", "quickLinks"]):
        return {word: value for part in parts for word, value in part.items()}
    return {"parts": [dict(part) for part in parts]} if parts else {}


def _part(work: Importing, part: Mapping[str, Any]) -> Said | None:
    """A part as the file writes it; None for one it has no words for."""
    said = _SAID.get(next(iter(part)))
    return None if said is None else said(work, part)


def _links(work: Importing, part: Mapping[str, Any]) -> Said:
    links = [
        {"title": one["title"], "link": link_word(work, str(one["link"]))}
        for one in part["quickLinks"]
    ]
    more = {"linkLayout": part["linkLayout"]} if "linkLayout" in part else {}
    return {"quickLinks": links, **more}


def _chart(work: Importing, part: Mapping[str, Any]) -> Said | None:
    if part["chart"] not in work.lists:
        return None
    said = {"list": split(part["chart"])[1], "label": part["label"], "value": part["value"]}
    return {"chart": said | {name: part[name] for name in ("type", "title") if name in part}}


def _button(work: Importing, part: Mapping[str, Any]) -> Said:
    align = {} if part["align"] == "center" else {"align": part["align"]}
    link = link_word(work, str(part["link"]))
    return {"button": {"label": part["button"], "link": link, **align}}


def _list(work: Importing, part: Mapping[str, Any]) -> Said | None:
    own = str(part["list"])
    if own not in work.lists:
        return None
    word = "library" if isinstance(work.lists[own].spec, Library) else "list"
    made: Said = {word: split(own)[1]}
    if "view" in part:
        if part["view"] not in work.views:
            return None
        made["view"] = split(str(part["view"]))[1]
    return made | ({"commandBar": False} if part.get("commandBar") is False else {})


_SAID: Mapping[str, Callable[[Importing, Mapping[str, Any]], Said | None]] = {
    "text": lambda _work, part: dict(part),
    "quickLinks": _links,
    "list": _list,
    "chart": _chart,
    "button": _button,
    "image": lambda _work, part: {"image": {"source": part["image"], "alt": part["alt"]}},
    "people": lambda _work, part: {"people": [f"user:{one}" for one in part["people"]]},
    "divider": lambda _work, part: dict(part),
    "spacer": lambda _work, part: dict(part),
}


def _name(one: Existing) -> str:
    return split(one.address)[1]
