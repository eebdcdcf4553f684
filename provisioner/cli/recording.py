"""What `--record` puts between a command and its tenant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from provisioner.cli.console import Console
from provisioner.engine.desired import Desired
from provisioner.spec.workspace import Loaded

if TYPE_CHECKING:
    from provisioner.tenant.wire import Between


_WORD = re.compile(r"\w+")


def recording(loaded: Loaded, desired: Desired, console: Console) -> Between | None:
    """What writes the traffic down, with --record; one recorder for all that a command opens."""
    if console.record is None:
        return None
    from provisioner.tenant.recording.recorded import Recording
    from provisioner.tenant.recording.recorder import Recorder

    if console.recorder is None:
        console.recorder = Recorder(console.record, _words_of_the_file(), _own_texts(desired))
        scope, merged = desired.scope, loaded.root.plain()
        # Who signs in and where is nobody's business, and nothing is sent when it is played again.
        merged["tenant"] = {"cloud": "emulator", "hostname": scope.hostname}
        console.recorder.begin(console.command, merged, scope.today)
        console.say(f"Recording to {console.record}: names, ids and hosts are replaced.")
    return Recording(console.recorder)


def _own_texts(desired: Desired) -> frozenset[str]:
    """What our own lists on the site are called and say of themselves, the same everywhere.

    And the keys of the lists that are judged, which the job knows them by.
    """
    from provisioner.core.address import root_of
    from provisioner.engine.ledger_library import OWN_LISTS
    from provisioner.sync.collect_site import RISKS, ROLES

    ours = [
        resource
        for resource in desired.resources.values()
        if root_of(resource.address) in OWN_LISTS
    ]
    texts = (value for resource in ours for value in resource.properties.values())
    said = {text for text in texts if isinstance(text, str) and " " in text}
    return frozenset({*said, *ROLES, RISKS})


def _words_of_the_file() -> frozenset[str]:
    """The keys of a workspace file and the values that are to be chosen from, in lower case."""
    from provisioner.engine.declare import mounts
    from provisioner.spec.schema import workspace_schema

    models = {path: one.model.model_json_schema(by_alias=True) for path, one in mounts().items()}
    said = [*_words(workspace_schema(models)), *_words_of_the_judge()]
    return frozenset(word.casefold() for word in said)


def _words_of_the_judge() -> Iterator[str]:
    """What checks and verdicts are decided by: conditions, categories, statuses."""
    from provisioner.core.where_terms import OPERATORS
    from provisioner.spec.frameworks import CATEGORIES
    from provisioner.sync import vocabulary
    from provisioner.sync.packed_files import COLUMNS

    yield from COLUMNS
    yield from (*OPERATORS, "any", "all", "not", "today", "me", "field")
    sorts = [one for one in vars(vocabulary).values() if isinstance(one, type(StrEnum))]
    values = [str(value) for sort in sorts for value in sort]
    for text in (*CATEGORIES, *values):
        yield from _WORD.findall(text)


def _words(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from _words(one)
    if not isinstance(schema, Mapping):
        return
    yield from schema.get("properties", ())
    chosen = [*schema.get("enum", ()), schema.get("const")]
    yield from (word for one in chosen if isinstance(one, str) for word in _WORD.findall(one))
    for one in schema.values():
        yield from _words(one)
