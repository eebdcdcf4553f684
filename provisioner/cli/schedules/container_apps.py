"""Azure Container Apps: a scheduled job for each command, as `az containerapp job create` takes it.

"Jobs in Azure Container Apps" and "Azure Resource Manager and YAML template specifications",
learn.microsoft.com. The workspace travels in the image; secrets stay in Key Vault.
"""

from __future__ import annotations

from provisioner.cli.schedules.job import Job, commands
from provisioner.cli.schedules.kubernetes import dockerfile
from provisioner.cli.schedules.yaml_text import SHELL, indented, quoted, utc_cron


def files(job: Job) -> dict[str, str]:
    """`<name>-<command>-job.yaml` for each command, the image's `Dockerfile` and what stays out."""
    # A pattern without `**/` is for the topmost folder alone (docs.docker.com, ".dockerignore files").
    kept_out = ("secrets", "*.pem", "*.pfx", *job.files)
    ignored = "".join(f"{one}\n" for one in (".git", *(f"**/{one}" for one in kept_out)))
    found = {"Dockerfile": dockerfile(job, "COPY . .\n"), ".dockerignore": ignored}
    left_out = f"# Not in the image: {', '.join(job.files)}. {_INSTEAD}\n" if job.files else ""
    secrets = [
        line
        for name in job.variables
        for line in (
            f"- name: {_secret(name)}",
            f"  keyVaultUrl: https://YOUR-VAULT.vault.azure.net/secrets/{_secret(name)}",
            "  identity: system",
        )
    ]
    variables = [
        line
        for name in job.variables
        for line in (f"- name: {name}", f"  secretRef: {_secret(name)}")
    ]
    variables += ["- name: PROVISIONER_HOME", "  value: /tmp/provisioner"]
    for name, arguments, weekly in commands(job):
        found[f"{job.name}-{name}-job.yaml"] = _JOB.format(
            name=f"{job.name}-{name}",
            left_out=left_out,
            zone=job.time_zone,
            schedule=quoted(utc_cron(job, weekly=weekly)),
            secrets=f"    secrets:\n{indented(secrets, 6)}\n" if secrets else "",
            variables=indented(variables, 10),
            image=f"YOUR-REGISTRY.azurecr.io/evidence-{job.name}:1",
            command=quoted(SHELL.format(arguments=arguments)),
        )
    return found


def _secret(name: str) -> str:
    """A secret's name: lower-case letters, digits and hyphens."""
    return name.lower().replace("_", "-").strip("-")


_INSTEAD = "Write `certificate: env:NAME` in the workspace, or `method: managed-identity`."

_JOB = """\
# az containerapp job create --name {name} --resource-group GROUP --yaml {name}-job.yaml
{left_out}type: Microsoft.App/jobs
location: YOUR-REGION
identity:
  type: SystemAssigned
properties:
  environmentId: YOUR-ENVIRONMENT  # az containerapp env show --name … --query id
  configuration:
    triggerType: Schedule
    replicaTimeout: 3600
    replicaRetryLimit: 1
    scheduleTriggerConfig:
      cronExpression: {schedule}  # UTC; in winter the hour you chose in {zone}
      parallelism: 1
      replicaCompletionCount: 1
{secrets}  template:
    containers:
      - name: provisioner
        image: {image}
        command: [/bin/sh, -c]
        args: [{command}]
        resources: {{cpu: 0.5, memory: 1Gi}}
        env:
{variables}
"""
