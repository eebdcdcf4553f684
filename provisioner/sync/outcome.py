"""What the findings on a document come to: its flags, its reason, and the columns as they should stand."""

from __future__ import annotations

from collections.abc import Sequence

from provisioner.sync.cases import PlacedDocument
from provisioner.sync.hearing import Found
from provisioner.sync.judgement import DocumentJudgement
from provisioner.sync.rules import ORDER
from provisioner.sync.vocabulary import Freshness, VerdictState

Codes = tuple[str, ...]
_ALONE: dict[str, Codes] = {code: (code,) for code in ORDER}
"""Most documents with a flag have one alone: each such flag is held once."""


def said_of(found: Sequence[Found]) -> tuple[Codes, Codes, str]:
    """Open codes in table order, waived ones, and the words of the worst, then first, that is open."""
    if not found:
        return (), (), ""
    if len(found) == 1:
        verdict = found[0].verdict
        code = _ALONE.get(verdict.rule) or (verdict.rule,)
        is_open = verdict.state is VerdictState.OPEN
        return (code, (), verdict.message) if is_open else ((), code, "")
    # Rules of a document come from two hearings; sorting puts them in table order again.
    by_table = sorted(found, key=lambda one: one.verdict.weight[1])
    flags = tuple(dict.fromkeys(one.verdict.rule for one in by_table if one.open))
    waived = tuple(dict.fromkeys(one.verdict.rule for one in by_table if not one.open))
    opened = (one.verdict for one in by_table if one.open)
    worst = min(opened, key=lambda one: one.weight, default=None)
    return flags, waived, "" if worst is None else worst.message


def judge_document(placed: PlacedDocument, found: Sequence[Found]) -> DocumentJudgement:
    """A document as judged, with the findings on it."""
    case, document = placed.case, placed.case.document
    flags, waived, reason = said_of(found)
    return DocumentJudgement(
        document.key,
        case.item.id if case.item is not None else None,
        case.part,
        placed.sound,
        placed.newest,
        placed.freshness,
        placed.fresh_until,
        flags,
        waived,
        reason,
        case.clock,
        case.stamp,
        placed.slots,
        placed.touches or (),
        case.skipped,
    )


UNJUDGED = DocumentJudgement(
    *("", None, None, False, False, Freshness.CANNOT_JUDGE, None, (), (), ""),
    *(None, None, (), (), ()),
)
"""What stands where a document has not been judged yet."""
