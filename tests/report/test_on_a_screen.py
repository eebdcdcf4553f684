"""The pages in a real browser, where there is one: one screen for leadership, none wider than its window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from browser import chromium

from provisioner.report.brand import Brand
from provisioner.report.html import report_html
from provisioner.report.leadership_html import leadership_html

DESK, PHONE, SMALLEST = (1280, 800), (390, 844), (320, 568)
LONG = "Reconciliation of all that moves between ledger and processor " * 3
UNBROKEN = "x" * 200


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    program = chromium.found()
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    folder = tmp_path_factory.mktemp("screen")
    try:
        tab = chromium.ChromiumBrowser(program, folder / "profile", folder.as_uri())
    except chromium.NotStarted as problem:
        pytest.skip(f"{program} does not start: {problem}")
    tab.folder = folder
    yield tab
    tab.close()


def size(browser, text, window):
    """Width and height of a page in a window of this size, each as it is opened there."""
    (browser.folder / "page.html").write_text(text, "utf-8")
    browser.window(*window)
    browser.open("/page.html")
    root = "document.documentElement"
    return browser.run(f"[{root}.scrollWidth, {root}.scrollHeight]")


def renamed(report, words):
    """The report with other titles for its items and what they need."""
    return replace(
        report,
        client=words,
        items=tuple(replace(one, title=words, owner_role=words) for one in report.items),
        attention=tuple(replace(one, title=words) for one in report.attention),
    )


def test_the_pages_fit_their_windows(browser, acme):
    brand = Brand("Northbridge Assurance", "", "#7a1f3d", "Confidential, for the management only.")
    for report in (acme.report, renamed(acme.report, LONG), renamed(acme.report, UNBROKEN)):
        page = leadership_html(report, brand)
        for window in (DESK, PHONE):
            assert size(browser, page, window) == list(window), report.client
    folds = "[...document.querySelectorAll('details')].map(one => one.open)"
    assert browser.run(folds) == [False] * 4, "on a phone what can wait is folded"
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run(folds) == [True] * 4, "and on paper nothing is"
    for text in (page, report_html(renamed(acme.report, UNBROKEN))):
        assert size(browser, text, SMALLEST)[0] == SMALLEST[0]
