"""What stands on a page, between our sections and Graph's canvas layout.

learn.microsoft.com/graph/api/resources/ canvaslayout, textwebpart, standardwebpart; the properties
of Quick Links as pnp/cli-microsoft365 and SharePoint itself write them (spo page).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.kinds.base import Known, Scope
from provisioner.kinds.navigation import link_found, link_plain, link_sent
from provisioner.kinds.page_text import normal_html

QUICK_LINKS = "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd"
_LAYOUTS = {1: ("oneColumn", 12), 2: ("twoColumns", 6), 3: ("threeColumns", 4)}
_URL = "items[{}].sourceItem.url"
_TITLE = "items[{}].title"

Part = dict[str, Any]
Section = list[list[Part]]
"""Columns of parts: `{"text": html}`, `{"quickLinks": [{"title", "link"}]}` or `{"webPart": id}`."""


def canvas_of(sections: Sequence[Section]) -> dict[str, Any]:
    """Our sections as a canvas layout."""
    return {"horizontalSections": [_section(one, n) for n, one in enumerate(sections, start=1)]}


def _section(section: Section, number: int) -> dict[str, Any]:
    layout, width = _LAYOUTS[len(section)]
    columns = [
        {"id": str(place), "width": width, "webparts": [_web_part(part) for part in column]}
        for place, column in enumerate(section, start=1)
    ]
    return {"layout": layout, "id": str(number), "emphasis": "none", "columns": columns}


def _web_part(part: Part) -> dict[str, Any]:
    if "text" in part:
        return {"@odata.type": "#microsoft.graph.textWebPart", "innerHtml": part["text"]}
    links = part["quickLinks"]
    items = [
        {
            "id": number,
            "sourceItem": {"itemType": 2, "fileExtension": "", "progId": ""},
            "thumbnailType": 3,
            "description": "",
            "altText": "",
        }
        for number, _ in enumerate(links, start=1)
    ]
    processed = {
        "htmlStrings": [],
        "imageSources": [],
        "searchablePlainTexts": [
            {"key": _TITLE.format(n), "value": one["title"]} for n, one in enumerate(links)
        ],
        "links": [
            {"key": _URL.format(n), "value": link_sent(one["link"])} for n, one in enumerate(links)
        ],
    }
    return {
        "@odata.type": "#microsoft.graph.standardWebPart",
        "webPartType": QUICK_LINKS,
        "data": {
            "dataVersion": "2.2",
            "title": "Quick links",
            "properties": {
                "items": items,
                "isMigrated": True,
                "layoutId": "CompactCard",
                "shouldShowThumbnail": True,
                "hideWebPartWhenEmpty": True,
                "dataProviderId": "QuickLinks",
            },
            "serverProcessedContent": processed,
        },
    }


def sections_of(canvas: Any, scope: Scope, known: Known) -> list[Section]:
    """A canvas layout as our sections; what we cannot write is named by its web part's id."""
    given = canvas if isinstance(canvas, Mapping) else {}
    made = [
        [_parts(column, scope, known) for column in section.get("columns") or []]
        for section in given.get("horizontalSections") or []
    ]
    vertical = given.get("verticalSection")
    if vertical and vertical.get("webparts"):
        made.append([_parts(vertical, scope, known)])
    return [section for section in made if any(section)]


def _parts(column: Mapping[str, Any], scope: Scope, known: Known) -> list[Part]:
    made: list[Part] = []
    for one in column.get("webparts") or []:
        if "innerHtml" in one:
            text = normal_html(str(one["innerHtml"] or ""))
            if text:
                made.append({"text": text})
        elif str(one.get("webPartType") or "").lower() == QUICK_LINKS:
            made.append({"quickLinks": _links(one.get("data") or {}, scope, known)})
        else:
            made.append({"webPart": str(one.get("webPartType") or "").lower()})
    return made


def _links(data: Mapping[str, Any], scope: Scope, known: Known) -> list[dict[str, str]]:
    processed = data.get("serverProcessedContent") or {}
    titles = _pairs(processed.get("searchablePlainTexts"))
    urls = _pairs(processed.get("links"))
    made = []
    for number in range(len((data.get("properties") or {}).get("items") or [])):
        link = link_found(link_plain(urls.get(_URL.format(number), ""), scope.hostname), known)
        made.append({"title": titles.get(_TITLE.format(number), ""), "link": link})
    return made


def _pairs(given: Any) -> dict[str, str]:
    return {str(one["key"]): str(one.get("value") or "") for one in given or [] if "key" in one}
