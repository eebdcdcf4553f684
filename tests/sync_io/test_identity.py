"""What is inside a file has one identity, whatever SharePoint writes around it."""

from __future__ import annotations

import io
import zipfile

import pytest

from provisioner.sync.collect_content import package_identity


def package(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


BOOK = {"[Content_Types].xml": b"t", "_rels/.rels": b"r", "xl/workbook.xml": b"<book/>",
        "docProps/core.xml": b"c", "customXml/item1.xml": b"i",
        "xl/_rels/workbook.xml.rels": b"w"}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in BOOK if name != "xl/workbook.xml"])
def test_what_sharepoint_rewrites_does_not_move_the_identity(name: str) -> None:
    assert package_identity(package({**BOOK, name: b"other"})) == package_identity(package(BOOK))


@pytest.mark.parametrize(
    "parts",
    [{**BOOK, "xl/workbook.xml": b"<other/>"}, {**BOOK, "xl/sheet2.xml": b""}],
)
def test_what_people_write_moves_the_identity(parts: dict[str, bytes]) -> None:
    assert package_identity(package(parts)) != package_identity(package(BOOK))


def test_the_order_of_parts_does_not_matter() -> None:
    backwards = dict(reversed(BOOK.items()))
    assert package_identity(package(backwards)) == package_identity(package(BOOK))


@pytest.mark.parametrize("data", [b"", b"plain text", package(BOOK)[:-30]])
def test_what_is_no_package_has_no_identity(data: bytes) -> None:
    assert package_identity(data) is None


def test_a_package_damaged_inside_has_no_identity() -> None:
    data = bytearray(package({"xl/workbook.xml": b"a" * 64}))
    data[60] ^= 0xFF
    assert package_identity(bytes(data)) is None
