"""What Graph lets stand on a page: sections, columns, text and fourteen kinds of web part.

learn.microsoft.com/graph/api/sitepage-create: the listed web parts and text are supported, others
"will result in a failure or exception"; List and Document library are not among them. The ids are
those of the web parts' own manifests (pnp/cli-microsoft365, spo page).
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from provisioner.emulator.wire import Refusal

WEB_PARTS = {
    "e377ea37-9047-43b9-8cdb-a761be2f8e09": "Bing Maps",
    "0f087d7f-520e-42b7-89c0-496aaf979d58": "Button",
    "df8e44e7-edd5-46d5-90da-aca1539313b8": "Call To Action",
    "2161a1c6-db61-4731-b97c-3cdb303f7cbb": "Divider",
    "b7dd04e1-19ce-4b24-9132-b60a1c2b910d": "Document Embed",
    "d1d91016-032f-456d-98a4-721247c305e8": "Image",
    "af8be689-990e-492a-81f7-ba3e4cd3ed9c": "Image Gallery",
    "6410b3b6-d440-4663-8744-378976dc041e": "Link Preview",
    "e84a8ca2-f63c-4fb9-bc0b-d8eef5ccb22b": "Org Chart",
    "7f718435-ee4d-431c-bdbf-9c4ff326f46e": "People",
    "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd": "Quick Links",
    "8654b779-4886-46d4-8ffb-b5ed960ee986": "Spacer",
    "544dd15b-cf3c-441b-96da-004d5a8cea1d": "YouTube Embed",
    "cbe7b0a9-3504-44dd-a3a3-0e5cacd07788": "Title Area",
}
_LAYOUTS = {
    "oneColumn": 1,
    "twoColumns": 2,
    "threeColumns": 3,
    "oneThirdLeftColumn": 2,
    "oneThirdRightColumn": 2,
    "fullWidth": 1,
}
_EMPHASES = ("none", "neutral", "soft", "strong")
_TITLE_AREA = frozenset(
    {
        "alternativeText",
        "enableGradientEffect",
        "imageWebUrl",
        "layout",
        "serverProcessedContent",
        "showAuthor",
        "showPublishedDate",
        "showTextBlockAboveTitle",
        "textAboveTitle",
        "textAlignment",
        "imageSourceType",
        "title",
    }
)
_TEXT, _STANDARD = "#microsoft.graph.textWebPart", "#microsoft.graph.standardWebPart"


def _bad(message: str) -> Refusal:
    return Refusal(400, "invalidRequest", message)


def title_area(value: Any) -> dict[str, Any]:
    """A title area. Raises `Refusal` 400 for a property it does not have."""
    area = _object(value, "titleArea")
    unknown = {key for key in area if "@" not in key} - _TITLE_AREA
    if unknown:
        raise _bad(f"The property '{min(unknown)}' does not exist on type titleArea.")
    return area


def canvas(value: Any) -> dict[str, Any]:
    """A canvas with an id on every web part. Raises `Refusal` 400 for what a page cannot hold."""
    given = _object(value, "canvasLayout")
    unknown = {key for key in given if "@" not in key} - {"horizontalSections", "verticalSection"}
    if unknown:
        raise _bad(f"The property '{min(unknown)}' does not exist on type canvasLayout.")
    found: dict[str, Any] = {}
    sections = given.get("horizontalSections")
    if sections is not None:
        found["horizontalSections"] = [
            _section(each, number) for number, each in enumerate(_list(sections), start=1)
        ]
    vertical = given.get("verticalSection")
    if vertical is not None:
        column = _object(vertical, "verticalSection")
        found["verticalSection"] = {
            "id": str(column.get("id") or "1"),
            "emphasis": _emphasis(column),
            "webparts": [_web_part(each) for each in _list(column.get("webparts") or [])],
        }
    return found


def web_parts(layout: dict[str, Any]) -> list[dict[str, Any]]:
    """Every web part of a canvas in its order."""
    found: list[dict[str, Any]] = []
    for section in layout.get("horizontalSections") or []:
        for column in section["columns"]:
            found += column["webparts"]
    found += (layout.get("verticalSection") or {}).get("webparts", [])
    return found


def _section(value: Any, number: int) -> dict[str, Any]:
    section = _object(value, "horizontalSection")
    layout = section.get("layout") or "oneColumn"
    if layout not in _LAYOUTS:
        raise _bad(f"The section layout '{layout}' is not valid.")
    columns = _list(section.get("columns") or [])
    if len(columns) > _LAYOUTS[layout]:
        raise _bad(f"A section '{layout}' has no more than {_LAYOUTS[layout]} columns.")
    return {
        "layout": layout,
        "id": str(section.get("id") or number),
        "emphasis": _emphasis(section),
        "columns": [_column(each, place) for place, each in enumerate(columns, start=1)],
    }


def _column(value: Any, place: int) -> dict[str, Any]:
    column = _object(value, "horizontalSectionColumn")
    width = column.get("width", 12)
    if not isinstance(width, int) or not 0 <= width <= 12:
        raise _bad("The width of a column is a number from 0 to 12.")
    parts = [_web_part(each) for each in _list(column.get("webparts") or [])]
    return {"id": str(column.get("id") or place), "width": width, "webparts": parts}


def _web_part(value: Any) -> dict[str, Any]:
    part = _object(value, "webPart")
    kind = part.get("@odata.type")
    identifier = str(part.get("id") or uuid.uuid4())
    if "innerHtml" in part and kind in (None, _TEXT):
        if not isinstance(part["innerHtml"], str):
            raise _bad("innerHtml is text.")
        return {"@odata.type": _TEXT, "id": identifier, "innerHtml": part["innerHtml"]}
    wanted = str(part.get("webPartType") or "").lower()
    if kind not in (None, _STANDARD) or not wanted:
        raise _bad("A web part is text with innerHtml, or names its webPartType.")
    if wanted not in WEB_PARTS:
        raise _bad(f"The web part type '{wanted}' is not supported.")
    data = _object(part.get("data") or {}, "webPartData")
    size = len(json.dumps(data))
    if size > 1_000_000:
        raise _bad("The data of a web part is too large.")
    return {"@odata.type": _STANDARD, "id": identifier, "webPartType": wanted, "data": data}


def _emphasis(section: dict[str, Any]) -> str:
    emphasis = section.get("emphasis") or "none"
    if emphasis not in _EMPHASES:
        raise _bad(f"The emphasis '{emphasis}' is not valid.")
    return str(emphasis)


def _object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _bad(f"{name} must be an object.")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _bad("An array was expected.")
    return value
