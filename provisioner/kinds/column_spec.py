"""What the file may say of a column, and which words go together."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from provisioner.kinds.base import SpecModel

BUILT_IN = frozenset({"Title"})
"""Columns every list has that a file may relabel; only what is said of them is compared."""
ColumnType = Literal[
    "text", "note", "choice", "number", "dateTime", "boolean", "person", "lookup", "calculated"
]
_GOES_WITH: dict[str, tuple[str, ...]] = {
    "max_length": ("text",),
    "lines": ("note",),
    "rich_text": ("note",),
    "choices": ("choice",),
    "multiple": ("choice", "person", "lookup"),
    "decimals": ("number",),
    "percentage": ("number",),
    "min": ("number",),
    "max": ("number",),
    "list": ("lookup",),
    "show": ("lookup",),
    "formula": ("calculated",),
    "result": ("calculated",),
    "format": ("dateTime", "calculated"),
    "default": ("text", "note", "choice", "number", "dateTime", "boolean"),
    "validation": ("text", "choice", "number", "dateTime"),
    "indexed": ("text", "choice", "number", "dateTime", "boolean", "person", "lookup"),
    "unique": ("text", "choice", "number", "dateTime", "person", "lookup"),
}
"""Which types each word belongs to. Index and unique: learn.microsoft.com, "Field element"."""
_NEEDED = {"choice": "choices", "lookup": "list", "calculated": "formula"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+")
_RESERVED = frozenset({
    "author", "contenttype", "created", "description", "editor", "id", "modified", "name", "order",
    "path", "size", "type", "version",
})


class ColumnRule(SpecModel):
    """A rule for the values of one column."""

    formula: str = Field(min_length=1, description="A formula that is true for a good value.")
    message: str = Field(default="", description="What people read when it is not.")


class Column(SpecModel):
    """What all columns share."""

    name: str = Field(
        max_length=32,
        description="Internal name: a short word in ASCII letters and digits. Never changes.",
    )
    display_name: str | None = Field(
        default=None, min_length=1, max_length=255, description="The name people see."
    )
    description: str | None = Field(default=None, description="The hint people see in forms.")
    type: ColumnType | None = Field(default=None, description="What it holds.")
    required: bool = Field(default=False, description="Whether a value must be given.")
    indexed: bool = Field(default=False, description="Whether SharePoint keeps an index (20 a list).")
    unique: bool = Field(default=False, description="Whether no two rows may share a value.")
    hidden: bool = Field(default=False, description="Whether forms and views leave it out.")
    default: str | int | float | bool | None = Field(
        default=None, description="The value of new rows; `today` for dates."
    )
    multiple: bool = Field(default=False, description="Whether it takes several values.")
    choices: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="What can be chosen, in the order shown."
    )
    max_length: int | None = Field(default=None, ge=1, le=255, description="Most characters.")
    lines: int | None = Field(default=None, ge=1, le=1000, description="Lines shown in forms.")
    rich_text: bool = Field(default=False, description="Whether text may be formatted.")
    format: Literal["dateOnly", "dateTime"] | None = Field(
        default=None, description="Days only, or days and times. Days if left out."
    )
    decimals: int | None = Field(default=None, ge=0, le=5, description="Digits after the point.")
    percentage: bool = Field(default=False, description="Whether 0.5 is shown as 50 %.")
    min: int | float | None = Field(default=None, description="Smallest number allowed.")
    max: int | float | None = Field(default=None, description="Largest number allowed.")
    list: str | None = Field(default=None, description="Key of the list a lookup points at.")
    show: str | None = Field(
        default=None, description="Column of that list a lookup shows; Title if left out."
    )
    formula: str | None = Field(
        default=None, description="Formula of a calculated column, naming columns by display name."
    )
    result: Literal["text", "number", "dateTime", "boolean"] | None = Field(
        default=None, description="What a formula gives; text if left out."
    )
    validation: ColumnRule | None = Field(default=None, description="A rule for its values.")

    @field_validator("name")
    @classmethod
    def _is_internal_name(cls, value: str) -> str:
        if not _NAME.fullmatch(value):
            raise ValueError("Use ASCII letters, digits and `_`, and start with a letter.")
        if _CELL.fullmatch(value) or value.lower() in {"true", "false"}:
            raise ValueError(f"SharePoint takes {value} for part of a formula; choose another.")
        if value.lower() in _RESERVED:
            raise ValueError(f"Every list has a column {value} already; choose another name.")
        return value

    @model_validator(mode="after")
    def _words_fit_the_type(self) -> Column:
        if self.type is None:
            if self.name not in BUILT_IN:
                raise ValueError("Say what the column holds: give it a `type`.")
            return self
        for word, types in _GOES_WITH.items():
            if word in self.model_fields_set and self.type not in types and getattr(self, word):
                shown = type(self).model_fields[word].alias or word
                raise ValueError(f"`{shown}` goes with {' or '.join(types)}, not {self.type}.")
        needed = _NEEDED.get(self.type)
        if needed is not None and getattr(self, needed) is None:
            raise ValueError(f"A {self.type} column needs `{needed}`.")
        if self.multiple and (self.indexed or self.unique):
            raise ValueError("A column with several values cannot be indexed or unique.")
        if self.format and self.type == "calculated" and self.result != "dateTime":
            raise ValueError("`format` goes with `result: dateTime`.")
        return self

    @model_validator(mode="after")
    def _values_fit(self) -> Column:
        choices = self.choices or ()
        twice = sorted({one for one in choices if choices.count(one) > 1})
        if twice:
            raise ValueError(f"The choice {twice[0]} is there twice.")
        if self.type == "choice" and self.default is not None and self.default not in choices:
            raise ValueError(f"The default {self.default} is not one of the choices.")
        if self.type == "boolean" and not isinstance(self.default, bool | None):
            raise ValueError("The default of a boolean column is true or false.")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("`min` is larger than `max`.")
        return self


class SiteColumn(Column):
    """A column of the site, used through content types."""

    group: str | None = Field(default=None, description="Where SharePoint files it in its settings.")


class ListColumn(Column):
    """A column of one list."""
