from __future__ import annotations

from provisioner.report.criteria_labels import LABELS, categories, label
from provisioner.spec.models import Framework
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


def test_a_framework_of_the_workspace_is_a_category_with_its_own_labels():
    rules = Framework(
        name="ISO 27001", criteria={"A.5.1": "policies", "A.5.10": "how assets are used"}
    )
    listed = categories(["A.5.1", "A1.2", "A.9.9"], ["iso 27001"], [rules])
    assert [(one.name, one.prefix, one.criteria) for one in listed] == [
        ("Availability", "A1", ("A1.2",)),
        ("ISO 27001", "", ("A.5.1", "A.5.10")),
        ("Other", "", ("A.9.9",)),
    ]
    assert (label("A.5.1", [rules]), label("A.5.1")) == ("policies", "")
