"""Pages with nothing on them, with far too much on them, and on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from provisioner.report.html import report_html
from provisioner.report.html_words import coded
from provisioner.report.leadership_html import leadership_html
from provisioner.report.readiness_lines import RuleLine
from provisioner.sync.facts import AuditPeriod, EvidenceFacts
from provisioner.sync.vocabulary import ReportType, Severity

CAPTION = re.compile(r"<caption>(.*?)</caption>.*?</table>", re.DOTALL)


@pytest.fixture(scope="module")
def whole(acme):
    """The demo company's page."""
    return report_html(acme.report)


@pytest.fixture(scope="module")
def nothing(build):
    return build(EvidenceFacts(), libraries={}).report


def test_a_site_without_periods_and_items_says_so_and_shows_no_empty_table(nothing):
    page = report_html(nothing)
    assert "No audit period is open, so no day of one can be without evidence." in page
    assert "No criteria are in scope." in page
    assert "By control area" not in page
    for table in CAPTION.finditer(page):
        assert '<tr><th scope="row"' in table[0], table[1]


def test_no_error_is_not_shown_in_red(nothing, whole):
    assert nothing.headline.errors == 0
    assert "<div><dt>Open errors</dt>" in report_html(nothing)
    assert '<div class="t-bad"><dt>Open errors</dt>' in whole


def test_where_nothing_is_due_what_is_open_is_told_all_the_same(nothing):
    assert nothing.attention
    lead = report_html(nothing).partition("Nothing is due yet")[2].partition("</p>")[0]
    assert "0 errors and 1 warning are open" in lead
    assert 'href="#attention"' in lead


def test_the_reader_sees_no_backticks_and_no_rule_without_its_meaning(acme):
    check = RuleLine("RISK-LATE", "Risk late", Severity.WARNING, "", 3, 0)
    page = report_html(replace(acme.report, rules=(check,), evidence=(), coverage=()))
    method = page.partition('id="method"')[2].partition("</main>")[0]
    assert "`" not in method
    assert "<code>provisioner package</code>" in method
    row = method.partition("RISK-LATE")[2].partition("</tr>")[0]
    assert "A check declared beside a register finds a row of it." in row


def test_code_between_backticks_is_text_all_the_same():
    assert coded("a `<b>` <i>") == "a <code>&lt;b&gt;</code> &lt;i&gt;"


def test_two_thousand_findings_of_one_rule_are_folded_and_all_there(acme):
    [group, *_] = acme.report.attention
    line = group.findings[0]
    many = tuple(replace(line, what=f"Row number {one}.") for one in range(2000))
    told = replace(group, findings=many)
    page = report_html(replace(acme.report, attention=(told,), evidence=(), coverage=()))
    assert all(f"<li>Row number {one}.</li>" in page for one in (0, 11, 12, 1999))
    before, _, folded = page.partition("and 1988 more</summary>")
    assert before.count("<li>Row number") == 12
    assert folded.count("<li>Row number") == 1988


def test_leadership_is_not_told_that_nothing_is_due_while_all_is_late(acme):
    items = tuple(replace(one, next_due=acme.report.windows[0].first) for one in acme.report.items)
    assert "Nothing is due." not in leadership_html(replace(acme.report, items=items))
    none = tuple(replace(one, next_due=None) for one in items)
    assert "Nothing is due." in leadership_html(replace(acme.report, items=none))


def test_colours_on_the_page_for_leadership_have_their_words(acme):
    panel = leadership_html(acme.report).partition("By category")[2].partition("</section>")[0]
    for state, count in acme.report.headline.tally.states:
        assert f"{state} <b>{count}</b>" in panel


def test_every_sheet_of_paper_says_what_it_is_and_its_number(whole, hostile):
    assert (
        '@bottom-left { content: "Acme Payments, evidence readiness as of 20 May 2026"; }' in whole
    )
    assert "counter(page)" in whole
    words = re.search(r'@page \{ @bottom-left \{ content: "([^"]*)"', report_html(hostile.report))
    assert words is not None
    assert re.fullmatch(r"(?:[A-Za-z0-9 .,:-]|\\[0-9a-f]+ )*", words[1])
    assert r"\3c script\3e " in words[1]


def test_a_period_of_one_day_names_its_day_once(build, acme):
    period = AuditPeriod("p", "As of", type=ReportType.TYPE_1, as_of=date(2026, 5, 20))
    page = report_html(build(replace(acme.facts, periods=(period,))).report)
    assert "to <time" not in page.partition('id="coverage"')[2].partition("</caption>")[0]
    assert "20 May 2026</time>, 1 day</td>" in page
