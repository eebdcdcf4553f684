"""cron: a script that takes findings for a success and lets no two runs overlap, and a crontab."""

from __future__ import annotations

from shlex import quote

from provisioner.cli.schedules.job import Job, commands

_WEEKDAY = "1"


def files(job: Job) -> dict[str, str]:
    """`<name>.sh` and `<name>.crontab`."""
    script = f"/etc/provisioner/{job.name}/{job.name}.sh"
    wanted = "\n".join(f"#   {name}=…" for name in job.variables) or "#   none"
    lines = [
        f"# Evidence of {job.name}. Install: crontab {job.name}.crontab",
        "# Output goes to the mailbox of the machine's user; set MAILTO to send it on.",
        f"CRON_TZ={job.time_zone}",
    ]
    for name, _, weekly in commands(job):
        when = job.later if weekly else job.at
        day = _WEEKDAY if weekly else "*"
        lines.append(f"{when.minute} {when.hour} * * {day} {script} {name}")
    return {
        f"{job.name}.sh": _SCRIPT.format(
            name=job.name,
            folder=f"/etc/provisioner/{job.name}",
            wanted=wanted,
            workspace=quote(job.workspace),
            more=" --heartbeat" if job.heartbeat else "",
        ),
        f"{job.name}.crontab": "\n".join(lines) + "\n",
    }


_SCRIPT = """\
#!/bin/sh
# Evidence of {name}: `{name}.sh sync` or `{name}.sh drift`.
# In {folder} put this script, the workspace as {workspace},
# and a file `secrets` (mode 600) that sets:
{wanted}
set -u
cd {folder} || exit 1
if [ -r ./secrets ]; then
  set -a
  . ./secrets
  set +a
fi
# A run of the same job that is still going is left alone.
exec 9> "${{TMPDIR:-/tmp}}/provisioner-{name}-${{1:-sync}}.lock"
flock -n 9 || exit 0
code=0
provisioner --quiet "${{1:-sync}}" {workspace}{more} || code=$?
# 2 means that there are findings: people are told, and the run was a success.
[ "$code" -eq 2 ] && code=0
exit "$code"
"""
