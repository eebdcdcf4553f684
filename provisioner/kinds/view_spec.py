"""What a workspace file may say of a view."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from provisioner.core.where import parse
from provisioner.kinds.base import SpecModel
from provisioner.kinds.formatters import ROW_NAMES
from provisioner.kinds.view_parts import Calendar, Depth, Layout, Total

_GROUPS = 30
BUILT_IN_TYPES = {
    "Title": "text",
    "FileLeafRef": "text",
    "Created": "dateTime",
    "Modified": "dateTime",
    "Author": "person",
    "Editor": "person",
    "ID": "number",
    "ContentType": "text",
    "_UIVersionString": "text",
}
"""Type words of the columns every list has."""


class View(SpecModel):
    """One view everybody can use."""

    name: str = Field(min_length=1, max_length=255, description="The name people see.")
    default: bool = Field(default=False, description="Whether people see it first.")
    columns: tuple[str, ...] = Field(
        min_length=1, description="Internal names of the columns, in the order shown."
    )
    where: dict[str, Any] | None = Field(default=None, description="Which rows it shows.")
    order_by: tuple[str | dict[str, Literal["asc", "desc"]], ...] = Field(
        default=(), description="Columns it is sorted by: `Name`, or `{Name: desc}`."
    )
    group_by: tuple[str, ...] = Field(
        default=(), max_length=2, description="One or two columns rows are grouped by."
    )
    collapse: bool = Field(default=False, description="Whether groups are closed at first.")
    group_limit: int = Field(
        default=30, ge=1, le=1000, description="Groups on one page, where there are groups."
    )
    row_limit: int = Field(default=30, ge=1, le=5000, description="Rows on one page.")
    paged: bool = Field(
        default=True, description="Whether there are more pages; if not, `rowLimit` rows are all."
    )
    scope: Depth = Field(
        default="default",
        description="How deep it looks: default (one folder), recursive (rows in all folders), "
        "recursiveAll (folders too) or filesOnly (rows of one folder, no folders).",
    )
    totals: dict[str, Total] = Field(
        default_factory=dict, description="Columns with a total below them: `{Score: sum}`."
    )
    widths: dict[str, Annotated[int, Field(ge=20, le=2000)]] | None = Field(
        default=None, description="Widths of columns in pixels; people's own if left out."
    )
    layout: Layout = Field(
        default="list", description="How rows are drawn: list, compact, gallery, calendar, board."
    )
    board_by: str | None = Field(
        default=None, description="Internal name of the choice column whose values a board shows."
    )
    calendar: Calendar | None = Field(
        default=None, description="Columns a calendar is drawn from: `start`, `end` and `title`."
    )
    formatting: dict[str, Any] | None = Field(
        default=None,
        description="What colours rows: `{status-pill: Freshness}`, `{due-date: Due}`, or JSON.",
    )
    renamed_from: tuple[str, ...] = Field(
        default=(), description="Names it had before, so that it stays the same view."
    )

    @field_validator("where")
    @classmethod
    def _is_condition(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is not None:
            parse(value)
        return value

    @field_validator("order_by")
    @classmethod
    def _one_column_each(
        cls, value: tuple[str | dict[str, Literal["asc", "desc"]], ...]
    ) -> tuple[str | dict[str, Literal["asc", "desc"]], ...]:
        if any(isinstance(part, dict) and len(part) != 1 for part in value):
            raise ValueError("Name one column in each part of `orderBy`, such as {Modified: desc}.")
        return value

    @model_validator(mode="after")
    def _no_column_twice(self) -> View:
        twice = sorted({one for one in self.columns if self.columns.count(one) > 1})
        if twice:
            raise ValueError(f"The column {twice[0]} is there twice.")
        return self

    @model_validator(mode="after")
    def _layout_has_its_parts(self) -> View:
        for layout, word, given in (
            ("board", "boardBy", self.board_by),
            ("calendar", "calendar", self.calendar),
        ):
            if (given is not None) is not (self.layout == layout):
                raise ValueError(f"`layout: {layout}` and `{word}` go together.")
        if self.layout == "calendar" and (self.where or self.group_by or self.order_by):
            raise ValueError("A calendar shows a month: leave `where`, `groupBy`, `orderBy` out.")
        if self.layout in {"board", "gallery", "calendar"} and self.totals:
            raise ValueError("Only lists have totals below them.")
        if not self.group_by and (self.collapse or self.group_limit != _GROUPS):
            raise ValueError("`collapse` and `groupLimit` are said of `groupBy`.")
        if self.layout == "board" and self.group_by:
            raise ValueError("A board is grouped by `boardBy` alone.")
        return self

    @field_validator("formatting")
    @classmethod
    def _is_format(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        for name in ROW_NAMES:
            if value and name in value and (len(value) > 1 or not isinstance(value[name], str)):
                raise ValueError(f"Write `{{{name}: Column}}` with one column, and nothing else.")
        return value
