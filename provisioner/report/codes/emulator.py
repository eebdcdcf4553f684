"""Codes of the emulator and the demo."""

from __future__ import annotations

from provisioner.report.codes.explanation import Explanation

EMULATOR = (
    Explanation(
        "EMULATOR-NOT-STARTED",
        title="The emulator could not start",
        meaning="Another one serves the same data already, the port is taken, or its folder cannot "
        "be written. The message says which.",
        next="Run `provisioner emulator status`. Give another `--port`, or another folder with "
        "PROVISIONER_HOME.",
    ),
    Explanation(
        "EMULATOR-NOT-SERVING",
        title="No emulator is serving",
        meaning="`provisioner emulator env` tells other programs where one serves, so one has to "
        "be up. Our own commands need none: they start it themselves.",
        next="Run `provisioner emulator serve` in another terminal.",
    ),
    Explanation(
        "EMULATOR-APP-UNKNOWN",
        title="The emulator has no such app",
        meaning="`--app` names an app registration of the emulated tenant, and there is none of "
        "this name.",
        next="Take one of those the message lists, such as `provisioner` or `reader`.",
    ),
    Explanation(
        "EMULATOR-CONTROL",
        title="The emulator's control plane does not serve",
        meaning="The demo and `provisioner emulator reset` speak to the emulator by its control "
        "plane. It is served without one (`--no-control`), or stopped a moment ago.",
        next="Run `provisioner emulator status`, then start it again without `--no-control`.",
    ),
    Explanation(
        "EMULATOR-PROXY-NOT-STARTED",
        title="The proxy could not start",
        meaning="The port for `provisioner emulator proxy` is taken or may not be used.",
        next="Give another `--port`; 0 takes a free one.",
    ),
    Explanation(
        "DEMO-FULL",
        title="The local tenant is full of demos",
        meaning="Each demo makes a site of its own, and there are 99 already.",
        next="Run `provisioner emulator reset`. It forgets everything the local tenant holds.",
    ),
    Explanation(
        "DEMO-NO-ITEM",
        title="The demo found no row for its evidence",
        meaning="The demo files evidence for items of the pack, and the list Expected Evidence does "
        "not have them. The workspace was not applied, or the rows were deleted.",
        next="Run `provisioner demo` again; it begins with a new site.",
    ),
    Explanation(
        "DEMO-NOT-FILED",
        title="The demo could not file a document",
        meaning="The local tenant refused an upload or its facts. Its words are in the message.",
        next="Run `provisioner demo` again; it begins with a new site. If it stays, report it.",
    ),
    Explanation(
        "DEMO-NOT-TAMPERED",
        title="The demo could not change the site by hand",
        meaning="To have drift to show, the demo changes things as a person would. The local tenant "
        "refused one of these changes.",
        next="Run `provisioner demo` again; it begins with a new site. If it stays, report it.",
    ),
    Explanation(
        "DEMO-DRIFT",
        title="Drift did not find what the demo changed",
        meaning="The demo changes a few things by hand and expects drift to name each, and nothing "
        "else. The two lists differ, which is a fault of ours.",
        next="Report it with the list the demo printed.",
    ),
)
