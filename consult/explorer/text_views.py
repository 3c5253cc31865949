"""What the pages of written answers show, as plain records for their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from consult.coding import queries as coding
from consult.coding.code import Code, CodeFrame
from consult.explorer.text_corpus import Texts, mark
from consult.explorer.text_state import State
from consult.i18n import Text
from consult.storage import Slice
from consult.textmatch import letters
from consult.textmatch.counts import Count, Counts, varying
from consult.textmatch.difference import Part, parts

ANSWERS_A_PAGE = 50
GROUPS_A_PAGE = 20
SMALLEST_GROUP = 2
WORDS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer; is_hit: it has the words that were looked for."""

    words: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer. codes: None while nobody has coded it."""

    response: UUID
    language: str
    day: date
    pieces: tuple[Piece, ...]
    codes: tuple[Code, ...] | None


@dataclass(frozen=True, slots=True)
class Group:
    """Near-equal answers. words: the most frequent wording; varying: words that not all of them have."""

    mark: str
    words: str
    language: str
    size: int
    wordings: int
    coded: int
    varying: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording in a group, beside the group's most frequent one: parts give both, first that one's words."""

    mark: str
    words: str
    language: str
    size: int
    codes: tuple[Code, ...] | None
    parts: tuple[Part, ...]


def pieces(text: str, wanted: str) -> tuple[Piece, ...]:
    """A text cut where the words of a key stand."""
    text = letters.composed(text)
    found: list[Piece] = []
    at = 0
    for start, end in letters.hits(text, wanted):
        found += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    return tuple(piece for piece in (*found, Piece(text[at:], False)) if piece.words)


async def answers(
    survey_id: UUID, of: Texts, state: State, chosen: NDArray[np.bool_], codes: CodeFrame | None
) -> Slice[Shown]:
    """One page of the chosen answers."""
    places = np.flatnonzero(chosen)
    first = Slice.offset(state.page, ANSWERS_A_PAGE)
    ids = of.responses(places[first : first + ANSWERS_A_PAGE])
    written = await coding.written(survey_id, of.question, ids)
    coded = {} if codes is None else await coding.codes_of(codes, ids, state.coder)
    wanted = letters.key(state.q)
    shown = [
        Shown(one, written[one].language, written[one].day, pieces(written[one].words, wanted), coded.get(one))
        for one in ids
        if one in written
    ]
    return Slice(shown, state.page, len(places), ANSWERS_A_PAGE)


async def words(of: Texts, state: State, chosen: NDArray[np.bool_]) -> list[Counts]:
    """Words and pairs of each language that somebody wrote in, the most used language first."""
    sizes = np.bincount(of.corpus.language[chosen], minlength=len(of.corpus.languages))
    order = sorted(range(len(sizes)), key=lambda number: (-int(sizes[number]), of.corpus.languages[number]))
    return [await of.counts(of.corpus.languages[number], state, chosen) for number in order if sizes[number]]


async def groups(
    survey_id: UUID, of: Texts, state: State, chosen: NDArray[np.bool_], codes: CodeFrame | None
) -> Slice[Group]:
    """One page of the groups that have at least two of the chosen answers, the largest first."""
    found = await of.groups()
    sizes = np.bincount(found.group[chosen], minlength=len(found.heads))
    large = np.flatnonzero(sizes >= SMALLEST_GROUP)
    large = large[np.argsort(-sizes[large], kind="stable")]
    first = Slice.offset(state.page, GROUPS_A_PAGE)
    members = {number: np.flatnonzero((found.group == number) & chosen)
               for number in large[first : first + GROUPS_A_PAGE].tolist()}  # fmt: skip
    heads = await _samples(survey_id, of, {number: found.heads[number] for number in members}, members)
    known = None if codes is None else (await coding.marks(codes, state.coder)).of(of.ids)[0]
    shown = []
    for number, places in members.items():
        wordings = len({of.corpus.keys[place] for place in places})
        words, language = heads[number]
        shown.append(
            Group(
                mark(found.heads[number]), words, language, len(places), wordings,
                0 if known is None else int(known[places].sum()),
                varying(of.corpus, places) if wordings > 1 else (),
            )
        )  # fmt: skip
    return Slice(shown, state.page, len(large), GROUPS_A_PAGE)


async def wordings(
    survey_id: UUID, of: Texts, state: State, chosen: NDArray[np.bool_], codes: CodeFrame | None
) -> Slice[Wording] | None:
    """One page of the wordings in one group, the most frequent first; None where there is no such group (any more)."""
    number = await group_number(of, state.group)
    if number is None:
        return None
    found = await of.groups()
    by_key: dict[str, list[int]] = {}
    for place in np.flatnonzero((found.group == number) & chosen).tolist():
        by_key.setdefault(of.corpus.keys[place], []).append(place)
    ranked = sorted(by_key, key=lambda own: (own != found.heads[number], -len(by_key[own]), own))
    first = Slice.offset(state.page, ANSWERS_A_PAGE)
    keys = dict(enumerate(ranked[first : first + ANSWERS_A_PAGE]))
    places = {place: np.array(by_key[own], dtype=np.int64) for place, own in keys.items()}
    heads = {number: found.heads[number]}
    head = await _samples(survey_id, of, heads, {number: found.members(number)})
    texts = await _samples(survey_id, of, keys, places)
    one_of_each = {place: of.responses(those[:1])[0] for place, those in places.items()}
    coded = {} if codes is None else await coding.codes_of(codes, list(one_of_each.values()), state.coder)
    shown = [
        Wording(
            mark(own), *texts[place], len(by_key[own]), coded.get(one_of_each[place]),
            parts(head[number][0], texts[place][0]),
        )
        for place, own in keys.items()
    ]  # fmt: skip
    return Slice(shown, state.page, len(ranked), ANSWERS_A_PAGE)


async def group_number(of: Texts, named: str) -> int | None:
    """The number of the group with this mark, as the answers are now."""
    found = await of.groups()
    return next((number for number, head in enumerate(found.heads) if mark(head) == named), None)


async def _samples(
    survey_id: UUID, of: Texts, keys: Mapping[int, str], members: Mapping[int, NDArray[np.int64]]
) -> dict[int, tuple[str, str]]:
    """For each key one answer that has it among some: its words and its language; the key where all are gone."""
    ids = {}
    for number, own in keys.items():
        place = next((one for one in members[number].tolist() if of.corpus.keys[one] == own), members[number][0])
        ids[number] = of.responses(np.array([place]))[0]
    found = await coding.written(survey_id, of.question, list(ids.values()))
    return {
        number: (letters.composed(found[one].words), found[one].language) if one in found else (keys[number], "")
        for number, one in ids.items()
    }


async def selected(
    of: Texts, *, responses: Sequence[str], groups: Sequence[str], wordings: Sequence[str], chosen: NDArray[np.bool_],
    everything: bool,
) -> list[UUID]:  # fmt: skip
    """The responses that a form names: single ones, groups, wordings, or all that the state chooses."""
    if everything:
        return of.responses(np.flatnonzero(chosen))
    picked = np.zeros(of.n, dtype=np.bool_)
    if wordings:
        named = set(wordings)
        picked |= np.fromiter((mark(own) in named for own in of.corpus.keys), dtype=np.bool_, count=of.n) & chosen
    if groups:
        found = await of.groups()
        numbers = [number for number, head in enumerate(found.heads) if mark(head) in set(groups)]
        picked |= np.isin(found.group, numbers) & chosen
    single = [UUID(one) for one in responses if _is_id(one)]
    return [*single, *of.responses(np.flatnonzero(picked))]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def choices_of_breaks(of: Texts) -> list[tuple[str, Text, Text]]:
    """`where` of each group of each break, with the break's words and the group's."""
    breaks = of.frame.definition.results.breaks
    return [
        (f"{name}:{point}", variable.text, variable.labels[point])
        for name in breaks
        if (variable := of.frame.variables.get(name)) is not None and variable.kind == "coded"
        for point in variable.points
    ]
