"""Content: is there any, and was it filed before under other dates?"""

from __future__ import annotations

from provisioner.sync.cases import DocumentCase, PlacedDocument
from provisioner.sync.rules.rule import STANDING_OUT, Holding, Rule
from provisioner.sync.vocabulary import Severity, SubjectKind

SMALLEST = 16
"""A file of fewer bytes holds nothing that could be evidence."""


def empty_file(case: DocumentCase) -> tuple[Holding, ...]:
    """Under 16 bytes."""
    size = case.document.size
    if size is not None and size < SMALLEST:
        return (Holding(f"{case.document.name} is empty ({size} bytes).", {"size": size}),)
    return ()


def recycled(placed: PlacedDocument) -> tuple[Holding, ...]:
    """The same content was filed earlier, for other dates of the same item."""
    twin = placed.twin
    if twin is not None:
        return (
            Holding(
                f"{placed.case.document.name} has the same content as {twin.name}, which was filed earlier "
                "with other dates.",
                {"identity": twin.identity, "earlier": twin.key},
            ),
        )
    return ()


RECYCLED = Rule(
    code="RECYCLED",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.WARNING,
    title="Filed before, with other dates",
    meaning="Another document of the same item has exactly the same content and other dates.",
    why="One export cannot show two periods. An auditor who notices will look at everything twice.",
    next="File the right export for these dates, or delete the copy.",
    checks={PlacedDocument: recycled},
    only=STANDING_OUT,
)
EMPTY_FILE = Rule(
    code="EMPTY-FILE",
    subjects=(SubjectKind.DOCUMENT,),
    severity=Severity.ERROR,
    title="The file is empty",
    meaning="It has fewer than 16 bytes.",
    why="There is nothing in it to show. Uploads and exports that failed look like this.",
    next="Upload the file again.",
    checks={DocumentCase: empty_file},
)
