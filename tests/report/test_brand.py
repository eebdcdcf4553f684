"""A firm's name, colour and words on every form of report, and nothing remote in any of them."""

from __future__ import annotations

import io
import re
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
from provisioner.sync.digest import Digest

LOGO = "data:image/png;base64,iVBORw0KGgo="
FIRM = Brand("North & <Star>", LOGO, "#0b5394", "=Secret, 1 <Main> Street")


@pytest.fixture(scope="module")
def files(acme):
    return report_files(acme.report, FIRM)


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


def test_a_mail_has_the_colour_and_the_words_and_no_picture():
    place = Place("Acme", "https://contoso.sharepoint.com/sites/acme", date(2026, 5, 20), FIRM)
    digest = Digest("iam@contoso.example", (), (), (), ())
    html = digest_html(digest, place)
    assert "background:#0b5394;color:#ffffff" in html
    assert "North &amp; &lt;Star&gt;" in html
    assert "<img" not in html
    assert digest_text(digest, place).endswith("North & <Star>\n=Secret, 1 <Main> Street")


def test_news_is_what_a_report_says_and_not_when(acme, build, settings):
    later = settings(acme) | {"generated_at": datetime(2026, 5, 20, 23, tzinfo=UTC)}
    assert news_of(build(acme.facts, **later).report) == news_of(acme.report)
    fewer = replace(acme.facts, documents=acme.facts.documents[1:])
    assert news_of(build(fewer).report) != news_of(acme.report)
