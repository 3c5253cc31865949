"""Forms of pages as a browser without JavaScript sends them, with one text in every field that takes texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement

WORDS = {"text", "search", "tel", "password"}
"""Inputs that take any words. Those of other types get what their type asks for."""
FITTING = {"email": "zq@example.com", "number": "3", "url": "https://example.com/zq", "date": "2026-12-05"}
FITTING |= {"time": "10:30", "datetime-local": "2026-12-05T10:30", "color": "#123456", "range": "3"}
PLAIN = "Плоштад Слобода 5"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is ready to be sent. texts: the names of fields in which the trick stands."""

    action: str
    pairs: tuple[tuple[str, str], ...]
    texts: frozenset[str]
    has_file: bool


def forms_of(page: str) -> list[HtmlElement]:
    """The forms of a page that post something; the switch of languages is none."""
    root = html.document_fromstring(page)
    found = [form for form in root.iter("form") if (form.get("method") or "get").lower() == "post"]
    return [form for form in found if not (form.get("action") or "").endswith("/sign-out")]


def filled(form: HtmlElement, trick: str, address: str, refused: Iterable[str] = ()) -> Filled:
    """The form with the trick in its fields for texts, except in those that have refused it."""
    plain = frozenset(refused)
    pairs: list[tuple[str, str]] = []
    texts: set[str] = set()
    chosen: set[str] = set()
    has_file = False
    action = form.get("action") or address
    for control in _controls(form):
        name, kind = control.get("name") or "", _kind(control)
        if kind in {"submit", "button", "image", "reset"}:
            continue
        if not name or control.get("disabled") is not None:
            continue
        if kind == "file":
            has_file = True
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
            value = _plain(name, control) if name in plain else trick
            texts |= {name} if value == trick else set()
            pairs.append((name, value))
        else:
            pairs.append((name, control.get("value") or FITTING.get(kind, PLAIN)))
    button = next(_buttons(form), None)
    if button is not None:
        if button.get("name"):
            pairs.append((button.get("name") or "", button.get("value") or ""))
        action = button.get("formaction") or action
    return Filled(action.partition("#")[0], tuple(pairs), frozenset(texts), has_file)


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
    marked = [one for one in options if one.get("selected") is not None]
    found = marked or [one for one in options if one.get("value")] or options
    return (found[0].get("value") if found else "") or ""


def _plain(name: str, control: HtmlElement) -> str:
    """What a person would write there."""
    last = name.rpartition("-")[2].rpartition(".")[2]
    if "email" in name:
        return FITTING["email"]
    if "password" in name:
        return "three green tramways"
    if any(word in last for word in ("slug", "key")):
        return f"zq-{name.lower().replace('_', '-')}"[:30]
    for kind in ("date", "time"):
        if kind in name or (name.endswith(("_at", "_on")) and kind == "date"):
            return FITTING["datetime-local" if name.endswith("_at") else kind]
    written = control.get("value") if control.tag == "input" else control.text
    return written or ("3" if control.get("inputmode") in {"numeric", "decimal"} else PLAIN)
