"""What a workspace file says of its site."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from provisioner.kinds.base import SpecModel
from provisioner.kinds.site_language import FORMATS, LANGUAGES
from provisioner.kinds.site_settings import NONE
from provisioner.kinds.site_theme import COLOUR

Day = Literal["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
_PATH = re.compile(r"/(sites|teams)/[A-Za-z0-9_.~-]+")
_PICTURE = re.compile(r"file:.+\.(png|jpe?g|gif|svg)", re.IGNORECASE)
_PLACE = re.compile(r"none|(https://[^/?#]+)?/[^?#]*[^/?#]")
_ALIAS = re.compile(r"[A-Za-z0-9_~-]{1,64}")
USUAL = {
    "firstDayOfWeek": "sunday",
    "hub": NONE,
    "logo": NONE,
    "themeColor": "#0078d4",
    "headerEmphasis": "lightest",
    "quickLaunch": True,
    "megaMenu": True,
    "searchScope": "default",
}
"""What an imported file leaves out, because a new site is like that."""


@cache
def _is_known_zone(name: str) -> bool:
    """Whether it is a zone: of the list that comes with `tzdata`, or one that only this machine knows.

    The machine's own are in hundreds of files, which are looked through last.
    """
    listed = resources.files("tzdata").joinpath("zones").read_text("utf-8")
    return name in listed.split("\n") or name in available_timezones()


class Site(SpecModel):
    """The site of the workspace."""

    url: str = Field(description="Where the site is on its host, such as `/sites/acme-soc2`.")
    title: str = Field(min_length=1, description="The name people see.")
    description: str | None = Field(default=None, description="What the site is for.")
    create: Literal["communication", "team", "group", "never"] = Field(
        default="communication",
        description="What to create when it is missing: a communication site, a team site with or "
        "without a Microsoft 365 group (`group`, `team`); `never` leaves that to an administrator.",
    )
    owner: str | None = Field(
        default=None, description="Mail address of who owns a new site; an app cannot own one."
    )
    locale: str | None = Field(
        default=None, description="Language of the site, such as `en-US`. Fixed at creation."
    )
    time_zone: str | None = Field(
        default=None, description="The site's time zone, such as `America/Toronto`. UTC if absent."
    )
    formats: str | None = Field(
        default=None,
        description="Whose dates and numbers are written, such as `en-CA`. Compared, not set.",
    )
    first_day_of_week: Day | None = Field(
        default=None, description="First day of the week in calendars. Compared, not set."
    )
    time24: bool | None = Field(
        default=None,
        alias="time24",
        description="Whether times are written with 24 hours. Compared, not set.",
    )
    sharing: Literal["full", "limited", "ownersOnly"] | None = Field(
        default=None,
        description="Who may share: `full`, members share all; `limited`, members share files and "
        "folders; `ownersOnly`.",
    )
    guest_invitations: bool | None = Field(
        default=None,
        description="Whether guests may be invited by mail. Set when the site is made, later only "
        "by an administrator.",
    )
    anonymous_links: bool | None = Field(
        default=None,
        description="Whether links may work without signing in. Set only by an administrator.",
    )
    hub: str | None = Field(
        default=None,
        description="The hub it belongs to, such as `/sites/compliance`; `none` leaves its hub.",
    )
    logo: str | None = Field(
        default=None,
        description="A picture beside the workspace file (`file:logo.png`), which is uploaded, or the "
        "path of one on the same host (`/sites/brand/SiteAssets/a.png`); `none` for SharePoint's own.",
    )
    theme_color: str | None = Field(
        default=None, description="Main colour of the theme, such as `#0b6a0b`."
    )
    header_layout: Literal["standard", "compact", "minimal", "extended"] | None = Field(
        default=None, description="Layout of the header."
    )
    header_emphasis: Literal["lightest", "light", "dark", "darkest"] | None = Field(
        default=None, description="How strong the header's background is."
    )
    footer: bool | None = Field(default=None, description="Whether pages end with a footer.")
    quick_launch: bool | None = Field(
        default=None, description="Whether the menu at the left is shown."
    )
    mega_menu: bool | None = Field(
        default=None, description="Whether menus open as a mega menu, not one level at a time."
    )
    search_scope: Literal["default", "tenant", "hub", "site"] | None = Field(
        default=None, description="Where the search box of the site looks."
    )

    @field_validator("url")
    @classmethod
    def _is_path(cls, value: str) -> str:
        if not _PATH.fullmatch(value):
            raise ValueError("Write the path of the site on its host, such as /sites/acme-soc2.")
        return value

    @field_validator("locale")
    @classmethod
    def _is_language(cls, value: str | None) -> str | None:
        if value is not None and value not in LANGUAGES.values():
            raise ValueError(f"SharePoint has no sites in {value}; en-US is one it has.")
        return value

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        if value is not None and not _is_known_zone(value):
            raise ValueError(f"{value} is not a time zone; write one such as Europe/London.")
        return value

    @field_validator("formats")
    @classmethod
    def _is_format(cls, value: str | None) -> str | None:
        if value is not None and value not in FORMATS.values():
            raise ValueError(f"{value} is not a region we know; en-GB is one.")
        return value

    @field_validator("theme_color")
    @classmethod
    def _is_colour(cls, value: str | None) -> str | None:
        if value is not None and not COLOUR.fullmatch(value):
            raise ValueError(f"{value} is not a colour; write one such as #0b6a0b.")
        return value

    @field_validator("hub")
    @classmethod
    def _is_place(cls, value: str | None) -> str | None:
        if value is not None and not _PLACE.fullmatch(value):
            raise ValueError(
                f"{value} is not a place on the host; write its path from the first / on, or none."
            )
        return value

    @field_validator("logo")
    @classmethod
    def _is_picture(cls, value: str | None) -> str | None:
        if value is not None and not (_PLACE.fullmatch(value) or _PICTURE.fullmatch(value)):
            raise ValueError(
                f"{value} is no picture: write file:logo.png for one beside the workspace file "
                "(png, jpg, gif or svg), the path of one on the host, or none."
            )
        return value

    @model_validator(mode="after")
    def _new_site_has_owner(self) -> Site:
        if self.create != "never" and not self.owner:
            raise ValueError(
                "A site that may be created needs an `owner`. Name one, or say `create: never`."
            )
        if self.create == "group" and not _ALIAS.fullmatch(self.url.rpartition("/")[2]):
            raise ValueError(
                "The last part of `url` becomes the group's mail alias: at most 64 letters, digits, "
                "- and _."
            )
        if self.hub is not None and self.hub.casefold().endswith(self.url.casefold()):
            raise ValueError("A site cannot be its own hub; name another site, or leave `hub` out.")
        if self.create == "group" and self.logo is not None:
            raise ValueError(
                "A site with a Microsoft 365 group shows the picture of the group; leave `logo` out."
            )
        return self
