"""An emulator in another process, and what its request log says of a command: for `scripts/bench`."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LATENCY = 100  # ms a request: what is sent after an answer begins at least this much later
SERVICE = {"write": 20, "read": 10}  # ms that the service works on each part
READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Tenant:
    """A served emulator and the environment in which commands find it."""

    url: str
    ca: str
    environment: Mapping[str, str]

    def control(self, method: str, name: str, body: Any = None) -> Any:
        """One call of the control plane."""
        address = urlsplit(self.url)
        assert address.hostname is not None
        context = ssl.create_default_context(cafile=self.ca)
        connection = HTTPSConnection(address.hostname, address.port, context=context, timeout=60)
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, f"/_emulator/{name}", data)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 400:
            sys.exit(f"The control plane answered {answer.status} to {name}: {text.decode()}")
        return json.loads(text) if text else None

    def run(self, *arguments: object) -> tuple[int, str, float]:
        """One command: exit code, stdout, seconds."""
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "provisioner", *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - began
        if done.returncode not in {0, 2}:
            sys.exit(f"provisioner {arguments[0]} ended with {done.returncode}:\n{done.stderr}")
        return done.returncode, done.stdout, seconds

    def fresh_minute(self) -> None:
        """Let the tenant's clock pass the minute that the last command spent."""
        self.control("PUT", "settings", {"clockAdvanceSeconds": 61})
        self.control("DELETE", "requests")


@dataclass(frozen=True)
class Count:
    """What one command asked for. `in_turn` is the longest chain of requests that had to wait.

    `seconds` are on the wall, `cpu` those that the command itself computed, and `served` those in
    which the service worked on at least one request.
    """

    step: str
    requests: int
    in_turn: int
    parts: int
    writes: int
    units: int
    throttled: int
    kilobytes: int
    seconds: float
    cpu: float = 0.0
    served: float = 0.0


@contextmanager
def served(home: Path) -> Iterator[Tenant]:
    """An emulator in another process, for as long as this lasts."""
    environment = {**os.environ, "PROVISIONER_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    compiled()
    command = [sys.executable, "-m", "provisioner"]
    process = subprocess.Popen(
        [*command, "emulator", "serve", "--port", "0"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        if "serves at" not in said:
            sys.exit(f"The emulator did not start:\n{said}{process.stderr.read()}")
        lines = subprocess.run(
            [*command, "emulator", "env"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        given = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        given = {name: value.strip("'") for name, value in given.items()}
        yield Tenant(given["EMULATOR_URL"], given["EMULATOR_CA"], {**environment, **given})
    finally:
        process.terminate()
        process.wait()


def compiled() -> None:
    """Compile the package, as installing it does, so that no command pays for it."""
    package = Path(__file__).resolve().parent.parent / "provisioner"
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(package)], check=True)


def limits(budget: int) -> dict[str, Any]:
    """The settings of the tenant that is asked."""
    return {"resourceUnitsPerMinute": budget, "latencyMs": LATENCY, "serviceMs": SERVICE}


def counted(tenant: Tenant, step: str, *arguments: object) -> Count:
    """Run one command in a minute of its own and count what came in."""
    tenant.fresh_minute()
    before = computed()
    _, _, seconds = tenant.run(*arguments)
    return replace(count_of(tenant, step, seconds), cpu=computed() - before)


def computed() -> float:
    """CPU seconds of all commands that have ended; 0 on Windows, which does not tell."""
    now = os.times()
    return now.children_user + now.children_system


def count_of(tenant: Tenant, step: str, seconds: float) -> Count:
    """What came in since the log was emptied."""
    rows = [r for r in tenant.control("GET", "requests") if r["audience"] != "entra"]
    outer = [row for row in rows if row["outer"]]
    batches = [row for row in outer if row["path"].lower().endswith("$batch")]
    work = [row for row in rows if row not in batches]
    return Count(
        step,
        requests=len(outer),
        in_turn=longest_chain([(row["startedMs"], row["endedMs"]) for row in outer]),
        parts=len(work),
        writes=sum(1 for row in work if row["method"] not in READS),
        units=sum(row["resourceUnits"] for row in work),
        throttled=sum(1 for row in work if row["status"] == 429),
        kilobytes=sum(row["bytes"] for row in outer) // 1000,
        seconds=seconds,
        served=busy([(row["startedMs"], row["endedMs"]) for row in outer]) / 1000,
    )


def busy(spans: Sequence[tuple[float, float]]) -> float:
    """How long at least one of them lasted; a request's latency is before its span."""
    total, free = 0.0, float("-inf")
    for began, ended in sorted(spans):
        total += max(0.0, ended - max(began, free))
        free = max(free, ended)
    return total


def longest_chain(spans: Sequence[tuple[float, float]]) -> int:
    """How many requests had to wait for one another: the round trips, whatever their number.

    A request starts in the log once its latency has passed, so one that was sent after another's
    answer starts that much after its end, and those sent together do not.
    """
    length, free = 0, float("-inf")
    for began, ended in sorted(spans, key=lambda span: span[1]):
        if began >= free + 0.9 * LATENCY:
            length, free = length + 1, ended
    return length


def table(title: str, counts: Sequence[Count]) -> None:
    """What was counted; below it the seconds of this machine at this moment."""
    print(f"\n### {title}\n")
    print("| command | requests | round trips | parts | writes | units | 429 | kB |")
    print("|---|---|---|---|---|---|---|---|")
    for one in counts:
        numbers = (one.requests, one.in_turn, one.parts, one.writes, one.units, one.throttled)
        cells = " | ".join(map(str, (one.step, *numbers, one.kilobytes)))
        print(f"| {cells} |")
    spent = (f"{one.step} {one.cpu:.1f} of {one.seconds:.1f}" for one in counts)
    print(f"\nSeconds of CPU, of those on the wall: {'; '.join(spent)}.")
    sys.stdout.flush()
