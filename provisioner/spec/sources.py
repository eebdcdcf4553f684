"""Follows `extends`, reads every source and merges them in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from provisioner.core.errors import Problem, Where
from provisioner.core.node import Entry, Node
from provisioner.spec.load import read_file
from provisioner.spec.overlay import Overlay, nearest_hint
from provisioner.spec.packs import MANIFEST, REFERENCE, Pack, find_pack, read_pack
from provisioner.spec.parameters import NOT_SUBSTITUTED, Parameter

DEFAULT_NAME = "workspace.yaml"
_HOMES = dict.fromkeys(("tenant", "notifications"), "the workspace file")
"""A pack may come from anybody: as whom we sign in where, and to which address words go, it cannot say."""


@dataclass(slots=True)
class Sources:
    """Gathers a workspace from its file and all it extends. `library` holds packs found by name."""

    library: Path | None = None
    root: Node | None = None
    declared: list[Parameter] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _done: set[Path] = field(default_factory=set)

    def add_file(self, path: Path, shown: str, stack: tuple[Path, ...] = ()) -> None:
        """Merge a workspace file, after what it extends. `stack` holds what is being read now."""
        root, problems = read_file(path, shown=shown)
        self.problems.extend(problems)
        if root is None:
            return
        if not root.is_mapping:
            message = f"A workspace file is a map of keys and values, not {root.sort}."
            hint = "Start it with `apiVersion: provisioner/v1`."
            self.problems.append(Problem("SPEC-TYPE", message, root.where, hint))
            return
        own = path.resolve()
        self._extend(root.get("extends"), path.parent, shown, (*stack, own))
        self._done.add(own)
        self.labels.append(shown)
        self._merge(root)

    def add_pack(self, pack: Pack, stack: tuple[Path, ...]) -> None:
        """Merge a pack's parts, after what it extends."""
        own = pack.folder.resolve()
        self._extend(pack.extends, pack.folder, f"{pack.label}/{MANIFEST}", (*stack, own))
        self._done.add(own)
        self.labels.append(pack.label)
        for parameter in pack.parameters:
            self.declared = [p for p in self.declared if p.name != parameter.name]
            self.declared.append(parameter)
        for part in pack.parts:
            root, problems = read_file(part, shown=f"{pack.label}/{part.name}", origin=pack.label)
            self.problems.extend(problems)
            if root is not None:
                self._merge_part(root)

    def has(self, pack: Pack) -> bool:
        """Whether a pack is merged already."""
        return pack.folder.resolve() in self._done

    def _merge_part(self, root: Node) -> None:
        if not root.is_mapping:
            message = f"A part of a pack is a map of keys and values, not {root.sort}."
            hint = "Start it with a key such as `libraries:`."
            self.problems.append(Problem("SPEC-TYPE", message, root.where, hint))
            return
        for entry in root.entries():
            home = MANIFEST if entry.key in NOT_SUBSTITUTED else _HOMES.get(entry.key)
            if home is not None:
                message = f"“{entry.key}” has no place in a part of a pack."
                self.problems.append(
                    Problem("SPEC-PACK", message, entry.where, f"It belongs in {home}.")
                )
        self._merge(root)

    def _extend(
        self, extends: Node | None, folder: Path, shown: str, stack: tuple[Path, ...]
    ) -> None:
        if extends is None:
            return
        wanted = extends.value if isinstance(extends.value, tuple) else (extends,)
        for one in wanted:
            if isinstance(one.value, str) and one.value:
                self._extend_one(one.value, one.where, folder, shown, stack)
            else:
                message = f"`extends` names packs or paths, and this is {one.sort}."
                hint = "Write it like `soc2-fintech-api@1`."
                self.problems.append(Problem("SPEC-EXTENDS", message, one.where, hint))

    def _extend_one(
        self, reference: str, where: Where, folder: Path, shown: str, stack: tuple[Path, ...]
    ) -> None:
        if not is_path(reference):
            pack, problems = find_pack(reference, where, self.library)
            self.problems.extend(problems)
            if pack is not None and self._is_new(pack.folder, where, stack):
                self.add_pack(pack, stack)
            return
        target = folder / reference
        if not _can_be_path(target):
            message = "What is extended here cannot be the name of a file."
            hint = "Write a path, read from this file, such as ./shared.yaml."
            self.problems.append(Problem("SPEC-NOT-FOUND", message, where, hint))
            return
        beside = str(Path(shown).parent / reference)
        if (target / MANIFEST).is_file():
            if self._is_new(target, where, stack):
                pack, problems = read_pack(target)
                self.problems.extend(problems)
                if pack is not None:
                    self.add_pack(pack, stack)
            return
        if target.is_dir():
            target, beside = target / DEFAULT_NAME, f"{beside}/{DEFAULT_NAME}"
        if not target.is_file():
            near = [p.name for p in target.parent.glob("*")] if target.parent.is_dir() else []
            message = f"“{reference}” is not there."
            hint = nearest_hint(target.name, near) or "A path is read from the file that names it."
            self.problems.append(Problem("SPEC-NOT-FOUND", message, where, hint))
        elif self._is_new(target, where, stack):
            self.add_file(target, beside, stack)

    def _is_new(self, path: Path, where: Where, stack: tuple[Path, ...]) -> bool:
        own = path.resolve()
        if own in stack:
            chain = " → ".join(p.name for p in (*stack[stack.index(own) :], own))
            message = f"What is extended here extends this again: {chain}."
            hint = "Take one of the `extends` away."
            self.problems.append(Problem("SPEC-EXTENDS-CYCLE", message, where, hint))
            return False
        return own not in self._done

    def _merge(self, root: Node) -> None:
        overlay = Overlay(self.problems)
        self.root = overlay.merge(self.root, root)
        extends = root.entry("extends")
        if self.root.is_mapping and isinstance(self.root.value, dict):
            # What a base extends has been followed already; only the last file's own words stay.
            kept: dict[str, Entry] = {k: e for k, e in self.root.value.items() if k != "extends"}
            if extends is not None:
                kept["extends"] = extends
            self.root = self.root.with_value(kept)


def asked_by(packs: Sequence[Pack], library: Path | None = None) -> list[Parameter]:
    """The parameters of packs and of all they build on; the last word on each counts."""
    sources = Sources(library)
    for pack in packs:
        if not sources.has(pack):
            sources.add_pack(pack, ())
    return sources.declared


def is_path(reference: str) -> bool:
    """Whether an `extends` names a path and not a pack."""
    if REFERENCE.fullmatch(reference):
        return False
    return "/" in reference or "\\" in reference or reference.endswith((".yaml", ".yml"))


def _can_be_path(path: Path) -> bool:
    """Whether the system takes it as a name: not too long, and without characters it refuses."""
    try:
        (path / MANIFEST).resolve().stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError, RuntimeError):
        return False
    return True
