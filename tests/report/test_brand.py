"""A firm's name, colour and words on every form of report, and nothing remote in any of them."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from provisioner.core.transport import Stats
from provisioner.engine.drift import DriftReport
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.digest_mail import Place, digest_html, digest_text
from provisioner.report.drift_html import drift_html
from provisioner.report.files import news_of, report_files
from provisioner.report.xlsx import report_xlsx
from provisioner.sync.digest import Digest
from provisioner.sync.telling import Message, mail

LOGO = "data:image/png;base64,iVBORw0KGgo="
FIRM = Brand("North & <Star>", LOGO, "#0b5394", "=Secret, 1 <Main> Street")


@pytest.fixture(scope="module")
def files(acme):
    return report_files(acme.report, FIRM)


@pytest.fixture(scope="module")
def small(acme):
    return replace(acme.report, evidence=(), coverage=(), attention=(), criteria=())


@pytest.mark.parametrize("name", ["report.html", "leadership.html"])
def test_a_page_carries_the_firm_and_fetches_nothing(files, name):
    html = files[name].decode()
    assert f'<img src="{LOGO}" alt="" height="40"><span><bdi>North &amp; &lt;Star&gt;</bdi>' in html
    assert "=Secret, 1 &lt;Main&gt; Street" in html
    assert "--brand: #0b5394" in html
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert "img-src data:" in policy
    assert not re.findall(r'(?:src|url)\s*[=(]\s*["\']?(?:https?:)?//', html)


def test_without_a_firm_pages_are_as_they_were(acme):
    html = report_files(acme.report, PLAIN)["report.html"].decode()
    assert 'class="brand"' not in html
    assert "img-src" not in html


def test_other_forms_name_the_firm(files):
    book = load_workbook(io.BytesIO(files["report.xlsx"]))
    assert book.properties.creator == "North & <Star>"
    assert [cell.value for cell in book["Summary"][3]] == ["Prepared by", "North & <Star>"]
    last = book["Summary"].cell(book["Summary"].max_row, 1)
    assert (last.value, last.data_type) == ("=Secret, 1 <Main> Street", "s")
    assert book["Findings"]["A1"].fill.fgColor.rgb.endswith("0B5394")
    assert files["report.md"].decode().rstrip().endswith("=Secret, 1 \\<Main\\> Street")
    assert "Prepared by North \\& \\<Star\\>." in files["report.md"].decode()


def test_a_drift_page_carries_it_too():
    report = DriftReport("acme", datetime(2026, 5, 20, tzinfo=UTC), (), 0, Stats())
    assert "North &amp; &lt;Star&gt;" in drift_html(report, FIRM)


def test_a_workbook_shows_the_logo_as_large_as_it_is_wide(small):
    wide = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 300, 100) + b"\x08\6\0\0\0"
    tall = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08" + struct.pack(">HH", 80, 20) + b"\3"
    for kind, content, width in (("png", wide, 120), ("jpeg", tall, 10)):
        logo = f"data:image/{kind};base64,{b64encode(content).decode()}"
        book = zipfile.ZipFile(io.BytesIO(report_xlsx(small, replace(FIRM, logo=logo))))
        assert book.read(f"xl/media/image1.{kind}") == content
        (size,) = re.findall(rb'<ext cx="(\d+)" cy="(\d+)"', book.read("xl/drawings/drawing1.xml"))
        assert size == (str(width * 9525).encode(), str(40 * 9525).encode()), "in English units"


@pytest.mark.parametrize("logo", ["", LOGO, "data:image/jpeg;base64,/9j/4AAEYWI="])
def test_a_picture_without_a_size_is_left_out_of_a_workbook(small, logo):
    book = zipfile.ZipFile(io.BytesIO(report_xlsx(small, replace(FIRM, logo=logo))))
    assert not [name for name in book.namelist() if "media" in name or "drawing" in name]


def test_a_mail_brings_its_logo_along():
    told = Message("iam@contoso.example", "s", "<img src='cid:logo'>", "t", LOGO)
    for message, expected in (
        (replace(told, logo=""), None),
        (
            told,
            [
                {
                    "@odata.type": "#microsoft.graph.fileAttachment",
                    "name": "logo.png",
                    "contentType": "image/png",
                    "contentBytes": "iVBORw0KGgo=",
                    "contentId": "logo",
                    "isInline": True,
                }
            ],
        ),
    ):
        body = mail("sender@contoso.example", message).body
        assert body["message"].get("attachments") == expected


def test_a_mail_has_the_colour_the_words_and_the_logo():
    place = Place("Acme", "https://contoso.sharepoint.com/sites/acme", date(2026, 5, 20), FIRM)
    digest = Digest("iam@contoso.example", (), (), (), ())
    html = digest_html(digest, place)
    assert "background:#0b5394;color:#ffffff" in html
    assert "North &amp; &lt;Star&gt;" in html
    assert '<img src="cid:logo" alt="" height="28"' in html
    assert "data:" not in html, "mail readers show no such picture"
    assert "<img" not in digest_html(digest, replace(place, brand=replace(FIRM, logo="")))
    assert digest_text(digest, place).endswith("North & <Star>\n=Secret, 1 <Main> Street")


def test_news_is_what_a_report_says_and_not_when(acme, build, settings):
    later = settings(acme) | {"generated_at": datetime(2026, 5, 20, 23, tzinfo=UTC)}
    assert news_of(build(acme.facts, **later).report) == news_of(acme.report)
    fewer = replace(acme.facts, documents=acme.facts.documents[1:])
    assert news_of(build(fewer).report) != news_of(acme.report)
