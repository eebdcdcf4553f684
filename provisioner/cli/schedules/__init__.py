"""Ready files for schedulers, one module for each. Pure: a job in, files by name out.

Secrets are named, never written: each file says where its scheduler keeps them. `sync` answers 2 when
it has findings, which is no failure, so every scheduler is told that 2 is a success.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from provisioner.cli.schedules import (
    azure_devops,
    container_apps,
    cron,
    github,
    kubernetes,
    systemd,
)
from provisioner.cli.schedules.job import Job

KINDS: Mapping[str, Callable[[Job], dict[str, str]]] = {
    "cron": cron.files,
    "systemd": systemd.files,
    "github": github.files,
    "azure-devops": azure_devops.files,
    "kubernetes": kubernetes.files,
    "container-apps": container_apps.files,
}
"""What gives the files of a kind: text by path below the output folder."""
