"""Formatted text on a page looks formatted, and brings nothing in that could run."""

from __future__ import annotations

import pytest

from provisioner.emulator.web.rich_text import rich_text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<h2>What &amp; why</h2><ol><li>File <b>it</b></li></ol>",
         "<h2>What &amp; why</h2><ol><li>File <b>it</b></li></ol>"),
        ("<p onclick='x()' style='a'>Hi<script>bad()</script></p>", "<p>Hi</p>"),
        ("<p>&lt;img src=x&gt; <img src=x onerror=y></p>", "<p>&lt;img src=x&gt; </p>"),
        ("<a href='javascript:x()'>Go</a>", "<span>Go</span>"),
        ("<ul><li>open<p>still", "<ul><li>open<p>still</p></li></ul>"),
        ("</p>end</h2>", "end"),
    ],
)  # fmt: skip
def test_what_is_known_is_built_anew_and_the_rest_is_left_out(given, shown):
    assert rich_text(given) == f'<div class="about">{shown}</div>'


def test_links_lead_on_and_what_holds_no_words_is_nothing():
    assert 'href="https://rules.example/?a=1&amp;b=2"' in str(
        rich_text("<a href='https://rules.example/?a=1&amp;b=2'>Rules</a>")
    )
    assert rich_text("<p> </p>") is None
