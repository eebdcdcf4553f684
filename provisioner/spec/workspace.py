"""A workspace file, with all it extends, as one checked tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioner.core.canonical import digest
from provisioner.core.errors import Problem, Where
from provisioner.core.node import Node
from provisioner.spec.branding import branding_problems
from provisioner.spec.frameworks import criteria_problems
from provisioner.spec.models import SETTINGS_KEYS, Settings
from provisioner.spec.parameters import Substitution, resolve_parameters, unused_parameters
from provisioner.spec.patterns import expand
from provisioner.spec.report_place import report_place_problems
from provisioner.spec.sources import DEFAULT_NAME, Sources
from provisioner.spec.validate import model_problems, unknown_top_level

_NOT_IN_DIGEST = frozenset({"extends", "parameters"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A workspace after merging and substitution.

    root: the whole tree; each node says which source it came from.
    settings: the parts that are no resources, checked; None when they have problems.
    parameters: every parameter with its value, defaults included.
    sources: what was merged, in order: "soc2-fintech-api@1.0.0", "workspace.yaml".
    spec_digest: `sha256:…` over what the tree says; comments, order of keys and the way it was put
        together do not count.
    folder: where `file:` references and `deviations.yaml` are looked for.
    """

    root: Node
    settings: Settings | None
    parameters: Mapping[str, str]
    sources: tuple[str, ...]
    spec_digest: str
    folder: Path


def workspace_file(path: Path) -> Path:
    """The file meant by a file or folder name."""
    return path / DEFAULT_NAME if path.is_dir() else path


def read_workspace(
    path: Path, *, kind_keys: Collection[str] | None = None, library: Path | None = None
) -> tuple[Loaded | None, list[Problem]]:
    """The workspace at `path` (a file, or a folder with workspace.yaml), and every problem found.

    None when there is no tree to look at. `kind_keys` are the top-level keys that kinds own: with
    them, an unknown one is a problem. `library` is where packs are found by name.
    """
    file = workspace_file(path)
    sources = Sources(library)
    sources.add_file(file, str(file))
    problems, root = sources.problems, sources.root
    if root is None or not root.is_mapping:
        start = Where(str(file), 1, 1)
        nothing = Problem("SPEC-EMPTY", "The file says nothing.", start, "Is it the right one?")
        return None, problems or [nothing]
    root, wrong = expand(root)
    problems.extend(wrong)
    given = root.get("parameters")
    values, wrong = resolve_parameters(sources.declared, given, root)
    problems.extend(wrong)
    pending = frozenset(p.name for p in sources.declared) | frozenset(
        entry.key for entry in (given.entries() if given else ())
    )
    dates = frozenset(one.name for one in sources.declared if one.type == "date")
    substitution = Substitution(values, pending - frozenset(values), dates)
    root = substitution.fill(root)
    problems.extend(substitution.problems)
    problems.extend(unused_parameters(sources.declared, given, substitution.used))
    if kind_keys is not None:
        problems.extend(unknown_top_level(root, sorted({*SETTINGS_KEYS, *kind_keys})))
    own = {entry.key: entry for entry in root.entries() if entry.key in SETTINGS_KEYS}
    settings, wrong = model_problems(Settings, root.with_value(own))
    problems.extend(wrong if not _unfilled(problems) else _without_echoes(wrong, str(file)))
    problems.extend(criteria_problems(root))
    problems.extend(branding_problems(root))
    problems.extend(report_place_problems(root))
    said = {key: value for key, value in root.plain().items() if key not in _NOT_IN_DIGEST}
    return Loaded(
        root, settings, values, tuple(sources.labels), digest(said), file.parent
    ), in_order(problems, str(file))


def _unfilled(problems: list[Problem]) -> bool:
    """Whether some parameter has no value, or a wrong one."""
    return any(p.code in {"SPEC-PARAMETER-MISSING", "SPEC-PARAMETER-VALUE"} for p in problems)


def _without_echoes(problems: list[Problem], own: str) -> list[Problem]:
    """Without what a parameter that is not given brings about: values left open, and packs' dates."""
    return [p for p in problems if p.where.file == own and "{{" not in p.message]


def in_order(problems: Iterable[Problem], first: str) -> list[Problem]:
    """Each problem once, by place; the workspace's own file before its packs.

    Where a secret stands, that is all there is to say.
    """
    problems = list(problems)
    secret = {p.where for p in problems if p.code == "SPEC-SECRET"}
    return sorted(
        dict.fromkeys(p for p in problems if p.code == "SPEC-SECRET" or p.where not in secret),
        key=lambda p: (p.where.file != first, p.where.file, p.where.line, p.where.column),
    )
