"""Whatever people write, no writer's output changes its shape: it stays words in every format."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provisioner.cli.console import Console
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Stats
from provisioner.engine.drift import DriftReport
from provisioner.engine.finding import Finding
from provisioner.report.csv_tables import table_csv
from provisioner.report.digest_mail import Place, digest_html, digest_text
from provisioner.report.drift_html import drift_html
from provisioner.report.drift_junit import drift_junit
from provisioner.report.drift_markdown import drift_markdown
from provisioner.report.drift_sarif import drift_sarif
from provisioner.report.drift_text import drift_text
from provisioner.report.html import report_html
from provisioner.report.leadership_html import leadership_html
from provisioner.report.report_markdown import report_markdown
from provisioner.report.tables import Column, Table
from provisioner.sync.digest import Digest, Line
from provisioner.sync.facts import Document, EvidenceFacts, ExpectedItem
from provisioner.sync.vocabulary import Cadence, Kind, Severity

HARMLESS = "Plain words"
WORDS = st.text(st.sampled_from("<>/\"'&;=+-@|`[]()*_#!\\{}%:.\n\r\t\x00\x0b\x1b\x9b\u202e\u2028ax1 "),
                min_size=1, max_size=24)  # fmt: skip
# The escape character of a terminal, as itself and in its one-byte form, and what turns text round.
STEERING = {"\x1b", "\x9b", "\x00", "\x0b", "\x07", "\x08", "\r", "\u202e"}


class Shape(HTMLParser):
    """Which elements with which attributes a page has, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.links: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements[tag, tuple(name for name, _ in attrs if name not in {"title", "href"})] += 1
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def drifted(words):
    finding = Finding("DRIFT-CHANGED", "error", f"list:{words}", words, words, words)
    when = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    return DriftReport(words, when, (finding,), 0, Stats())


def told(words):
    line = Line("k", "MISSING", Severity.ERROR, words, words, words, words, None)
    return Digest("a@b.example", (line,), (), ((words, line),), ()), Place(
        words, "https://contoso.sharepoint.com/sites/acme", date(2026, 5, 20)
    )


def judged(build, words):
    item = ExpectedItem("E1", words, library="lib", control_area=words, criteria=("CC6.1",),
                        cadence=Cadence.MONTHLY, kind=Kind.SNAPSHOT)  # fmt: skip
    document = Document(
        key="lib/1", library="lib", id=1, name=words, url=words, item="E1", status="Approved",
        owner=words, reviewer=f"r{words}", reviewed_on=date(2026, 5, 2),
        activity_date=date(2026, 5, 1), identity="h", size=1, created=date(2026, 5, 1),
    )  # fmt: skip
    facts = EvidenceFacts(documents=(document,), items=(item,))
    return build(facts, client=words, workspace=words, libraries={"lib": words}).report


def small_pages(words):
    yield drift_html(drifted(words))
    yield digest_html(*told(words))


def large_pages(build, words):
    report = judged(build, words)
    yield report_html(report)
    yield leadership_html(report)


@pytest.fixture(scope="module")
def usual(build):
    return [Shape(page) for page in large_pages(build, HARMLESS)]


def assert_same_shape(pages, harmless):
    for page, usual in zip(pages, harmless, strict=True):
        shape = Shape(page)
        made = {tag for tag, _ in shape.elements - usual.elements}
        assert made <= {"wbr"}, made  # where a long word may break
        handlers = [name for _, names in shape.elements for name in names if name.startswith("on")]
        assert handlers == []
        for link in shape.links:
            known = link == "report.html" or link.startswith(("#", "data:image/"))
            assert known or link.startswith("https://contoso.sharepoint.com/"), link


@given(words=WORDS)
@example(words="javascript:alert(1)")
@settings(max_examples=10)
def test_no_words_make_an_element_or_a_link_of_a_page(words):
    assert_same_shape(small_pages(words), map(Shape, small_pages(HARMLESS)))


@pytest.mark.parametrize(
    "words",
    [
        "'\"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\x1b]</title>{{ 7*7 }}",
        "javascript:alert(1)",
    ],
)
def test_no_words_make_an_element_or_a_link_of_a_report(build, words, usual):
    assert_same_shape(large_pages(build, words), usual)


@given(words=WORDS)
@example(words='=HYPERLINK("https://evil.example";"x")')
@example(words="\u00a0=1+1")
@settings(max_examples=60)
def test_no_words_make_a_row_or_a_formula_of_a_csv(words):
    table = Table("t", (Column(words, 10), Column("b", 10)), ((words, 1), (words, None)))
    rows = list(csv.reader(io.StringIO(table_csv(table), newline="")))
    assert [len(row) for row in rows] == [2, 2, 2]
    for cell in (row[0] for row in rows[1:]):
        assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))


@given(words=WORDS)
@settings(max_examples=40)
def test_no_words_break_out_of_xml_json_markdown_or_a_line(words):
    report = drifted(words)
    suite = ET.fromstring(drift_junit(report, ("site",)))[0]
    assert {one.tag for one in suite.iter()} <= {"testsuite", "testcase", "failure", "system-out"}
    json.loads(json.dumps(drift_sarif(report, {})))
    usual = drift_markdown(drifted(HARMLESS)).splitlines()
    lines = drift_markdown(report).splitlines()
    assert len(lines) == len(usual)
    assert [one.count("|") for one in lines if one.startswith("|")] == [
        one.count("|") for one in usual if one.startswith("|")
    ]


@pytest.mark.parametrize(
    "words",
    [
        "![seen](https://evil.example/p.png)",
        "\\![seen](//evil.example)",
        "<img src=x>",
        "https://evil.example",
        "www.evil.example",
        "@everyone",
    ],
)
def test_no_words_are_a_picture_a_link_or_a_call_in_what_a_pull_request_shows(words):
    text = drift_markdown(drifted(words))
    outside = re.sub(r"`[^`]*`|\\[\\\[<@:.]", "", text)
    assert not re.search(r"[\[<@]|://|www\.", outside), outside


@given(words=WORDS)
@example(words="\x1b]0;evil\x07")
@settings(max_examples=25)
def test_no_words_steer_a_terminal(words):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        console = Console()
        console.out(drift_text(drifted(words)))
        console.out(digest_text(*told(words)))
        console.say(words)
        console.error(ProvisionerError("CODE", words, hint=words))
        console.out_json({"a": words})
    assert not STEERING & set(said.getvalue())


@pytest.mark.parametrize(
    "words",
    [
        "a ##vso[task.setvariable variable=LD_PRELOAD]/tmp/x.so",
        "###VSO[task.uploadfile]/home/agent/app.pem",
        "##[set-output name=a]b",
        "::stop-commands::x",
        "a\n \t::add-mask::b",
    ],
)
def test_no_words_give_orders_to_the_pipeline_whose_log_they_stand_in(words):
    """Azure's agent looks for `##vso[` anywhere in a line, GitHub's runner for `::` where it begins."""
    said, document = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        Console().out(words)
        Console().say(f"{words}\n{words}")
        Console(log_format="json").warn(words)
    with contextlib.redirect_stdout(document):
        Console().out_json({"a": words})
    assert json.loads(document.getvalue()) == {"a": words}
    for line in (said.getvalue() + document.getvalue()).splitlines():
        assert not re.search(r"(?i)##(vso)?\[", line)
        assert not line.strip().startswith("::")


def test_what_is_no_order_stays():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        Console().out("## Heading [1]\n- C++ std::vector, #5 ##\n[x]")
    assert said.getvalue() == "## Heading [1]\n- C++ std::vector, #5 ##\n[x]\n"


@pytest.mark.parametrize("hiding", ["\x1b[8m", "\x1b[30;40m", "\x1b[38;5;0m", "\x1b[2J", "\x1b[m"])
def test_on_a_terminal_our_colours_pass_and_none_that_hides_what_follows(hiding, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = Terminal()
    with contextlib.redirect_stdout(shown):
        console = Console()
        console.out(console.paint("high risk", "bold red") + hiding + "the rest")
    assert shown.getvalue() == f"\x1b[1;31mhigh risk\x1b[0m\ufffd{hiding[1:]}the rest\n"


@given(words=WORDS)
@settings(max_examples=8)
def test_no_words_make_markup_of_the_markdown_report(build, words):
    usual = report_markdown(judged(build, HARMLESS)).splitlines()
    lines = report_markdown(judged(build, words)).splitlines()
    assert len(lines) == len(usual)
