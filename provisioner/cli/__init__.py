"""The command line: the only place that prints, exits and reads arguments.

One file for each command; what a command needs is imported when it runs, so that `--help` is quick.
"""

from __future__ import annotations

import os


def main() -> None:
    """Run the command line; the console script calls this."""
    # Whatever the mask says: what we write is not for every user of the machine to change.
    os.umask(os.umask(0o077) | 0o002)
    from provisioner.cli.app import run

    run()
