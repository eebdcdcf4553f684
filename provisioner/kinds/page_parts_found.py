"""Web parts as they were found, as our parts: what `page_parts` says, the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provisioner.kinds.base import Known, Scope
from provisioner.kinds.links import link_found, link_plain, link_targets
from provisioner.kinds.page_parts import (
    BUTTON,
    CHART,
    CHARTS,
    CLAIM,
    DIVIDER,
    IMAGE,
    LINK_LAYOUTS,
    LINK_TITLE,
    LINK_URL,
    LIST,
    PEOPLE,
    QUICK_LINKS,
    SPACER,
    Part,
)


@dataclass(frozen=True, slots=True)
class _Held:
    """A web part: its properties, its texts, links and pictures, and what is known of the site."""

    said: Mapping[str, Any]
    texts: Mapping[str, Any]
    links: Mapping[str, Any]
    images: Mapping[str, Any]
    scope: Scope
    known: Known

    def link(self, name: str) -> str:
        """A link in the form that is compared."""
        plain = link_plain(str(self.links.get(name) or ""), self.scope.hostname)
        return link_found(plain, link_targets(self.known, self.scope))

    def address_of(self, kind: str, name: str) -> str:
        """The address of what the property names by id, or the id if nothing declared has it."""
        own = str(self.said.get(name) or "").strip("{}").lower()
        everything = self.scope.pages == ("*",)
        for one in self.known.values():
            asked = one.declared or (everything and kind == "view")
            if one.kind == kind and asked and one.ids.get("id", "").lower() == own:
                return one.address
        return own


def part_found(control: Mapping[str, Any], scope: Scope, known: Known) -> Part:
    """A web part as found; one that we have no words for is `{"webPart": its id}`."""
    data = control.get("webPartData") or {}
    kind = str(control.get("webPartId") or data.get("id") or "").lower()
    content = data.get("serverProcessedContent") or {}
    texts, links, images = (
        content.get(name) or {} for name in ("searchablePlainTexts", "links", "imageSources")
    )
    held = _Held(data.get("properties") or {}, texts, links, images, scope, known)
    found = _FOUND[kind](held) if kind in _FOUND else None
    return found or {"webPart": kind}


def _quick_links(held: _Held) -> Part:
    made = [
        {
            "title": str(held.texts.get(LINK_TITLE.format(number)) or "").strip(),
            "link": held.link(LINK_URL.format(number)),
        }
        for number in range(len(held.said.get("items") or []))
    ]
    words = {text.lower(): word for word, text in LINK_LAYOUTS.items()}
    layout = str(held.said.get("layoutId") or "CompactCard")
    word = words.get(layout.lower(), layout)
    return {"quickLinks": made} | ({} if word == "compact" else {"linkLayout": word})


def _list(held: _Held) -> Part:
    part: Part = {"list": held.address_of("list", "selectedListId")}
    view = str(held.said.get("selectedViewId") or "")
    if view.strip("{}").replace("0", "").strip("-"):
        part["view"] = held.address_of("view", "selectedViewId")
    return part | ({"commandBar": False} if held.said.get("hideCommandBar") else {})


def _chart(held: _Held) -> Part | None:
    if not held.said.get("selectedListId"):
        return None  # its numbers were typed in
    part: Part = {
        "chart": held.address_of("list", "selectedListId"),
        "label": str(held.said.get("selectedLabelFieldName") or ""),
        "value": str(held.said.get("selectedValueFieldName") or ""),
    }
    sort = held.said.get("type") or 0
    word = CHARTS[sort] if sort in range(len(CHARTS)) else str(sort)
    part |= {} if word == "column" else {"type": word}
    title = str(held.texts.get("title") or "").strip()
    return part | ({"title": title} if title else {})


def _button(held: _Held) -> Part:
    label = str(held.texts.get("label") or held.said.get("label") or "").strip()
    align = str(held.said.get("alignment") or "center").lower()
    return {"button": label, "link": held.link("linkUrl"), "align": align}


def _image(held: _Held) -> Part:
    source = link_plain(str(held.images.get("imageSource") or ""), held.scope.hostname)
    return {"image": source, "alt": str(held.said.get("altText") or "").strip()}


def _people(held: _Held) -> Part:
    persons = held.said.get("persons") or ()
    names = [str(one.get("upn") or one.get("id") or "").lower() for one in persons]
    return {"people": [name.removeprefix(CLAIM) for name in names]}


def _spacer(held: _Held) -> Part | None:
    height = held.said.get("height")
    return {"spacer": height} if isinstance(height, int) else None


_FOUND: Mapping[str, Callable[[_Held], Part | None]] = {
    QUICK_LINKS: _quick_links,
    LIST: _list,
    CHART: _chart,
    BUTTON: _button,
    IMAGE: _image,
    PEOPLE: _people,
    DIVIDER: lambda _held: {"divider": True},
    SPACER: _spacer,
}
