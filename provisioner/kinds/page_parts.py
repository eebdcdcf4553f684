"""The parts that stand on a page, between our words and SharePoint's web parts.

A part is a mapping whose first key says what it is. The ids of the web parts are in
learn.microsoft.com/graph/api/sitepage-create and in PnP Core SDK (DefaultWebPart). Where each keeps
what it shows: Quick links, List and Document library as SharePoint stores them on live pages
(github.com/firmfooting/formwork, "Measured SharePoint behaviour"); Button, Image, People and Divider
as editors and PnP write them; Quick chart as published PnP samples set it. That `type` of a chart is
0 for columns and 1 for a pie is not documented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisioner.core.address import address
from provisioner.core.transport import ref
from provisioner.kinds.base import Scope
from provisioner.kinds.links import link_plain, link_said, link_sent
from provisioner.kinds.page_spec import Column, Words
from provisioner.kinds.page_text import normal

QUICK_LINKS = "c70391ea-0b10-4ee9-b2b4-006d3fcad0cd"
LIST = "f92bf067-bc19-489e-a556-7fe95f508720"
CHART = "91a50c94-865f-4f5c-8b4e-e49659e69772"
BUTTON = "0f087d7f-520e-42b7-89c0-496aaf979d58"
IMAGE = "d1d91016-032f-456d-98a4-721247c305e8"
PEOPLE = "7f718435-ee4d-431c-bdbf-9c4ff326f46e"
DIVIDER = "2161a1c6-db61-4731-b97c-3cdb303f7cbb"
SPACER = "8654b779-4886-46d4-8ffb-b5ed960ee986"
LINK_LAYOUTS: Mapping[str, str] = {
    "compact": "CompactCard",
    "filmstrip": "FilmStrip",
    "grid": "Grid",
    "button": "Button",
    "list": "List",
    "tiles": "Waffle",
}
CHARTS = ("column", "pie")
CLAIM = "i:0#.f|membership|"
LINK_URL, LINK_TITLE = "items[{}].sourceItem.url", "items[{}].title"

Part = dict[str, Any]


def parts_said(column: Column, scope: Scope) -> list[Part]:
    """A declared column as parts in the form that is compared."""
    made = [_said(column, word, scope) for word in column.held()]
    return made + [_said(one, word, scope) for one in column.parts for word in one.held()]


def _said(spec: Words, word: str, scope: Scope) -> Part:
    return _SAID[word](spec, scope)


def _text_said(spec: Words, _scope: Scope) -> Part:
    return {"text": normal(spec.text or "")}


def _links_said(spec: Words, scope: Scope) -> Part:
    links = [
        {"title": one.title.strip(), "link": link_said(one.link, scope)} for one in spec.quick_links
    ]
    usual = spec.link_layout == "compact"
    return {"quickLinks": links} | ({} if usual else {"linkLayout": spec.link_layout})


def _list_said(spec: Words, _scope: Scope) -> Part:
    above = address("list", spec.list or spec.library or "")
    part: Part = {"list": above}
    part |= {"view": address("view", spec.view, above)} if spec.view else {}
    return part | ({} if spec.command_bar else {"commandBar": False})


def _chart_said(spec: Words, _scope: Scope) -> Part:
    chart = spec.chart
    assert chart is not None
    part: Part = {"chart": address("list", chart.list), "label": chart.label, "value": chart.value}
    part |= {} if chart.type == "column" else {"type": chart.type}
    return part | ({"title": chart.title.strip()} if chart.title else {})


def _button_said(spec: Words, scope: Scope) -> Part:
    one = spec.button
    assert one is not None
    return {
        "button": one.label.strip(),
        "link": link_said(one.link, scope),
        "align": one.align,
    }


def _image_said(spec: Words, scope: Scope) -> Part:
    assert spec.image is not None
    source = link_plain(spec.image.source, scope.hostname)
    return {"image": source, "alt": spec.image.alt.strip()}


def _people_said(spec: Words, _scope: Scope) -> Part:
    return {"people": [one.removeprefix("user:").lower() for one in spec.people]}


_SAID: Mapping[str, Callable[[Words, Scope], Part]] = {
    "text": _text_said,
    "quickLinks": _links_said,
    "list": _list_said,
    "chart": _chart_said,
    "button": _button_said,
    "image": _image_said,
    "people": _people_said,
    "divider": lambda _spec, _scope: {"divider": True},
    "spacer": lambda spec, _scope: {"spacer": spec.spacer},
}


def stands_on(part: Part) -> tuple[str, ...]:
    """The addresses of the file that must be there before the part can show them."""
    named = [part.get("list"), part.get("view"), part.get("chart"), part.get("link")]
    named += [one["link"] for one in part.get("quickLinks", ())]
    return tuple(str(one) for one in named if str(one or "").startswith("list:"))


def web_part(part: Part, scope: Scope, instance: str) -> dict[str, Any]:
    """A part that is no text as the data of its web part."""
    kind, version, properties, content = _data(part, scope)
    names = ("htmlStrings", "searchablePlainTexts", "imageSources", "links")
    return {
        "id": kind,
        "instanceId": instance,
        "title": _NAMES[kind],
        "dataVersion": version,
        "properties": properties,
        "serverProcessedContent": {name: content.get(name, {}) for name in names},
    }


_NAMES = {
    QUICK_LINKS: "Quick links",
    LIST: "List",
    CHART: "Quick chart",
    BUTTON: "Button",
    IMAGE: "Image",
    PEOPLE: "People",
    DIVIDER: "Divider",
    SPACER: "Spacer",
}
_Data = tuple[str, str, dict[str, Any], dict[str, Any]]
"""Id of the web part, version of its data, properties, and what servers process."""


def _data(part: Part, scope: Scope) -> _Data:
    return _DATA[next(iter(part))](part, scope)


def _button(part: Part, scope: Scope) -> _Data:
    content = {
        "searchablePlainTexts": {"label": part["button"]},
        "links": {"linkUrl": link_sent(part["link"], scope)},
    }
    return BUTTON, "1.1", {"alignment": str(part["align"]).title()}, content


def _image(part: Part, _scope: Scope) -> _Data:
    properties = {"imageSourceType": 2, "altText": part["alt"], "linkUrl": ""}
    return IMAGE, "1.9", properties, {"imageSources": {"imageSource": part["image"]}}


def _people(part: Part, _scope: Scope) -> _Data:
    persons = [{"id": f"{CLAIM}{one}", "upn": one} for one in part["people"]]
    texts = {f"persons[{n}].email": one for n, one in enumerate(part["people"])}
    return PEOPLE, "1.3", {"layout": 1, "persons": persons}, {"searchablePlainTexts": texts}


def _divider(_part: Part, _scope: Scope) -> _Data:
    return DIVIDER, "1.0", {"length": 100, "weight": 1}, {}


def _spacer(part: Part, _scope: Scope) -> _Data:
    return SPACER, "1.0", {"height": part["spacer"]}, {}


def _quick_links(part: Part, scope: Scope) -> _Data:
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
    properties = {
        "items": items,
        "isMigrated": True,
        "layoutId": LINK_LAYOUTS[part.get("linkLayout", "compact")],
        "shouldShowThumbnail": True,
        "hideWebPartWhenEmpty": True,
        "dataProviderId": "QuickLinks",
    }
    content = {
        "searchablePlainTexts": {LINK_TITLE.format(n): one["title"] for n, one in enumerate(links)},
        "links": {LINK_URL.format(n): link_sent(one["link"], scope) for n, one in enumerate(links)},
    }
    return QUICK_LINKS, "2.2", properties, content


def _list(part: Part, scope: Scope) -> _Data:
    own = str(part["list"])
    url = scope.list_urls.get(own, ref(own, "url"))
    inside = url.removeprefix(f"{scope.site_path}/")
    properties = {
        "isDocumentLibrary": not inside.startswith("Lists/"),
        "selectedListId": ref(own),
        "selectedListUrl": url,
        "webRelativeListUrl": inside,
        "webpartHeightKey": 4,
        "hideCommandBar": not part.get("commandBar", True),
    }
    if "view" in part:
        properties["selectedViewId"] = ref(str(part["view"]))
    return LIST, "1.0", properties, {}


def _chart(part: Part, _scope: Scope) -> _Data:
    properties = {
        "data": [],
        "type": CHARTS.index(part.get("type", "column")),
        "isInitialState": False,
        "dataSourceType": 1,
        "listItemOrderBy": 0,
        "selectedListId": ref(str(part["chart"])),
        "selectedLabelFieldName": part["label"],
        "selectedValueFieldName": part["value"],
        "xAxisLabel": "",
        "yAxisLabel": "",
    }
    texts = {"title": part["title"]} if "title" in part else {}
    return CHART, "1.0", properties, {"searchablePlainTexts": texts}


_DATA: Mapping[str, Callable[[Part, Scope], _Data]] = {
    "quickLinks": _quick_links,
    "list": _list,
    "chart": _chart,
    "button": _button,
    "image": _image,
    "people": _people,
    "divider": _divider,
    "spacer": _spacer,
}
