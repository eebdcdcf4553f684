from __future__ import annotations

from provisioner.report.criteria_labels import LABELS, categories, label
from provisioner.sync.criteria import CRITERIA


def test_every_criterion_has_a_label_of_its_own():
    assert set(LABELS) == CRITERIA
    assert len(set(LABELS.values())) == len(LABELS)


def test_an_unknown_id_has_no_label():
    assert label("PI1.9") == ""


def test_a_category_in_scope_is_listed_whole_and_in_order():
    (availability,) = categories(["A1.2"], ["availability"])
    assert (availability.name, availability.prefix) == ("Availability", "A1")
    assert availability.criteria == ("A1.1", "A1.2", "A1.3")


def test_beyond_the_scope_only_what_is_used_is_listed():
    names = {one.name: one.criteria for one in categories(["C1.1", "X9", " "], ["CC8.1"])}
    assert names == {"Security": ("CC8.1",), "Confidentiality": ("C1.1",), "Other": ("X9",)}
