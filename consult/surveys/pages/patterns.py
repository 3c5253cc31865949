"""Pages of a survey as they come to somebody for the first time: the same for all who stand alike, but for some gaps.

The gaps are the response id, the answers of other pages that travel hidden, the form's own fields, and answers that
texts refer to. Each such pattern is rendered once and kept as bytes, plain and compressed; a page that comes back with
what was typed into it is rendered for its reader. So is one of a kind that nobody asked for before: where many
questions depend on answers there are more kinds than readers, and a pattern costs more than a page.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, zip_longest

from markupsafe import Markup, escape

from consult.errors import N_
from consult.i18n import Locale, Text, pick
from consult.surveys.answers.flow import Decoded
from consult.surveys.answers.forms import Fields
from consult.surveys.answers.piping import MARK
from consult.surveys.pages import views
from consult.surveys.pages.precompressed import Spliced
from consult.surveys.pages.rendering import SALT, TOKEN, Face, Standing, mark, packed
from consult.surveys.pages.side_pages import Review, ended, review
from consult.surveys.responses import measures

LARGEST_BYTES = 16 * 2**20
"""What all patterns of a process may hold together; those asked for longest ago go."""
MOST_SEEN = 20_000
LARGEST_STORED = 1000
"""Gaps up to so many bytes travel as they are."""
CARRIED, OWN, PARTS, TITLE, GOAL, COPY = map(mark, ("carried", "own", "parts", "title", "goal", "copy"))
PART = re.compile(r'<section class="c-review">.*?</section>\n', re.DOTALL)
PIECES = re.compile("|".join(map(re.escape, (TITLE, GOAL, COPY))))
PAGE = N_("Page %(number)s")
FIELD = '<input type="hidden" name="{}" value="{}">\n'.format
SAID = re.compile(rf"\[\[say:([^\[\]]*)-{SALT}\]\]")
GAPS = re.compile("|".join((*map(re.escape, (TOKEN, PARTS, FIELD(CARRIED, ""), FIELD(OWN, ""))), SAID.pattern)))
BREAKS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
Pairs = tuple[tuple[str, str], ...]
Key = tuple[int, str, int, Standing | None] | tuple[int, str, bool, str, str]
"""Face, language, order; the review has no standing. For early ends whether an invitation is used, and the words."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """gaps: for each gap what it is, TOKEN, CARRIED, OWN, PARTS or the key of an answer that is said there.

    part: how each part of a review is written, pieces and marks by turns.
    """

    page: Spliced
    gaps: tuple[str, ...]
    part: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return self.page.length + sum(map(len, self.page.packed)) + 4096 * len(self.page.parts)


class Patterns:
    """The patterns of all surveys, the most lately used ones."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Key, Pattern] = OrderedDict()
        self.seen: OrderedDict[int, None] = OrderedDict()
        self.size = 0

    def asked(self, key: Key, make: Callable[[], Pattern]) -> Pattern | None:
        """The pattern, from the second time on that somebody asks for it."""
        known = hash(key)
        if key in self.kept or known in self.seen:
            return self.of(key, make)
        self.seen[known] = None
        if len(self.seen) > MOST_SEEN:
            self.seen.popitem(last=False)
        return None

    def of(self, key: Key, make: Callable[[], Pattern]) -> Pattern:
        found = self.kept.get(key)
        if found is not None:
            self.kept.move_to_end(key)
            measures.KEPT.inc()
            return found
        measures.MADE.inc()
        found = self.kept[key] = make()
        self.size += found.size
        while self.size > LARGEST_BYTES and len(self.kept) > 1:
            self.size -= self.kept.popitem(last=False)[1].size
        return found


patterns = Patterns()


def _page(face: Face, locale: Locale, variant: int, standing: Standing) -> Pattern:
    say = (lambda key: f"[[say:{key}-{SALT}]]") if standing.page in face.compiled.piped else None
    html = face.made(
        locale, standing, {}, token=TOKEN, variant=variant, own=((OWN, ""),), carried=((CARRIED, ""),), say=say
    )
    return _cut(html)


def _review(face: Face, locale: Locale) -> Pattern:
    shown = Review((views.Part(GOAL, 1, TITLE, Markup(COPY)),), ((CARRIED, ""),))
    html = review(face, locale, shown, token=TOKEN, own=((OWN, ""),))
    written = PART.search(html)
    assert written is not None  # noqa: S101 - the template has one
    return replace(_cut(html.replace(written[0], PARTS)), part=_pieces(written[0]))


def _pieces(written: str) -> tuple[str, ...]:
    marks = PIECES.findall(written)
    return tuple(chain.from_iterable(zip_longest(PIECES.split(written), marks, fillvalue="")))


def _cut(html: str) -> Pattern:
    parts, gaps, end = [], [], 0
    for found in GAPS.finditer(html):
        parts.append(html[end : found.start()].encode())
        said = SAID.fullmatch(found[0])
        gaps.append(said[1] if said else next(each for each in (TOKEN, CARRIED, OWN, PARTS) if each in found[0]))
        end = found.end()
    parts.append(html[end:].encode())
    return Pattern(Spliced(parts, largest_stored=LARGEST_STORED), tuple(gaps))


def page_of(
    face: Face,
    locale: Locale,
    number: int,
    values: Fields,
    before: Decoded,
    *,
    token: str,
    variant: int = 0,
    own: Pairs = (),
    accepts_gzip: bool,
) -> tuple[bytes, bool]:
    """What `Face.page` gives without problems, as bytes; whether they are compressed."""
    if not _is_filled(face, number, values):
        standing = face.standing(locale, number, before, variant, own)
        turned = variant if number in face.compiled.shuffled else 0
        key = (face.serial, locale.code, turned, standing)
        pattern = patterns.asked(key, partial(_page, face, locale, turned, standing))
        given = {TOKEN: token.encode(), OWN: _fields(own)}
        gaps = None if pattern is None else _gaps(pattern, face, locale, number, values, before, variant, given)
        if pattern is not None and gaps is not None:
            return (pattern.page.gzip(*gaps) if accepts_gzip else pattern.page.plain(*gaps)), accepts_gzip
    measures.RENDERED.inc()
    html = face.page(locale, number, values, before, token=token, variant=variant, own=own)
    return packed(html.encode(), accepts_gzip)


def _gaps(
    pattern: Pattern,
    face: Face,
    locale: Locale,
    number: int,
    values: Fields,
    before: Decoded,
    variant: int,
    given: dict[str, bytes],
) -> list[bytes] | None:
    """What fills the gaps of a page; None where an answer that is said there may break its text."""
    given[CARRIED] = _fields(face.carried(number, values, before, variant))
    say = partial(face.copier(locale).plain, answers=before.answers)
    said = {gap: say(gap) for gap in pattern.gaps if gap not in given}
    if any(_breaks(words) for words in said.values()):
        return None
    given |= {gap: str(escape(words)).encode() for gap, words in said.items()}
    return [given[gap] for gap in pattern.gaps]


def review_page(
    face: Face, locale: Locale, shown: Review, *, token: str, own: Pairs = (), accepts_gzip: bool
) -> tuple[bytes, bool]:
    """What `side_pages.review` gives, as bytes; whether they are compressed."""
    pattern = patterns.of((face.serial, locale.code, 0, None), partial(_review, face, locale))
    parts = []
    for part in shown.parts:
        title = part.title or locale.gettext(PAGE, number=locale.number(part.place))
        given = {TITLE: str(escape(title)), GOAL: str(escape(part.key)), COPY: str(part.copy)}
        parts += [given.get(piece, piece) for piece in pattern.part]
    filled = {TOKEN: token.encode(), CARRIED: _fields(shown.carried), OWN: _fields(own), PARTS: "".join(parts).encode()}
    gaps = [filled[gap] for gap in pattern.gaps]
    return (pattern.page.gzip(*gaps) if accepts_gzip else pattern.page.plain(*gaps)), accepts_gzip


def ended_page(
    face: Face, locale: Locale, title: Text, text: Text, decoded: Decoded, *, is_used: bool, accepts_gzip: bool
) -> tuple[bytes, bool]:
    """What `side_pages.ended` gives, as bytes; whether they are compressed."""
    make = partial(ended, face, locale, title, text, decoded, is_used=is_used)
    head, words = (pick(each, locale.code, locale.order)[0] if each else "" for each in (title, text))
    if MARK in head or MARK in words:  # an answer is said there
        measures.RENDERED.inc()
        return packed(make().encode(), accepts_gzip)
    key = (face.serial, locale.code, is_used, head, words)
    page = patterns.of(key, lambda: Pattern(Spliced([make().encode()]), ())).page
    return (page.gzip() if accepts_gzip else page.plain()), accepts_gzip


def _is_filled(face: Face, number: int, values: Fields) -> bool:
    """Whether anything was entered on a page itself; what came with the link travels with the carried fields."""
    page = face.compiled.pages[number]
    from_link = face.compiled.parameters.values()
    return any(any(values[name]) for name in page.fields & values.keys() if name not in from_link)


def _fields(pairs: Iterable[tuple[str, str]]) -> bytes:
    return "".join([FIELD(escape(name), escape(value)) for name, value in pairs]).encode()


def _breaks(words: str) -> bool:
    """Whether an answer may change how the text that refers to it falls into paragraphs."""
    return not words.strip() or BREAKS.search(words) is not None
