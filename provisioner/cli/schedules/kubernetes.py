"""Kubernetes: a CronJob for each command (kubernetes.io, "CronJob" and "Pod failure policy").

The image is one of your own that holds the product: the files say how it is made.
"""

from __future__ import annotations

from dataclasses import replace

from provisioner.cli.schedules.job import Job, commands
from provisioner.cli.schedules.yaml_text import SHELL, cron, quoted


def files(job: Job) -> dict[str, str]:
    """`<name>-evidence.yaml` and the `Dockerfile` of the image it names."""
    parts = [
        _ACCOUNT.format(
            name=job.name,
            workspace=job.workspace,
            identity="\n  annotations:\n    azure.workload.identity/client-id: YOUR-CLIENT-ID"
            if job.federated
            else "",
        )
    ]
    # A config map has no folders: the file is mounted by its name alone.
    mounted = replace(job, workspace=job.workspace.removeprefix(job.beside))
    for name, arguments, weekly in commands(mounted):
        parts.append(
            _JOB.format(
                name=f"{job.name}-{name}",
                account=f"evidence-{job.name}",
                schedule=quoted(cron(job.later if weekly else job.at, weekly=weekly)),
                zone=quoted(job.time_zone),
                label=quoted("true" if job.federated else "false"),
                command=quoted(SHELL.format(arguments=arguments)),
                secret=f"evidence-{job.name}",
                image=f"YOUR-REGISTRY/evidence-{job.name}:1",
            )
        )
    return {
        f"{job.name}-evidence.yaml": "---\n".join(parts),
        "Dockerfile": dockerfile(job),
    }


def dockerfile(job: Job, copy: str = "") -> str:
    """An image with the product, for a user who is not root. `copy` brings the workspace into it."""
    return _DOCKERFILE.format(package=job.package, copy=copy)


_ACCOUNT = """\
# kubectl create configmap evidence-{name} --from-file={workspace}
# kubectl create secret generic evidence-{name} --from-env-file=secrets
# kubectl create secret generic evidence-{name}-files --from-file=…  (what the workspace names by `file:`)
apiVersion: v1
kind: ServiceAccount
metadata:
  name: evidence-{name}{identity}
"""

_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
spec:
  schedule: {schedule}
  timeZone: {zone}
  concurrencyPolicy: Forbid  # two runs never overlap
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 2
      activeDeadlineSeconds: 3600
      podFailurePolicy:
        rules:
          # 3 is refused and 64 is wrong usage: trying again changes nothing. Findings (2) never get here.
          - action: FailJob
            onExitCodes: {{containerName: provisioner, operator: In, values: [3, 64]}}
          - action: Ignore
            onPodConditions: [{{type: DisruptionTarget}}]
      template:
        metadata:
          labels: {{azure.workload.identity/use: {label}}}
        spec:
          restartPolicy: Never
          serviceAccountName: {account}
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
            fsGroup: 10001
            seccompProfile: {{type: RuntimeDefault}}
          containers:
            - name: provisioner
              image: {image}
              command: [/bin/sh, -c]
              args: [{command}]
              workingDir: /workspace
              envFrom: [{{secretRef: {{name: {secret}, optional: true}}}}]
              env: [{{name: PROVISIONER_HOME, value: /tmp/provisioner}}]
              resources: {{requests: {{cpu: 100m, memory: 256Mi}}, limits: {{memory: 512Mi}}}}
              securityContext:
                allowPrivilegeEscalation: false
                readOnlyRootFilesystem: true
                capabilities: {{drop: [ALL]}}
              volumeMounts:
                - {{name: workspace, mountPath: /workspace, readOnly: true}}
                - {{name: scratch, mountPath: /tmp}}
          volumes:
            - name: workspace
              projected:
                sources:
                  - configMap: {{name: {secret}}}
                  - secret: {{name: {secret}-files, optional: true}}
            - {{name: scratch, emptyDir: {{}}}}
"""

_DOCKERFILE = """\
FROM python:3.12-slim
RUN pip install --no-cache-dir {package} && useradd --uid 10001 --create-home provisioner
USER 10001
WORKDIR /workspace
{copy}ENTRYPOINT ["provisioner"]
"""
