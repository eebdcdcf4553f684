"""Age: is the newest evidence still good, and was it in time?"""

from __future__ import annotations

from provisioner.sync.calendar import add_days
from provisioner.sync.cases import PlacedDocument
from provisioner.sync.rules.rule import STANDING_OUT, Holding, Rule, iso, say
from provisioner.sync.vocabulary import Freshness, Kind, ReviewStatus, Severity, SubjectKind


def _facts(placed: PlacedDocument) -> dict[str, object]:
    terms = placed.case.terms
    return {
        "activity": iso(placed.case.activity),
        "cadence": None if terms.cadence is None else str(terms.cadence),
        "freshUntil": iso(placed.fresh_until),
        "leadDays": terms.lead,
        "graceDays": terms.grace,
    }


def _aged(placed: PlacedDocument, freshness: Freshness, sentence: str) -> tuple[Holding, ...]:
    until = placed.fresh_until
    if placed.newest and placed.freshness is freshness and until is not None:
        item = placed.case.item
        name = f" for {item.id} {item.title}" if item is not None else ""
        expires = add_days(until, placed.case.terms.grace)
        text = sentence.format(until=say(until), expires=say(expires))
        return (Holding(f"{placed.case.document.name}{name} {text}", _facts(placed)),)
    return ()


def due_soon(placed: PlacedDocument) -> tuple[Holding, ...]:
    """From `freshUntil` less the lead days up to and including `freshUntil`."""
    return _aged(placed, Freshness.DUE_SOON, "is good until {until}.")


def stale(placed: PlacedDocument) -> tuple[Holding, ...]:
    """After `freshUntil`, up to and including `freshUntil + grace`."""
    return _aged(
        placed, Freshness.STALE, "was good until {until}. It counts as expired after {expires}."
    )


def expired(placed: PlacedDocument) -> tuple[Holding, ...]:
    """After `freshUntil + grace`."""
    return _aged(placed, Freshness.EXPIRED, "was good until {until} and expired after {expires}.")


def late(placed: PlacedDocument) -> tuple[Holding, ...]:
    """A sound review or exercise done more than grace days after the end of the slot it claims."""
    case = placed.case
    if case.terms.kind not in (Kind.REVIEW, Kind.EXERCISE) or not placed.sound:
        return ()
    if case.activity is None or not placed.slots:
        return ()
    slot = placed.slots[-1]
    if case.activity > add_days(slot.last, case.terms.grace):
        return (
            Holding(
                f"{case.document.name} was done on {say(case.activity)}, for the slot that ended on "
                f"{say(slot.last)}.",
                {
                    "activity": iso(case.activity),
                    "slotFrom": iso(slot.first),
                    "slotTo": iso(slot.last),
                    "graceDays": case.terms.grace,
                },
            ),
        )
    return ()


def prior_to_window(placed: PlacedDocument) -> tuple[Holding, ...]:
    """An annual item's evidence, done in the twelve months before a window starts."""
    if placed.before is not None and placed.case.activity is not None:
        return (
            Holding(
                f"{placed.case.document.name} is of {say(placed.case.activity)}, in the year before "
                f"audit period {placed.before.name} starts.",
                {"activity": iso(placed.case.activity), "window": placed.before.name},
            ),
        )
    return ()


def out_of_window(placed: PlacedDocument) -> tuple[Holding, ...]:
    """Touches no audit period on the list, whatever its state."""
    if placed.touches == () and placed.before is None:
        case = placed.case
        return (
            Holding(
                f"{case.document.name} belongs to none of the audit periods on the list.",
                {
                    "activity": iso(case.activity),
                    "periodFrom": iso(case.document.period_from),
                    "periodTo": iso(case.document.period_to),
                },
            ),
        )
    return ()


LATE = Rule(
    code="LATE",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Done late",
    meaning="A review or exercise was done after the slot it is for, and after its days of grace.",
    why="It shows that the control did not run when it should have. An auditor notes it as an exception.",
    next="Keep it, say in the file why it was late, and see that the next one is in time.",
    checks={PlacedDocument: late},
    only=frozenset({ReviewStatus.APPROVED}),
)
DUE_SOON = Rule(
    code="DUE-SOON",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.NOTE,
    title="Due soon",
    meaning="The newest evidence is still good, and will not be for much longer.",
    why="Nothing is wrong yet. Evidence collected in time is cheaper than evidence explained.",
    next="Collect the next one before the date given.",
    checks={PlacedDocument: due_soon},
    only=frozenset({Freshness.DUE_SOON}),
)
STALE = Rule(
    code="STALE",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Stale",
    meaning="The newest evidence is past the day it was good until. Its days of grace are running.",
    why="It no longer shows that the control works today.",
    next="Collect newer evidence before the days of grace are over.",
    checks={PlacedDocument: stale},
    only=frozenset({Freshness.STALE}),
)
EXPIRED = Rule(
    code="EXPIRED",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="Expired",
    meaning="The newest evidence is past the day it was good until, and past its days of grace.",
    why="For a reader today there is no current evidence of this control.",
    next="Collect newer evidence now, or ask for a waiver that says why there is none.",
    checks={PlacedDocument: expired},
    only=frozenset({Freshness.EXPIRED}),
)
OUT_OF_WINDOW = Rule(
    code="OUT-OF-WINDOW",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.NOTE,
    title="Belongs to no audit period",
    meaning="Its dates touch none of the audit periods on the list, open or not. While the list is empty "
    "nothing is asked.",
    why="An auditor will not take it for any of the periods, however good it is.",
    next="Check its dates. If they are right, there is nothing to do.",
    checks={PlacedDocument: out_of_window},
    only=STANDING_OUT,
)
PRIOR_TO_WINDOW = Rule(
    code="PRIOR-TO-WINDOW",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.NOTE,
    title="From the year before the window",
    meaning="Evidence of an annual item, done within the twelve months before a window starts.",
    why="Auditors often accept it for an annual control, but they decide, and they want to know.",
    next="Ask the auditor, or bring the next one forward into the window.",
    checks={PlacedDocument: prior_to_window},
    only=STANDING_OUT,
)
