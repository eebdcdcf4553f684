"""Azure DevOps: a scheduled pipeline, with secrets from a variable group.

Workload identity federation needs SYSTEM_ACCESSTOKEN and the service connection's id in the
environment ("Secret-free access to Azure with workload identity federation", learn.microsoft.com).
"""

from __future__ import annotations

from provisioner.cli.schedules.job import Job, commands
from provisioner.cli.schedules.yaml_text import SHELL, indented, quoted, utc_cron


def files(job: Job) -> dict[str, str]:
    """`azure-pipelines-<name>-evidence.yml`."""
    variables = [f"{name}: $({name})" for name in job.variables]
    if job.federated:
        variables += [
            "SYSTEM_ACCESSTOKEN: $(System.AccessToken)",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: $(serviceConnectionId)",
        ]
    schedules, steps = [], []
    for name, arguments, weekly in commands(job):
        schedules.append(
            _SCHEDULE.format(
                cron=quoted(utc_cron(job, weekly=weekly)), name=quoted(f"{name} of {job.name}")
            )
        )
        steps.append(
            _STEP.format(
                condition=quoted(
                    f"and(succeeded(), or(ne(variables['Build.Reason'], 'Schedule'), "
                    f"eq(variables['Build.CronSchedule.DisplayName'], '{name} of {job.name}')))"
                ),
                command=quoted(SHELL.format(arguments=arguments)),
                name=quoted(name),
                environment=f"    env:\n{indented(variables, 6)}\n" if variables else "",
            )
        )
    text = _PIPELINE.format(
        schedules="".join(schedules),
        group=quoted(f"evidence-{job.name}"),
        package=quoted(f"pip install {job.package}"),
        files="".join(
            _SECURE.format(number=number, name=quoted(one), target=job.beside + one)
            for number, one in enumerate(job.files, 1)
        ),
        steps="".join(steps),
        zone=job.time_zone,
    )
    return {f"azure-pipelines-{job.name}-evidence.yml": text}


_PIPELINE = """\
trigger: none
pr: none
schedules:  # UTC; in winter the hours you chose in {zone}
{schedules}pool: {{vmImage: ubuntu-latest}}
lockBehavior: sequential  # with an exclusive lock on the variable group, two runs never overlap
variables:
  - group: {group}  # keeps the secrets
steps:
  - checkout: self
    persistCredentials: false
  - task: UsePythonVersion@0
    inputs: {{versionSpec: "3.12"}}
  - script: {package}
{files}{steps}"""

_SCHEDULE = """\
  - cron: {cron}
    displayName: {name}
    branches: {{include: [main]}}
    always: true
"""

_SECURE = """\
  - task: DownloadSecureFile@1
    name: secure{number}
    inputs: {{secureFile: {name}}}
  - script: "install -m 600 \\"$(secure{number}.secureFilePath)\\" {target}"
"""

_STEP = """\
  - script: {command}
    displayName: {name}
    condition: {condition}
{environment}"""
