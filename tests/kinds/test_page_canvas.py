"""What stands on a page survives the way to SharePoint and back, and nothing on it changes unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from provisioner.core.resource import Existing
from provisioner.core.transport import Bindings
from provisioner.kinds.base import Scope
from provisioner.kinds.page_canvas import (
    canvas,
    sections_found,
    sections_said,
    title_area_found,
    title_area_said,
    title_area_sent,
)
from provisioner.kinds.page_spec import Page

SCOPE = Scope(
    "contoso.sharepoint.com",
    "/sites/acme",
    date(2026, 11, 22),
    list_urls={"list:risks": "/sites/acme/Lists/Risks", "list:proof": "/sites/acme/Proof"},
)
IDS = {
    "list:risks": {"id": "11", "url": "/sites/acme/Lists/Risks"},
    "list:proof": {"id": "22", "url": "/sites/acme/Proof"},
    "list:risks/view:Open": {"id": "33", "url": "/sites/acme/Lists/Risks/Open.aspx"},
    "page:Help": {"id": "44", "file": "Help.aspx"},
}
KNOWN = {
    own: Existing(own.rpartition("/")[2].partition(":")[0], own, {}, ids, declared=True)
    for own, ids in IDS.items()
}
SAID = {
    "name": "Evidence",
    "title": "Evidence",
    "titleArea": {"layout": "overlap", "align": "center", "textAbove": "A", "publishDate": True},
    "sections": [
        {
            "layout": "oneThirdLeft",
            "emphasis": "strong",
            "columns": [
                {"text": "Due: *soon*"},
                {
                    "parts": [
                        {
                            "quickLinks": [
                                {"title": "A", "link": "list:risks"},
                                {"title": "B", "link": "page:Help"},
                                {"title": "C", "link": "list:risks/view:Open"},
                                {"title": "D", "link": "https://d.example/x"},
                            ],
                            "linkLayout": "tiles",
                        },
                        {"button": {"label": "Go", "link": "library:proof", "align": "right"}},
                    ]
                },
            ],
        },
        {"list": "risks", "view": "Open", "commandBar": False},
        {"layout": "fullWidth", "image": {"source": "/sites/acme/a b.png", "alt": "Map"}},
        {
            "collapsible": {"title": "More", "expanded": False},
            "parts": [
                {"chart": {"list": "risks", "label": "Title", "value": "N", "type": "pie", "title": "T"}},
                {"people": ["user:ann@contoso.example", "user:bo@contoso.example"]},
                {"divider": True},
                {"spacer": 30},
            ],
        },
    ],
}  # fmt: skip
Controls = list[dict[str, Any]]


def spec() -> Page:
    return Page.model_validate_json(json.dumps(SAID))


def written() -> str:
    """The page as it is sent, every reference filled in."""
    known = Bindings(
        {(own, name): value for own, ids in IDS.items() for name, value in ids.items()}
    )
    sent = canvas(sections_said(spec().sections, SCOPE), SCOPE, "page:Evidence")
    return str(known.fill(sent))


def test_a_page_reads_back_as_it_was_said() -> None:
    said = sections_said(spec().sections, SCOPE)
    assert sections_found(written(), SCOPE, KNOWN) == said
    assert {one["layout"] for one in said} == {"oneThirdLeft", "oneColumn", "fullWidth"}


def test_the_same_page_is_always_the_same_text() -> None:
    assert written() == written()
    assert len({one["id"] for one in json.loads(written()) if "id" in one}) == 9


def test_a_title_area_reads_back_as_it_was_said() -> None:
    area = spec().title_area
    assert area is not None
    said = title_area_said(area)
    assert title_area_found(title_area_sent(said, "Evidence")) == said


def part(controls: Controls, start: str) -> dict[str, Any]:
    return next(one for one in controls if str(one.get("webPartId")).startswith(start))


def said_of(controls: Controls, start: str) -> dict[str, Any]:
    found: dict[str, Any] = part(controls, start)["webPartData"]["properties"]
    return found


def shown_of(controls: Controls, start: str) -> dict[str, Any]:
    found: dict[str, Any] = part(controls, start)["webPartData"]["serverProcessedContent"]
    return found


CHANGES: dict[str, Callable[[Controls], object]] = {
    "a text": lambda all_: all_[0].update(innerHTML="<p>Due</p>"),
    "the background": lambda all_: [one.update(emphasis={}) for one in all_],
    "the widths": lambda all_: [
        one["position"].update(sectionFactor=6)
        for one in all_
        if one.get("position", {}).get("zoneIndex") == 1
    ],
    "what folds": lambda all_: [one.pop("zoneGroupMetadata", None) for one in all_],
    "a part": lambda all_: all_.remove(part(all_, "0f087d7f")),
    "the order": lambda all_: (
        part(all_, "0f087d7f")["position"].update(controlIndex=1),
        part(all_, "c70391ea")["position"].update(controlIndex=2),
    ),
    "how links are drawn": lambda all_: said_of(all_, "c70391ea").update(layoutId="Grid"),
    "a link's words": lambda all_: shown_of(all_, "c70391ea")["searchablePlainTexts"].update(
        {"items[1].title": "Z"}
    ),
    "a link": lambda all_: shown_of(all_, "c70391ea")["links"].update(
        {"items[1].sourceItem.url": "/sites/acme/SitePages/Other.aspx"}
    ),
    "a button's place": lambda all_: said_of(all_, "0f087d7f").update(alignment="Left"),
    "a button's words": lambda all_: shown_of(all_, "0f087d7f")["searchablePlainTexts"].update(
        label="Stop"
    ),
    "which list": lambda all_: said_of(all_, "f92bf067").update(selectedListId="22"),
    "which view": lambda all_: said_of(all_, "f92bf067").pop("selectedViewId"),
    "the commands of a list": lambda all_: said_of(all_, "f92bf067").update(hideCommandBar=False),
    "a picture": lambda all_: shown_of(all_, "d1d91016")["imageSources"].update(imageSource="/b"),
    "a picture's words": lambda all_: said_of(all_, "d1d91016").update(altText=""),
    "a chart's list": lambda all_: said_of(all_, "91a50c94").update(selectedListId="22"),
    "a chart's column": lambda all_: said_of(all_, "91a50c94").update(selectedValueFieldName="M"),
    "a chart's sort": lambda all_: said_of(all_, "91a50c94").update(type=0),
    "a chart's title": lambda all_: shown_of(all_, "91a50c94").update(searchablePlainTexts={}),
    "who is shown": lambda all_: said_of(all_, "7f718435")["persons"].pop(),
    "empty room": lambda all_: said_of(all_, "8654b779").update(height=31),
    "another part": lambda all_: part(all_, "2161a1c6").update(webPartId="31e9537e"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_thing_on_a_page_is_compared(what: str) -> None:
    controls = json.loads(written())
    CHANGES[what](controls)
    said = sections_said(spec().sections, SCOPE)
    assert sections_found(json.dumps(controls), SCOPE, KNOWN) != said


@pytest.mark.parametrize("content", [None, "", "[]", "{}", "<div></div>", '["a"]'])
def test_a_page_without_content_that_can_be_read_has_no_sections(content: Any) -> None:
    assert sections_found(content, SCOPE, KNOWN) == []


def test_a_vertical_section_stands_beside_all_others_wherever_the_file_says_it():
    first = {"layout": "vertical", "text": "Beside"}
    said = [
        sections_said(
            Page.model_validate_json(
                json.dumps({"name": "P", "title": "P", "sections": order})
            ).sections,
            SCOPE,
        )
        for order in ([first, {"text": "Main"}], [{"text": "Main"}, first])
    ]
    assert said[0] == said[1]
    assert [one["layout"] for one in said[0]] == ["oneColumn", "vertical"]
