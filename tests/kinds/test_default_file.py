"""The file of default values, as people and tools leave it."""

from __future__ import annotations

import pytest

from provisioner.kinds.default_file import read_file, written_file
from provisioner.kinds.default_texts import canonical, text_of

URL = "/sites/acme/Evidence"


def place(href: str, inside: str) -> str:
    return f'<a class="x" href="{href}">{inside}</a>'


def value(name: str, text: str) -> str:
    return f'<DefaultValue FieldName="{name}">{text}</DefaultValue>'


def test_what_was_written_is_read_again() -> None:
    said = {
        "Area": "R&D <x> \"y\" 'z'",
        "2026/Q 1 été/Area": "ß\nnext",
        "/sites/other/Lib/Area": "a",
    }
    found = read_file(written_file(said, URL), URL)
    assert {f"{folder}/{name}".removeprefix("/") if folder[:1] != "/" else f"{folder}/{name}": text
            for folder, name, text in found} == said  # fmt: skip


@pytest.mark.parametrize("body", [b"", "", None, b"<MetadataDefaults />", b"not XML at all <a"])
def test_a_file_without_values_has_none(body: object) -> None:
    assert read_file(body, URL) == []


def test_of_a_folder_that_is_there_twice_the_first_counts() -> None:
    body = place(URL, value("Area", "one")) + place(
        f"{URL}/", value("Area", "two") + value("B", "3")
    )
    assert read_file(body, URL) == [("", "Area", "one"), ("", "B", "3")]


def test_an_empty_value_is_none_and_another_library_is_kept_apart() -> None:
    body = place(f"{URL}2", value("Area", "x")) + place(URL, '<DefaultValue FieldName="B"/>')
    assert read_file(body, URL) == [("/sites/acme/Evidence2", "Area", "x")]


@pytest.mark.parametrize(
    ("value", "word", "text", "spelled"),
    [
        (4, "number", "4", ("4.0", "4.00", "4")),
        (0.25, "number", "0.25", (".25", "0.250")),
        (True, "boolean", "1", ("true", "TRUE", "1")),
        (False, "boolean", "0", ("False", "0")),
        ("today", "dateOnly", "[today]", ("[Today]", "[today]")),
        ("2026-03-31", "dateOnly", "2026-03-31T00:00:00Z", ("2026-03-31", "2026-03-31 00:00:00")),
        (None, "choice", "", ("",)),
    ],
)
def test_one_value_has_one_form(
    value: object, word: str, text: str, spelled: tuple[str, ...]
) -> None:
    assert text_of(value, word) == text
    assert {canonical(one, word) for one in spelled} == {text}


@pytest.mark.parametrize(
    ("value", "word"),
    [("x", "number"), (True, "number"), (1, "boolean"), (5, "text"), ("2026-02-30", "dateOnly"),
     ("soon", "dateTime"), ("a", "person"), ("a", "multichoice"), ("a", "")],
)  # fmt: skip
def test_what_a_column_cannot_take_is_said(value: object, word: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        text_of(value, word)
