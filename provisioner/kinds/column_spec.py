"""What the file may say of a column, and which words go together."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from provisioner.kinds.base import SpecModel
from provisioner.kinds.formatters import FITS, Formatting, as_format

BUILT_IN = frozenset({"Title"})
"""Columns every list has that a file may relabel; only what is said of them is compared."""
ColumnType = Literal[
    "text",
    "note",
    "choice",
    "number",
    "currency",
    "dateTime",
    "boolean",
    "person",
    "lookup",
    "hyperlink",
    "calculated",
]
_GOES_WITH: dict[str, tuple[str, ...]] = {
    "max_length": ("text",),
    "lines": ("note",),
    "rich_text": ("note",),
    "append_changes": ("note",),
    "choices": ("choice",),
    "multiple": ("choice", "person", "lookup"),
    "decimals": ("number", "currency"),
    "percentage": ("number",),
    "min": ("number", "currency"),
    "max": ("number", "currency"),
    "locale": ("currency",),
    "picture": ("hyperlink",),
    "list": ("lookup",),
    "show": ("lookup",),
    "formula": ("calculated",),
    "result": ("calculated",),
    "format": ("dateTime", "calculated"),
    "default": ("text", "note", "choice", "number", "currency", "dateTime", "boolean"),
    "validation": ("text", "choice", "number", "currency", "dateTime"),
    "indexed": (
        "text",
        "choice",
        "number",
        "currency",
        "dateTime",
        "boolean",
        "person",
        "lookup",
    ),
    "unique": ("text", "choice", "number", "currency", "dateTime", "person", "lookup"),
}
"""Which types each word belongs to. Index and unique: learn.microsoft.com, "Field element"."""
LOCALES: dict[str, int] = {
    "cs-CZ": 1029,
    "da-DK": 1030,
    "de-AT": 3079,
    "de-CH": 2055,
    "de-DE": 1031,
    "en-AU": 3081,
    "en-CA": 4105,
    "en-GB": 2057,
    "en-IE": 6153,
    "en-IN": 16393,
    "en-NZ": 5129,
    "en-US": 1033,
    "en-ZA": 7177,
    "es-ES": 3082,
    "es-MX": 2058,
    "fi-FI": 1035,
    "fr-BE": 2060,
    "fr-CA": 3084,
    "fr-CH": 4108,
    "fr-FR": 1036,
    "it-IT": 1040,
    "ja-JP": 1041,
    "ko-KR": 1042,
    "nb-NO": 1044,
    "nl-BE": 2067,
    "nl-NL": 1043,
    "pl-PL": 1045,
    "pt-BR": 1046,
    "pt-PT": 2070,
    "sv-SE": 1053,
    "zh-CN": 2052,
}
"""Regions whose money a currency column can show (Microsoft's locale ids, [MS-LCID])."""
_NEEDED = {"choice": "choices", "lookup": "list", "calculated": "formula"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+")
_RESERVED = frozenset(
    {
        "author",
        "contenttype",
        "created",
        "description",
        "editor",
        "id",
        "modified",
        "name",
        "order",
        "path",
        "size",
        "type",
        "version",
    }
)


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
    indexed: bool = Field(
        default=False, description="Whether SharePoint keeps an index (20 a list)."
    )
    unique: bool = Field(default=False, description="Whether no two rows may share a value.")
    hidden: bool = Field(default=False, description="Whether forms and views leave it out.")
    default: str | int | float | bool | None = Field(
        default=None,
        description="The value of new rows; `today` for dates, or a formula that begins with `=`.",
    )
    multiple: bool = Field(default=False, description="Whether it takes several values.")
    choices: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="What can be chosen, in the order shown."
    )
    max_length: int | None = Field(default=None, ge=1, le=255, description="Most characters.")
    lines: int | None = Field(default=None, ge=1, le=1000, description="Lines shown in forms.")
    rich_text: bool = Field(default=False, description="Whether text may be formatted.")
    append_changes: bool = Field(
        default=False,
        description="Whether each change is kept below the last one; the list needs `versioning`.",
    )
    locale: str | None = Field(
        default=None, description="Whose money it is, by region: `fr-CA`. en-US if left out."
    )
    picture: bool = Field(default=False, description="Whether the address is shown as a picture.")
    formatting: Formatting | None = Field(
        default=None,
        description="How it is shown: a format's name such as `status-pill`, or JSON. {} for none.",
    )
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
    renamed_from: str | tuple[str, ...] | None = Field(
        default=None,
        description="Not for columns: `name` is for good, and `displayName` may change freely.",
    )
    validation: ColumnRule | None = Field(default=None, description="A rule for its values.")

    @field_validator("renamed_from")
    @classmethod
    def _keeps_its_name(cls, value: str | tuple[str, ...] | None) -> None:
        if value is not None:
            raise ValueError(
                "SharePoint cannot rename a column's internal name. Keep `name` and change "
                "`displayName`, or declare a new column and move the values to it."
            )

    @field_validator("type", mode="before")
    @classmethod
    def _is_supported(cls, value: object) -> object:
        if value == "term":
            raise ValueError(
                "Columns of managed terms have no supported way to be created; use `choice`, or "
                "add the column in SharePoint and leave it out of the file."
            )
        return value

    @field_validator("locale")
    @classmethod
    def _is_region(cls, value: str | None) -> str | None:
        if value is not None and value not in LOCALES:
            raise ValueError(f"Use one of {', '.join(LOCALES)}.")
        return value

    @field_validator("formatting")
    @classmethod
    def _is_format(cls, value: Formatting | None) -> Formatting | None:
        return None if value is None else as_format(value)

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
        if isinstance(self.formatting, str) and self._word() not in FITS[self.formatting]:
            fits = ", ".join(sorted(FITS[self.formatting]))
            raise ValueError(f"The format {self.formatting} is for columns of {fits}.")
        if self.format and self.type == "calculated" and self.result != "dateTime":
            raise ValueError("`format` goes with `result: dateTime`.")
        return self

    def _word(self) -> str:
        """The sort of values, as formats tell them apart."""
        if self.type == "dateTime":
            return self.format or "dateOnly"
        return f"multi{self.type}" if self.multiple else str(self.type)

    @property
    def default_formula(self) -> str | None:
        """The default as a formula, where it is one."""
        given = self.default
        return given if isinstance(given, str) and given.strip().startswith("=") else None

    @model_validator(mode="after")
    def _values_fit(self) -> Column:
        choices = self.choices or ()
        twice = sorted({one for one in choices if choices.count(one) > 1})
        if twice:
            raise ValueError(f"The choice {twice[0]} is there twice.")
        said = None if self.default_formula else self.default
        if self.type == "choice" and said is not None and said not in choices:
            raise ValueError(f"The default {self.default} is not one of the choices.")
        if self.default_formula and (self.type in {"note", "boolean"} or self.multiple):
            raise ValueError("The default of such a column is a value, not a formula.")
        if self.type == "boolean" and not isinstance(self.default, bool | None):
            raise ValueError("The default of a boolean column is true or false.")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("`min` is larger than `max`.")
        return self


class SiteColumn(Column):
    """A column of the site, used through content types."""

    group: str | None = Field(
        default=None, description="Where SharePoint files it in its settings."
    )


class ListColumn(Column):
    """A column of one list."""
