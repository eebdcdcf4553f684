"""The schedulers there are files for."""

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
