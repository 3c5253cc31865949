"""A survey on a device in a public place: all pages in one document, so that it also works while the network is away.

The device is let in by a key in its address (surveys/access.py), which staff see while the kiosk is switched on. What
was answered without a network waits in the device and is sent later, each with an id that the server signed before, so
that nothing is stored twice. Texts that repeat earlier answers, files and photos need the server in between: a survey
with them has no kiosk.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from markupsafe import Markup

from consult.errors import N_
from consult.fieldwork import keying
from consult.i18n import Locale
from consult.surveys.answers.flow import Block, Compiled
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import texts
from consult.surveys.pages import views
from consult.surveys.pages.views import View

POOL = 100
"""So many answers can be taken while the network is away."""

ASKS_SERVER = N_("Texts that repeat earlier answers cannot be shown by a kiosk: it has no server in between.")
TAKES_FILES = N_("Files and photos cannot be taken by a kiosk.")
NOT_ANONYMOUS = N_("Only an anonymous survey that is open to everybody can have a kiosk.")


def obstacles(definition: d.Definition) -> list[str]:
    """What in a survey a kiosk cannot show, as sentences."""
    found = []
    if definition.mode != "anonymous":
        found.append(NOT_ANONYMOUS)
    if any(re.search(r"(?<!\$)\$\{", words) for _, text in texts(definition) for words in text.values()):
        found.append(ASKS_SERVER)
    if any(isinstance(question, d.File | d.Photo) for question in definition.questions):
        found.append(TAKES_FILES)
    return found


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the survey in the document; block is its condition's name, "" without one."""

    view: View
    block: str


def screens(compiled: Compiled, version: int, locale: Locale) -> list[Screen]:
    """All pages with their questions, everything there and nothing decided yet."""
    definition = compiled.definition
    words = {block.name: "…" for block in blocks(compiled)}
    return [
        Screen(
            View(
                definition=definition, version=version, page=page, number=number, total=len(definition.pages),
                is_last=False, action="", draft="", token="", words=words,
            ),
            f"page:{page.key}" if page.show_if else "",
        )
        for number, page in enumerate(definition.pages, start=1)
    ]  # fmt: skip


def blocks(compiled: Compiled) -> list[Block]:
    return [block for number in range(len(compiled.pages)) for block in compiled.blocks(number)]


def conditions(compiled: Compiled) -> Markup:
    """Every condition of the survey, for conditions.js."""
    return views.told_to_browser(compiled, blocks(compiled))


def required(definition: d.Definition, message: str) -> Markup:
    """The fields of each question that needs an answer, as JSON: [[names, "all" or "one"], …]."""
    found = []
    for question in definition.questions:
        if getattr(question, "required", False):
            names = [cell.name for cell in keying.cells(question) if not cell.is_other]
            found.append({"names": names, "every": isinstance(question, views.MATRICES)})
    text = json.dumps({"questions": found, "message": message}, ensure_ascii=False)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
