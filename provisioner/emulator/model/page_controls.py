"""What stands on a page as SharePoint itself keeps it: controls with a position, as JSON text.

SharePoint has one page behind both its faces, so a page made through Graph has this text as well.
The keys are those of pnp/cli-microsoft365 (spo page section add, control get) and pnp/pnpjs
(clientside-pages). A text is kept with ``&#58;`` for every colon, other controls as they were sent
(github.com/firmfooting/formwork, "Measured SharePoint behaviour").
"""

from __future__ import annotations

import json
from typing import Any

from provisioner.emulator.wire import Refusal

BANNER = "cbe7b0a9-3504-44dd-a3a3-0e5cacd07788"
WEB_PART, TEXT = 3, 4
_FACTORS = {
    "oneColumn": (12,),
    "twoColumns": (6, 6),
    "threeColumns": (4, 4, 4),
    "oneThirdLeftColumn": (4, 8),
    "oneThirdRightColumn": (8, 4),
    "fullWidth": (0,),
}
_EMPHASES = ("none", "neutral", "soft", "strong")
_TITLES = {
    "plain": "NoImage",
    "imageAndTitle": "FullWidthImage",
    "colorBlock": "ColorBlock",
    "overlap": "CutInShape",
}


def checked(text: Any) -> str:
    """The content as it is kept. Raises `Refusal` 500 for what is no JSON array of controls.

    SharePoint's own page model answers 500 "Unexpected character encountered while parsing value"
    to the HTML that list items hold.
    """
    try:
        controls = json.loads(text or "[]") if isinstance(text, str) else None
    except ValueError:
        controls = None
    if not isinstance(controls, list) or not all(isinstance(one, dict) for one in controls):
        raise Refusal(
            500,
            "internalServerError",
            "Unexpected character encountered while parsing value.",
            rest_code="-1, Newtonsoft.Json.JsonReaderException",
        )
    texts = [one for one in controls if isinstance(one.get("innerHTML"), str)]
    for one in texts:
        one["innerHTML"] = one["innerHTML"].replace(":", "&#58;")
    return _text(controls) if texts else str(text or "")


def controls(doc: dict[str, Any]) -> list[dict[str, Any]]:
    """The controls of a page, whichever face it was made through."""
    if "CanvasContent1" in doc:
        kept: list[dict[str, Any]] = json.loads(doc["CanvasContent1"] or "[]")
        return kept
    layout = doc.get("canvasLayout") or {}
    made: list[dict[str, Any]] = []
    for zone, section in enumerate(layout.get("horizontalSections") or [], start=1):
        factors = _FACTORS[section.get("layout", "oneColumn")]
        around = _emphasis(section)
        for place, factor in enumerate(factors, start=1):
            columns = section["columns"]
            parts = columns[place - 1]["webparts"] if place <= len(columns) else []
            at = {"zoneIndex": zone, "sectionIndex": place, "sectionFactor": factor}
            made += _column(parts, at | {"layoutIndex": 1}, around)
    upright = layout.get("verticalSection")
    if upright:
        at = {"zoneIndex": 1, "sectionIndex": 1, "sectionFactor": 12, "layoutIndex": 2}
        made += _column(upright["webparts"], at, _emphasis(upright))
    return made


def _emphasis(section: dict[str, Any]) -> dict[str, Any]:
    return {"emphasis": {"zoneEmphasis": _EMPHASES.index(section.get("emphasis", "none"))}}


def content(doc: dict[str, Any]) -> str:
    """``CanvasContent1``."""
    return str(doc["CanvasContent1"]) if "CanvasContent1" in doc else _text(controls(doc))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def header(doc: dict[str, Any]) -> str:
    """``LayoutWebpartsContent``, which holds the title area; "" where nobody has set one."""
    if "LayoutWebpartsContent" in doc or "titleArea" not in doc:
        return str(doc.get("LayoutWebpartsContent") or "")
    area = doc["titleArea"]
    properties = {
        "layoutType": _TITLES.get(str(area.get("layout")), "NoImage"),
        "textAlignment": str(area.get("textAlignment") or "left").title(),
        "showTopicHeader": bool(area.get("showTextBlockAboveTitle")),
        "topicHeader": area.get("textAboveTitle") or "",
        "showPublishDate": bool(area.get("showPublishedDate")),
    }
    return json.dumps([{"id": BANNER, "properties": properties}], ensure_ascii=False)


def _column(
    parts: list[dict[str, Any]], at: dict[str, Any], around: dict[str, Any]
) -> list[dict[str, Any]]:
    if not parts:
        return [{"displayMode": 2, "position": at} | around]
    made = []
    for number, part in enumerate(parts, start=1):
        one = {"position": at | {"controlIndex": number}, "id": part.get("id")} | around
        if "innerHtml" in part:
            made.append(one | {"controlType": TEXT, "innerHTML": part["innerHtml"]})
        else:
            own = {"controlType": WEB_PART, "webPartId": part["webPartType"]}
            made.append(one | own | {"webPartData": _data(part)})
    return made


def _data(part: dict[str, Any]) -> dict[str, Any]:
    """Graph's web part data with its pairs of keys and values as one object each."""
    data = dict(part["data"])
    processed = data.get("serverProcessedContent")
    if isinstance(processed, dict):
        data["serverProcessedContent"] = {
            name: {one["key"]: one.get("value") for one in value}
            if isinstance(value, list)
            else value
            for name, value in processed.items()
        }
    return {"id": part["webPartType"], "instanceId": part["id"], **data}
