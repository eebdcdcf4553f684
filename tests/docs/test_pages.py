"""What the pages point at is there: links, files, codes, rooms."""

from __future__ import annotations

import re
from pathlib import Path

import pages
import pytest

PACKAGE = pages.ROOT / "provisioner"
CODE = re.compile(r"(?!YYYY)[A-Z]{3,}(?:-[A-Z]+)+|UNDECLARED|CONFLICT|MISSING")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", pages.prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: str(page.relative_to(pages.ROOT)))
def test_every_relative_link_leads_somewhere(page):
    broken = []
    for link in LINK.findall(pages.prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_file_named_in_the_pages_exists():
    named = {
        (page.name, code)
        for page in pages.PAGES
        for code in pages.inline_code(page)
        if re.fullmatch(
            r"\.?[\w./-]+\.(?:py|yaml|txt|toml|md)|(?:scripts|tests|docs)/[\w./-]+", code
        )
    }
    assert len(named) > 20
    made_by_users = {
        "workspace.yaml",
        "deviations.yaml",
        "requests-map.yaml",
        "acme/workspace.yaml",
        "container-metadata.md",
    }
    rooms = (
        pages.ROOT,
        PACKAGE,
        PACKAGE / "kinds",
        PACKAGE / "sync",
        *(p.parent for p in pages.PAGES),
    )
    packs = pages.ROOT / "workspace_templates"
    missing = {
        (page, name)
        for page, name in named
        if name not in made_by_users
        and not any((room / name).exists() for room in rooms)
        and not any(packs.glob(f"*/{name}"))
    }
    assert missing == set()


def test_every_code_named_in_the_pages_is_one_the_product_has():
    said = {
        text
        for file in PACKAGE.rglob("*.py")
        for text in re.findall(r'"([A-Z0-9-]+)"', file.read_text("utf-8"))
    }
    named = {
        code
        for page in pages.PAGES
        if page.parent.name != "reference"  # there, a client's own codes are examples
        for code in pages.inline_code(page)
        if CODE.fullmatch(code)
    }
    assert {"READ-BACK", "UNDECLARED"} <= named
    assert named - said == set()


def test_the_architecture_names_every_room_and_no_other():
    text = (pages.ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set(re.findall(r"^  ([a-z]+)/ ", text, re.MULTILINE)) == rooms


def test_no_page_gives_away_where_it_was_written():
    for page in pages.PAGES:
        assert not re.search(r"/(?:work|tmp|home)/", page.read_text("utf-8")), page
