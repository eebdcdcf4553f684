"""The page as a reader, a screen reader, a printer and an attacker meet it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from provisioner.core.transport import Stats
from provisioner.engine.drift import DriftReport
from provisioner.engine.drift_lists import silent_jobs
from provisioner.ledger.heartbeat import JobRun
from provisioner.report.html import FOLD_FROM, OPEN_TASKS, report_html
from provisioner.sync.facts import AuditPeriod, Document, EvidenceFacts, ExpectedItem
from provisioner.sync.vocabulary import Cadence, Kind, ReportType

VOID = {"meta", "link", "img", "input", "br", "hr", "wbr", "rect", "circle", "line"}


class Page(HTMLParser):
    """Every element with its attributes, its text and the elements around it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.stray = [], [], []
        self.source = text
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), self.get_starttag_text()
        element = {"tag": tag, "text": "", "inside": [one["tag"] for one in self.open]}
        element |= {"attributes": dict(attributes), "parent": self.open[-1] if self.open else None}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if self.open and self.open[-1]["tag"] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1]["tag"] != tag:
            self.stray.append(tag)
            return
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, *tags):
        return [one for one in self.elements if one["tag"] in tags]

    def within(self, element, *tags):
        def inside(one):
            parent = one["parent"]
            return parent is not None and (parent is element or inside(parent))

        return [one for one in self.all(*tags) if inside(one)]

    def one(self, tag):
        (found,) = self.all(tag)
        return found


def flat(text):
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(scope="module")
def page(acme):
    return Page(report_html(acme.report))


@pytest.fixture(scope="module")
def bad(hostile):
    return Page(report_html(hostile.report))


@pytest.fixture(scope="module", params=["acme", "hostile", "empty", "quiet"])
def any_page(request, acme, hostile, build):
    item = ExpectedItem("E1", "Item", cadence=Cadence.ANNUAL, kind=Kind.STANDING)
    period = AuditPeriod("p", "Type 1", type=ReportType.TYPE_1, as_of=date(2026, 6, 30))
    reports = {
        "acme": acme.report,
        "hostile": hostile.report,
        "empty": build(EvidenceFacts(), libraries={}).report,
        "quiet": build(EvidenceFacts(items=(item,), periods=(period,)), libraries={}).report,
    }
    return Page(report_html(reports[request.param]))


def test_elements_are_closed_in_order_and_ids_are_unique(any_page):
    assert any_page.stray == []
    assert any_page.open == []
    ids = [one["attributes"]["id"] for one in any_page.elements if "id" in one["attributes"]]
    assert len(ids) == len(set(ids))


def test_every_inner_link_and_label_leads_somewhere(any_page):
    ids = {one["attributes"].get("id") for one in any_page.elements}
    for one in any_page.elements:
        target = one["attributes"].get("href", "")
        if target.startswith("#"):
            assert target[1:] in ids
        for name in (one["attributes"].get("aria-labelledby") or "").split():
            assert name in ids


def test_headings_go_down_one_step_at_a_time_from_a_single_h1(any_page):
    levels = [int(one["tag"][1]) for one in any_page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(flat(one["text"]) for one in any_page.all("h1", "h2", "h3", "h4"))


def test_every_table_has_a_caption_and_headers_with_a_scope(any_page):
    tables = any_page.all("table")
    assert tables
    for table in tables:
        captions = any_page.within(table, "caption")
        assert len(captions) == 1
        assert flat(captions[0]["text"])
        for head in any_page.within(table, "th"):
            assert head["attributes"].get("scope") in {"col", "row", "rowgroup"}
        bodies = any_page.within(table, "tbody")
        rows = [row for body in bodies for row in any_page.within(body, "tr")]
        assert all(any_page.within(row, "th") for row in rows)


def test_landmarks_language_and_names(any_page):
    assert any_page.one("html")["attributes"]["lang"] == "en"
    (title,) = any_page.within(any_page.one("head"), "title")
    assert flat(title["text"]).startswith("Evidence readiness")
    assert any_page.one("nav")["attributes"]["aria-label"]
    assert any_page.one("main")
    assert any_page.one("footer")
    for section in any_page.all("section"):
        assert section["attributes"]["aria-labelledby"]
    for picture in any_page.all("svg"):
        given = picture["attributes"]
        assert given.get("aria-hidden") == "true" or given["aria-label"].strip()
    for control in any_page.all("input", "select"):
        assert "label" in control["inside"]


def test_parts_stand_in_the_order_a_reader_needs_them(page):
    titles = [flat(one["text"]) for one in page.all("h2")]
    assert titles == [
        "What needs attention",
        "What changed",
        "Questions, answered from the evidence",
        "Readiness",
        "Coverage of the window",
        "Review ageing",
        "The audit period",
        "Evidence index",
        "The workspace against its file",
        "Method",
    ]


def test_nothing_is_fetched_from_anywhere(any_page):
    for one in any_page.elements:
        assert one["tag"] not in {
            "img",
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "video",
        }
        for name in ("src", "srcset", "action", "formaction", "poster", "style", "xlink:href"):
            assert name not in one["attributes"], one
        assert not any(name.startswith("on") for name in one["attributes"]), one
        assert "href" not in one["attributes"] or one["tag"] == "a"
    for style in any_page.all("style"):
        assert "url(" not in style["text"]
        assert "@import" not in style["text"]


def test_the_policy_allows_its_own_style_and_script_and_nothing_else(any_page):
    metas = [one["attributes"] for one in any_page.all("meta")]
    policy = next(m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy")
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        text = any_page.one(tag)["text"]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_links_lead_only_to_the_site_and_into_the_page(page, acme):
    targets = [one["attributes"]["href"] for one in page.all("a")]
    outside = {target for target in targets if not target.startswith("#")}
    assert outside == {one.link for one in acme.report.evidence}
    assert all(
        target.startswith("https://contoso.sharepoint.com/sites/acme-soc2/") for target in outside
    )


def test_every_open_finding_can_be_read(page, acme):
    tasks = page.all("details")
    assert len(tasks) == len(acme.report.attention)
    for task, group in zip(tasks, acme.report.attention, strict=True):
        text = flat(task["text"])
        assert group.title in text
        for line in group.findings:
            said = line.what.removeprefix(f"{group.item} {group.title}").lstrip(":, ")
            assert flat(said[1:]) in text
            assert flat(line.why) in text
            assert flat(line.next) in text
            assert line.rule in text


def test_a_long_list_is_folded_and_a_short_one_is_not(page, acme):
    unfolded = [one for one in page.all("details") if "open" in one["attributes"]]
    assert len(acme.report.attention) > FOLD_FROM
    assert len(unfolded) == OPEN_TASKS
    few = replace(acme.report, attention=acme.report.attention[:FOLD_FROM])
    assert all("open" in one["attributes"] for one in Page(report_html(few)).all("details"))


def test_the_index_lists_every_document_with_what_an_auditor_asks_for(page, acme):
    (table,) = [one for one in page.all("table") if one["attributes"].get("id") == "documents"]
    rows = [row for row in page.within(table, "tr") if "tbody" in row["inside"]]
    assert len(rows) == len(acme.report.evidence)
    for row, line in zip(rows, acme.report.evidence, strict=True):
        text = flat(row["text"])
        for words in (line.name, line.item or "none", line.status, line.owner, line.reviewer):
            assert words in text
        assert line.freshness in text
        assert all(flag in text for flag in line.flags)
        moments = [one["attributes"]["datetime"] for one in page.within(row, "time")]
        for day in (line.reviewed_on, line.fresh_until, line.period_from, line.period_to):
            alone = (
                line.period_from is None or line.period_to is None
            )  # then the activity date stands there
            assert day is None or day.isoformat() in moments or alone


def test_the_heat_map_can_be_listened_to(page, acme):
    (coverage,) = acme.report.coverage
    strips = [one for one in page.all("svg") if one["parent"]["attributes"].get("class") == "line"]
    told = [one["attributes"].get("aria-label") for one in strips if "tbody" in one["inside"]]
    assert len(told) == len(coverage.rows)
    row = next(place for place, one in enumerate(coverage.rows) if one.item == "E039")
    assert told[row].startswith(
        "1 Mar 2026 to 31 Mar 2026: Rejected; 1 Apr 2026 to 30 Apr 2026: Missing;"
    )
    assert "1 Jun 2026 to 31 Jul 2026: Not begun, 2 slots" in told[row]


def test_what_the_report_rests_on_is_printed(page, acme):
    text = flat(page.one("body")["text"])
    for words in (
        "acme-soc2",
        "20 May 2026, 06:30 UTC",
        acme.report.policy,
        "It is not an audit opinion and not a SOC 2 report.",
        "100 expected items, 63 documents",
    ):
        assert words in text


def test_differences_of_the_workspace_are_listed_or_said_not_to_be_known(page, build):
    text = flat(page.one("body")["text"])
    assert "versioning.major: 500 expected, 50 found" in text
    assert "until 2026-09-30 by cto: asked for by the client" in text
    without_drift = flat(Page(report_html(build(EvidenceFacts()).report)).one("body")["text"])
    assert "The site was not compared with its file" in without_drift


def test_a_job_that_does_not_run_any_more_is_told_at_the_top(build, page):
    job = JobRun("drift", 7, datetime(2026, 5, 4, 7, 30, tzinfo=UTC))
    drift = DriftReport(
        "acme", datetime(2026, 6, 15, tzinfo=UTC), tuple(silent_jobs([job])), 0, Stats()
    )
    top = Page(report_html(build(EvidenceFacts(), drift=drift).report)).one("header")["text"]
    last = "it last ran on 2026-05-04 at 07:30 UTC, and should run every 7 days."
    assert f"The scheduled drift does not run any more: {last}" in flat(top)
    assert "does not run any more" not in page.one("header")["text"]


def test_hostile_words_stay_words(bad, hostile):
    assert len(bad.all("script")) == 1
    assert bad.all("img") == []
    assert "alert(" not in bad.one("script")["text"]
    assert "<script>alert" in bad.one("h1")["text"]
    text = bad.one("body")["text"]
    for document in hostile.facts.documents:
        assert document.name in text


def test_only_harmless_addresses_become_links(bad):
    targets = {one["attributes"]["href"] for one in bad.all("a")}
    assert {target for target in targets if not target.startswith("#")} == {
        "https://contoso.sharepoint.com/a%22onmouseover='alert(1)'.pdf",
        "https://contoso.sharepoint.com/sites/acme-soc2/lib/a%20b'.pdf",
    }


def test_characters_that_hide_or_turn_a_name_are_made_visible(build):
    document = Document("lib/1", "lib", 1, "invoice\u202efdp.exe\x00\ud800")
    text = report_html(build(EvidenceFacts(documents=(document,))).report)
    assert "invoice\ufffdfdp.exe\ufffd\ufffd" in text
    text.encode("utf-8")


def test_the_same_report_gives_the_same_page(page, acme):
    assert report_html(acme.report) == page.source


def test_two_thousand_documents_and_weekly_slots_stay_a_page(build, acme):
    some = acme.facts.documents
    many = tuple(
        replace(some[number % len(some)], key=f"lib/{number}", id=number) for number in range(2000)
    )
    weekly = tuple(
        replace(one, cadence=Cadence.WEEKLY, anchor=None) for one in acme.facts.items[:30]
    )
    facts = replace(acme.facts, documents=many, items=weekly + acme.facts.items[30:], waivers=())
    report = build(facts).report
    text = report_html(report)
    assert len(text) < 6_000_000
    assert text.count("data-status=") == 2000


# Colours: text on its ground, in both schemes.

PAIRS = [("ink", "page"), ("ink", "surface"), ("muted", "page"), ("muted", "surface")]
PAIRS += [("link", "page"), ("link", "surface"), ("link", "wait-tint")]
TONES = ("bad", "warn", "soon", "unknown", "wait", "good", "waived", "later", "none")
for one in TONES:
    PAIRS += [
        (f"{one}-ink", f"{one}-tint"),
        (f"{one}-ink", "surface"),
        (f"{one}-on", f"{one}-fill"),
    ]


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_ground(page, scheme):
    css = page.one("style")["text"]
    blocks = re.findall(r":root \{([^}]*--ink[^}]*)\}", css)
    assert len(blocks) == 2
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme == "dark"]))
    weak = []
    for text, ground in PAIRS:
        light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        ratio = (light + 0.05) / (dark + 0.05)
        if ratio < 4.5:
            weak.append((text, ground, round(ratio, 2)))
    assert weak == []


def test_every_class_of_a_tone_is_styled(page):
    css = page.one("style")["text"]
    for one in TONES:
        assert f".t-{one} " in css
        assert f".f-{one} " in css
        assert f".on-{one} " in css
