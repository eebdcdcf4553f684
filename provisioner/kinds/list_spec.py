"""What the file may say of a library or list."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from provisioner.core.where import parse
from provisioner.kinds.base import SpecModel

UNLIMITED = 50_000
"""SharePoint's largest version limit; 0 on the wire means the same (no limit)."""
_WORD = re.compile(r"[^\W_](?:[\w ,()'+-]|\.(?!\.))*(?<![ .])")
"""What SharePoint keeps of a title for an address: blanks and letters of any language, too."""
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Versioning(SpecModel):
    """How many versions are kept."""

    major: int = Field(ge=0, le=UNLIMITED, description="Versions to keep; 0 keeps no history.")
    minor: int = Field(
        default=0,
        ge=0,
        le=UNLIMITED,
        description="Draft versions: for how many major versions drafts are kept; 0 has none.",
    )

    @model_validator(mode="after")
    def _drafts_need_history(self) -> Versioning:
        if self.minor and not self.major:
            raise ValueError("Draft versions need `major` to be 1 or more.")
        return self


class Check(SpecModel):
    """A question sync asks of every row; each row that answers it with yes is a finding."""

    code: str = Field(
        pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$",
        description="What findings are called, in capitals: `RISK-REVIEW-OVERDUE`.",
    )
    severity: Literal["error", "warning", "note"] = Field(
        default="warning", description="How bad a finding is: error, warning or note."
    )
    where: dict[str, Any] = Field(
        description="Which rows are at fault, as in views; and what views cannot ask: another column "
        "of the row, `{Approver: {eq: {field: Requester}}}`, and business days, `today-10b`."
    )
    message: str = Field(
        min_length=1,
        description="What the finding says; `{{ Title }}` stands for the row's own value.",
    )
    assign: str | None = Field(
        default=None, description="Internal name of the column of the person to tell."
    )

    @field_validator("where")
    @classmethod
    def _is_condition(cls, value: dict[str, Any]) -> dict[str, Any]:
        parse(value)
        return value


class _Common(SpecModel):
    key: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        description="Its name in this file and in plans, such as `risk-register`. Never changes.",
    )
    renamed_from: tuple[str, ...] = Field(
        default=(), description="Keys it had before in this file, so that our records go with it."
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
    draft_visibility: Literal["reader", "author", "approver"] | None = Field(
        default=None,
        description="Who sees drafts: every reader, who may edit, or who approves (and the author).",
    )
    folder_creation: bool | None = Field(
        default=None, description="Whether people may make folders in it."
    )
    quick_launch: bool | None = Field(
        default=None, description="Whether SharePoint lists it in the site's navigation by itself."
    )
    hidden: bool | None = Field(default=None, description="Whether people find it in the site.")
    crawled: bool | None = Field(
        default=None, description="Whether its content may appear in search results."
    )
    sync: bool | None = Field(
        default=None, description="Whether people may keep a copy on their machine by syncing."
    )
    grid_editing: bool | None = Field(
        default=None, description="Whether people may edit it like a spreadsheet, in a grid."
    )
    experience: Literal["auto", "modern", "classic"] | None = Field(
        default=None,
        description="Which pages show it: modern, classic, or what the site has (auto).",
    )

    @field_validator("url")
    @classmethod
    def _is_word(cls, value: str | None) -> str | None:
        if value is not None and not _WORD.fullmatch(value):
            raise ValueError(
                "Use letters, digits, blanks, `-` and `_`, and start with a letter or a digit."
            )
        return value

    @model_validator(mode="after")
    def _was_called_otherwise(self) -> _Common:
        if self.key in self.renamed_from:
            raise ValueError("`renamedFrom` holds former keys, and this is the key it has.")
        return self

    @model_validator(mode="after")
    def _there_are_drafts(self) -> _Common:
        drafts = self.approval or (self.versioning is not None and self.versioning.minor > 0)
        if self.draft_visibility is not None and not drafts:
            raise ValueError(
                "`draftVisibility` needs drafts: `approval: true`, or `minor` versions in a library."
            )
        if self.draft_visibility == "approver" and not self.approval:
            raise ValueError("Only what is approved has approvers; add `approval: true`.")
        return self


class Library(_Common):
    """A document library."""

    checkout: bool | None = Field(
        default=None, description="Whether a document must be checked out before it is edited."
    )
    opening: Literal["browser", "app"] | None = Field(
        default=None, description="Where a document opens when it is clicked: browser or app."
    )
    sensitivity_label: str | None = Field(
        default=None,
        description='Id of the sensitivity label new documents get, from Purview; `""` for none.',
    )

    @field_validator("sensitivity_label")
    @classmethod
    def _is_id(cls, value: str | None) -> str | None:
        if value and not _GUID.fullmatch(value):
            raise ValueError(
                "Write the label's id, such as 4a5e6b7c-…: to look up names we would need to read "
                "every label of the organisation. Purview shows it, and `Get-Label` does."
            )
        return value.lower() if value else value

    @model_validator(mode="after")
    def _enough_versions(self) -> Library:
        if self.versioning and 0 < self.versioning.major < 100:
            raise ValueError("SharePoint keeps at least 100 versions in a library (or 0 for none).")
        return self


class List(_Common):
    """A list of rows."""

    attachments: bool | None = Field(default=None, description="Whether rows may carry files.")
    comments: bool | None = Field(default=None, description="Whether people may comment on rows.")
    read_items: Literal["all", "own"] | None = Field(
        default=None,
        description="Which rows people may read: all, or only those they made (own). Whoever may "
        "manage the list reads all.",
    )
    edit_items: Literal["all", "own", "none"] | None = Field(
        default=None,
        description="Which rows people may change: all, those they made (own), or none.",
    )
    checks: tuple[Check, ...] = Field(
        default=(), description="Questions sync asks of every row, each with a code of its own."
    )

    @field_validator("checks")
    @classmethod
    def _told_apart(cls, value: tuple[Check, ...]) -> tuple[Check, ...]:
        codes = [one.code for one in value]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"The check {twice[0]} is there twice.")
        return value

    @model_validator(mode="after")
    def _no_drafts(self) -> List:
        if self.versioning and self.versioning.minor:
            raise ValueError("Lists have no draft versions; leave `minor` out.")
        return self
