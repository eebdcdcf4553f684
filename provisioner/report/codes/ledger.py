"""Codes of the ledger kept in the site."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

LEDGER = (
    Explanation(
        "LEDGER-UNREADABLE",
        title="The ledger is not one of ours",
        meaning="`ledger.json` in the hidden library ProvisionerLedger of the site says what was "
        "applied last. It was changed or replaced by something else.",
        why="Without it we could not tell what people changed from what we never made. So nothing "
        "is planned and nothing written.",
        next="Open the library ProvisionerLedger in the site, and restore an earlier version of "
        "`ledger.json` from its version history.",
    ),
    Explanation(
        "LEDGER-NOT-WRITTEN",
        title="The ledger could not be stored",
        meaning="A record of this run could not be put into the site's ledger library. What was "
        "changed on the site before that stays.",
        next="Look whether the file is checked out or the library is locked, then run the same "
        "command again. It finds what is done and records it.",
    ),
)
