"""What to do about a column whose type cannot change: named for where it is used."""

from __future__ import annotations

from typing import Any

from provisioner.core.resource import Existing, Resource
from provisioner.engine.retyping import instead

OWN = Resource("column", "column:Grade", {"type": "number"})


def part(kind: str, address: str, number: str, **properties: Any) -> Existing:
    return Existing(kind, address, properties, {"id": number}, declared=True)


def there(*parts: Existing) -> dict[str, Existing]:
    return {one.address: one for one in (part("column", OWN.address, "f1"), *parts)}


def test_a_site_column_says_which_lists_and_content_types_have_it() -> None:
    found = there(
        part("contentType", "contentType:Risk", "c1", **{"columns.Grade": True}),
        part("contentType", "list:risks/contentType:Risk", "c2", **{"columns.Grade": True}),
        part("column", "list:risks/column:Grade", "f1"),
        part("column", "list:other/column:Grade", "f2"),
    )
    hint = instead(OWN, "type", found)
    assert hint.startswith("It is in list:risks, and a site column keeps its type")
    assert "the content types “Risk”" in hint
    assert "list:other" not in hint


def test_a_site_column_that_no_list_has_is_declared_anew() -> None:
    hint = instead(OWN, "multiple", there())
    assert "no values are lost: take Grade out of the file" in hint
    assert "--prune" in hint


def test_other_properties_and_other_columns_have_their_own_way_out() -> None:
    assert instead(OWN, "list", there()).startswith("A lookup keeps its list")
    own = Resource("column", "list:risks/column:Grade", {"type": "person"})
    assert instead(own, "type", there()).startswith("Declare another column of the new type")
