"""docs/reference/ and the JSON Schema say the same as the models, and both are complete."""

from __future__ import annotations

import json
from datetime import date

import pages
import pytest
from jsonschema import Draft202012Validator

from provisioner.cli.workspace import open_workspace
from provisioner.engine.declare import mounts
from provisioner.kinds import all_kinds
from provisioner.spec.schema import workspace_schema

FOLDER = pages.ROOT / "docs" / "reference"
MODELS = {path: mounted.model for path, mounted in mounts().items()}
PACK = """
apiVersion: provisioner/v1
kind: Workspace
extends: soc2-fintech-api@1
parameters: {client: Acme, auditStart: 2026-01-01, auditEnd: 2026-12-31}
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme, create: communication, owner: vciso@contoso.example}
"""


def schema(*, strict=False):
    models = {path: model.model_json_schema(by_alias=True) for path, model in MODELS.items()}
    return workspace_schema(models, strict=strict)


def properties(part, path=""):
    """Every named property of a schema, with the place it stands in."""
    if isinstance(part, dict):
        named = part.get("properties")
        if isinstance(named, dict) and ("type" in part or "title" in part):
            for name, one in named.items():
                yield f"{path}/{name}", one
        for key, value in part.items():
            yield from properties(value, f"{path}/{key}")
    elif isinstance(part, list):
        for one in part:
            yield from properties(one, path)


def test_the_reference_is_current():
    written = pages.script("reference").pages()
    on_disk = {file.name: file.read_text("utf-8") for file in FOLDER.glob("*.md")}
    assert on_disk == written, "run scripts/reference"


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_every_kind_has_a_page_that_names_each_place_and_key(kind):
    text = pages.script("reference").page(kind)
    assert len(text.splitlines()) > 8
    for mount, model in kind.mounts.items():
        assert f"`{mount}`" in text
        for name, field in model.model_fields.items():
            assert name == "root" or f"| `{field.alias or name}` |" in text


@pytest.mark.parametrize("strict", [False, True])
def test_every_property_of_the_schema_explains_itself(strict):
    whole = schema(strict=strict)
    found = dict(properties(whole))
    assert len(found) > 100
    silent = []
    for place, one in found.items():
        target = whole["$defs"].get(one.get("$ref", "").rpartition("/")[2], {})
        if not (one.get("description") or target.get("description")):
            silent.append(place)
    assert silent == []


def demo(file):
    """The client's file as the demo writes it."""
    from provisioner.cli.client_file import workspace_text
    from provisioner.cli.demo import telling

    today = date(2026, 3, 31)
    start, end = telling.demo_window(today)
    values = {"client": "Acme", "auditStart": start.isoformat(), "auditEnd": end.isoformat()}
    text = workspace_text("Acme", "acme", telling.PACK, values)
    file.write_text(text, "utf-8")
    items = [(item.id, item.cadence) for item in open_workspace(file).settings.evidence]
    more = {
        "people": dict(telling.PEOPLE_BY_ROLE),
        "evidence": telling.catalogue_changes(today, items),
    }
    return f"{text}\n{telling._yaml(more)}"


def small(_file):
    return (pages.ROOT / "tests" / "small.yaml").read_text("utf-8")


def pack(_file):
    return PACK


@pytest.mark.parametrize("written", [pack, demo, small], ids=lambda one: one.__name__)
def test_a_merged_workspace_fits_the_strict_schema(written, tmp_path):
    file = tmp_path / "workspace.yaml"
    file.write_text(written(file), "utf-8")
    merged = open_workspace(file).loaded.root.plain()
    merged = {key: value for key, value in merged.items() if key not in {"extends", "parameters"}}
    as_json = json.loads(json.dumps(merged, default=str))
    problems = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(schema(strict=True)).iter_errors(as_json)
    ]
    assert problems == []


@pytest.mark.parametrize("name", ["group", "permissions", "navigation", "top-navigation"])
def test_a_page_begins_with_what_the_kind_is_and_an_example(name):
    """Also where the functions of a kind stand in another file than the kind."""
    begin = (FOLDER / f"{name}.md").read_text("utf-8").partition("Declared at")[0]
    assert "```yaml" in begin
    assert "functools" not in begin
