"""Questions a team is asked before an audit and by buyers, answered from the evidence.

The questions are rows of two lists, Readiness Checklist and Questionnaire Answers, and each row names
the items that answer it. What the evidence says is worked out here: a person's own answer stands
beside it and never counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from provisioner.report.readiness_lines import EvidenceLine, ItemLine
from provisioner.sync.vocabulary import ItemState

CHECKLIST = "readiness-checklist"
ANSWERS = "questionnaire-answers"
MOST_DOCUMENTS = 3
"""So many documents are shown as the proof of an item, the newest first."""

_PROVEN = frozenset({ItemState.FRESH, ItemState.DUE_SOON})
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_BETWEEN = re.compile(r"\s*(?:to|bis|until|\.\.\.?|[-\u2013\u2014])\s*", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?)(\d+)\Z", re.DOTALL)

Row = Mapping[str, str]
"""A row of one of the lists: column texts by internal name."""


class Reply(StrEnum):
    """What the evidence answers. `NOT_ASKED`: none of the items counts in this audit."""

    YES = "Yes"
    PARTLY = "Partly"
    NO = "No"
    NOT_ASKED = "Not asked"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as its list asks it. `team` is what people answered themselves, "" when nothing."""

    id: str
    text: str
    theme: str
    detail: str
    items: tuple[str, ...]
    team: str


@dataclass(frozen=True, slots=True)
class ProofDocument:
    """A document that counts as evidence today."""

    name: str
    link: str | None
    activity: date | None
    reviewer: str


@dataclass(frozen=True, slots=True)
class Proof:
    """An item that answers a question, and the documents that prove it.

    `state` None: the catalogue has no such item. `attested`: a person vouched for the register.
    """

    item: str
    title: str
    state: ItemState | None
    proven: bool
    attested: bool
    sound: int
    documents: tuple[ProofDocument, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what the evidence says, why in a sentence, and its proof."""

    question: Question
    reply: Reply
    why: str
    proofs: tuple[Proof, ...]


def checklist_questions(
    rows: Iterable[Row], seeds: Iterable[Row], catalogue: Iterable[str]
) -> tuple[Question, ...]:
    """The Readiness Checklist by theme and id; rows without a title are no question.

    Themes come as the file names them first, then as the list does.
    """
    ids, seeds = tuple(catalogue), tuple(seeds)
    named = {_of(seed, "QuestionId"): _of(seed, "EvidenceItems") for seed in seeds}
    found = [
        Question(
            id=_of(row, "QuestionId"),
            text=_of(row, "Title"),
            theme=_of(row, "Theme"),
            detail="",
            items=named_items(
                _of(row, "EvidenceItems") or named.get(_of(row, "QuestionId"), ""), ids, strict=True
            ),
            team=_of(row, "ReadyAnswer"),
        )
        for row in rows
        if _of(row, "Title")
    ]
    told = [*(_of(seed, "Theme") for seed in seeds), *(one.theme for one in found)]
    themes = {theme: place for place, theme in enumerate(dict.fromkeys(told))}
    return tuple(sorted(found, key=lambda one: (themes[one.theme], _natural(one.id))))


def buyer_questions(
    rows: Iterable[Row], seeds: Iterable[Row], catalogue: Iterable[str]
) -> tuple[Question, ...]:
    """The Questionnaire Answers by id. Items are those the answer names, else those it was seeded with."""
    ids = tuple(catalogue)
    named = {_of(seed, "AnswerRef"): _of(seed, "Answer") for seed in seeds}
    found = []
    for row in rows:
        if not _of(row, "Title") or _of(row, "Status") == "Retired":
            continue
        ref = _of(row, "AnswerRef")
        items = named_items(_of(row, "EvidenceItems"), ids)
        items = items or named_items(_of(row, "Answer"), ids)
        found.append(
            Question(
                id=ref,
                text=_of(row, "Title"),
                theme=_of(row, "Audience"),
                detail=_of(row, "Question"),
                items=items or named_items(named.get(ref, ""), ids),
                team=_of(row, "Status"),
            )
        )
    return tuple(sorted(found, key=lambda one: _natural(one.id)))


def named_items(text: str, catalogue: Iterable[str], *, strict: bool = False) -> tuple[str, ...]:
    """Ids of items that a text names: "E001, E003" and "Rests on E001 to E009." alike.

    A range takes in what the catalogue has between its ends. `strict`: the text is a list of ids, so
    one that the catalogue does not have is kept, to be said; otherwise it is a word like any other.
    """
    known = {one.casefold(): one for one in catalogue}
    found: list[str] = []
    end, before = 0, ""
    for match in _TOKEN.finditer(text):
        for id_, start in _ids_in(match, known, strict=strict):
            if before and _BETWEEN.fullmatch(text[end:start]):
                found += _between(before, id_, known.values())
            found.append(id_)
            before, end = id_, start + len(id_)
    return tuple(dict.fromkeys(found))


def _ids_in(
    match: re.Match[str], known: Mapping[str, str], *, strict: bool
) -> Iterable[tuple[str, int]]:
    """The id in a token with its place; "E001-E009" is one token and two ids."""
    token = match[0].rstrip(".-_")
    if token.casefold() in known:
        yield known[token.casefold()], match.start()
        return
    first, dash, second = token.partition("-")
    if dash and first.casefold() in known and second.casefold() in known:
        yield known[first.casefold()], match.start()
        yield known[second.casefold()], match.start() + len(first) + 1
    elif strict and _NUMBERED.match(token):
        yield token, match.start()


def _between(first: str, last: str, catalogue: Iterable[str]) -> list[str]:
    low, high = _NUMBERED.match(first), _NUMBERED.match(last)
    if low is None or high is None or low[1].casefold() != high[1].casefold():
        return []
    numbered = [(match, one) for one in catalogue if (match := _NUMBERED.match(one))]
    within = [
        (int(match[2]), one)
        for match, one in numbered
        if match[1].casefold() == low[1].casefold() and int(low[2]) <= int(match[2]) <= int(high[2])
    ]
    return [one for _, one in sorted(within)]


def answered(
    questions: Iterable[Question],
    items: Sequence[ItemLine],
    evidence: Sequence[EvidenceLine],
    attested: frozenset[str] = frozenset(),
) -> tuple[Answered, ...]:
    """Each question with what the evidence says.

    Yes: every item that is asked for is Fresh or Due soon. No: none is, and none has a document that
    counts. Partly: the rest. An exception that was accepted proves nothing, so it makes no yes.
    `attested` are items whose register a person vouched for in a slot that is covered.
    """
    by_id = {item.id: item for item in items}
    sound: dict[str, list[EvidenceLine]] = {}
    for line in evidence:
        if line.sound and line.item:
            sound.setdefault(line.item, []).append(line)
    for some in sound.values():
        some.sort(key=lambda one: one.activity or date.min, reverse=True)
    return tuple(_answer(one, by_id, sound, attested) for one in questions)


def _answer(
    question: Question,
    items: Mapping[str, ItemLine],
    sound: Mapping[str, Sequence[EvidenceLine]],
    attested: frozenset[str],
) -> Answered:
    proofs = tuple(
        _proof(one, items.get(one), sound.get(one, ()), attested) for one in question.items
    )
    asked = [one for one in proofs if one.state is not ItemState.NOT_APPLICABLE]
    proven = [one for one in asked if one.proven]
    started = [one for one in asked if one.sound or one.attested]
    if not question.items:
        return Answered(question, Reply.NO, "The row names no item that would prove it.", proofs)
    if not asked:
        return Answered(
            question, Reply.NOT_ASKED, "None of its items counts in this audit.", proofs
        )
    if len(proven) == len(asked):
        return Answered(question, Reply.YES, _yes(asked), proofs)
    rest = ", ".join(f"{one.item} {_said(one)}" for one in asked if not one.proven)
    reply = Reply.PARTLY if proven or started else Reply.NO
    return Answered(question, reply, f"{len(proven)} of {len(asked)} proven. Open: {rest}.", proofs)


def _yes(asked: Sequence[Proof]) -> str:
    if len(asked) <= 2:
        return "Its item is proven." if len(asked) == 1 else "Both items are proven."
    return f"All {len(asked)} items are proven."


def _said(proof: Proof) -> str:
    return "is not in the catalogue" if proof.state is None else f"({proof.state})"


def _proof(
    item_id: str, item: ItemLine | None, lines: Sequence[EvidenceLine], attested: frozenset[str]
) -> Proof:
    state = item.state if item is not None else None
    vouched = item_id in attested
    return Proof(
        item=item_id,
        title=item.title if item is not None else "",
        state=state,
        proven=state in _PROVEN and bool(lines or vouched),
        attested=vouched,
        sound=len(lines),
        documents=tuple(
            ProofDocument(one.name, one.link, one.activity, one.reviewer)
            for one in lines[:MOST_DOCUMENTS]
        ),
    )


def _of(row: Row, name: str) -> str:
    return " ".join((row.get(name) or "").split())


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts "S2" before "S10"."""
    parts = re.split(r"(\d+)", text.casefold())
    return tuple((1, int(one), "") if one.isdecimal() else (0, 0, one) for one in parts)
