"""Codes of the probe, of capabilities and of recordings."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

PROBING = (
    Explanation(
        "PROBE-WITHOUT-SITE",
        title="The probe has no site to try things in",
        meaning="`provisioner probe` makes scratch lists, tries in them what no document settles, "
        "and takes them away again. It does so only in a site that you name.",
        next="Name a site for tests with `--site`, or ask the emulator with `--against emulator`.",
    ),
    Explanation(
        "PROBE-WITHOUT-GROUND",
        title="The emulator made no site for the probe",
        meaning="With `--against emulator` the probe makes a site of its own in the emulator, and "
        "the emulator refused. The message says why.",
        next="Run `provisioner emulator reset`, which makes a new tenant, and probe again.",
    ),
    Explanation(
        "CAPABILITIES-UNREADABLE",
        title="`capabilities.json` is not one of ours",
        meaning="The file beside the workspace says what the client's tenant can do, as a probe "
        "found it. It cannot be read as such, so nothing was planned on it.",
        next="Write it anew with `provisioner probe --capabilities capabilities.json`, or remove "
        "it: what is not known there is found out at work.",
    ),
    Explanation(
        "TENANT-CANNOT",
        title="This tenant has no way to set this",
        meaning="The request that sets the property was answered with 404, 405 or 501: on this "
        "tenant the service does not offer it, or offers it no more. It was left out, the rest was "
        "done, and the ledger remembers it for thirty days. A plan and a drift check name what "
        "differs, as a note.",
        next="Set the property by hand, or take it out of the file. `provisioner probe` says what "
        "else the tenant does otherwise; tell us, with its `--markdown`.",
    ),
    Explanation(
        "RECORDING-UNREADABLE",
        title="The file is no recording of ours",
        meaning="`provisioner replay` reads what `--record FILE` wrote: one line of JSON for each "
        "request, and a first line with the workspace. The file is something else, or is cut.",
        next="Record again: `provisioner plan acme --record acme.jsonl`.",
    ),
    Explanation(
        "REPLAY-UNKNOWN",
        title="The recording holds no answer to a request",
        meaning="What is played again asks for something that was not asked for when it was "
        "recorded: another command ran then, or another version of the program. Nothing was sent.",
        next="Play it as the command it was made by (`--as`), or record again with this version.",
    ),
)
