"""A digest written out: as HTML for a mail, as text, and as a card for a Teams channel.

What people wrote is hostile until shown: HTML is escaped, links are made only by `links.safe_link`,
and the text of a card is taken for no Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from provisioner.report.brand import PLAIN, Brand
from provisioner.report.html_page import fragment
from provisioner.report.html_words import counted, day, shown
from provisioner.report.links import safe_link
from provisioner.sync.digest import Digest, Line

MOST = 40
"""So many findings a part of a digest lists; the workspace has them all."""
_MOST_ON_CARD = 8
_WIDEST = 300
# A block begins with words of ours, so what marks a heading or a list there means nothing.
_MARKS = re.compile(r"([\\`*_\[\]<>~])")


@dataclass(frozen=True, slots=True)
class Place:
    """The workspace as a digest names it."""

    client: str
    site_url: str
    today: date
    brand: Brand = PLAIN


@dataclass(frozen=True, slots=True)
class Told:
    """A line as a reader meets it."""

    rule: str
    tone: str
    what: str
    next: str
    link: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a digest: its heading, what it lists, and how many more there are."""

    title: str
    lines: tuple[Told, ...]
    more: int


def subject(digest: Digest, place: Place) -> str:
    """The subject line, on one line: "Acme Payments: 3 new and 5 open evidence findings"."""
    own = len(digest.lines)
    if not own:
        words = (
            f"{counted(len(digest.escalated), 'evidence finding')} of others past twice the time"
        )
    elif digest.new and digest.before:
        words = f"{len(digest.new)} new of {counted(own, 'evidence finding')}"
    else:
        words = counted(own, "new evidence finding" if digest.new else "open evidence finding")
    return " ".join(str(shown(f"{place.client}: {words}")).split())[:200]


def digest_html(digest: Digest, place: Place) -> str:
    """The mail's body, with its style on the elements: mail readers drop style sheets."""
    return fragment(
        "digest.html",
        {"title": subject(digest, place), "parts": _parts(digest, place), "place": place},
    )


def digest_text(digest: Digest, place: Place) -> str:
    """The same as plain text, for a terminal."""
    lines = [f"To: {digest.to}", f"Subject: {subject(digest, place)}", ""]
    for part in _parts(digest, place):
        lines += [f"{part.title}", ""]
        for one in part.lines:
            lines.append(f"- {_flat(one.what)}{f' ({_flat(one.note)})' if one.note else ''}")
            if one.next:
                lines.append(f"  Next: {_flat(one.next)}")
            if one.link:
                lines.append(f"  {one.link}")
        lines += [*([f"- and {part.more} more"] if part.more else []), ""]
    lines.append(f"Workspace: {place.site_url}")
    lines += [one for one in (place.brand.name, place.brand.footer) if one]
    return "\n".join(lines)


def channel_card(digests: Sequence[Digest], place: Place) -> dict[str, Any]:
    """What a Teams workflow is sent: one message with an Adaptive Card 1.4, well below 28 KB.

    The envelope is that of "Create incoming webhooks with Workflows for Microsoft Teams"
    (support.microsoft.com) and of learn.microsoft.com, "Adaptive Cards for workflows".
    """
    lines = [line for digest in digests for line in digest.lines]
    first = list({line.key: line for line in sorted(lines, key=_worst_first)}.values())
    errors = sum(line.severity == "error" for line in first)
    counts = f"{counted(errors, 'error')} and {counted(len(first) - errors, 'warning')} are open."
    body: list[dict[str, Any]] = [
        _block(f"Evidence of {place.client}, {day(place.today)}", weight="Bolder", size="Medium"),
        _block(counts),
        *(_block(f"{line.rule}: {line.what}") for line in first[:_MOST_ON_CARD]),
    ]
    if len(first) > _MOST_ON_CARD:
        body.append(_block(f"and {len(first) - _MOST_ON_CARD} more", isSubtle=True))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    link = safe_link(place.site_url)
    if link is not None:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the workspace", "url": link}]
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": card,
            }
        ],
    }


def _block(text: str, **more: Any) -> dict[str, Any]:
    flat = _flat(text)
    plain = _MARKS.sub(r"\\\1", flat if len(flat) <= _WIDEST else f"{flat[: _WIDEST - 1]}…")
    return {"type": "TextBlock", "text": plain, "wrap": True, **more}


def _worst_first(line: Line) -> tuple[bool, str]:
    return (line.severity != "error", line.key)


def _parts(digest: Digest, place: Place) -> tuple[Part, ...]:
    own = (
        ("New since last time", ((line, "") for line in digest.new), len(digest.new)),
        (
            "Still open",
            ((line, _since(line)) for line in digest.before),
            len(digest.before),
        ),
        (
            "Past twice the time, with others",
            ((line, f"with {person}{_comma(_since(line))}") for person, line in digest.escalated),
            len(digest.escalated),
        ),
        ("Coming up", ((line, "") for line in digest.upcoming), len(digest.upcoming)),
    )
    return tuple(
        Part(title, _told(lines, place), max(0, count - MOST))
        for title, lines, count in own
        if count
    )


def _told(lines: Iterable[tuple[Line, str]], place: Place) -> tuple[Told, ...]:
    first = [pair for _, pair in zip(range(MOST), lines, strict=False)]
    return tuple(
        Told(
            rule=line.rule,
            tone=str(line.severity),
            what=line.what,
            next=line.next,
            link=safe_link(line.url, place.site_url) if line.url else None,
            note=note,
        )
        for line, note in first
    )


def _since(line: Line) -> str:
    return f"told first on {day(line.first_told)}" if line.first_told else ""


def _comma(text: str) -> str:
    return f", {text}" if text else ""


def _flat(text: str) -> str:
    return " ".join(str(shown(text)).split())
