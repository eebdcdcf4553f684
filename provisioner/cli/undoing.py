"""What taking a run back would do: its receipt, the site as it is, and the plan made of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.workspace import transport_to
from provisioner.core.address import SITE
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.engine.capabilities import is_apart
from provisioner.engine.ledger_library import LEDGER_ADDRESS, LOCK_ADDRESS
from provisioner.engine.observe import Observed, observe

if TYPE_CHECKING:
    from provisioner.cli.console import Console
    from provisioner.cli.workspace import Workspace
    from provisioner.core.transport import Transport
    from provisioner.engine.planner import Options
    from provisioner.engine.undo import Undo


async def undo_shown(opened: Workspace, options: Options, run: str, console: Console) -> Undo:
    """What taking back this run would do; reads only. Raises what `undo_planned` raises."""
    progress = ConsoleProgress(console)
    async with transport_to(opened, progress) as transport:
        apart = is_apart(opened.loaded.folder)
        observed = await observe(transport, opened.desired, progress, apart=apart)
        return (await undo_planned(transport, opened, observed, options, run, console))[0]


async def undo_planned(
    transport: Transport,
    opened: Workspace,
    observed: Observed,
    options: Options,
    run: str,
    console: Console,
) -> tuple[Undo, Observed]:
    """The plan that takes back this run, and the site as it was read for it.

    Raises:
        Refused: LOCKED, when another run is under way; UNDO-UNFINISHED, when one was cut off.
        ProvisionerError: RUN-UNKNOWN and RECEIPT-ALTERED, and what reading raises.
    """
    from provisioner.engine.undo import undo_plan
    from provisioner.engine.undo_again import with_all_of_it
    from provisioner.engine.undo_contents import read_contents

    if observed.unfinished is not None and observed.unfinished.undoes != run:
        raise await under_way(transport, observed) or Refused(
            "UNDO-UNFINISHED",
            f"Run {observed.unfinished.run} was cut off; nothing is taken back before it is ended.",
            hint="Run `provisioner apply --resume` first.",
        )
    receipt = await _receipt(transport, observed, run)
    begun = await _begun(transport, observed, run)
    again = with_all_of_it(receipt, opened.desired, observed.ledger.objects)
    if again is not opened.desired:
        apart = is_apart(opened.loaded.folder)
        observed = await observe(transport, again, ConsoleProgress(console), apart=apart)
    contents = await read_contents(transport, receipt, observed)
    return undo_plan(receipt, again, observed, options, contents, begun), observed


async def under_way(transport: Transport, observed: Observed) -> Refused | None:
    """LOCKED, when a run works on the site: what it has done so far is no conflict. None otherwise.

    By the service's clock, as for an apply. Raises what reading raises.
    """
    from provisioner.cli import settings
    from provisioner.cli.machine import this_machine
    from provisioner.ledger.lock import lock_by_id, seen_in, service_time, standing
    from provisioner.ledger.lock_refusals import taken

    if observed.lock is None or observed.lock.holder.free:
        return None
    site, place = observed.existing[SITE].ids["id"], observed.existing[LOCK_ADDRESS].ids["id"]
    reading = lock_by_id(site, place)
    answer = (await transport.read([reading]))[reading]
    seen = seen_in(answer.body) or observed.lock
    machine = this_machine(settings.home() / "journals")
    if standing(seen, machine, service_time(answer.headers)) != "alive":
        return None
    return taken(seen.holder.run, seen.holder.host, seen.holder.pid, seen.until)


async def _begun(transport: Transport, observed: Observed, run: str) -> Sequence[Mapping[str, Any]]:
    """What an undo of this run was to do and did not end: it was cut off, or something failed.

    Of one that failed only while nothing was applied since. Raises RECEIPT-ALTERED.
    """
    if observed.unfinished is not None:
        return observed.unfinished.all_changes
    last = observed.ledger.runs[-1] if observed.ledger.runs else {}
    if last.get("undoes") != run or set(last.get("results") or ()) <= {"done"}:
        return ()
    receipt = await _receipt(transport, observed, str(last["runId"]))
    return [one for one in receipt["results"] if one["status"] != "done"]


async def _receipt(transport: Transport, observed: Observed, run: str) -> Mapping[str, Any]:
    """The receipt of this run, as the ledger has it. Raises RUN-UNKNOWN and RECEIPT-ALTERED."""
    from provisioner.engine.undo_gates import unaltered
    from provisioner.ledger.store import read_document, run_file

    library = observed.existing.get(LEDGER_ADDRESS)
    if library is None:
        raise ProvisionerError(
            "RUN-UNKNOWN",
            "There is no ledger of ours on this site, so nothing is known of its runs.",
            hint="After a detach, or where nothing was applied yet, people put it back by hand.",
        )
    receipt = None
    if "/" not in run:
        site_id = observed.existing["site"].ids["id"]
        receipt = await read_document(
            transport, site_id, library.ids["id"], run_file(run, "receipt")
        )
    if not isinstance(receipt, Mapping):
        raise ProvisionerError(
            "RUN-UNKNOWN",
            f"The ledger of this site has no receipt of a run {run}.",
            hint="`provisioner status` lists the last runs, and `provisioner receipts verify` names "
            "receipts that are missing.",
        )
    return unaltered(receipt, run, observed)
