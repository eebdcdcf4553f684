"""What a workspace file may say of a page: its sections, their columns, and the parts in them."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from provisioner.kinds.base import SpecModel
from provisioner.kinds.links import check_link
from provisioner.kinds.page_text import normal

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,119}")
COLUMNS = {
    "oneColumn": 1,
    "twoColumns": 2,
    "threeColumns": 3,
    "oneThirdLeft": 2,
    "oneThirdRight": 2,
    "fullWidth": 1,
    "vertical": 1,
}
"""How many columns a section of each layout has."""
SectionLayout = Literal[
    "oneColumn",
    "twoColumns",
    "threeColumns",
    "oneThirdLeft",
    "oneThirdRight",
    "fullWidth",
    "vertical",
]
LinkLayout = Literal["compact", "filmstrip", "grid", "button", "list", "tiles"]
Emphasis = Literal["none", "neutral", "soft", "strong"]


class QuickLink(SpecModel):
    """A link to click."""

    title: str = Field(min_length=1, max_length=255, description="The words people click.")
    link: str = Field(
        description="library:<key>, list:<key>, list:<key>/view:<name>, page:<name>, a path or an "
        "address."
    )

    @field_validator("link")
    @classmethod
    def _leads_somewhere(cls, value: str) -> str:
        return check_link(value)


class Chart(SpecModel):
    """A chart over the rows of a list."""

    list: str = Field(description="Key of the list or library whose rows are drawn.")
    label: str = Field(description="Internal name of the column that names each bar or slice.")
    value: str = Field(description="Internal name of the number column that is drawn.")
    type: Literal["column", "pie"] = Field(default="column", description="column or pie.")
    title: str | None = Field(default=None, max_length=255, description="Words above the chart.")


class Button(SpecModel):
    """One thing to press."""

    label: str = Field(min_length=1, max_length=255, description="The words on it.")
    link: str = Field(description="Where it leads, as in a quick link.")
    align: Literal["left", "center", "right"] = Field(
        default="center", description="Where in its column it stands: left, center or right."
    )

    @field_validator("link")
    @classmethod
    def _leads_somewhere(cls, value: str) -> str:
        return check_link(value)


class Image(SpecModel):
    """A picture that is on the site already, or elsewhere."""

    source: str = Field(description="Path on the site's host, or an address.")
    alt: str = Field(
        min_length=1, max_length=1000, description="What it shows, for those who cannot see it."
    )

    @field_validator("source")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("/", "https://")):
            raise ValueError("Write a path such as /sites/a/SiteAssets/x.png, or https://….")
        return value


class Words(SpecModel):
    """The parts a column can hold, by their words."""

    text: str | None = Field(default=None, description="Markdown, or HTML that begins with a tag.")
    quick_links: tuple[QuickLink, ...] = Field(default=(), description="Links with a title each.")
    link_layout: LinkLayout = Field(
        default="compact",
        description="How quick links are drawn: compact, filmstrip, grid, button, list or tiles.",
    )
    list: str | None = Field(default=None, description="Key of a list whose rows are shown.")
    library: str | None = Field(
        default=None, description="Key of a library whose documents are shown."
    )
    view: str | None = Field(
        default=None, description="Name of a declared view of it; its default view if left out."
    )
    command_bar: bool = Field(
        default=True, description="Whether `list` or `library` has its bar of commands above it."
    )
    chart: Chart | None = Field(default=None, description="A chart over the rows of a list.")
    button: Button | None = Field(default=None, description="One link that looks like a button.")
    image: Image | None = Field(default=None, description="A picture.")
    people: tuple[str, ...] = Field(
        default=(), description="People with their pictures, each as user:<address>."
    )
    divider: Literal[True] | None = Field(default=None, description="`true`: a line across.")
    spacer: Annotated[int, Field(ge=1, le=500)] | None = Field(
        default=None, description="Empty room of this many pixels."
    )

    @field_validator("people")
    @classmethod
    def _are_people(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not one.startswith("user:") or "@" not in one for one in value):
            raise ValueError("Name people as user:ann@contoso.example.")
        return value

    @model_validator(mode="after")
    def _go_together(self) -> Words:
        if self.list is not None and self.library is not None:
            raise ValueError("Show a list or a library; put the other into a part of its own.")
        shown = self.list is not None or self.library is not None
        if not shown and (self.view is not None or not self.command_bar):
            raise ValueError("`view` and `commandBar` are said of a `list` or `library`.")
        if not self.quick_links and self.link_layout != "compact":
            raise ValueError("`linkLayout` is said of `quickLinks`.")
        return self

    def held(self) -> tuple[str, ...]:
        """The words that are said, in the order their parts stand in."""
        given = {
            "text": bool(normal(self.text or "")),
            "quickLinks": bool(self.quick_links),
            "list": self.list is not None or self.library is not None,
            "chart": self.chart is not None,
            "button": self.button is not None,
            "image": self.image is not None,
            "people": bool(self.people),
            "divider": self.divider is not None,
            "spacer": self.spacer is not None,
        }
        return tuple(word for word, said in given.items() if said)


class Part(Words):
    """One part of a column."""

    @model_validator(mode="after")
    def _is_one(self) -> Part:
        if len(self.held()) != 1:
            raise ValueError("Each of `parts` is one thing: a text, a list, a chart ….")
        return self


class Column(Words):
    """A column of a section: its parts by their words, then those of `parts`."""

    parts: tuple[Part, ...] = Field(
        default=(), description="Parts in the order they stand in, each with one word."
    )

    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.held() and not self.parts


class Collapsible(SpecModel):
    """A section that can be folded away."""

    title: str = Field(min_length=1, max_length=255, description="The words that stay.")
    expanded: bool = Field(default=True, description="Whether it is open at first.")


class PageSection(Column):
    """A row of the page."""

    columns: tuple[Column, ...] = Field(
        default=(), max_length=3, description="One to three columns; or say the parts right here."
    )
    layout: SectionLayout | None = Field(
        default=None,
        description="oneColumn, twoColumns, threeColumns, oneThirdLeft, oneThirdRight, fullWidth "
        "(communication sites only) or vertical (beside all others). By the number of columns if "
        "left out.",
    )
    emphasis: Emphasis = Field(
        default="none", description="Its background: none, neutral, soft or strong."
    )
    collapsible: Collapsible | None = Field(
        default=None, description="A `title` under which people can fold it away."
    )

    @model_validator(mode="after")
    def _holds_something(self) -> PageSection:
        if self.columns and not self.is_empty():
            raise ValueError("Say the parts of a section in `columns` or right in it, not in both.")
        if self.is_empty() and all(one.is_empty() for one in self.columns):
            raise ValueError("A section holds something in at least one column.")
        most = COLUMNS[self.layout] if self.layout else 3
        if len(self.columns) > most:
            raise ValueError(f"A section `{self.layout}` has {most} columns.")
        if self.layout == "vertical" and self.collapsible is not None:
            raise ValueError("The vertical section cannot be folded away.")
        return self


class TitleArea(SpecModel):
    """The top of a page, with its title."""

    layout: Literal["plain", "imageAndTitle", "colorBlock", "overlap"] = Field(
        default="plain", description="plain, imageAndTitle, colorBlock or overlap."
    )
    align: Literal["left", "center"] = Field(
        default="left", description="Where the title stands: left or center."
    )
    text_above: str | None = Field(
        default=None, min_length=1, max_length=40, description="Words above the title."
    )
    publish_date: bool = Field(
        default=False, description="Whether the day it was published is shown."
    )


class Page(SpecModel):
    """A page of the site."""

    name: str = Field(description="Its file name without `.aspx`.")
    title: str = Field(min_length=1, max_length=255, description="The title people see.")
    description: str | None = Field(
        default=None, max_length=255, description="What search results say of it."
    )
    home: bool = Field(default=False, description="Whether it is what the site opens with.")
    title_area: TitleArea | None = Field(
        default=None, description="How the top is drawn; people's own if left out."
    )
    sections: tuple[PageSection, ...] = Field(default=(), description="What stands on it.")

    @field_validator("name")
    @classmethod
    def _is_free(cls, value: str) -> str:
        if not _NAME.fullmatch(value):
            raise ValueError(
                f"{value} cannot be a page's name: use letters, digits, spaces, - and _, "
                "without .aspx."
            )
        if value.casefold() == "home":
            raise ValueError(
                "SharePoint makes Home with every site; give yours another name, and `home: true`."
            )
        return value

    @field_validator("sections")
    @classmethod
    def _stand_beside(cls, value: tuple[PageSection, ...]) -> tuple[PageSection, ...]:
        layouts = [one.layout for one in value]
        if layouts.count("vertical") > 1:
            raise ValueError("A page has one vertical section at most.")
        if "vertical" in layouts and "fullWidth" in layouts:
            raise ValueError("A page with a vertical section cannot have one of full width.")
        return value
