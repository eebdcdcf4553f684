"""How criteria, libraries and control areas stand: each as the worst of its items, with a tally."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from provisioner.report.criteria_labels import categories, label
from provisioner.report.readiness_lines import (
    CriteriaGroup,
    EvidenceLine,
    ItemLine,
    Standing,
    Tally,
)
from provisioner.spec.models import Framework
from provisioner.sync.judgement import Judgement
from provisioner.sync.rollup import worst
from provisioner.sync.vocabulary import WORST_FIRST, ItemState


def tally_of(states: Iterable[ItemState]) -> Tally:
    """How many of each state, worst first."""
    count = Counter(states)
    return Tally(tuple((state, count[state]) for state in WORST_FIRST if count[state]))


def _standing(name: str, words: str, items: Iterable[ItemLine]) -> Standing:
    own = tuple(items)
    return Standing(
        id=name,
        label=words,
        state=worst(item.state for item in own),
        tally=tally_of(item.state for item in own),
        documents=sum(item.documents for item in own),
        sound=sum(item.sound for item in own),
        items=tuple(item.id for item in own),
    )


def by_criterion(
    items: tuple[ItemLine, ...], judgement: Judgement, frameworks: Sequence[Framework]
) -> tuple[CriteriaGroup, ...]:
    """Categories in scope or used, each with its criteria."""
    used = {criterion for item in items for criterion in item.criteria}
    scope = {word for window in judgement.windows for word in window.criteria}
    groups = []
    for one in categories(used, scope, frameworks):
        within = set(one.criteria)
        own = [item for item in items if within & set(item.criteria)]
        groups.append(
            CriteriaGroup(
                name=one.name,
                prefix=one.prefix,
                state=worst(item.state for item in own),
                tally=tally_of(item.state for item in own),
                criteria=tuple(
                    _standing(
                        criterion,
                        label(criterion, frameworks),
                        (item for item in own if criterion in item.criteria),
                    )
                    for criterion in one.criteria
                ),
            )
        )
    return tuple(groups)


def by_library(
    items: tuple[ItemLine, ...], evidence: tuple[EvidenceLine, ...], libraries: Mapping[str, str]
) -> tuple[Standing, ...]:
    """Items by the library they belong to; documents by the one they lie in.

    An item names its library by key, or by title as people write it in Expected Evidence.
    """
    keys = {title.casefold(): key for key, title in libraries.items()}
    where = {
        item.id: item.library
        if item.library in libraries
        else keys.get(item.library.casefold(), item.library)
        for item in items
    }
    titles = dict(libraries) | {key: key for key in where.values() if key and key not in libraries}
    result = []
    for key, title in titles.items():
        one = _standing(key, title, (item for item in items if where[item.id] == key))
        lying = [document for document in evidence if document.key.rsplit("/", 1)[0] == key]
        result.append(
            replace(one, documents=len(lying), sound=sum(document.sound for document in lying))
        )
    return tuple(result)


def by_area(items: tuple[ItemLine, ...]) -> tuple[Standing, ...]:
    """Control areas by name."""
    names = sorted({item.area for item in items if item.area}, key=str.casefold)
    return tuple(
        _standing(name, name, (item for item in items if item.area == name)) for name in names
    )
