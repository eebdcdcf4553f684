"""Libraries of which we are shown only what is approved: what seems to be missing may be waiting.

With content approval on, an app with less than Manage gets approved items only ("Get listItem",
section Permissions, learn.microsoft.com/graph/api/listitem-get). Nothing can be called missing there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from provisioner.sync.cases import Missing
from provisioner.sync.facts import Document, EvidenceFacts, ExpectedItem
from provisioner.sync.hearing import Found

_UNSURE = frozenset({"MISSING", "NOT-COVERED", "PERIOD-GAP", "NOT-IN-FORCE"})
"""What holds because nothing is seen."""
Heard = Mapping[tuple[str | None, str], Sequence[Found]]


class Veil:
    """Which libraries are veiled, and what that takes back."""

    def __init__(self, facts: EvidenceFacts) -> None:
        # Expected Evidence names a library by its title, documents by its key.
        veiled = [one for one in facts.libraries if one.veiled]
        self._titles = {name: one.title for one in veiled for name in (one.key, one.title)}

    def over(self, item: ExpectedItem) -> bool:
        """Whether the item's evidence is kept behind it."""
        return item.library in self._titles

    def visible(self, documents: Iterable[Document]) -> tuple[Document, ...]:
        """Of documents that seem to have left, those that cannot be waiting behind it."""
        return tuple(one for one in documents if one.library not in self._titles)

    def lifted(self, item: ExpectedItem, heard: Heard) -> Heard:
        """The findings of an item's windows without those that rest on seeing nothing."""
        if not self.over(item):
            return heard
        return {key: [one for one in some if not _unsure(one)] for key, some in heard.items()}

    def missing(self, item: ExpectedItem, heard: Heard) -> tuple[Missing, ...]:
        """The fact that is wanting, where findings were taken back for it."""
        if not self.over(item):
            return ()
        rules = {one.named.rule for some in heard.values() for one in some if _unsure(one)}
        if not rules:
            return ()
        fact = f"what waits for approval in {self._titles[item.library]}"
        return (Missing(fact, tuple(sorted(rules))),)


def _unsure(one: Found) -> bool:
    return one.open and one.named.rule in _UNSURE
