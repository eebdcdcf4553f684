"""An imported file says what stands on the site, and nothing that somebody there made it say."""

from __future__ import annotations

import pytest

from provisioner.engine.importer_text import workspace_text
from provisioner.spec.load import read_text

ODD = [
    "a\ngroups: [{key: a}]",
    "a\r\ngroups: {}",
    "a\u2028groups: {}",
    "a\u2029groups: {}",
    "a\x85groups: {}",
    "a\x00b",
    "a\x1b[31m",
    "a\ufffe",
    "a\u202eb",
    "- a: &b *c # d",
    "1e5",
    ".5",
    "1_000",
]


@pytest.mark.parametrize("words", ODD)
def test_words_of_the_site_are_words_in_the_file(words: str) -> None:
    said = {"lists": [{"key": "a", "title": words, words: "b"}], "navigation": [words]}
    text = workspace_text(f"https://x/sites/{words}", said, [f"The list “{words}”: no."])
    root, problems = read_text(text, "f", "f")
    assert problems == []
    assert root is not None
    assert root.plain() == {"apiVersion": "provisioner/v1", "kind": "Workspace", **said}
