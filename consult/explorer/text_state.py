"""What the address of a page of written answers says: which of them, and how they are looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from consult.coding.code import FIRST, SECOND
from consult.web import Form

VIEWS = ("answers", "words", "groups", "codes")
UNCODED, CODED, DIFFERS = "none", "some", "differs"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class State:
    """view: how they are looked at. The others choose among the answers:

    q         words that they have (a part of a word will do)
    language  in which they were given
    where     a break and one of its codes, `district:centar`
    codes     `none` without any code, `some` with one, `differs` where two coders disagree, else the key of a code
    coder     whose codes are shown: 1, or 2 for the second one
    group     one group of near-equal answers, by its mark (see text_corpus.mark)
    page      counted from 1
    """

    view: str = "answers"
    q: str = ""
    language: str = ""
    where: str = ""
    codes: str = ""
    coder: int = FIRST
    group: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The address's query for this state, with some changes; another view or filter begins at its first page."""
        made = replace(self, **{"page": 1, **changes})
        given = {name: getattr(made, name) for name in State.__slots__}
        return urlencode({name: value for name, value in given.items() if value != getattr(EMPTY, name)})

    @property
    def here(self) -> str:
        return self.query(page=self.page)

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.language or self.where or self.codes)


EMPTY = State()


def state_of(form: Form, *, languages: Collection[str], wheres: Collection[str], keys: Collection[str]) -> State:
    """Read an address. What it may not say is left out, so an old bookmark still shows something."""

    def one_of(name: str, known: Collection[str]) -> str:
        return form.get(name) if form.get(name) in known else ""

    group = form.get("group")
    return State(
        view=one_of("view", VIEWS) or "answers",
        q=form.get("q")[:LONGEST],
        language=one_of("language", languages),
        where=one_of("where", wheres),
        codes=one_of("codes", {UNCODED, CODED, DIFFERS, *keys}),
        coder=SECOND if form.get("coder") == str(SECOND) else FIRST,
        group=group if group.isascii() and group.isalnum() and len(group) <= 32 else "",
        page=form.page_number(),
    )
