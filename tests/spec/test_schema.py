from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft202012Validator
from pydantic import Field, RootModel

from provisioner.spec.models import SpecModel
from provisioner.spec.schema import workspace_schema


class Grant(SpecModel):
    to: str
    role: str


class Library(SpecModel):
    """A document library."""

    key: str = Field(description="Its address.")
    title: str
    grants: tuple[Grant, ...] = ()


class Text(SpecModel):
    type: Literal["text"]
    name: str
    max_length: int = 255


class Choice(SpecModel):
    type: Literal["choice"]
    name: str
    choices: tuple[str, ...]


class Column(RootModel[Annotated[Text | Choice, Field(discriminator="type")]]):
    pass


class Site(SpecModel):
    url: str


KINDS = {
    "libraries[].columns[]": Column.model_json_schema(),
    "libraries[]": Library.model_json_schema(),
    "columns[]": Column.model_json_schema(),
    "site": Site.model_json_schema(),
}
HEAD = {"apiVersion": "provisioner/v1", "kind": "Workspace"}
WHOLE = {
    **HEAD,
    "tenant": {"cloud": "emulator"},
    "site": {"url": "/sites/a"},
    "columns": [{"type": "text", "name": "A"}],
    "libraries": [
        {
            "key": "a",
            "title": "A",
            "grants": [{"to": "group:R", "role": "Read"}],
            "columns": [{"type": "choice", "name": "B", "choices": ["x"]}],
        }
    ],
    "periods": [{"name": 2026, "type": "type-1", "asOf": "2026-01-01", "criteria": ["Security"]}],
}


def fits(data: dict[str, Any], *, strict: bool = False) -> bool:
    schema = workspace_schema(KINDS, strict=strict)
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(data))


@pytest.mark.parametrize("strict", [True, False])
def test_a_whole_workspace_fits(strict: bool) -> None:
    assert fits(WHOLE, strict=strict)


@pytest.mark.parametrize(
    "part",
    [
        {"extends": "soc2-fintech-api@1"},
        {"extends": ["soc2-fintech-api@1", "./more.yaml"], "parameters": {"client": "A", "n": 3}},
        {"libraries": [{"key": "a", "columns": [{"name": "B", "remove": True}]}]},
        {"evidence": [{"id": "E049", "cadence": "weekly"}, {"id": "E050", "remove": True}]},
        {"tenant": {"tenantId": "env:T"}},
        {"patterns": {"evidence": {"title": "A"}}, "libraries": [{"key": "a", "like": "evidence"}]},
        {"libraries": [{"key": "a", "columns": [{"name": "B", "like": "owner"}]}]},
    ],
)
def test_parts_of_things_fit_a_client_file_and_not_a_whole_workspace(part: dict[str, Any]) -> None:
    assert fits({**HEAD, **part})
    assert not fits({**HEAD, **part}, strict=True)


@pytest.mark.parametrize(
    "part",
    [
        {"sties": {}},
        {"site": {"ulr": "x"}},
        {"columns": [{"type": "text", "name": "A", "choices": ["x"]}]},
        {"libraries": [{"title": "A"}]},
        {"libraries": [{"key": "a", "columns": [{"type": "txet", "name": "B"}]}]},
        {"libraries": [{"key": "a", "grants": [{"who": "x"}]}]},
        {"libraries": [{"key": "a", "remove": "yes"}]},
        {"site": {"url": "x", "remove": True}},
        {"libraries": [{"key": "a", "like": 3}]},
        {"tenant": {"cloud": "mars"}},
        {"evidence": [{"id": "E049", "cadence": "weakly"}]},
        {"tenant": {"auth": {"secret": "hunter2"}}},
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_what_is_unknown_or_wrong_does_not_fit(part: dict[str, Any], strict: bool) -> None:
    assert not fits({**WHOLE, **part}, strict=strict)


def test_the_head_is_always_asked_for() -> None:
    assert not fits({"extends": "soc2-fintech-api@1"})


def test_titles_and_descriptions_are_kept_for_editors() -> None:
    schema = workspace_schema(KINDS)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["tenant"]["description"].startswith("Which Microsoft 365")
    assert schema["$defs"]["libraries"]["properties"]["key"]["description"] == "Its address."


def test_a_mount_below_what_no_kind_declares_gets_a_place() -> None:
    schema = workspace_schema({"site.theme": Site.model_json_schema()})
    data = {**HEAD, "site": {"theme": {"url": "x"}}}
    assert Draft202012Validator(schema).is_valid(data)
    assert not Draft202012Validator(schema).is_valid({**HEAD, "site": {"theme": {"x": 1}}})


def test_a_mount_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a mount"):
        workspace_schema({"libraries[0]": {}})


def test_the_kinds_schemas_are_left_as_they_were() -> None:
    before = repr(KINDS)
    workspace_schema(KINDS)
    assert repr(KINDS) == before
