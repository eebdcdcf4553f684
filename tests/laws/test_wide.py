"""Laws on a workspace with every property in it: German titles on a French site, another framework.

`wide.yaml` uses all that a workspace file can say. Each property is changed behind the tool's back,
and a drift check must call it by name, alone; an import must say it all again, in each language.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

sys.path.insert(0, str(Path(__file__).parent))

from sweep import SILENT_KINDS, Sweep, Trial, sweeping, trials
from tampering import CANNOT, Why

from provisioner.cli.workspace import open_workspace
from provisioner.emulator.server import environment
from provisioner.engine.declare import declare, kind_keys
from provisioner.kinds import all_kinds
from provisioner.spec.workspace import read_workspace

WIDE = Path(__file__).parent / "wide.yaml"
URL = "https://contoso.sharepoint.com/sites/isms-nachweise"

NOT_SAID = {
    ("column", "renamedFrom"): "there for the error it gives",
    ("site", "create"): "said with one of its words; the others are in tests of the site",
}
"""What wide.yaml cannot say, or need not."""


# -- every property is in the file ------------------------------------------------------------------


def models_in(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """A model and those its properties hold."""
    if model in seen:
        return
    seen.add(model)
    yield model
    for field in model.model_fields.values():
        for inner in _models_of(field.annotation):
            yield from models_in(inner, seen)


def _models_of(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _models_of(part)


def said_in(value: object) -> Iterator[tuple[type[BaseModel], str]]:
    """Each model and property that a declaration says something of, the inner ones too."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield type(value), name
            yield from said_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from said_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from said_in(one)


def test_the_wide_workspace_says_every_property_that_a_kind_has():
    loaded, problems = read_workspace(WIDE, kind_keys=kind_keys())
    assert loaded is not None
    declared = declare(loaded.root)
    assert (problems, declared.problems) == ([], ())
    said = {(name, word) for _, one in declared.all for name, word in _words(said_in(one.spec))}
    missing = []
    for kind in all_kinds():
        for model in {inner for mount in kind.mounts.values() for inner in models_in(mount, set())}:
            for name, field in model.model_fields.items():
                word = field.alias or name
                if name == "root" or (kind.name, word) in NOT_SAID:
                    continue
                if (model.__name__, word) not in said:
                    missing.append(f"{kind.name}: {model.__name__}.{word}")
    assert sorted(missing) == [], "say them in wide.yaml"


def _words(found: Iterator[tuple[type[BaseModel], str]]) -> Iterator[tuple[str, str]]:
    """By the name of the model and of each it builds on, which have the property as well."""
    for model, name in found:
        word = model.model_fields[name].alias or name
        for each in model.__mro__:
            if name in getattr(each, "model_fields", {}):
                yield each.__name__, word
        for sibling in model.__mro__[1].__subclasses__():  # a library's and a list's own words
            if name in model.__mro__[1].model_fields:
                yield sibling.__name__, word


# -- every property that changes is found ------------------------------------------------------------


@pytest.fixture
def wide(provisioner) -> Path:
    """The wide workspace, applied to a French tenant."""
    provisioner.control.call("PUT", "settings", {"locale": "fr-FR"})
    file = provisioner.file(WIDE.read_text("utf-8"))
    done = provisioner("apply", file, "--yes")
    assert (done.code, done.err) == (0, "")
    return file


@pytest.fixture
def sweep(provisioner, wide) -> Iterator[Sweep]:
    running = provisioner.running
    full = environment(running.home, running.url, "full-control")
    with sweeping(wide, provisioner.control, full) as made:
        yield made


def test_each_property_that_somebody_changes_is_found_and_nothing_else(provisioner, sweep):
    """Many parts at once, one property of each, so that a whole sweep costs a few checks.

    `scripts/tamper-sweep` does the same with one property at a time. Here that is done only for the
    parts of a round in which more or less was found than was changed.
    """
    before = sweep.findings()
    assert {finding for finding in before if finding[0] != "PEOPLE-EDITED"} == set()
    tried: set[tuple[str, str]] = set()
    for round_ in rounds(sweep):
        sweep.again()
        changed = [trial for trial in round_ if not isinstance(sweep.change(trial), Why)]
        tried |= {trial.sort for trial in changed}
        found = named(sweep.findings() - before)
        if not only(changed, found):
            for trial in changed:
                sweep.again()
                sweep.change(trial)
                alone = named(sweep.findings() - before)
                assert only([trial], alone), (trial, alone)
            pytest.fail(f"only together: {found ^ {expected(trial) for trial in changed}}")
    sorts = {one.sort for one in all_trials(sweep)}
    assert sorts - tried - set(CANNOT) == set(), "never changed: see tampering.py"
    assert set(CANNOT) & tried == set()


def all_trials(sweep: Sweep) -> list[Trial]:
    return [one for one in trials(sweep.resources) if one.kind not in SILENT_KINDS]


def rounds(sweep: Sweep) -> list[list[Trial]]:
    """Every trial, at most one of an address in a round; folders within folders apart."""
    queues: dict[str, list[Trial]] = {}
    for one in all_trials(sweep):
        queues.setdefault(one.address, []).append(one)
    made: list[list[Trial]] = []
    for queue in queues.values():
        first = 0
        for number, one in enumerate(queue):
            if one.kind == "folder":
                first = one.address.count("%2F")
            while len(made) <= first + number:
                made.append([])
            made[first + number].append(one)
    return made


def expected(trial: Trial) -> tuple[str, str]:
    """Address and path of the one finding; what is gone is found as a whole."""
    return trial.address, "" if trial.kind == "folder" else trial.path


def only(changed: list[Trial], found: set[tuple[str, str]]) -> bool:
    """Whether what was changed was found, and nothing else.

    A column of another type has not the words of its own type, so those may be named with it.
    """
    retyped = {one.address for one in changed if one.sort == ("column", "type")}
    wanted = {expected(one) for one in changed}
    return wanted <= found and all(
        one in wanted or one[0] in retyped for one in found
    )


def named(found) -> set[tuple[str, str]]:
    return {(address, path) for _, address, path in found}


# -- import -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["fr-FR", "en-US", "de-DE"])
def test_the_wide_workspace_is_imported_whole_and_made_again(provisioner, locale):
    provisioner.control.call("PUT", "settings", {"locale": locale})
    text = WIDE.read_text("utf-8").replace(
        "locale: fr-FR\n  timeZone", f"locale: {locale}\n  timeZone"
    )
    done = provisioner("apply", provisioner.file(text), "--yes")
    assert (done.code, done.err) == (0, "")
    first = imported(provisioner, "first.yaml")
    nothing_to_write(provisioner, first)
    # The same again, on a site at another address that has nothing.
    moved = first.read_text("utf-8").replace("/sites/isms-nachweise", "/sites/autre")
    other = provisioner.file(moved.replace("create: never", "create: communication, owner: x"))
    said = yaml.safe_load(moved)
    said["site"] |= {"create": "communication", "owner": "vciso@contoso.example"}
    other.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
    done = provisioner("apply", other, "--yes")
    assert (done.code, done.err) == (0, "")
    second = imported(provisioner, "second.yaml", URL.replace("isms-nachweise", "autre"))
    again = second.read_text("utf-8").replace("/sites/autre", "/sites/isms-nachweise")
    assert again == first.read_text("utf-8")


def imported(provisioner, name: str, url: str = URL) -> Path:
    out = provisioner.folder / name
    done = provisioner("import", url, "--cloud", "emulator", "--out", out)
    assert done.code == 0, done.err
    assert "Left out" not in done.err
    return out


def nothing_to_write(provisioner, file: Path) -> None:
    planned = provisioner("plan", file, "--format", "json").json()
    actions = {change["action"] for change in planned["changes"]}
    assert (actions - {"adopt", "forget"}, planned["blocked"]) == (set(), [])


def test_what_the_file_says_is_what_is_there(wide):
    """The workspace is sound as it stands: it opens, and names its site."""
    assert open_workspace(wide).desired.scope.site_path == "/sites/isms-nachweise"
