"""Where a document stands after the rules that need no other document."""

from __future__ import annotations

from provisioner.core.record import record
from provisioner.sync.cases import DocumentCase


@record
class Stance:
    """A document after the rules that need no other document.

    `sound`: it counts; `by_waiver`: only because a waiver covers what would keep it from counting.
    `claims`: it may claim slots. `excused`: Not applicable, with a valid waiver.
    """

    case: DocumentCase
    sound: bool
    by_waiver: bool
    claims: bool
    excused: bool
