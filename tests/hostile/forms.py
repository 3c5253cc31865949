"""Forms of pages as a browser without JavaScript sends them, with one text in every field that takes texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

WORDS = {"text", "search", "tel", "password"}
"""Inputs that take any words. Those of other types get what their type asks for."""
FITTING = {"email": "zq@example.com", "number": "30", "url": "https://example.com/zq", "date": "2026-12-05"}
FITTING |= {"time": "10:30", "datetime-local": "2026-12-05T10:30", "color": "#123456", "range": "3"}
FITTING |= {"phone": "070 123 456"}
PLAIN = "Плоштад Слобода 5"
TAKES_AWAY = re.compile(
    r"/(erase|cancel|withdraw|end|close|remove|delete|disable|leave|discard|forget|revoke|state|undo|no-letters|gone)$"
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is ready to be sent.

    texts: the names of fields in which the trick stands. files: names of fields for files, with what they accept.
    """

    action: str
    pairs: tuple[tuple[str, str], ...]
    texts: frozenset[str]
    files: Mapping[str, str]

    @property
    def takes_away(self) -> bool:
        """Whether it ends what other forms are there for."""
        return bool(TAKES_AWAY.search(self.action)) or any(TAKES_AWAY.search(f"/{value}") for _, value in self.pairs)


def forms_of(page: str) -> list[HtmlElement]:
    """The forms of a page that post something; the switch of languages is none."""
    root = html.document_fromstring(page)
    found = [form for form in root.iter("form") if (form.get("method") or "get").lower() == "post"]
    return [form for form in found if not (form.get("action") or "").endswith("/sign-out")]


def filled(form: HtmlElement, trick: str, short: str, address: str, refused: Iterable[str] = ()) -> Filled:
    """The form with the trick in its fields for texts, the short one in those of a line, unless they refused it."""
    plain = frozenset(refused)
    pairs: list[tuple[str, str]] = []
    texts: set[str] = set()
    chosen: set[str] = set()
    files: dict[str, str] = {}
    action = form.get("action") or address
    for control in _controls(form):
        name, kind = control.get("name") or "", _kind(control)
        if kind in {"submit", "button", "image", "reset"}:
            continue
        if not name or control.get("disabled") is not None:
            continue
        if kind == "file":
            files[name] = control.get("accept") or ""
        elif kind == "hidden":
            pairs.append((name, control.get("value") or ""))
        elif kind == "select":
            pairs.append((name, _selected(control)))
        elif kind in {"checkbox", "radio"}:
            if name not in chosen or control.get("checked") is not None:
                pairs = [pair for pair in pairs if pair[0] != name or kind == "checkbox"]
                pairs.append((name, control.get("value") or "on"))
                chosen.add(name)
        elif kind == "textarea" or kind in WORDS:
            if name not in plain:
                texts.add(name)
            sent = trick if kind == "textarea" else short
            pairs.append((name, _plain(name, control) if name in plain else sent))
        else:
            pairs.append((name, control.get("value") or FITTING.get(kind, PLAIN)))
    button = next(_buttons(form), None)
    if button is not None:
        if button.get("name"):
            pairs.append((button.get("name") or "", button.get("value") or ""))
        action = button.get("formaction") or action
    return Filled(action.partition("#")[0], tuple(pairs), frozenset(texts), files)


def refusing(page: str) -> set[str]:
    """The fields that the summary of mistakes on a page points to."""
    root = html.document_fromstring(page)
    links = root.xpath("//*[contains(@class, 'govuk-error-summary')]//a/@href")
    return {str(link).removeprefix("#") for link in links}


def _controls(form: HtmlElement) -> Iterator[HtmlElement]:
    yield from form.iter("input", "textarea", "select", "button")
    if form.get("id"):
        outside = form.getroottree().xpath(f"//*[@form='{form.get('id')}']")
        yield from (one for one in outside if form not in one.iterancestors())


def _kind(control: HtmlElement) -> str:
    if control.tag == "button":
        return (control.get("type") or "submit").lower()
    return str(control.tag) if control.tag != "input" else (control.get("type") or "text").lower()


def _buttons(form: HtmlElement) -> Iterator[HtmlElement]:
    for control in _controls(form):
        if _kind(control) == "submit" and control.get("name") != "language":
            yield control


def _selected(control: HtmlElement) -> str:
    options = list(control.iter("option"))
    real = [one for one in options if one.get("value")]
    found = [one for one in real if one.get("selected") is not None] or real or options
    return (found[0].get("value") if found else "") or ""


def _plain(name: str, control: HtmlElement) -> str:
    """What a person would write there."""
    last = name.rpartition("-")[2].rpartition(".")[2]
    if "email" in name:
        return FITTING["email"]
    if "password" in name:
        return "three green tramways"
    if any(word in last for word in ("slug", "key")):
        return control.get("value") or f"zq-{name.lower().replace('_', '-')}"[:30]
    for kind in ("date", "time"):
        if kind in name or (name.endswith(("_at", "_on")) and kind == "date"):
            return FITTING["datetime-local" if name.endswith("_at") else kind]
    written = control.get("value") if control.tag == "input" else control.text
    if "phone" in name:
        return FITTING["phone"]
    return written or ("30" if control.get("inputmode") in {"numeric", "decimal"} or last == "age" else "")
