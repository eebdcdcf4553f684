"""`deviations.yaml`: differences that somebody accepted, each for one value and until a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from provisioner.core.address import spelled
from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.node import Node
from provisioner.spec.load import read_file, read_text
from provisioner.spec.models import SpecModel, Text
from provisioner.spec.validate import model_problems

FILE_NAME = "deviations.yaml"


class DeviationItem(SpecModel):
    """One difference that somebody accepted, until a date."""

    address: Text = Field(description="The address the difference was found at.")
    path: str = Field("", description="The property, as the finding names it; empty for the whole.")
    value: object = Field(description="The accepted value; a different one reopens the finding.")
    reason: Text = Field(description="Why it was accepted.")
    approver: Text = Field(description="Who accepted it.")
    ticket: str | None = Field(None, description="Where that was agreed.")
    expires: date = Field(description="Last day on which it holds, YYYY-MM-DD.")


@dataclass(frozen=True, slots=True)
class Deviation:
    """One accepted difference. It holds up to and including `expires`, for `value` alone."""

    address: str
    path: str
    value: Any
    reason: str
    approver: str
    ticket: str | None
    expires: date
    where: Where


def load_deviations(folder: Path) -> tuple[Deviation, ...]:
    """What `deviations.yaml` in `folder` accepts; nothing when there is no such file.

    Raises `SpecInvalid` with every problem found.
    """
    file = folder / FILE_NAME
    return _found(*read_file(file)) if file.exists() else ()


def deviations_in(text: str, file: str) -> tuple[Deviation, ...]:
    """What such a text accepts; `file` is its name in messages. Raises as `load_deviations` does."""
    return _found(*read_text(text, file, file))


def _found(root: Node | None, problems: list[Problem]) -> tuple[Deviation, ...]:
    if root is None:
        if [problem.code for problem in problems] == ["SPEC-EMPTY"]:
            return ()
        raise SpecInvalid(tuple(problems))
    if not isinstance(root.value, tuple):
        message = f"The file is a list of deviations, not {root.sort}."
        hint = "Start each with `- address: …`."
        problems.append(Problem("SPEC-TYPE", message, root.where, hint))
        raise SpecInvalid(tuple(problems))
    found: list[Deviation] = []
    seen: dict[tuple[str, str], Where] = {}
    for node in root.value:
        item, wrong = model_problems(DeviationItem, node)
        problems.extend(wrong)
        if item is None:
            continue
        said = item.model_dump() | {"address": spelled(item.address)}
        named = (said["address"], item.path)
        if named in seen:
            message = f"This difference is accepted already, at {seen[named]}."
            hint = "Keep one of them."
            problems.append(Problem("SPEC-DUPLICATE-NAME", message, node.where, hint))
        seen.setdefault(named, node.where)
        found.append(Deviation(**said, where=node.where))
    if problems:
        raise SpecInvalid(tuple(problems))
    return tuple(found)
