"""One HTML page that needs nothing else: no network, no fonts, no other file.

What people wrote is hostile until shown: the templates escape everything, links are made only by
`links.safe_link`, and the page's own policy lets it run and style nothing but what it came with
(Content-Security-Policy with hashes, https://www.w3.org/TR/CSP3/).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from provisioner.report import html_words as words
from provisioner.report.brand import PLAIN, Brand
from provisioner.report.differences import difference, short
from provisioner.report.drift_text import WORDS as DRIFT_WORDS
from provisioner.report.html_charts import best_first, stacked
from provisioner.report.questions import Reply
from provisioner.report.readiness_lines import HOLDING
from provisioner.report.tables import DIGESTS
from provisioner.sync.vocabulary import ItemState


def page(template: str, parts: Mapping[str, Any], brand: Brand = PLAIN, *, foot: str) -> str:
    """The whole page, as text to be written in UTF-8. The same parts always give the same text.

    `foot` stands at the foot of every sheet of paper, beside its number.
    """
    environment = _environment()
    css, script = (_part(environment, name) for name in ("report.css", "report.js"))
    css += brand.style + _footed(foot)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(css)}'",
            f"script-src '{_hash(script)}'",
            *(["img-src data:"] if brand.logo else []),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return environment.get_template(template).render(
        css=Markup(css),  # noqa: S704 - our own file, and hashed in the policy
        script=Markup(script),  # noqa: S704 - the same
        content_policy=policy,
        brand=brand,
        **parts,
    )


def fragment(template: str, parts: Mapping[str, Any]) -> str:
    """A template without our style sheet and script, as a mail needs it; escaped all the same."""
    return _environment().get_template(template).render(**parts)


def moment(when: datetime) -> str:
    """An instant in words: "20 May 2026, 06:30 UTC"."""
    aware = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return f"{words.day(aware.date())}, {aware:%H:%M} UTC"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("provisioner.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=words.shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "tone": words.tone,
        "day": words.day,
        "iso_day": words.iso_day,
        "percent": words.percent,
        "counted": words.counted,
        "initial": words.initial,
        "best_first": best_first,
        "stacked": stacked,
        "short": short,
        "difference": difference,
        "without": words.without,
        "coded": words.coded,
        "reply_tone": words.reply_tone,
    }
    environment.globals |= {
        "SIGNS": words.SIGNS,
        "MEANINGS": words.MEANINGS,
        "STATES": tuple(ItemState),
        "HOLDING": HOLDING,
        "REPLIES": tuple(Reply),
        "DRIFT_WORDS": DRIFT_WORDS,
        "DIGESTS": DIGESTS,
    }
    return environment


def _part(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _footed(foot: str) -> str:
    """The words at the foot of a sheet (https://www.w3.org/TR/css-page-3/#margin-boxes).

    All but plain letters is written as escapes, so that no words end the string or the style sheet.
    """
    said = "".join(
        one if one.isascii() and (one.isalnum() or one in " .,:-") else f"\\{ord(one):x} "
        for one in str(words.shown(" ".join(foot.split())))
    )
    return f'@page {{ @bottom-left {{ content: "{said}"; }} }}\n'


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
