"""A tab of a real Chromium, driven over a pipe by the DevTools protocol; no package is needed.

Source: chromedevtools.github.io/devtools-protocol. With ``--remote-debugging-pipe`` the browser reads
commands from descriptor 3 and writes answers to descriptor 4, each JSON with a NUL behind it.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--mute-audio", "--ignore-certificate-errors",
    "--remote-debugging-pipe", "--no-proxy-server",
)  # fmt: skip
_SECONDS = 30.0
# Puts the ends of the pipes where Chromium looks for them, and becomes Chromium.
_MOVED = """
import fcntl, os, sys
down, up = (fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3])
os.dup2(down, 3)
os.dup2(up, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_FILL = """(label, value) => {
  const control = [...document.querySelectorAll('label')]
    .find(one => one.innerText.trim() === label).control;
  if (control.tagName === 'SELECT') {
    const option = [...control.options].find(one => one.text === value);
    if (!option) throw new Error(label + ' has no ' + value);
    control.value = option.value;
  } else control.value = value;
}"""


def found() -> str | None:
    """The Chromium of this machine; None without one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class NotStarted(Exception):
    """The program is there and is no browser that starts here."""


class ChromiumBrowser:
    """One tab. What a person does is done to what they read: links, labels and buttons by words."""

    def __init__(self, program: str, folder: Path, origin: str) -> None:
        self._origin = origin
        down, self._down = os.pipe()
        self._up, up = os.pipe()
        begin = [sys.executable, "-c", _MOVED, str(down), str(up), program]
        self._process = subprocess.Popen(
            [*begin, *_SWITCHES, f"--user-data-dir={folder}", "about:blank"],
            pass_fds=(down, up),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(down)
        os.close(up)
        self._rest = b""
        self._number = 0
        self._events: list[dict[str, Any]] = []
        self._session = ""
        try:
            self._attach()
        except (AssertionError, OSError) as problem:
            self._process.kill()
            self._end()
            raise NotStarted(str(problem)) from None

    def _attach(self) -> None:
        [target] = [
            one for one in self._call("Target.getTargets")["targetInfos"] if one["type"] == "page"
        ]
        attached = {"targetId": target["targetId"], "flatten": True}
        self._session = self._call("Target.attachToTarget", attached)["sessionId"]
        self._call("Page.enable")

    @property
    def address(self) -> str:
        return str(self.run("location.href"))

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self._events.clear()
        answer = self._call("Page.navigate", {"url": self._origin + path})
        assert not answer.get("errorText"), answer
        self._loaded()

    def text(self) -> str:
        """What the page says."""
        return str(self.run("document.body.innerText.replace(/\\s+/g, ' ')"))

    def follow(self, words: str) -> None:
        """Click on the link with these words."""
        self._click("a", words)

    def press(self, words: str) -> None:
        """Press the button with these words."""
        self._click("button", words)

    def fill(self, label: str, value: str) -> None:
        """Write into the input with this label; of a choice the word a person reads."""
        self.run(f"({_FILL})({json.dumps(label)}, {json.dumps(value)})")

    def attach(self, label: str, path: Path) -> None:
        """Choose a file."""
        found = self._call(
            "Runtime.evaluate",
            {
                "expression": "[...document.querySelectorAll('label')]"
                f".find(one => one.innerText.trim() === {json.dumps(label)}).control"
            },
        )
        object_id = found["result"]["objectId"]
        self._call("DOM.setFileInputFiles", {"files": [str(path)], "objectId": object_id})

    def run(self, script: str) -> Any:
        """The value of an expression on the page."""
        answer = self._call(
            "Runtime.evaluate",
            {"expression": script, "returnByValue": True, "awaitPromise": True},
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def window(self, width: int, height: int) -> None:
        """Give the window this size; the smaller ones are a phone's."""
        shape = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("Emulation.setDeviceMetricsOverride", shape)

    def picture(self, width: int, height: int, *, dark: bool = False) -> bytes:
        """The whole page as PNG, in a window of this width."""
        self.window(width, height)
        look = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", {"features": [look]})
        made = self._call("Page.captureScreenshot", {"captureBeyondViewport": True})
        return base64.b64decode(made["data"])

    def close(self) -> None:
        """End the browser."""
        self._session = ""
        self._call("Browser.close")
        self._end()

    def _end(self) -> None:
        self._process.wait(_SECONDS)
        os.close(self._down)
        os.close(self._up)

    def _click(self, tag: str, words: str) -> None:
        self._events.clear()
        self.run(
            f"[...document.querySelectorAll('{tag}')]"
            f".find(one => one.innerText.trim() === {json.dumps(words)}).click()"
        )
        self._loaded()

    def _loaded(self) -> None:
        while not any(one["method"] == "Page.loadEventFired" for one in self._events):
            self._events.append(self._next())

    def _call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params or {}}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._down, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return dict(answer["result"])
            self._events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._up], [], [], _SECONDS)
            data = os.read(self._up, 1 << 16) if ready else b""
            assert data, "Chromium said nothing for half a minute, or ended"
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return {"method": ""} | found
