"""The command line: the only place that prints, exits and reads arguments.

One file for each command; what a command needs is imported when it runs, so that `--help` is quick.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line; the console script calls this."""
    from provisioner.cli.app import run

    run()
