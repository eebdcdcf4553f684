"""What the file may say of a content type, and of those a library or list uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, RootModel, field_validator, model_validator

from provisioner.kinds.base import SpecModel

BASES = {
    "Item": "0x01",
    "Document": "0x0101",
    "Event": "0x0102",
    "Announcement": "0x0104",
    "Link": "0x0105",
    "Contact": "0x0106",
    "Task": "0x0108",
    "Folder": "0x0120",
}
"""Microsoft's own content types by their ids, the same in every language
(learn.microsoft.com, "Base content type hierarchy")."""
LISTED = frozenset({"Item", "Document"})
"""Those a new list or library has by itself, and that may be taken away or kept in its menu."""
_TEMPLATE = re.compile(
    r"(file:.+|/[^?#]+/SiteAssets/[^/?#]+)\.(docx|dotx|xlsx|xltx|pptx|potx)", re.IGNORECASE
)
_NO_NAME = re.compile(r'[\\/:*?"#%<>{}|~&\x00-\x1f]|\.\.')
"""learn.microsoft.com, "SPContentType.ValidateName"."""
_SETS = frozenset({"document set", "documentset", "0x0120d520"})


class ColumnUse(SpecModel):
    """A column as a content type uses it: its name alone, or a map with its name and more."""

    model_config = ConfigDict(json_schema_extra={"type": ["string", "object"]})

    name: str = Field(min_length=1, description="Internal name of a site column.")
    required: bool | None = Field(
        default=None, description="Whether it must be filled in where this content type is used."
    )
    hidden: bool | None = Field(
        default=None, description="Whether this content type's forms leave it out."
    )

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _can_be_filled(self) -> ColumnUse:
        if self.required and self.hidden:
            raise ValueError("A column that forms leave out cannot be required.")
        return self


class ContentType(SpecModel):
    """One content type of the site."""

    name: str = Field(min_length=1, max_length=128, description="The name people see.")
    renamed_from: tuple[str, ...] = Field(
        default=(), description="Names it had before, so that it is renamed and not made anew."
    )
    base: str = Field(
        description="What it starts from: Item, Document, Folder, or one of this file."
    )
    description: str | None = Field(default=None, description="What it is for.")
    group: str | None = Field(
        default=None, description="Where SharePoint files it in its settings."
    )
    hidden: bool | None = Field(
        default=None, description="Whether it is left out where people choose content types."
    )
    template: str | None = Field(
        default=None,
        description="What new documents begin as: a document beside the workspace file "
        "(`file:templates/evidence.docx`), or the path of one in the site's Site Assets.",
    )
    columns: tuple[ColumnUse, ...] = Field(
        default=(), description="Site columns it carries, in the order of the form."
    )

    @property
    def column_names(self) -> tuple[str, ...]:
        """Internal names of its own columns, in order."""
        return tuple(one.name for one in self.columns)

    @field_validator("name")
    @classmethod
    def _not_microsofts(cls, value: str) -> str:
        if value in BASES:
            raise ValueError(f"{value} is Microsoft's own content type; choose another name.")
        wrong = _NO_NAME.search(value)
        if wrong is not None:
            raise ValueError(
                f"SharePoint takes no “{wrong[0]}” in the name of a content type, nor any of "
                '\\ / : * ? " # % < > { } | ~ &, two full stops in a row or a tab.'
            )
        return value

    @field_validator("base")
    @classmethod
    def _no_set(cls, value: str) -> str:
        if value.lower() in _SETS:
            raise ValueError(
                "Document sets are not offered, since no supported request says all of what one "
                "holds. Use a folder for each set, with `defaults` for what its documents share."
            )
        return value

    @field_validator("template")
    @classmethod
    def _is_document(cls, value: str | None) -> str | None:
        if value is not None and not _TEMPLATE.fullmatch(value):
            raise ValueError(
                f"{value} is no template: write file:templates/evidence.docx for a Word, Excel or "
                "PowerPoint file beside the workspace file, or the path of one in Site Assets."
            )
        return value

    @field_validator("columns")
    @classmethod
    def _no_column_twice(cls, value: tuple[ColumnUse, ...]) -> tuple[ColumnUse, ...]:
        names = [one.name for one in value]
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            raise ValueError(f"The column {twice[0]} is there twice.")
        return value


class ListContentType(SpecModel):
    """A content type in a list: its name alone, or a map with its name and more."""

    model_config = ConfigDict(json_schema_extra={"type": ["string", "object"]})

    name: str = Field(
        min_length=1, description="A content type of this file, or SharePoint's Document or Item."
    )
    in_new_menu: bool = Field(default=True, description="Whether people find it in the New menu.")
    present: bool = Field(
        default=True,
        description="With `false`, SharePoint's own Document or Item is taken out of the list.",
    )

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _makes_sense(self) -> ListContentType:
        if self.name in BASES and self.name not in LISTED:
            raise ValueError(f"{self.name} cannot be put into a list; make one based on it.")
        if not self.present and self.name not in LISTED:
            raise ValueError(
                "Only SharePoint's own Document or Item is taken out; leave another one out of "
                "`contentTypes` and prune."
            )
        return self


class ListContentTypes(RootModel[tuple[ListContentType, ...]]):
    """Content types a library or list uses; the first is what new documents or rows become."""

    @field_validator("root")
    @classmethod
    def _are_told_apart(cls, value: tuple[ListContentType, ...]) -> tuple[ListContentType, ...]:
        names = [one.name for one in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"The content type {name} is there twice.")
        if not any(one.present and one.in_new_menu for one in value):
            raise ValueError(
                "Name at least one content type people can choose, or leave `contentTypes` out."
            )
        return value

    @property
    def own(self) -> tuple[str, ...]:
        """Names of the content types of this file that the list uses."""
        return tuple(one.name for one in self.root if one.name not in BASES)

    @property
    def menu(self) -> tuple[str, ...]:
        """What the New menu shows, in order; the first is the default."""
        return tuple(one.name for one in self.root if one.present and one.in_new_menu)

    @property
    def removed(self) -> tuple[str, ...]:
        """SharePoint's own that the list must not have."""
        return tuple(one.name for one in self.root if not one.present)


def entry(name: str, more: Mapping[str, Any]) -> Any:
    """A name alone, or a map where there is more to say."""
    return {"name": name, **more} if more else name
