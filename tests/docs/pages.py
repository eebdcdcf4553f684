"""The project's own Markdown, as the tests of this folder read it."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("workspace_templates/**/*.md"),
    ]
)


@dataclass(frozen=True)
class Line:
    """A command line of a page."""

    page: Path
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.name}: {shlex.join(self.words)}"


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def inline_code(page: Path) -> list[str]:
    """What stands between single back-ticks."""
    return re.findall(r"`([^`\n]+)`", prose(page))


def command_lines(page: Path, program: str = "provisioner") -> Iterator[Line]:
    """Every line of the page's shell blocks that runs the program."""
    for block in blocks(page, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith(f"{program} "):
                yield Line(page, tuple(shlex.split(line, comments=True)))


def script(name: str) -> ModuleType:
    """A Python script of `scripts/`, loaded as a module."""
    loader = SourceFileLoader(f"script_{name.replace('-', '_')}", str(ROOT / "scripts" / name))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = sys.modules[loader.name] = module_from_spec(spec)
    loader.exec_module(module)
    return module
