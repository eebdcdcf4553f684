"""The two bars of navigation, what a file may say of their entries, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator, model_validator

from provisioner.core.transport import Answers, Reading
from provisioner.kinds.base import Scope, SpecModel
from provisioner.kinds.links import check_link
from provisioner.kinds.requests import many, read_rest, rows

_FIELDS = ("Id", "Title", "Url")
_BELOW = ("Children", "Children/Children")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the kind of its entries, its own word, its collection, and its number as a node."""

    kind: str
    word: str
    path: str
    number: str

    @property
    def reading(self) -> Reading:
        """All of it, three levels deep, in order."""
        chosen = [*_FIELDS, *(f"{above}/{name}" for above in _BELOW for name in _FIELDS)]
        return read_rest(
            f"/_api/web/navigation/{self.path}?$select={','.join(chosen)}&$expand={','.join(_BELOW)}"
        )

    def is_read(self, scope: Scope) -> bool:
        """Whether anybody asks for it; the left bar is always read."""
        return self is QUICK or self.kind in scope.navigation or scope.pages == ("*",)

    def tops(self, answers: Answers) -> list[dict[str, Any]]:
        """Its nodes, each with its `Children`."""
        answer = answers.get(self.reading)
        return rows(answer.body) if answer is not None else []

    def nodes(self, answers: Answers) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
        """Every node from the top down: its level from 0, the id of the one above, and itself."""
        yield from _below(self.tops(answers), 0, "")


def _below(
    nodes: Sequence[Mapping[str, Any]], level: int, above: str
) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    for node in nodes:
        yield level, above, node
        yield from _below(many(node.get("Children")), level + 1, str(node["Id"]))


QUICK = Bar("navigation", "quickLaunch", "quicklaunch", "1025")
TOP = Bar("topNavigation", "top", "topnavigationbar", "1002")
BARS = (QUICK, TOP)
OWNERSHIP = "ownership"
"""The key of `Scope.navigation` that says whether the bars are the file's alone."""


class _Entry(SpecModel):
    title: str = Field(min_length=1, max_length=255, description="The words people click.")
    link: str | None = Field(
        default=None,
        description="Where it leads: library:<key>, list:<key>, list:<key>/view:<name>, "
        "page:<name>, a path or an address. None: a heading.",
    )
    renamed_from: tuple[str, ...] = Field(
        default=(), description="Titles a heading had before, so that it stays the same entry."
    )

    @field_validator("link")
    @classmethod
    def _leads_somewhere(cls, value: str | None) -> str | None:
        return value if value is None else check_link(value)

    @model_validator(mode="after")
    def _is_known_by_its_link(self) -> _Entry:
        if self.link is not None and self.renamed_from:
            raise ValueError(
                "Only a heading needs `renamedFrom`: an entry with a link is known by that."
            )
        return self


class ThirdEntry(_Entry):
    """An entry of the third level, the last there is."""


class SubEntry(_Entry):
    """An entry below another."""

    children: tuple[ThirdEntry, ...] = Field(default=(), description="Entries below it.")


class Entry(_Entry):
    """An entry of the navigation."""

    children: tuple[SubEntry, ...] = Field(default=(), description="Entries below it.")

    @model_validator(mode="after")
    def _can_be_found(self) -> Entry:
        if "/view:" in (self.link or "") and any(one.children for one in self.children):
            raise ValueError("An entry that leads to a view has one level below it at most.")
        return self
