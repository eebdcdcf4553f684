"""The law of an apply that is disturbed: run again, it ends where an undisturbed one does.

Nothing is there twice, nothing is orphaned, the ledger knows what we made, the receipt tells the
truth, and the run after that has nothing to do.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import random
import signal
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from killing import killing
from likeness import differences, likeness

from provisioner.cli import settings
from provisioner.cli.app import exit_code
from provisioner.cli.emulator import ControlPlane
from provisioner.emulator.server import RunningEmulator

_BUDGET = {"resourceUnitsPerMinute": 10_000_000}
FAULTS: Mapping[str, Mapping[str, Any]] = {
    **{str(status): {"do": {"status": status, "retryAfter": 0.05}} for status in (429, 503, 504)},
    **{str(status): {"do": {"status": status}} for status in (500, 409, 412, 423)},
    "reset": {"do": {"reset": True}},
    "truncated": {"do": {"truncate": True}, "when": "after"},
    "delay": {"do": {"delayMs": 150}},
    "answer lost": {"do": {"dropResponse": True}, "when": "after"},
}
"""What one request may be answered with, by its name: what the control plane is told."""


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed, decoded."""
        return json.loads(self.out)


def command(*words: object) -> Answer:
    """A command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = exit_code([str(word) for word in words])
    return Answer(code, out.getvalue(), err.getvalue())


class BrokenLaw(AssertionError):
    """What was not as it must be, in words."""


@dataclass
class Law:
    """One workspace on one emulated tenant, and what an undisturbed apply of it leaves there.

    With `older` the tenant holds what that file says before each apply; `words` go with each, and
    `base` names the snapshot that is kept of that.
    """

    running: RunningEmulator
    control: ControlPlane
    workspace: Path
    older: Path | None = None
    words: Sequence[str] = ()
    base: str = "older"
    whole: Mapping[str, Any] = field(default_factory=dict)
    asked: Sequence[Mapping[str, Any]] = ()
    _kept: set[Path] = field(default_factory=set)

    @property
    def outer(self) -> int:
        """How many requests an undisturbed apply makes, batches as one."""
        return sum(bool(row["outer"]) for row in self.asked)

    def undisturbed(self) -> None:
        """Apply once without any disturbance and keep what that left, and what it asked for."""
        if self.older is not None:
            self.empty()
            before = command("apply", self.older, "--yes")
            _hold(before.code == 0, f"the older workspace: {before.err[-800:]}")
            self.from_here()
        self.once()

    def from_here(self) -> None:
        """The tenant as it is now is what every trial begins with."""
        self.control.call("POST", "snapshot", {"name": self.base})
        self._kept = set(_copies())

    def once(self) -> None:
        """The undisturbed run that the others are compared with."""
        self.anew()
        self._applied("an undisturbed apply")
        rows = self.control.call("GET", "requests")
        self.asked = [row for row in rows if row["audience"] != "entra"]
        self.whole = self.seen()

    def seen(self) -> Mapping[str, Any]:
        """What a run left, by paths."""
        return likeness(self.running.tenant)

    def anew(self, seed: int = 1) -> None:
        """The tenant as it was before, with room in its budget; `seed` orders parts of batches."""
        self.empty(seed)
        for copy in set(_copies()) - self._kept:
            copy.unlink()
        if self.older is not None:
            self.control.call("POST", "restore", {"id": self.base})

    def empty(self, seed: int = 1) -> None:
        """A tenant with nothing in it, and room in its budget."""
        self.control.call("POST", "reset")
        self.control.call("PUT", "settings", {**_BUDGET, "seed": seed})
        self.control.call("DELETE", "requests")

    def strike(self, faults: Sequence[Mapping[str, Any]]) -> tuple[Answer, int]:
        """An apply under these faults: its answer, and how many of them hit something."""
        self.control.call("PUT", "faults", list(faults))
        try:
            answer = self.apply("--format", "json")
            hits = sum(1 for one in self.control.call("GET", "faults") if one["hits"])
        finally:
            self.control.call("DELETE", "faults")
        return answer, hits

    def tells_the_truth(self, answer: Answer) -> None:
        """It ended well with all done, or says what was not done, and the site agrees."""
        _hold(answer.code in {0, 1, 3}, f"exit code {answer.code}: {answer.err[-500:]}")
        told = answer.json()
        if told["kind"] == "Error":
            _hold(answer.code != 0 and bool(told["code"]), "an error without a code")
            return
        _hold(told["kind"] == "Receipt", f"no receipt: {told['kind']}")
        states = {one["address"]: one["status"] for one in told["results"]}
        if answer.code == 0:
            _hold(set(states.values()) <= {"done"}, f"exit code 0, and {states}")
            return
        _hold(bool(answer.err.strip()), "not all was done, and nothing was said")
        silent = [one["address"] for one in told["results"] if _is_silent(one)]
        _hold(not silent, f"without a reason: {silent}")
        plan = command("plan", self.workspace, *self.words, "--format", "json")
        _hold(plan.code in {0, 2}, f"plan ended with {plan.code}: {_blocked(plan)}")
        left = {c["address"] for c in plan.json()["changes"] if c["action"] not in _NOT_WRITTEN}
        untrue = sorted(a for a in left if states.get(a) == "done")
        _hold(not untrue, f"said to be done, and are not: {untrue}")

    def ends_well(self, *words: str) -> None:
        """Run again it ends as an undisturbed one does, and after that nothing is to be done."""
        self._applied("the run after it", *words)
        self.is_whole()

    def is_whole(self) -> None:
        """It is as an undisturbed run leaves it, one more writes nothing, and the receipts hold."""
        wrong = differences(self.seen(), self.whole)
        _hold(not wrong, f"{len(wrong)} otherwise than undisturbed:\n" + "\n".join(wrong[:12]))
        self.control.call("DELETE", "requests")
        self._applied("a run with nothing to do")
        sent = [
            f"{row['method']} {row['path']}"
            for row in self.control.call("GET", "requests")
            if row["method"] not in {"GET", "HEAD"}
            and row["audience"] != "entra"
            and not row["path"].lower().endswith("$batch")
        ]
        _hold(not sent, f"the run with nothing to do sent {sent}")
        chain = command("receipts", "verify", self.workspace)
        _hold(chain.code == 0, f"the receipts do not hold: {chain.out[-500:]}{chain.err[-500:]}")

    def one_fault(self, name: str, number: int, *, seed: int = 1) -> bool:
        """The whole law for one fault at one request, by its number; whether it hit any."""
        self.anew(seed)
        path = r"^(?!.*/oauth2/)"
        answer, hits = self.strike([{"match": {"path": path, "nth": number}, **FAULTS[name]}])
        self.tells_the_truth(answer)
        if answer.code == 0:
            self.is_whole()
        else:
            self.ends_well()
        return bool(hits)

    def one_kill(self, number: int, *, parts: bool = False, resume: bool = False) -> bool:
        """The whole law for a SIGKILL at one request, by its number; whether it came so far."""
        self.anew()
        reached = self.kill(number, parts=parts)
        self.ends_well(*(("--resume",) if resume else ()))
        return reached

    def killed_over_and_over(self, seed: int, times: int) -> None:
        """The law for an apply that is killed, and whose next is killed, at moments of chance."""
        chance = random.Random(seed)
        self.anew(seed)
        landed = 0
        while landed < times:
            parts = landed % 2 == 1
            most = (len(self.asked) if parts else self.outer) // (landed + 1)
            number = chance.randrange(max(2, most // 3), max(3, most))
            if self.kill(number, parts=parts):
                landed += 1
            else:  # it had ended before that
                self.is_whole()
                self.anew(seed)
        self.ends_well(*(("--resume",) if seed % 2 else ()))

    def kill(self, number: int, *, parts: bool = False, verb: str = "apply") -> bool:
        """An apply in another process, killed when its request of this number arrives.

        That request is carried out and its answer reaches nobody. With `parts` the parts of batches
        count too, and nothing is carried out from that one on. `verb` is another command, which is
        given no words. False when it ended before.
        """
        words = self.words if verb == "apply" else ()
        child = _CONTEXT.Process(
            target=_apply,
            args=(dict(os.environ), [verb, str(self.workspace), "--yes", *words]),
        )
        _preload()
        born = threading.Event()
        with killing(child, born, number, parts=parts) as dead:
            child.start()
            born.set()
            child.join(120)
            ended = child.exitcode
        child.close()
        _hold(ended in {0, -signal.SIGKILL}, f"the run that was to be killed ended with {ended}")
        return bool(dead)

    def apply(self, *words: str) -> Answer:
        """An apply of the workspace with these words too."""
        return command("apply", self.workspace, "--yes", *self.words, *words)

    def _applied(self, which: str, *words: str) -> None:
        answer = self.apply(*words)
        _hold(answer.code == 0, f"{which} ended with {answer.code}: {answer.err[-800:]}")


_NOT_WRITTEN = {"no-op", "adopt", "forget"}
_CONTEXT: Any = multiprocessing.get_context("forkserver" if sys.platform != "win32" else "spawn")


def _copies() -> Iterable[Path]:
    """Copies of receipts on this machine, of a tenant that is put back to what it was."""
    return (settings.home() / "receipts").glob("*.json")


def _is_silent(result: Mapping[str, Any]) -> bool:
    return result["status"] != "done" and not (result["code"] and result["message"])


def _blocked(plan: Answer) -> str:
    told = plan.json()
    return str(told.get("blocked") or told)[:800]


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenLaw(otherwise)


def _preload() -> None:
    """Children have at hand what is imported here, so that each starts in a moment."""
    if _CONTEXT.get_start_method() == "forkserver":
        ours = [name for name in sys.modules if name.startswith("provisioner.")]
        _CONTEXT.set_forkserver_preload([one for one in ours if ".emulator" not in one])


def _apply(environment: Mapping[str, str], arguments: Sequence[str]) -> None:
    """The child: the command line, in the dark."""
    os.environ.update(environment)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    sys.exit(exit_code(list(arguments)))
