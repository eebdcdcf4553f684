"""What `provisioner new` asks somebody at a terminal, one question after another.

Questions go to stderr, since stdout is for what was made. An answer that will not do is met with
the reason and asked for again. An empty answer takes what stands in brackets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from provisioner.cli.client_file import CiSystem, SignInMethod, place_of, slug_of
from provisioner.cli.console import Console
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.spec.parameters import Parameter

T = TypeVar("T")
SIGN_INS: tuple[SignInMethod, ...] = get_args(SignInMethod)
CI_SYSTEMS: tuple[CiSystem, ...] = get_args(CiSystem)


class Questions:
    """Asks; each method gives the answer once it will do. Ctrl-D or Ctrl-C is `typer.Abort`."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def client(self) -> str:
        """The client's name, in any script."""

        def check(text: str) -> str:
            if not any(one.isalnum() for one in text):
                slug_of(text)
            return text

        return self._asked("The client's name", check)

    def folder(self) -> str:
        """A folder for a name that gives none; the site's address follows it."""

        def check(text: str) -> str:
            slug_of(text)
            return text

        return self._asked("The folder to write it to, in the letters a to z", check)

    def template(self, default: str) -> str:
        """A pack to begin with."""
        from provisioner.spec.packs import available

        packs = [one for one in available() if one.use == "workspace"]
        for one in packs:
            self._console.say(f"  {one.name}: {one.summary}")
        return self._one_of("Begin with which pack", tuple(one.name for one in packs), default)

    def parameter(self, asked: Parameter) -> str:
        """What a pack asks for."""

        def check(text: str) -> str:
            if asked.type == "date":
                return _day(text)
            if asked.choices and text not in asked.choices:
                raise _not_one_of(text, asked.choices)
            return text

        form = ", as 2026-01-01" if asked.type == "date" else ""
        return self._asked(f"{asked.description.rstrip('.')}{form}", check)

    def site(self) -> str:
        """The address of the client's site; "" to try it on the local tenant."""

        def check(text: str) -> str:
            place_of(text, adopt=False, owner="", time_zone="UTC", sign_in="certificate")
            return text

        self._console.say(
            "The address the site has or shall have, such as https://contoso.sharepoint.com/sites/"
            "acme. Leave it empty to try everything on the local tenant first."
        )
        return self._asked("Address of the site", check, default="")

    def adopt(self) -> bool:
        """Whether the site is there already."""
        return self._one_of("Is there a site at that address already", ("yes", "no"), "no") == "yes"

    def owner(self) -> str:
        """Who owns the site."""

        def check(text: str) -> str:
            if text.count("@") != 1 or " " in text or text.startswith("@") or text.endswith("@"):
                raise Usage("BAD-ANSWER", "That is no mail address.", hint="")
            return text

        return self._asked("Mail address of the site's owner", check)

    def sign_in(self) -> SignInMethod:
        """How the app proves who it is."""
        self._console.say(
            "How the app signs in: certificate; federated, by the token of GitHub or Azure DevOps; "
            "managed-identity, of a machine in Azure; device-code, a person each time."
        )
        return self._one_of("Signs in by", SIGN_INS, "certificate")

    def ci(self) -> CiSystem | None:
        """For which CI a file is wanted; None for none."""
        choices: tuple[CiSystem | None, ...] = (*CI_SYSTEMS, None)
        return self._one_of("A file that runs it daily in", choices, None)

    def time_zone(self) -> str:
        """The site's time zone."""

        def check(text: str) -> str:
            try:
                ZoneInfo(text)
            except (ZoneInfoNotFoundError, ValueError):
                raise Usage(
                    "BAD-ANSWER", "No time zone is called that; one is America/Toronto.", hint=""
                ) from None
            return text

        return self._asked("The site's time zone", check, default="UTC")

    def _one_of(self, question: str, choices: tuple[T, ...], default: T) -> T:
        by_name = {_word(one): one for one in choices}

        def check(text: str) -> T:
            if text not in by_name:
                raise _not_one_of(text, tuple(by_name))
            return by_name[text]

        return self._asked(f"{question} ({', '.join(by_name)})", check, default=_word(default))

    def _asked(self, question: str, check: Callable[[str], T], *, default: str | None = None) -> T:
        while True:
            text = _read(f"{question} [{default}]: " if default else f"{question}: ")
            if not text and default is None:
                continue
            try:
                return check(text or default or "")
            except Usage as problem:
                self._console.warn(f"{problem.message} {problem.hint}".strip())


def _read(prompt: str) -> str:
    # `typer.prompt` would write a part of the question to stdout.
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise typer.Abort
    return line.strip()


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Usage(
            "BAD-DATE", f"{text!r} is not a date.", hint="Write it as 2026-03-31."
        ) from None


def _word(choice: object) -> str:
    return "none" if choice is None else str(choice)


def _not_one_of(text: str, choices: tuple[str, ...]) -> Usage:
    return Usage("BAD-ANSWER", f"{text!r} is not one of {', '.join(choices)}.", hint="")
