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
        "LEDGER-NEWER",
        title="A later version of this program works on the site",
        meaning="`ledger.json` in the hidden library ProvisionerLedger of the site was written by a "
        "version of provisioner that says more there than this one understands.",
        why="Written again by this one, what it does not understand would be lost. So nothing is "
        "planned and nothing written.",
        next="Install the version that the others who work on this site use, and run the same "
        "command again.",
    ),
    Explanation(
        "LEDGER-NOT-WRITTEN",
        title="The ledger could not be stored",
        meaning="A record of this run could not be put into the site's ledger library. What was "
        "changed on the site before that stays.",
        next="Look whether the file is checked out or the library is locked, then run the same "
        "command again. It finds what is done and records it.",
    ),
    Explanation(
        "LEDGER-MISSING",
        title="The site has no ledger",
        meaning="`status` and `receipts` read our own records in the site's hidden library "
        "ProvisionerLedger. It is not there.",
        next="`provisioner apply` makes it. If somebody deleted it, restore it from the recycle bin.",
    ),
    Explanation(
        "LEDGER-MOVED",
        title="Somebody else wrote the ledger meanwhile",
        meaning="The ledger is written over exactly the version that was read before. It had been "
        "changed by somebody else, and theirs was kept.",
        why="Written over blindly, what the other one made would not be known as ours any more.",
        next="Run the same command again: it reads the ledger anew.",
    ),
    Explanation(
        "RECEIPT-ALTERED",
        title="A receipt was changed",
        meaning="A receipt carries a digest of everything it says, and the next one carries that "
        "digest. This one says something else than its digest was made of, or than the copy that "
        "was kept elsewhere.",
        next="Restore the file's earlier version in the library ProvisionerLedger, which keeps "
        "versions, or compare it with the copy on the machine that ran.",
    ),
    Explanation(
        "RECEIPT-MISSING",
        title="A receipt is not there",
        meaning="The next receipt, the ledger, or a copy kept elsewhere names one that the ledger "
        "library does not hold.",
        next="Look in the recycle bin of the site; the copy on the machine that ran says what it "
        "said.",
    ),
    Explanation(
        "RECEIPT-BESIDE",
        title="A receipt that is not part of the chain",
        meaning="Each receipt is named by the one after it, and the last by the ledger. This one is "
        "named by none: it was put there, or the ledger was set back to an earlier one.",
        next="Compare the versions of `ledger.json` in the library ProvisionerLedger.",
    ),
    Explanation(
        "NOTHING-TO-DETACH",
        title="There is nothing of ours on the site",
        meaning="`detach` removes our own hidden lists, and the site has none of them.",
        next="Nothing; the workspace stands by itself.",
    ),
    Explanation(
        "DETACH-INCOMPLETE",
        title="Not all of our lists could be removed",
        meaning="One of our hidden lists could not be sent to the recycle bin. The message has "
        "Microsoft's words for it; the workspace itself is untouched.",
        next="Run `provisioner detach` again; what is gone stays gone.",
    ),
)
