"""GitHub Actions: one workflow. With `method: federated` the token is GitHub's own (OIDC), no secret.

"About security hardening with OpenID Connect", docs.github.com: the job needs `id-token: write`.
"""

from __future__ import annotations

from provisioner.cli.schedules.job import Job, commands
from provisioner.cli.schedules.yaml_text import SHELL, indented, quoted, utc_cron


def files(job: Job) -> dict[str, str]:
    """`.github/workflows/<name>-evidence.yml`."""
    daily, weekly = utc_cron(job, weekly=False), utc_cron(job, weekly=True)
    variables = [f"{name}: ${{{{ secrets.{name} }}}}" for name in job.variables]
    jobs = []
    for name, arguments, is_weekly in commands(job):
        schedule = weekly if is_weekly else daily
        jobs.append(
            _JOB.format(
                name=name,
                schedule=schedule,
                environment=f"    env:\n{indented(variables, 6)}\n" if variables else "",
                package=quoted(f"pip install {job.package}"),
                files=_written(job),
                command=quoted(SHELL.format(arguments=arguments)),
            )
        )
    text = _HEAD.format(
        name=quoted(f"Evidence of {job.name}"),
        zone=job.time_zone,
        daily=quoted(daily),
        weekly=quoted(weekly),
        group=f"evidence-{job.name}",
        oidc="\n  id-token: write  # the app signs in with GitHub's token" if job.federated else "",
        jobs="".join(jobs),
    )
    return {f".github/workflows/{job.name}-evidence.yml": text}


def _written(job: Job) -> str:
    """Steps that put files of secrets beside the workspace; none with OIDC."""
    steps = []
    for name in job.files:
        secret = "".join(one if one.isalnum() else "_" for one in name).upper()
        steps += [
            f"      - name: Put {name} in its place",
            "        env:",
            f"          CONTENT: ${{{{ secrets.{secret} }}}}",
            "        run: " + quoted(f'umask 077; printf %s "$CONTENT" > {job.beside}{name}'),
        ]
    return "".join(f"{line}\n" for line in steps)


_HEAD = """\
name: {name}
on:
  schedule:  # UTC; in winter the hours you chose in {zone}
    - cron: {daily}
    - cron: {weekly}
  workflow_dispatch: {{}}
permissions:
  contents: read{oidc}
concurrency:  # two runs never overlap
  group: {group}
  cancel-in-progress: false
jobs:
{jobs}"""

_JOB = """\
  {name}:
    if: github.event_name == 'workflow_dispatch' || github.event.schedule == '{schedule}'
    runs-on: ubuntu-latest
    timeout-minutes: 60
{environment}    steps:
      - uses: actions/checkout@v4
        with: {{persist-credentials: false}}
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
      - run: {package}
{files}      - name: {name}
        run: {command}
"""
