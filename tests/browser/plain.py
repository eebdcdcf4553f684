"""A browser without scripts or looks: pages over HTTP, found by the words a person reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import httpx

_SINGLE = {"meta", "link", "br", "col", "hr", "input"}


@dataclass
class Element:
    """An element of a page, with what stands in it in order."""

    tag: str
    marks: dict[str, str]
    parent: Element | None = None
    inside: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """What a person reads, on one line."""
        if self.tag in ("style", "select", "textarea", "head"):
            return ""
        parts = [one if isinstance(one, str) else one.text() for one in self.inside]
        return re.sub(r"\s+", " ", " ".join(parts)).strip()

    def every(self, *tags: str) -> list[Element]:
        """All elements of these kinds in it, in the page's order."""
        found: list[Element] = []
        for one in self.inside:
            if isinstance(one, Element):
                found += [one] if one.tag in tags else []
                found += one.every(*tags)
        return found

    def above(self, tag: str) -> Element:
        """The nearest element of a kind around it."""
        at = self.parent
        while at is not None and at.tag != tag:
            at = at.parent
        assert at is not None, f"not in a {tag}"
        return at


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.inside.append(made)
        if tag not in _SINGLE:
            self.at = made

    def handle_endtag(self, tag: str) -> None:
        if tag not in _SINGLE and self.at.parent is not None:
            self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.inside.append(data)


class PlainBrowser:
    """One tab. A form keeps what was put into it until one of its buttons is pressed."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._files: dict[str, Path] = {}
        self._page = Element("page", {})
        self.address = ""

    def open(self, path: str) -> None:
        """Go to an address of the site."""
        self._show(self._client.get(path, follow_redirects=True))

    def text(self) -> str:
        """What the page says."""
        return self._page.text()

    def follow(self, words: str) -> None:
        """Click on the link with these words."""
        link = next(one for one in self._page.every("a") if one.text() == words)
        self.open(urljoin(self.address, link.marks["href"]))

    def fill(self, label: str, value: str) -> None:
        """Write into the input with this label; of a choice the word a person reads."""
        control = self._labelled(label)
        if control.tag == "input":
            control.marks["value"] = value
        elif control.tag == "textarea":
            control.inside = [value]
        else:
            options = control.every("option")
            assert value in [self._word(one) for one in options], f"{label} has no {value}"
            for one in options:
                one.marks.pop("selected", None)
                if self._word(one) == value:
                    one.marks["selected"] = ""

    def attach(self, label: str, path: Path) -> None:
        """Choose a file."""
        self._files[self._labelled(label).marks["name"]] = path

    def press(self, words: str) -> None:
        """Press the button with these words."""
        button = next(one for one in self._page.every("button") if one.text() == words)
        form = button.above("form")
        assert form.marks["method"] == "post"
        sent: list[tuple[str, str]] = []
        for control in form.every("input", "select", "textarea"):
            sent += [(control.marks["name"], value) for value in self._values(control)]
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        files = {name: (path.name, path.read_bytes()) for name, path in self._files.items()}
        self._files = {}
        to = urljoin(self.address, form.marks["action"])
        origin = {"Origin": str(self._client.base_url).rstrip("/")}
        self._show(
            self._client.post(
                to, data=data, files=files or None, headers=origin, follow_redirects=True
            )
        )

    def close(self) -> None:
        """Nothing to end: the client is the site's."""

    def _show(self, answer: httpx.Response) -> None:
        assert answer.status_code < 400, answer.text
        self.address = str(answer.url)
        tree = _Tree()
        tree.feed(answer.text)
        self._page = tree.root

    def _labelled(self, label: str) -> Element:
        wanted = next(one.marks["for"] for one in self._page.every("label") if one.text() == label)
        controls = self._page.every("input", "select", "textarea")
        return next(one for one in controls if one.marks.get("id") == wanted)

    @staticmethod
    def _word(option: Element) -> str:
        return "".join(one for one in option.inside if isinstance(one, str))

    @staticmethod
    def _values(control: Element) -> list[str]:
        if control.tag == "select":
            options = control.every("option")
            chosen = [one for one in options if "selected" in one.marks]
            if not chosen and "multiple" not in control.marks:
                chosen = options[:1]
            return [one.marks.get("value", "") for one in chosen]
        if control.tag == "textarea":
            words = "".join(one for one in control.inside if isinstance(one, str))
            return [words.removeprefix("\n")]
        if control.marks.get("type") == "file":
            return []
        ticked = control.marks.get("type") != "checkbox" or "checked" in control.marks
        return [control.marks.get("value", "")] if ticked else []
