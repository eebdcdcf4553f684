"""The text of a page: many spellings, one normal form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.kinds.page_text import normal, normal_html

SAME = [
    ("Help", "<p>Help</p>"),
    ("# Help", "<h2>Help</h2>"),
    ("Help\nand **more**", "<p>Help and <strong>more</strong></p>"),
    ("- a\n- b\n  c", "<ul><li>a</li><li>b c</li></ul>"),
    ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
    ("To do:\n- a", "<p>To do:</p><ul><li>a</li></ul>"),
    ("a < b & c", "<p>a &lt; b &amp; c</p>"),
    ("[x](/a?b=1&c=2)", '<p><a href="/a?b=1&amp;c=2">x</a></p>'),
    ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    ("<div>Help</div>", "<p>Help</p>"),
    ("<p><b>Help</b><br/>me</p>", "<p><strong>Help</strong> me</p>"),
    ("<p>&nbsp;</p><p>a&nbsp; b\u200b</p>", "<p>a b</p>"),
    ("<ul><li><p>a</p></li></ul>", "<ul><li>a</li></ul>"),
    ("<p>a<strong> </strong><em></em></p>", "<p>a</p>"),
    ("<p>open <em>end", "<p>open <em>end</em></p>"),
    ("", ""),
]


@pytest.mark.parametrize(("given_text", "wanted"), SAME)
def test_text_has_one_normal_form(given_text: str, wanted: str) -> None:
    assert normal(given_text) == wanted


@given(st.text(alphabet=st.sampled_from(list("ab *-#[]()<>&\n/1.\u00a0")) | st.characters()))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert normal_html(once) == once


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<ul>",
                "</ul>",
                "<li>",
                "</li>",
                "<b>",
                "</b>",
                "<a href='/x'>",
                "</a>",
                "<h3>",
                "</h3>",
                "<div>",
                "</div>",
                "x",
                " ",
                "&amp;",
                "<i>",
                "</i>",
                "<ol>",
                "</ol>",
                "<br>",
            ]
        )
    )
)
def test_any_html_has_a_normal_form_that_stays(parts: list[str]) -> None:
    once = normal_html("".join(parts))
    assert normal_html(once) == once
