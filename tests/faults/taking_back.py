"""The law of an undo that is disturbed: run again, it ends where an undisturbed one does.

Then nothing is left to take back, which is said and is no fault; and the receipts hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from law import Answer, BrokenLaw, Law, command
from likeness import likeness

_NOTHING = (None, "", [], {})


@dataclass
class TakingBack(Law):
    """What a change from `older` to `workspace` made, taken back; `words` go with that change.

    Once `undisturbed`, the words are those of the undo, with an `--allow` for all it asks for.
    """

    def undisturbed(self) -> None:
        """Apply both files, take the second back once and keep what that left and asked for."""
        self.empty()
        for file, words in ((self.older, ()), (self.workspace, self.words)):
            answer = command("apply", file, "--yes", *words, "--format", "json")
            _hold(answer.code == 0, f"the apply of {file}: {answer.err[-800:]}")
        self.from_here()
        self.words = ["--undo", answer.json()["runId"]]
        self.words += self._asked_for()
        self.once()

    def _asked_for(self) -> Sequence[str]:
        """What the undo wants named before it removes it."""
        allowed: list[str] = []
        while True:
            told = self.apply(*allowed, "--format", "json").json()
            if told.get("code") != "UNDO-HOLDS-CONTENT":
                return allowed
            allowed.append(f"--allow={told['address']}")

    def apply(self, *words: str) -> Answer:
        """The undo with these words too; `--resume` goes on with it and names no run.

        Cut off before it had begun anything there is nothing to go on with; then it is asked for anew.
        """
        if "--resume" in words:
            answer = command("apply", self.workspace, "--yes", *self.words[2:], *words)
            if "No run was cut off here" not in answer.err:
                return answer
            words = tuple(word for word in words if word != "--resume")
        return command("apply", self.workspace, "--yes", *self.words, *words)

    def seen(self) -> Mapping[str, Any]:
        """What it left; a setting that is empty is as good as one that is not there."""
        return {path: one for path, one in likeness(self.running.tenant).items() if _says(one)}

    def tells_the_truth(self, answer: Answer) -> None:
        """It ended well with all done, or says what was not done."""
        _hold(answer.code in {0, 1, 3}, f"exit code {answer.code}: {answer.err[-500:]}")
        told = answer.json()
        if told["kind"] == "Error":
            _hold(answer.code != 0 and bool(told["code"]), "an error without a code")
            return
        left = [one for one in told["results"] if one["status"] != "done"]
        _hold(answer.code == (1 if left else 0), f"exit code {answer.code}, and not done: {left}")
        silent = [one["address"] for one in left if not (one["code"] and one["message"])]
        _hold(not silent, f"without a reason: {silent}")


def _says(value: object) -> bool:
    return value not in _NOTHING


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BrokenLaw(otherwise)
