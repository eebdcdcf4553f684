from __future__ import annotations

import pytest

from provisioner.report.html_words import SIGNS, TONES, percent, shown, tone, without
from provisioner.sync.vocabulary import ItemState, ReviewStatus


def test_every_state_has_a_tone_and_a_sign_of_its_own():
    assert len(set(SIGNS.values())) == len(ItemState)
    assert {tone(state) for state in ItemState} == set(TONES.values())
    assert {tone(status) for status in ReviewStatus} <= set(TONES.values())
    assert tone("anything else") == tone(None) == "none"


@pytest.mark.parametrize(
    ("share", "words"),
    [(None, "—"), (0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1, "100 %")],
)
def test_only_all_is_a_hundred_percent(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("a.pdf: please fill in Part.", "Please fill in Part."),
        ("a.pdf is empty.", "… is empty."),
        ("Nothing was filed.", "Nothing was filed."),
    ],
)
def test_a_name_that_stands_beside_a_sentence_is_not_repeated(sentence, words):
    assert without(sentence, "a.pdf") == words


def test_shown_leaves_ordinary_text_alone():
    assert shown("Ünïcode 漢字\n\ttab") == "Ünïcode 漢字\n\ttab"
    assert (shown(None), shown(7)) == ("", 7)
