"""What the file may say of a library or list."""

from __future__ import annotations

import re

from pydantic import Field, field_validator, model_validator

from provisioner.kinds.base import SpecModel

UNLIMITED = 50_000
"""SharePoint's largest version limit; 0 on the wire means the same (no limit)."""
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class Versioning(SpecModel):
    """How many versions are kept."""

    major: int = Field(ge=0, le=UNLIMITED, description="Versions to keep; 0 keeps no history.")
    minor: int = Field(
        default=0, ge=0, le=UNLIMITED,
        description="Draft versions: for how many major versions drafts are kept; 0 has none.",
    )

    @model_validator(mode="after")
    def _drafts_need_history(self) -> Versioning:
        if self.minor and not self.major:
            raise ValueError("Draft versions need `major` to be 1 or more.")
        return self


class _Common(SpecModel):
    key: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        description="Its name in this file and in plans, such as `risk-register`. Never changes.",
    )
    title: str = Field(min_length=1, max_length=255, description="The name people see.")
    url: str | None = Field(
        default=None, description="Its part of the address; the key in capitals if left out."
    )
    description: str | None = Field(default=None, description="What it is for.")
    versioning: Versioning | None = Field(default=None, description="How many versions are kept.")
    approval: bool | None = Field(
        default=None, description="SharePoint's own approval, which hides drafts from readers."
    )
    quick_launch: bool | None = Field(
        default=None, description="Whether SharePoint lists it in the site's navigation by itself."
    )
    hidden: bool | None = Field(default=None, description="Whether people find it in the site.")
    crawled: bool | None = Field(
        default=None, description="Whether its content may appear in search results."
    )

    @field_validator("url")
    @classmethod
    def _is_word(cls, value: str | None) -> str | None:
        if value is not None and not _WORD.fullmatch(value):
            raise ValueError("Use letters, digits, `-` and `_`, and start with a letter.")
        return value


class Library(_Common):
    """A document library."""

    @model_validator(mode="after")
    def _enough_versions(self) -> Library:
        if self.versioning and 0 < self.versioning.major < 100:
            raise ValueError("SharePoint keeps at least 100 versions in a library (or 0 for none).")
        return self


class List(_Common):
    """A list of rows."""

    attachments: bool | None = Field(default=None, description="Whether rows may carry files.")

    @model_validator(mode="after")
    def _no_drafts(self) -> List:
        if self.versioning and self.versioning.minor:
            raise ValueError("Lists have no draft versions; leave `minor` out.")
        return self
