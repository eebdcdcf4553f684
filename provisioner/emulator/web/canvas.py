"""What stands on a page, as people would see it: sections of columns with texts, links and lists.

Texts keep their headings, lists and links; the rest of their markup is of others and is left out.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import unquote, urlsplit

from provisioner.emulator.model import lists, page_controls, views
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.web.markup import Markup, Part, address, link, outside, tag
from provisioner.emulator.web.rich_text import rich_text

_LINKS = "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd"
_LIST = "f92bf067-bc19-489e-a556-7fe95f508720"
_CHART = "91a50c94-865f-4f5c-8b4e-e49659e69772"
_BUTTON = "0f087d7f-520e-42b7-89c0-496aaf979d58"
_IMAGE = "d1d91016-032f-456d-98a4-721247c305e8"
_PEOPLE = "7f718435-ee4d-431c-bdbf-9c4ff326f46e"
_DIVIDER = "2161a1c6-db61-4731-b97c-3cdb303f7cbb"
_SPACER = "8654b779-4886-46d4-8ffb-b5ed960ee986"


def canvas(tenant: Tenant, doc: dict[str, Any]) -> Markup | None:
    """The page's sections; None for a page on which nothing stands."""
    placed = [one for one in page_controls.controls(doc) if one.get("position")]
    placed.sort(key=_place)
    shown = []
    for _, section in groupby(placed, key=lambda one: _place(one)[:2]):
        controls = list(section)
        columns = [
            [part for one in column if (part := _control(tenant, one))]
            for _, column in groupby(controls, key=lambda one: _place(one)[2])
        ]
        if any(columns):
            inside = tag("div", [tag("div", column) for column in columns], class_="columns")
            shown.append(_folded(controls, inside))
    return tag("div", shown, class_="canvas") if shown else None


def _place(control: dict[str, Any]) -> tuple[float, float, float, float]:
    at = control["position"]
    names = ("layoutIndex", "zoneIndex", "sectionIndex", "controlIndex")
    first, second, third, fourth = (float(at.get(name) or 0) for name in names)
    return first, second, third, fourth


def _folded(controls: list[dict[str, Any]], inside: Markup) -> Markup:
    around = next(
        (one["zoneGroupMetadata"] for one in controls if "zoneGroupMetadata" in one), None
    )
    if not around:
        return inside
    opened = bool(around.get("isExpanded"))
    return tag("details", tag("summary", around.get("displayName")), inside, open=opened)


def _control(tenant: Tenant, control: dict[str, Any]) -> Markup | None:
    if control.get("controlType") == page_controls.TEXT:
        return rich_text(str(control.get("innerHTML") or ""))
    return _part(tenant, control) if control.get("controlType") == page_controls.WEB_PART else None


def _part(tenant: Tenant, control: dict[str, Any]) -> Markup | None:
    data = control.get("webPartData") or {}
    said, content = data.get("properties") or {}, data.get("serverProcessedContent") or {}
    texts, links = content.get("searchablePlainTexts") or {}, content.get("links") or {}
    kind = str(control.get("webPartId") or "").lower()
    if kind == _LINKS:
        return _links(texts, links, len(said.get("items") or []))
    if kind in {_LIST, _CHART}:
        return _list(tenant, said, "Chart of " if kind == _CHART else "")
    if kind == _BUTTON:
        return tag("p", _link(str(links.get("linkUrl") or ""), str(texts.get("label") or "")))
    if kind in {_DIVIDER, _SPACER}:
        return tag("hr") if kind == _DIVIDER else None
    return tag("p", _words(kind, said, data, control), class_="quiet")


def _words(kind: str, said: dict[str, Any], data: dict[str, Any], control: dict[str, Any]) -> Part:
    if kind == _IMAGE:
        return f"Picture: {said.get('altText') or ''}"
    if kind == _PEOPLE:
        return ["People: ", ", ".join(str(one.get("upn")) for one in said.get("persons") or ())]
    return f"Web part: {data.get('title') or control.get('webPartId')}"


def _links(texts: dict[str, Any], links: dict[str, Any], count: int) -> Markup:
    made = [
        tag("li", _link(str(links.get(f"items[{n}].sourceItem.url") or ""),
                        str(texts.get(f"items[{n}].title") or "")))
        for n in range(count)
    ]  # fmt: skip
    return tag("ul", made)


def _link(url: str, title: str) -> Markup:
    parts = urlsplit(url)
    if parts.scheme and not parts.netloc.endswith(".sharepoint.com"):
        safe = outside(url)
        return link(safe, title) if safe else tag("span", title)
    return link(address(unquote(parts.path)), title)


def _list(tenant: Tenant, said: dict[str, Any], before: str) -> Markup:
    own = str(said.get("selectedListId") or "").strip("{}").lower()
    row = tenant.one("SELECT * FROM list WHERE id = ? AND deleted = 0", own)
    if row is None:
        return tag("p", "The list that stood here is gone.", class_="quiet")
    view = str(said.get("selectedViewId") or "").strip("{}").lower()
    shown = next((one for one in views.all_of(tenant, own) if one["id"] == view), None)
    path = views.properties(shown)["ServerRelativeUrl"] if shown is not None else row["url"]
    kind = "Library" if lists.is_library(row) else "List"
    what = f"{kind}, view “{shown['title']}”" if shown is not None else kind
    return tag(
        "p", before, link(address(path), row["title"]), tag("span", f" {what}", class_="quiet")
    )
