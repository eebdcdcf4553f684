"""Views as a workspace file declares them, their CAML turned back into `where` and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from provisioner.core.address import split
from provisioner.core.resource import Existing
from provisioner.core.where_from_caml import from_caml
from provisioner.engine.importer_said import Importing, Said, in_order, keep, said
from provisioner.engine.lint_parts import ALWAYS_SHOWN
from provisioner.kinds.base import Declared
from provisioner.kinds.view_spec import BUILT_IN_TYPES, View

_PLAIN_FIRST = (
    (["LinkTitle"], ""),
    (["Attachments", "LinkTitle"], ""),
    (["DocIcon", "LinkFilename", "Modified", "Editor"], '<OrderBy><FieldRef Name="FileLeafRef"/></OrderBy>'),
    (["DocIcon", "LinkFilename", "Modified", "Editor"], ""),
)  # fmt: skip
"""Columns and query of the view that every list and library comes with."""
_BOARD, _MONTH = "KanbanPivotColumn", "CalendarMonthTitle"
_OVERLAP = re.compile(
    r'<Where><DateRangesOverlap><FieldRef Name="(?P<start>\w+)"/><FieldRef Name="(?P<end>\w+)"/>'
    r'<Value Type="DateTime"><Month/></Value></DateRangesOverlap></Where>'
)
"""How a calendar's rows are asked for, as the kind writes them."""


def views(
    work: Importing, above: str, parent: Declared, mount: str, types: Mapping[str, str]
) -> list[Said]:
    """The views of one list that can be said; `types` are its columns' words."""
    made = []
    for one in in_order(work.of("view", above), lambda view: split(view.address)[1]):
        if one.builtin and _untouched(one, types):
            continue
        plain, why = _view(one, {**BUILT_IN_TYPES, **types})
        if plain is None:
            work.drop(one.address, why)
        elif keep(work, one, one.address, View, mount, plain, parent) is not None:
            made.append(plain)
            work.views.add(one.address)
    return made


def _untouched(one: Existing, types: Mapping[str, str]) -> bool:
    """Whether the list's first view is as SharePoint makes it.

    Columns that are made along with the list are in it as well; later ones are not.
    """
    shown, query = list(one.properties["columns"]), one.properties["query"]
    for first, plain_query in _PLAIN_FIRST:
        own = shown[len(first) :]
        if shown[: len(first)] == first and query == plain_query and set(own) <= set(types):
            return not _extras(one)
    return False


def _extras(one: Existing) -> bool:
    """Whether anything was said of the view beyond its columns and query."""
    plain = said(View, one.properties)
    return any(word not in {"name", "columns", "default", "query"} for word in plain)


def _view(one: Existing, types: Mapping[str, str]) -> tuple[Said | None, str]:
    known = {*types, *ALWAYS_SHOWN}
    strange = [name for name in one.properties["columns"] if name not in known]
    if strange:
        return None, f"it shows {', '.join(strange)}, which the file does not declare"
    plain = said(View, one.properties)
    if one.builtin:
        plain.pop("default", None)
    drawn, query = _layout(one)
    asked = _query(query, types)
    if asked is None:
        return None, "its query asks something that `where` has no words for"
    strange = [name for name in _sorted_by(asked) if name not in known]
    if strange:
        return None, f"it is sorted by {', '.join(strange)}, which the file does not declare"
    order = ("name", "default", "columns")
    plain |= {**drawn, **asked}
    return {word: plain[word] for word in (*order, *plain) if word in plain}, ""


def _layout(one: Existing) -> tuple[Said, str]:
    """What a board or calendar is drawn from, and what is left of the query."""
    data, query = one.properties.get("layoutData") or {}, str(one.properties["query"])
    if one.properties.get("layout") == "board":
        return {"boardBy": data.get(_BOARD, "")}, query
    overlap = _OVERLAP.fullmatch(query)
    if one.properties.get("layout") != "calendar" or overlap is None:
        return {}, query
    title = data.get(_MONTH, "Title")
    calendar = {"start": overlap["start"], "end": overlap["end"]}
    return {"calendar": calendar | ({} if title == "Title" else {"title": title})}, ""


def _sorted_by(asked: Said) -> list[str]:
    ordered = [name for part in asked.get("orderBy", ()) for name in
               ([part] if isinstance(part, str) else part)]  # fmt: skip
    return [*ordered, *asked.get("groupBy", ())]


def _query(query: str, types: Mapping[str, str]) -> Said | None:
    """`where`, `groupBy`, `collapse` and `orderBy`; None for what they cannot say."""
    try:
        root = ET.fromstring(f"<Query>{query}</Query>")  # noqa: S314 - normalised by the kind
    except ET.ParseError:
        return None
    made: Said = {}
    for part in root:
        if part.tag == "Where" and len(part) == 1:
            condition = from_caml(ET.tostring(part[0], encoding="unicode"), types)
            if condition is None:
                return None
            made["where"] = condition
        elif part.tag == "GroupBy":
            made["groupBy"] = [one.get("Name", "") for one in part]
            if part.get("Collapse") == "TRUE":
                made["collapse"] = True
            if part.get("GroupLimit", "").isdecimal():
                made["groupLimit"] = int(part.get("GroupLimit", ""))
        elif part.tag == "OrderBy":
            made["orderBy"] = [_ordered(one) for one in part]
        else:
            return None
    return made


def _ordered(one: ET.Element) -> Any:
    name = one.get("Name", "")
    return {name: "desc"} if one.get("Ascending") == "FALSE" else name
