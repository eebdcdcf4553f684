"""systemd: a service and a timer for each command (systemd.service(5), systemd.timer(5))."""

from __future__ import annotations

from provisioner.cli.schedules.job import DRIFT_DAY, Job, commands


def files(job: Job) -> dict[str, str]:
    """`provisioner-<name>-<command>.service` and `.timer`."""
    found = {}
    for name, arguments, weekly in commands(job):
        unit = f"provisioner-{job.name}-{name}"
        when = job.later if weekly else job.at
        day = f"{DRIFT_DAY} " if weekly else ""
        wanted = ", ".join(job.variables) or "nothing"
        found[f"{unit}.service"] = _SERVICE.format(
            what=f"Evidence of {job.name}: {name}",
            wanted=wanted,
            workspace=job.workspace,
            folder=f"/etc/provisioner/{job.name}",
            state=f"provisioner-{job.name}",
            arguments=arguments.replace("%", "%%").replace("$", "$$"),
        )
        found[f"{unit}.timer"] = _TIMER.format(
            what=f"Evidence of {job.name}: {name}",
            calendar=f"{day}*-*-* {when:%H:%M}:00 {job.time_zone}",
            unit=unit,
        )
    return found


_SERVICE = """\
[Unit]
Description={what}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
# Here the workspace is {workspace}. Secrets stand in `secrets` (mode 600), which sets: {wanted}
WorkingDirectory={folder}
EnvironmentFile=-{folder}/secrets
Environment=PROVISIONER_HOME=%S/{state}
StateDirectory={state}
ExecStart=/usr/bin/env provisioner --quiet {arguments}
# 2 means that there are findings, which is no failure.
SuccessExitStatus=2
TimeoutStartSec=1h
# useradd --system provisioner; it may read the folder, and nobody else may.
User=provisioner
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
"""

_TIMER = """\
[Unit]
Description={what}

[Timer]
OnCalendar={calendar}
# A run missed while the machine was off is made up for.
Persistent=true
RandomizedDelaySec=5min
Unit={unit}.service

[Install]
WantedBy=timers.target
"""
