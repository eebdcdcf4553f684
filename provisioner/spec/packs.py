"""Packs: ready parts of a workspace, found by name and major version or by path.

A pack is a folder with `pack.yaml` and any number of other `*.yaml` files, merged in name order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from provisioner.core.errors import Problem, SpecInvalid, Where
from provisioner.core.node import Node
from provisioner.spec.load import read_file
from provisioner.spec.overlay import nearest_hint
from provisioner.spec.pack_manifest import PackManifest
from provisioner.spec.parameters import Parameter
from provisioner.spec.validate import model_problems

MANIFEST = "pack.yaml"
REFERENCE = re.compile(r"([a-z0-9][a-z0-9-]*)@([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack as found on disk. `label` ("soc2-fintech-api@1.0.0") is the origin of its values.

    `use` says what it is for: "workspace" to start from, "option" to add to one, "part" for packs.
    """

    name: str
    version: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]
    extends: Node | None
    folder: Path
    use: Literal["workspace", "option", "part"] = "workspace"

    @property
    def major(self) -> int:
        """The number that `extends` names."""
        return int(self.version.partition(".")[0])

    @property
    def label(self) -> str:
        """Name and whole version."""
        return f"{self.name}@{self.version}"

    @property
    def parts(self) -> tuple[Path, ...]:
        """Its files but the manifest, in name order."""
        return tuple(
            sorted(
                path
                for path in self.folder.glob("*.yaml")
                if path.name != MANIFEST and not path.name.startswith(".")
            )
        )


def pack_library() -> Path:
    """The folder of the packs that come with the program: in the wheel, or beside the package."""
    package = Path(str(resources.files("provisioner")))
    inside = package / "workspace_templates"
    return inside if inside.is_dir() else package.parent / "workspace_templates"


def available(library: Path | None = None) -> list[Pack]:
    """Every pack in a library (default: the one that comes with the program), by name and version.

    Raises `SpecInvalid` for a pack whose manifest cannot be used.
    """
    folder = library or pack_library()
    packs: list[Pack] = []
    problems: list[Problem] = []
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        pack, wrong = read_pack(manifest.parent)
        problems.extend(wrong)
        if pack is not None:
            packs.append(pack)
    if problems:
        raise SpecInvalid(tuple(problems))
    return sorted(packs, key=lambda pack: (pack.name, _numbers(pack.version)))


def read_pack(folder: Path) -> tuple[Pack | None, list[Problem]]:
    """The pack in a folder, or what is wrong with its manifest."""
    root, problems = read_file(folder / MANIFEST, shown=f"{folder.name}/{MANIFEST}")
    if root is None:
        return None, problems
    manifest, wrong = model_problems(PackManifest, root)
    if manifest is None or problems:
        return None, [*problems, *wrong]
    asked = root.get("parameters")
    parameters = tuple(
        Parameter(
            name,
            one.description,
            asked.at((name,)).where if asked else root.where,
            one.default,
            one.choices,
            one.type,
        )
        for name, one in manifest.parameters.items()
    )
    return Pack(
        manifest.name,
        manifest.version,
        manifest.title,
        manifest.summary,
        parameters,
        root.get("extends"),
        folder,
        manifest.use,
    ), []


def find_pack(
    reference: str, where: Where, library: Path | None = None
) -> tuple[Pack | None, list[Problem]]:
    """The newest pack that answers `name@major`, or why there is none.

    `where` is the place that asks for it.
    """
    match = REFERENCE.fullmatch(reference)
    try:
        packs = available(library)
    except SpecInvalid as invalid:
        return None, list(invalid.problems)
    name = match[1] if match else reference.partition("@")[0]
    named = [pack for pack in packs if pack.name == name]
    if match is None:
        example = f"{named[-1].name}@{named[-1].major}" if named else "soc2-fintech-api@1"
        message = f"“{reference}” is neither a pack with its major version nor a path."
        hint = f"Write it like `{example}`, or start a path with ./"
        return None, [Problem("SPEC-EXTENDS", message, where, hint)]
    if not named:
        return None, [_unknown(name, packs, where)]
    fitting = [pack for pack in named if pack.major == int(match[2])]
    if not fitting:
        versions = ", ".join(pack.version for pack in named)
        message = f"The pack “{name}” has no version {match[2]}; there is {versions}."
        hint = f"Write `{name}@{named[-1].major}`, and read the pack's changes."
        return None, [Problem("SPEC-PACK-VERSION", message, where, hint)]
    return fitting[-1], []


def _unknown(name: str, packs: Sequence[Pack], where: Where) -> Problem:
    names = sorted({pack.name for pack in packs if pack.use != "part"})
    hint = f"{nearest_hint(name, names)} Packs here: {', '.join(names) or 'none'}.".strip()
    return Problem("SPEC-PACK-UNKNOWN", f"There is no pack called “{name}”.", where, hint)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
