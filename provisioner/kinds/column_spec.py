"""What the file may say of a column, and which words go together."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from provisioner.kinds.base import SpecModel
from provisioner.kinds.column_locales import LOCALES
from provisioner.kinds.column_words import (
    CELL,
    EVERY_TITLE,
    GOES_WITH,
    NAME,
    NEEDED,
    RESERVED,
    SHOWN,
    ColumnType,
    is_moment,
    is_number,
)
from provisioner.kinds.formatters import FITS, Formatting, as_format

BUILT_IN = frozenset({"Title"})
"""Columns every list has that a file may relabel; only what is said of them is compared."""
Form = Literal["new", "edit", "display"]
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FORMS = ("new", "edit", "display")
"""The forms of a row, in the order they are named."""


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
    read_only: bool = Field(
        default=False, description="Whether people cannot change it; forms leave it out."
    )
    show_in_forms: tuple[Form, ...] | None = Field(
        default=None,
        description="The forms that show it: new, edit, display. [] for none; left out, as it is.",
    )
    default: str | int | float | bool | None = Field(
        default=None,
        description="The value of new rows; `today` for dates, or a formula that begins with `=`.",
    )
    multiple: bool = Field(default=False, description="Whether it takes several values.")
    choices: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="What can be chosen, in the order shown."
    )
    allow_text_entry: bool = Field(
        default=False, description="Whether people may fill in a value that is not a choice."
    )
    display_as: Literal["dropDownMenu", "radioButtons", "standard", "friendly"] | None = Field(
        default=None,
        description="Choices as dropDownMenu or radioButtons; dates as standard or friendly "
        "(“yesterday”). The first if left out.",
    )
    choose_from_type: Literal["peopleOnly", "peopleAndGroups"] | None = Field(
        default=None, description="Whether groups can be chosen too; people only if left out."
    )
    from_group: str | None = Field(
        default=None,
        min_length=1,
        description="A group of this file whose members can be chosen; everybody if left out.",
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
    on_delete: Literal["restrict", "cascade"] | None = Field(
        default=None,
        description="When a row that is pointed at is deleted: refuse it, or delete the rows that "
        "point at it too. Needs `indexed: true`.",
    )
    primary_column: str | None = Field(
        default=None,
        description="A lookup column beside it; this one shows another column of the same row.",
    )
    term_set: str | None = Field(
        default=None, description="Id of an existing term set whose terms can be chosen."
    )
    parent_term: str | None = Field(
        default=None, description="Id of a term of that set; only terms below it can be chosen."
    )
    show_fully_qualified_name: bool = Field(
        default=False, description="Whether a term is shown with those above it."
    )
    formula: str | None = Field(
        default=None, description="Formula of a calculated column, naming columns by display name."
    )
    result: Literal["text", "number", "currency", "dateTime", "boolean"] | None = Field(
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

    @field_validator("term_set", "parent_term")
    @classmethod
    def _is_id(cls, value: str | None) -> str | None:
        plain = None if value is None else value.strip().strip("{}").lower()
        if plain is not None and not _GUID.fullmatch(plain):
            raise ValueError(
                "Give the id of a term set or term, 8ed8c9ea-7052-4c1d-a4d7-b9c10bffea6f: the "
                "term store's pages in the SharePoint admin centre show it."
            )
        return plain

    @field_validator("show_in_forms")
    @classmethod
    def _in_their_order(cls, value: tuple[Form, ...] | None) -> tuple[Form, ...] | None:
        return None if value is None else tuple(one for one in FORMS if one in value)

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
        if not NAME.fullmatch(value):
            raise ValueError("Use ASCII letters, digits and `_`, and start with a letter.")
        if CELL.fullmatch(value) or value.lower() in {"true", "false"}:
            raise ValueError(f"SharePoint takes {value} for part of a formula; choose another.")
        if value.lower() in RESERVED:
            raise ValueError(f"Every list has a column {value} already; choose another name.")
        return value

    @model_validator(mode="after")
    def _words_fit_the_type(self) -> Column:
        if self.type is None:
            if self.name not in BUILT_IN:
                raise ValueError("Say what the column holds: give it a `type`.")
            self._says_what_every_column_has()
            return self
        given = self.model_fields_set
        for word, types in GOES_WITH.items():
            if word in given and self.type not in types and getattr(self, word):
                shown = type(self).model_fields[word].alias or word
                raise ValueError(f"`{shown}` goes with {' or '.join(types)}, not {self.type}.")
        needed = NEEDED.get(self.type)
        if needed is not None and getattr(self, needed) is None:
            shown = type(self).model_fields[needed].alias or needed
            raise ValueError(f"A {self.type} column needs `{shown}`.")
        if self.multiple and (self.indexed or self.unique):
            raise ValueError("A column with several values cannot be indexed or unique.")
        if isinstance(self.formatting, str) and self._word() not in FITS[self.formatting]:
            fits = ", ".join(sorted(FITS[self.formatting]))
            raise ValueError(f"The format {self.formatting} is for columns of {fits}.")
        if self.format and self.type == "calculated" and self.result != "dateTime":
            raise ValueError("`format` goes with `result: dateTime`.")
        return self

    def _says_what_every_column_has(self) -> None:
        for word in sorted(self.model_fields_set & GOES_WITH.keys() - EVERY_TITLE):
            if getattr(self, word):
                shown = type(self).model_fields[word].alias or word
                raise ValueError(
                    f"`{shown}` needs a `type`; without one only what every column has is said."
                )

    @model_validator(mode="after")
    def _words_fit_each_other(self) -> Column:
        if self.type is None:
            return self
        shown = SHOWN.get(self.type, ())
        if self.display_as and self.display_as not in shown:
            raise ValueError(f"A {self.type} column is shown as {' or '.join(shown)}.")
        if self.display_as and self.multiple:
            raise ValueError("A choice with several values is shown as check boxes.")
        if self.on_delete and not self.indexed:
            raise ValueError("`onDelete` needs `indexed: true`: SharePoint looks the rows up.")
        if self.primary_column and (self.on_delete or self.indexed or self.required):
            raise ValueError(
                "A column that shows more of another lookup is read-only: `required`, `indexed` "
                "and `onDelete` belong to the other one."
            )
        digits = self.decimals is not None or self.percentage
        if self.type == "calculated" and digits and self.result not in {"number", "currency"}:
            raise ValueError("`decimals` and `percentage` go with `result: number`.")
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
        free = self.allow_text_entry
        if self.type == "choice" and said is not None and said not in choices and not free:
            raise ValueError(f"The default {self.default} is not one of the choices.")
        if self.default_formula and (self.type in {"note", "boolean"} or self.multiple):
            raise ValueError("The default of such a column is a value, not a formula.")
        if self.type in {"number", "currency"} and not (said is None or is_number(said)):
            raise ValueError(f"The default of a {self.type} column is a number, not {said}.")
        if self.type == "dateTime" and not (said is None or is_moment(said)):
            raise ValueError(f"The default {said} is no day: write `today` or 2026-03-31.")
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
