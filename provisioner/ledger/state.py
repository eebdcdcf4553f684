"""The ledger as a value, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from provisioner.core.address import spelled
from provisioner.core.errors import ProvisionerError, Refused

API_VERSION = "provisioner/v1"
_RUNS = 20
"""How many of the last runs the ledger sums up; the receipts have them all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded object. `made` is whether we created it (and may prune it) or adopted it."""

    kind: str
    id: str
    properties: Mapping[str, Any]
    made: bool
    run: str


@dataclass(frozen=True, slots=True)
class LedgerState:
    """Everything recorded. `present` is whether the ledger library holds a ledger yet.

    `baseline` are addresses of what stood on the site before us, undeclared; drift is silent on it.
    `runs` sums up the last runs, the oldest first. `etag` is that of the file as it was read, ""
    when it is not known. `closed` says of each closed audit period, by name, which documents are
    read-only: their numbers by library key. `capabilities` says what the tenant was found to be able
    to do, and on which day: `{"graph-currency": {"able": False, "on": "2026-11-22"}}`.
    """

    objects: Mapping[str, Entry] = field(default_factory=lambda: MappingProxyType({}))
    last_receipt: str = ""
    pack: str = ""
    present: bool = False
    baseline: frozenset[str] = frozenset()
    runs: tuple[Mapping[str, Any], ...] = ()
    etag: str = ""
    closed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    capabilities: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def with_run(self, summary: Mapping[str, Any], digest: str) -> LedgerState:
        """The same after one more run, whose receipt has this digest."""
        return replace(self, last_receipt=digest, runs=(*self.runs, summary)[-_RUNS:])

    def json(self) -> dict[str, Any]:
        """The `ledger.json` document."""
        return {
            "apiVersion": API_VERSION,
            "kind": "Ledger",
            "pack": self.pack,
            "lastReceipt": self.last_receipt,
            "runs": [dict(one) for one in self.runs],
            "baseline": sorted(self.baseline),
            **({"closed": dict(self.closed)} if self.closed else {}),
            **({"capabilities": dict(self.capabilities)} if self.capabilities else {}),
            "objects": {
                address: {
                    "kind": entry.kind,
                    "id": entry.id,
                    "made": entry.made,
                    "run": entry.run,
                    "properties": dict(entry.properties),
                }
                for address, entry in sorted(self.objects.items())
            },
        }

    @classmethod
    def of(cls, document: Any) -> LedgerState:
        """Read a `ledger.json` document.

        Raises:
            Refused: LEDGER-NEWER, when a later version of this program wrote it.
            ProvisionerError: LEDGER-UNREADABLE.
        """
        _in_our_words(document)
        try:
            objects = {
                spelled(address): Entry(
                    str(one["kind"]),
                    str(one["id"]),
                    one["properties"],
                    bool(one["made"]),
                    str(one["run"]),
                )
                for address, one in document["objects"].items()
            }
            return cls(
                MappingProxyType(objects),
                str(document["lastReceipt"]),
                str(document["pack"]),
                present=True,
                baseline=frozenset(spelled(one) for one in document["baseline"]),
                runs=tuple(document.get("runs", ())),
                closed=MappingProxyType(dict(document.get("closed", {}))),
                capabilities=MappingProxyType(dict(document.get("capabilities", {}))),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ProvisionerError(
                "LEDGER-UNREADABLE",
                "The ledger in the site's ProvisionerLedger library is not one of ours.",
                hint="Restore an earlier version of ledger.json there; SharePoint keeps its versions.",
            ) from error


def _in_our_words(document: Any) -> None:
    """Refuse what says more than we understand: written again by us, it would be lost."""
    version = document.get("apiVersion", API_VERSION) if isinstance(document, Mapping) else None
    if version not in {None, API_VERSION}:
        raise Refused(
            "LEDGER-NEWER",
            f"The ledger of this site is written as {version}, and this program knows {API_VERSION}.",
            hint="Install the version of provisioner that the others who work on this site use.",
        )
