"""How the command line speaks: answers on stdout, everything else on stderr, sentences for errors."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from provisioner.core.errors import ProvisionerError, SpecInvalid

if TYPE_CHECKING:
    from provisioner.tenant.governor import Budget
    from provisioner.tenant.recording.recorder import Recorder

# What steers a terminal, or turns the order of what is read: people may have written it on the site.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# On a terminal our own colours may pass ("Control Functions for Coded Character Sets", ECMA-48, SGR);
# others may not, since one of them hides what comes after it.
_STEERING_BUT_OURS = re.compile(
    rf"(?!\x1b\[(?:0|1|2|3[1-6])(?:;(?:1|2|3[1-6]))*m){_STEERING.pattern}"
)
# Orders that a pipeline takes from the log: Azure's agent looks for one anywhere in a line, GitHub's
# runner at its beginning (github.com/microsoft/azure-pipelines-agent, Command.cs, and
# github.com/actions/runner, ActionCommand.cs). They set variables and send files away.
_ORDER = re.compile(r"#(?=#(?:vso)?\[)", re.IGNORECASE)
_ORDER_OF_A_LINE = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}


@dataclass(slots=True)
class Console:
    """Where words go. `log_format` "json" makes each line on stderr one JSON object.

    `record` is the file that traffic is recorded to, `recorder` what writes it once there is some,
    and `command` the word of the command that runs. `budgets` is what each app may spend in its tenant
    in a minute, for all the workspaces of a command, by tenant and app.
    """

    verbose: bool = False
    quiet: bool = False
    color: bool = True
    log_format: str = "text"
    record: Path | None = None
    command: str = ""
    recorder: Recorder | None = None
    budgets: dict[tuple[str, str], Budget] = field(default_factory=dict)

    def out(self, text: str = "") -> None:
        """What was asked for."""
        # At once: who reads it from a pipe may be waiting for it while we go on serving.
        print(self._calmed(text, sys.stdout), file=sys.stdout, flush=True)

    def out_json(self, document: Any) -> None:
        """A JSON document that was asked for."""
        text = json.dumps(document, indent=2, ensure_ascii=False)
        for unsafe in (_STEERING, _ORDER):
            text = unsafe.sub(lambda one: f"\\u{ord(one[0]):04x}", text)
        print(text, file=sys.stdout, flush=True)

    def say(self, text: str = "") -> None:
        """A word about what is going on; silent with --quiet."""
        if not self.quiet:
            self._line("info", text)

    def warn(self, text: str) -> None:
        """Something to look at."""
        self._line("warning", text)

    def error(self, error: ProvisionerError) -> None:
        """An error as sentences: what, where, and the next step."""
        if self.log_format == "json":
            for one in errors_json(error):
                self._line("error", one.pop("message"), **one)
            return
        if isinstance(error, SpecInvalid):
            for problem in error.problems:
                self._line(
                    "error", f"{self.paint(problem.code, 'red', sys.stderr)}  {problem.message}"
                )
                self._line("error", f"    at {problem.where}")
                if problem.hint:
                    self._line("error", f"    {problem.hint}")
            return
        self._line("error", f"{self.paint(error.code, 'red', sys.stderr)}  {error.message}")
        if error.where:
            self._line("error", f"    at {error.where}")
        if error.hint:
            self._line("error", f"    {error.hint}")
        if error.request_id:
            self._line("error", f"    Microsoft's request id: {error.request_id}")

    def paint(self, text: str, style: str, stream: TextIO | None = None) -> str:
        """The text in a colour, where the stream is a terminal that wants colours."""
        if not self._paints(stream or sys.stdout):
            return text
        codes = ";".join(_STYLES[name] for name in style.split())
        return f"\x1b[{codes}m{text}\x1b[0m"

    def _line(self, level: str, text: str, **more: Any) -> None:
        if self.log_format == "json":
            text = json.dumps({"level": level, "message": text, **more}, ensure_ascii=False)
        print(self._calmed(text, sys.stderr), file=sys.stderr)

    def _paints(self, stream: TextIO) -> bool:
        return self.color and not os.environ.get("NO_COLOR") and stream.isatty()

    def _calmed(self, text: str, stream: TextIO) -> str:
        """The text with a mark in place of whatever would steer a terminal or a pipeline."""
        steering = _STEERING_BUT_OURS if self._paints(stream) else _STEERING
        text = _ORDER.sub("\ufffd", steering.sub("\ufffd", text))
        return _ORDER_OF_A_LINE.sub("\\1\ufffd", text)


def errors_json(error: ProvisionerError) -> list[dict[str, Any]]:
    """An `Error` document for each thing wrong: a file may hold several."""
    if not isinstance(error, SpecInvalid):
        return [error_json(error)]
    return [
        error_json(ProvisionerError(one.code, one.message, hint=one.hint, where=one.where))
        for one in error.problems
    ]


def error_json(error: ProvisionerError) -> dict[str, Any]:
    """The `Error` document of the command line."""
    document: dict[str, Any] = {
        "apiVersion": "provisioner/v1",
        "kind": "Error",
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
    }
    if error.address:
        document["address"] = error.address
    if error.request_id:
        document["requestId"] = error.request_id
    if error.where:
        document["where"] = str(error.where)
    return document
