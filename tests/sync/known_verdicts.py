"""Cases written by hand from the documentation of the rules, as facts to judge and the words expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from provisioner.sync.facts import EvidenceFacts
from provisioner.sync.judge import judge
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import SubjectKind

from .known_facts import facts_of

FOLDER = Path(__file__).with_name("known")
UNASKED = "*"
RATED = frozenset({"UNREVIEWED", "DRAFT-STUCK", "REJECTED-STUCK", "RISK-LINK-BROKEN", "RECYCLED"})
"""Codes whose severity the cases name: it may grow, or is lower than their neighbours'."""
_UNTOLD = frozenset({"OK", "NOT-YET-DUE"})


@dataclass(frozen=True)
class Known:
    """One case: what is there, on which day, and what must come out."""

    name: str
    given: Mapping[str, Any]
    today: date
    expected: Any


def known(file: str) -> Iterator[Known]:
    """Every case of a file, one for each line that ends in an expectation."""
    for case in yaml.safe_load((FOLDER / file).read_text(encoding="utf-8")):
        for number, one in enumerate(_lines(case)):
            yield replace(one, name=f"{case['say']} ({number + 1})")


def _lines(case: Mapping[str, Any]) -> Iterator[Known]:
    today = case.get("today")
    if "is" in case:
        yield Known("", case, today, case["is"])
    for day, expected in case.get("at", {}).items():
        yield Known("", case, day, expected)
    for line in case.get("when", ()):
        document, expected, item, day, second = (*line, *[None] * 3)[:5]
        given = dict(case) | {"documents": [one for one in (document, second) if one]}
        yield Known("", given | ({"item": item} if item else {}), day or today, expected)
    for waiver, expected in case.get("waivers", ()):
        yield Known("", dict(case) | {"waiver": waiver}, today, expected)
    for request, codes in case.get("requests", ()):
        yield Known("", dict(case) | {"request": request}, today, {"request": codes})
    for gone, codes in case.get("gone", ()):
        yield Known("", dict(case) | {"left": gone}, today, {"left": codes})
    for library, codes in case.get("libraries", ()):
        yield Known("", dict(case) | {"library": library}, today, {"workspace": codes})


def judged(one: Known) -> Judgement:
    """The judgement of a case; with `before`, of a second run that finds what the first one stamped."""
    policy = Policy(holidays=frozenset(one.given.get("holidays", ())))
    facts = facts_of(one.given)
    if "before" in one.given:
        earlier = dict(one.given) | {"documents": []} | one.given["before"]
        first = judge(facts_of(earlier), policy, earlier["today"])
        facts = carried(facts, first)
    return judge(facts, policy, one.today)


def carried(facts: EvidenceFacts, first: Judgement) -> EvidenceFacts:
    """The facts with the stamps and clocks that the first run wrote."""
    documents = []
    for one in facts.documents:
        seen = first.documents.get(one.key)
        documents.append(replace(one, stamp=seen.stamp, clock=seen.clock) if seen else one)
    return replace(
        facts,
        documents=tuple(documents),
        waivers=tuple(replace(one, stamp=first.waiver_stamps.get(one.id)) for one in facts.waivers),
        requests=tuple(
            replace(one, stamp=first.request_stamps.get(one.id)) for one in facts.requests
        ),
    )


def differences(one: Known) -> list[str]:
    """What came out otherwise than it must; empty when nothing did."""
    judgement = judged(one)
    expected = one.expected if isinstance(one.expected, dict) else {"docs": {1: one.expected}}
    found: list[str] = []
    for number, words in expected.get("docs", {}).items():
        found += _apart(f"document {number}", words, _document_words(judgement, number))
    for key, got in (("item", _item_words(judgement)), ("findings", _findings(judgement))):
        if key in expected:
            found += _apart(key, expected[key], got)
    for key, subject in (
        ("request", "request:R1"),
        ("left", "access/7"),
        ("workspace", "workspace"),
    ):
        if key in expected:
            found += _apart(key, expected[key], _codes(judgement, subject))
    if "reason" in expected:
        said = {one.rule: one.message for one in judgement.verdicts if one.document == "access/1"}
        reason = judgement.documents["access/1"].reason
        found += _apart("reason", said[expected["reason"]], reason)
    return found


def _apart(what: str, expected: Any, got: Any) -> list[str]:
    if isinstance(expected, list):
        return [] if sorted(expected) == sorted(got) else [f"{what}: {expected} but got {got}"]
    pairs = list(zip(_cut(expected), _cut(got), strict=True)) if "|" in expected else []
    same = all(one in (UNASKED, other) for one, other in pairs) if pairs else expected == got
    return [] if same else [f"{what}: {expected} but got {got}"]


def _cut(words: str) -> list[str]:
    cells = [cell.strip() for cell in words.split("|")]
    return cells + [""] * (3 - len(cells))


def _document_words(judgement: Judgement, number: int) -> str:
    one = judgement.documents[f"access/{number}"]
    severe = {v.rule: v.severity for v in judgement.verdicts if v.document == one.document}
    asked = [f"{code} {severe[code]}" if code in RATED else code for code in one.flags]
    flags = ", ".join([*asked, *(f"{code} waived" for code in one.waived)])
    return f"{one.freshness or '-'} | {one.fresh_until or '-'} | {flags}"


def _item_words(judgement: Judgement) -> str:
    one = judgement.items["E1"]
    return f"{one.state} | {one.next_due or '-'} | {one.last_evidence or '-'}"


def _findings(judgement: Judgement) -> list[str]:
    """Verdicts on items, slots, waivers and the workspace, as the cases spell them."""
    several = len({one.about.window for one in judgement.verdicts} - {None}) > 1
    told = [
        one
        for one in judgement.verdicts
        if one.about.kind is not SubjectKind.DOCUMENT and one.rule not in _UNTOLD
    ]
    return [_finding(one, several=several) for one in told]


def _finding(one: Verdict, *, several: bool) -> str:
    subject = one.about.name
    if one.about.part is not None:
        subject += f"/{one.about.part}"
    if several and one.about.window is not None:
        subject += f"@{one.about.window}"
    if one.about.slot_from is not None:
        subject += f" {one.about.slot_from}"
    words = f"{one.rule}{' waived' if one.state == 'waived' else ''} {subject}"
    days = one.facts.get("days")
    if not isinstance(days, list):
        return words
    return f"{words}: " + ", ".join(f"{span['from']}..{span['to'] or ''}" for span in days)


def _codes(judgement: Judgement, subject: str) -> list[str]:
    return [
        f"{one.rule} waived" if one.state == "waived" else one.rule
        for one in judgement.verdicts
        if one.subject == subject and one.rule not in _UNTOLD
    ]
