from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import Field, RootModel

from provisioner.core.errors import Problem
from provisioner.spec.load import read_text
from provisioner.spec.models import EvidenceItem, Period, SpecModel
from provisioner.spec.validate import model_problems


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Choice(SpecModel):
    type: Literal["choice"]
    choices: tuple[str, ...]


class Number(SpecModel):
    type: Literal["number"]
    decimals: Annotated[int, Field(ge=0, le=5)] = 0


class Column(RootModel[Annotated[Choice | Number, Field(discriminator="type")]]):
    pass


class Part(SpecModel):
    """One part."""

    name: Annotated[str, Field(min_length=2, max_length=5)] = Field(
        description="What it is called."
    )
    read_only: bool = False
    colour: Colour = Colour.RED
    on: date | None = None
    grants: tuple[str, ...] = ()
    weight: float = 0
    who: str | tuple[str, ...] = ""
    column: Column | None = None
    either: str | Number | None = None
    inner: dict[str, int] = Field(default_factory=dict)


def said(text: str, model: type[SpecModel] = Part) -> list[Problem]:
    node, wrong = read_text(text, "w.yaml", "w.yaml")
    assert node is not None
    assert wrong == []
    instance, problems = model_problems(model, node)
    assert (instance is None) is bool(problems)
    return problems


def test_what_fits_gives_the_instance() -> None:
    node, _ = read_text(
        "{name: abc, readOnly: true, on: 2026-01-31, grants: [a], weight: 1}", "w", "w"
    )
    assert node is not None
    part, problems = model_problems(Part, node)
    assert problems == []
    assert part is not None
    assert (part.read_only, part.on, part.grants, part.weight) == (
        True,
        date(2026, 1, 31),
        ("a",),
        1,
    )


@pytest.mark.parametrize(
    ("text", "code", "column", "message"),
    [
        (
            "{nmae: abc, name: abc}",
            "SPEC-UNKNOWN-KEY",
            2,
            "“nmae” is not a key of this part of the file.",
        ),
        ("{readOnly: true}", "SPEC-MISSING", 1, "“name” is missing from this part of the file."),
        ("{name: 3}", "SPEC-TYPE", 8, "“name” must be text, not a number."),
        (
            "{name: abc, readOnly: yes}",
            "SPEC-TYPE",
            23,
            "“readOnly” must be true or false, not text.",
        ),
        ("{name: abc, grants: a}", "SPEC-TYPE", 21, "“grants” must be a list, not text."),
        ("{name: abc, grants: [a, 3]}", "SPEC-TYPE", 25, "“grants[1]” must be text, not a number."),
        ("{name: abc, weight: x}", "SPEC-TYPE", 21, "“weight” must be a number, not text."),
        ("{name: abc, inner: [1]}", "SPEC-TYPE", 20, "“inner” must be a map, not a list."),
        (
            "{name: abc, inner: {k: 1.5}}",
            "SPEC-TYPE",
            24,
            "“k” must be a whole number, not a number.",
        ),
        ("{name: a}", "SPEC-VALUE", 8, "“name” is too short: at least 2 characters."),
        ("{name: abcdef}", "SPEC-VALUE", 8, "“name” is too long: at most 5 characters."),
        ("{name: abc, colour: rde}", "SPEC-VALUE", 21, "“colour” cannot be “rde”."),
        ("{name: abc, on: 2026-02-30}", "SPEC-VALUE", 17, "“on” is not a date: “2026-02-30”."),
        ("{name: abc, who: 3}", "SPEC-TYPE", 18, "“who” must be text or a list, not a number."),
        ("{name: abc, who: [3]}", "SPEC-TYPE", 19, "“who[0]” must be text, not a number."),
        ("{name: abc, column: {type: nmuber}}", "SPEC-VALUE", 28, "“type” cannot be “nmuber”."),
        (
            "{name: abc, column: {decimals: 1}}",
            "SPEC-MISSING",
            21,
            "“column” does not say its `type`.",
        ),
        (
            "{name: abc, column: {type: number, decimals: 9}}",
            "SPEC-VALUE",
            46,
            "“decimals” is too large: 5 or less.",
        ),
        (
            "{name: abc, either: {type: number, decimal: 1}}",
            "SPEC-UNKNOWN-KEY",
            36,
            "“decimal” is not a key of “either”.",
        ),
    ],
)
def test_each_fault_is_one_plain_sentence_at_its_place(
    text: str, code: str, column: int, message: str
) -> None:
    found = said(text)
    assert [(p.code, p.where.column, p.message) for p in found] == [(code, column, message)]


def test_hints_say_what_is_allowed() -> None:
    assert said("{nmae: abc, name: abc}")[0].hint.startswith("Did you mean “name”? Known here: ")
    assert said("{name: abc, colour: rde}")[0].hint == "Did you mean “red”? Allowed: red, blue."
    assert said("{}")[0].hint == "Add `name: …`. What it is called."
    assert said("{name: abc, column: {type: nmuber}}")[0].hint == (
        "Did you mean “number”? Allowed: choice, number."
    )


def test_all_faults_are_told() -> None:
    found = said("{readOnly: 3, colour: x, on: y, zzz: 1}")
    assert len(found) == 5


def test_a_thing_in_a_list_is_called_by_its_own_name() -> None:
    class Catalogue(SpecModel):
        evidence: tuple[EvidenceItem, ...]

    found = said("evidence: [{id: E010, titel: x}]", Catalogue)
    unknown = next(problem for problem in found if problem.code == "SPEC-UNKNOWN-KEY")
    assert unknown.message == "“titel” is not a key of “E010”."
    assert "Did you mean “title”?" in unknown.hint


def test_the_words_of_a_library_never_reach_the_user() -> None:
    for text in ("{name: [1], who: {}, column: 3, either: [], on: 5, colour: 3}", "3", "[]"):
        for problem in said(text):
            words = f"{problem.message} {problem.hint}".lower()
            assert not any(
                w in words for w in ("input", "valid ", "pydantic", "tuple", "instance", "dict")
            )


def test_a_period_says_in_words_what_does_not_fit_together() -> None:
    found = said(
        "{name: 2026, type: type-2, start: 2026-12-31, end: 2026-01-01, criteria: [Security]}",
        Period,
    )
    assert found[0].message.endswith("does not fit together: The period ends before it starts.")
    assert said("{name: P, type: type-2, end: 2026-01-01, criteria: [Privacy]}", Period)
    assert said("{name: P, type: type-1, criteria: [Privacy]}", Period)
    assert said("{name: 2026, type: type-1, asOf: 2026-01-01, criteria: [Privacy]}", Period) == []
    one_day = "{name: P, type: type-2, start: 2026-01-01, end: 2026-01-01, criteria: [Privacy]}"
    assert said(one_day, Period) == []


def test_a_value_under_a_secret_key_is_not_shown() -> None:
    class Login(SpecModel):
        password: Literal["env"]

    node, _ = read_text("password: hunter2", "w.yaml", "w.yaml")
    assert node is not None
    assert "hunter2" not in str(model_problems(Login, node))
