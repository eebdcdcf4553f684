"""The columns of rows as they are held between runs."""

from __future__ import annotations

import pytest

from provisioner.sync.row_fields import Press


def test_fields_are_read_like_a_dict_of_what_is_not_empty() -> None:
    said = {"id": "1", "Part@odata.type": "t", "Part": "Cloud", "Flags": None, "Criteria": ["A1.2"]}
    fields = Press(frozenset({"id"})).fields(said)
    assert fields == {"Part": "Cloud", "Criteria": ["A1.2"]}
    assert (list(fields), len(fields)) == (["Part", "Criteria"], 2)
    assert (fields["Part"], fields.get("Flags"), fields.get("id", "-")) == ("Cloud", None, "-")
    with pytest.raises(KeyError):
        fields["Flags"]


def test_order_makes_no_difference() -> None:
    press = Press()
    assert press.fields({"a": 1, "b": 2}) == press.fields({"b": 2, "a": 1})
    assert press.fields({"a": 1, "b": 2}) != press.fields({"a": 2, "b": 2})


def test_short_texts_and_choices_are_held_once_for_all_rows() -> None:
    press, word = Press(), "Identity provider"
    first = press.fields({"SourceSystem": word, "Criteria": ["A1.2"], "Flags": "x" * 50})
    again = press.fields({"SourceSystem": "".join(list(word)), "Criteria": ["A1.2"], "Flags": None})
    assert again["SourceSystem"] is first["SourceSystem"]
    assert again["Criteria"] is first["Criteria"]


def test_numbers_and_answers_stay_what_they_are() -> None:
    """1, true and 1.0 are equal to Python and not the same to a reader."""
    fields = Press().fields({"RowCount": 1, "Enabled": True, "Weight": 1.0})
    assert [type(one) for one in fields.values()] == [int, bool, float]
