"""What stands on a page, between our sections and the text SharePoint keeps of it (`CanvasContent1`).

The text is JSON: one control for each part, which says in which section and column it stands, and
one without a part for an empty column. Sections of two thirds, of full width, emphasised and
collapsible ones as pnp/cli-microsoft365 writes them (spo page section add); their values come back
as they were sent (github.com/firmfooting/formwork). SharePoint writes `:` in texts as `&#58;`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from provisioner.kinds.base import Known, Scope
from provisioner.kinds.page_parts import Part, parts_said, web_part
from provisioner.kinds.page_parts_found import part_found
from provisioner.kinds.page_spec import PageSection, TitleArea
from provisioner.kinds.page_text import normal_html

_FACTORS: Mapping[str, tuple[int, ...]] = {
    "oneColumn": (12,),
    "twoColumns": (6, 6),
    "threeColumns": (4, 4, 4),
    "oneThirdLeft": (4, 8),
    "oneThirdRight": (8, 4),
    "fullWidth": (0,),
    "vertical": (12,),
}
_BY_COUNT = {1: "oneColumn", 2: "twoColumns", 3: "threeColumns"}
_EMPHASES = ("none", "neutral", "soft", "strong")
_WEB_PART, _TEXT = 3, 4
_VERTICAL = 2
_SETTINGS = {
    "controlType": 0,
    "pageSettingsSlice": {"isDefaultDescription": True, "isDefaultThumbnail": True},
}
_BANNER = "cbe7b0a9-3504-44dd-a3a3-0e5cacd07788"
_TITLES = {
    "plain": "NoImage",
    "imageAndTitle": "FullWidthImage",
    "colorBlock": "ColorBlock",
    "overlap": "CutInShape",
}

Section = dict[str, Any]
"""`layout`, `columns` (lists of parts), and where they are not the usual `emphasis`, `collapsible`."""


def sections_said(sections: Sequence[PageSection], scope: Scope) -> list[Section]:
    """Declared sections in the form that is compared: the vertical one, beside all, comes last."""
    said = [_said(one, scope) for one in sections]
    return sorted(said, key=lambda one: bool(one["layout"] == "vertical"))


def _said(spec: PageSection, scope: Scope) -> Section:
    columns = [parts_said(one, scope) for one in spec.columns or (spec,)]
    layout = spec.layout or _BY_COUNT[len(columns)]
    columns += [[] for _ in range(len(_FACTORS[layout]) - len(columns))]
    made: Section = {"layout": layout, "columns": columns}
    if spec.emphasis != "none":
        made["emphasis"] = spec.emphasis
    if spec.collapsible is not None:
        folded = {"title": spec.collapsible.title.strip(), "expanded": spec.collapsible.expanded}
        made["collapsible"] = folded
    return made


def canvas(sections: Sequence[Section], scope: Scope, own: str) -> str:
    """Our sections as `CanvasContent1`; `own` is the page's address, which makes ids its own."""
    controls: list[dict[str, Any]] = []
    for zone, section in enumerate(sections, start=1):
        factors = _FACTORS[section["layout"]]
        for place, (parts, factor) in enumerate(
            zip(section["columns"], factors, strict=True), start=1
        ):
            for number, part in enumerate(parts, start=1):
                at = _position(section, zone, place, factor, own) | {"controlIndex": number}
                one = _control(part, scope, f"{own}/{zone}/{place}/{number}")
                controls.append(one | {"position": at} | _around(section))
            if not parts:
                at = _position(section, zone, place, factor, own)
                controls.append({"displayMode": 2, "position": at} | _around(section))
    return json.dumps([*controls, _SETTINGS], ensure_ascii=False, separators=(",", ":"))


def _position(section: Section, zone: int, place: int, factor: int, own: str) -> dict[str, Any]:
    return {
        "zoneIndex": zone,
        "zoneId": _id(f"{own}/{zone}"),
        "sectionIndex": place,
        "sectionFactor": factor,
        "layoutIndex": _VERTICAL if section["layout"] == "vertical" else 1,
    }


def _around(section: Section) -> dict[str, Any]:
    emphasis = section.get("emphasis")
    made: dict[str, Any] = {
        "emphasis": {"zoneEmphasis": _EMPHASES.index(emphasis)} if emphasis else {}
    }
    folded = section.get("collapsible")
    if folded:
        made["zoneGroupMetadata"] = {
            "type": 1,
            "isExpanded": folded["expanded"],
            "showDividerLine": False,
            "iconAlignment": "left",
            "displayName": folded["title"],
            "headingLevel": 2,
        }
    return made


def _control(part: Part, scope: Scope, place: str) -> dict[str, Any]:
    own = _id(place)
    if "text" in part:
        html = part["text"]
        return {"controlType": _TEXT, "id": own, "editorType": "CKEditor", "innerHTML": html}
    data = web_part(part, scope, own)
    return {"controlType": _WEB_PART, "id": own, "webPartId": data["id"], "webPartData": data}


def _id(place: str) -> str:
    return str(uuid5(NAMESPACE_URL, place))


def sections_found(content: Any, scope: Scope, known: Known) -> list[Section]:
    """`CanvasContent1` as our sections; sections where nothing stands are left out."""
    zones: dict[tuple[int, float], dict[float, list[tuple[float, Mapping[str, Any]]]]] = {}
    for control in _controls(content):
        at = control.get("position")
        if not isinstance(at, Mapping) or "zoneIndex" not in at:
            continue
        upright = int(at.get("layoutIndex") or 1) == _VERTICAL
        columns = zones.setdefault((int(upright), float(at["zoneIndex"])), {})
        members = columns.setdefault(float(at.get("sectionIndex") or 1), [])
        members.append((float(at.get("controlIndex") or 0), control))
    found = [
        _found(bool(upright), columns, scope, known)
        for (upright, _), columns in sorted(zones.items())
    ]
    return [one for one in found if any(one["columns"])]


def _controls(content: Any) -> list[Mapping[str, Any]]:
    try:
        given = json.loads(content) if isinstance(content, str) and content.strip() else []
    except (ValueError, RecursionError):
        return []
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []


def _found(
    upright: bool,
    columns: Mapping[float, list[tuple[float, Mapping[str, Any]]]],
    scope: Scope,
    known: Known,
) -> Section:
    places = [sorted(columns[place], key=lambda one: one[0]) for place in sorted(columns)]
    factors = tuple(_factor(members[0][1]) for members in places)
    made: Section = {
        "layout": "vertical" if upright else _layout(factors),
        "columns": [_parts([one for _, one in members], scope, known) for members in places],
    }
    everything = [one for members in places for _, one in members]
    emphasis = max((_emphasis(one) for one in everything), default=0)
    if emphasis:
        made["emphasis"] = _EMPHASES[emphasis]
    folded = next((one["zoneGroupMetadata"] for one in everything if _folds(one)), None)
    if folded is not None:
        title = str(folded.get("displayName") or "").strip()
        made["collapsible"] = {"title": title, "expanded": bool(folded.get("isExpanded"))}
    return made


def _factor(control: Mapping[str, Any]) -> int:
    factor = control["position"].get("sectionFactor")
    return 12 if factor is None else int(factor)


def _layout(factors: tuple[int, ...]) -> str:
    known = {value: name for name, value in _FACTORS.items() if name != "vertical"}
    return known.get(factors, "-".join(str(one) for one in factors))


def _emphasis(control: Mapping[str, Any]) -> int:
    value = (control.get("emphasis") or {}).get("zoneEmphasis") or 0
    return value if value in range(len(_EMPHASES)) else 0


def _folds(control: Mapping[str, Any]) -> bool:
    return bool((control.get("zoneGroupMetadata") or {}).get("type") == 1)


def _parts(controls: Sequence[Mapping[str, Any]], scope: Scope, known: Known) -> list[Part]:
    made: list[Part] = []
    for one in controls:
        if one.get("controlType") == _TEXT:
            text = normal_html(str(one.get("innerHTML") or ""))
            made += [{"text": text}] if text else []
        elif one.get("controlType") == _WEB_PART:
            made.append(part_found(one, scope, known))
    return made


def title_area_said(spec: TitleArea) -> dict[str, Any]:
    """A declared title area in the form that is compared."""
    return {
        "layout": spec.layout,
        "align": spec.align,
        "textAbove": (spec.text_above or "").strip(),
        "publishDate": spec.publish_date,
    }


def title_area_sent(said: Mapping[str, Any], title: str) -> str:
    """A title area as `LayoutWebpartsContent` (pnp/cli-microsoft365, spo page header set)."""
    properties = {
        "title": title,
        "imageSourceType": 4,
        "layoutType": _TITLES[said["layout"]],
        "textAlignment": str(said["align"]).title(),
        "showTopicHeader": bool(said["textAbove"]),
        "topicHeader": said["textAbove"],
        "showPublishDate": said["publishDate"],
        "showTimeToRead": False,
    }
    names = ("htmlStrings", "searchablePlainTexts", "imageSources", "links")
    header = {
        "id": _BANNER,
        "instanceId": _BANNER,
        "title": "Title Region",
        "description": "Title Region Description",
        "serverProcessedContent": {name: {} for name in names},
        "dataVersion": "1.4",
        "properties": properties,
    }
    return json.dumps([header], ensure_ascii=False, separators=(",", ":"))


def title_area_found(content: Any) -> dict[str, Any]:
    """`LayoutWebpartsContent` in the form that is compared; a page has one even if it says none."""
    given = next(iter(_controls(content)), {})
    said = given.get("properties") or {}
    words = {text.lower(): word for word, text in _TITLES.items()}
    layout = str(said.get("layoutType") or "FullWidthImage")
    shown = said.get("showTopicHeader", bool(said.get("topicHeader")))
    return {
        "layout": words.get(layout.lower(), layout),
        "align": str(said.get("textAlignment") or "Left").lower(),
        "textAbove": str(said.get("topicHeader") or "").strip() if shown else "",
        "publishDate": bool(said.get("showPublishDate")),
    }
