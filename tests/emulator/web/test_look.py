"""Colours that can be read, escaping by construction, and formulas that are worked out or left."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.emulator.model.fields import Field
from provisioner.emulator.web import formulas
from provisioner.emulator.web.frame import style
from provisioner.emulator.web.markup import Markup, address, lines, outside, tag
from provisioner.emulator.web.pills import pill

_BLOCKS = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("block", _BLOCKS, ids=["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(block: str) -> None:
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    tones = [name.removesuffix("-ink") for name in colours if name.endswith("-ink")]
    pairs = [(f"{tone}-ink", f"{tone}-bg" if tone != "bar" else "bar") for tone in tones]
    for words in ("ink", "quiet", "link"):
        pairs += [(words, behind) for behind in ("page", "card", "head", "here")]
    assert len(pairs) == 19
    for words, behind in pairs:
        assert contrast(colours[words], colours[behind]) >= 4.5, (words, behind)


def test_there_is_a_light_and_a_dark_look() -> None:
    assert len(_BLOCKS) == 2


def test_a_pill_always_has_its_word() -> None:
    assert pill("Stale") == '<span class="pill bad">Stale</span>'
    assert pill("Never heard <of>") == '<span class="pill plain">Never heard &lt;of&gt;</span>'


def test_text_is_escaped_unless_it_was_built_as_markup() -> None:
    assert tag("p", "<b>", 1, None, ["&", Markup("<i>")]) == "<p>&lt;b&gt;1&amp;<i></p>"
    assert tag("a", href='"><x', hidden=True, title=None) == '<a href="&quot;&gt;&lt;x" hidden></a>'
    assert lines("a<\nb") == "a&lt;<br>b"


def test_an_address_stays_on_this_server() -> None:
    assert address("//evil.example/a b") == "/evil.example/a%20b"
    assert address("/a", view="x&y") == "/a?view=x%26y"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example", True),
        ("mailto:a@b.example", True),
        ("javascript:alert(1)", False),
        (" JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("https://[", False),
    ],
)
def test_only_addresses_of_the_web_and_of_mail_are_followed(url: str, safe: bool) -> None:
    assert (outside(url) is not None) is safe


def column(name: str, kind: str, formula: str = "") -> Field:
    return Field(
        name, "s", "l", name, name, kind, False, False, False, False, False, False, False, "", "",
        (), None, {"Formula": formula},
    )  # fmt: skip


OPENED: Any = SimpleNamespace(
    columns={
        name: column(name, kind)
        for name, kind in {"From": "DateTime", "A": "Number", "B": "Number", "T": "Text"}.items()
    },
    zone=ZoneInfo("America/Toronto"),
)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=[A]*[B]", 12),
        ("=A+B*2", 11),
        ("=([A]+[B])*2", 14),
        ("=[A]/0", None),
        ("=-[A]-1", -4),
        ('=[T]&" is "&[A]', "it is 3"),
        ('=TEXT([From],"yyyy-mm-dd")', "2026-11-21"),
        ('=TEXT([From],"d mmmm yy")', "21 November 26"),
        ('=IF(ISBLANK([From]),"none","some")', "some"),
        ('=IF(OR([A]>3,[T]="IT"),"yes","no")', "yes"),
        ('=IF(AND([A]>=3,NOT([B]<4)),"yes","no")', "yes"),
        ('=IF([A]<>3,"x","say ""hi""")', 'say "hi"'),
        ("=MAX([A],[B])", 4),
        ("=[Nowhere]", None),
        ("=TODAY()", None),
        ("=[A]*", None),
        ("=[From]&1", None),
    ],
)
def test_a_formula_is_worked_out_or_left(formula: str, expected: Any) -> None:
    values = {"From": "2026-11-22T04:00:00Z", "A": 3, "B": 4.0, "T": "it"}
    assert formulas.calculate(column("C", "Calculated", formula), OPENED, values) == expected


def test_a_formula_of_empty_columns_is_empty_and_not_unknown() -> None:
    empty = column("C", "Calculated", '=TEXT([From],"yyyy")')
    assert formulas.calculate(empty, OPENED, {}) is None
    assert formulas.works(empty, OPENED)
    assert not formulas.works(column("C", "Calculated", "=TODAY()"), OPENED)
