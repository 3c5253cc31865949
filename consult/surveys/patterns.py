"""Pages of a survey as they come to somebody for the first time: the same for all who stand alike, but for some gaps.

The gaps are the response id, the answers of other pages that travel hidden, the form's own fields, and answers that
texts refer to. Each such pattern is rendered once and kept as bytes, plain and compressed; a page that comes back with
what was typed into it is rendered for its reader.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from markupsafe import escape

from consult.i18n import Locale
from consult.surveys.flow import Decoded
from consult.surveys.forms import Fields
from consult.surveys.rendering import SALT, TOKEN, Face, Standing, mark, packed
from consult.surveys.spliced import Spliced

LARGEST_BYTES = 16 * 2**20
"""What all patterns of a process may hold together; those asked for longest ago go."""
LARGEST_STORED = 1000
"""Gaps up to so many bytes travel as they are."""
CARRIED, OWN = map(mark, ("carried", "own"))
FIELD = '<input type="hidden" name="{}" value="{}">\n'.format
SAID = re.compile(rf"\[\[say:([^\[\]]*)-{SALT}\]\]")
GAPS = re.compile("|".join((re.escape(TOKEN), re.escape(FIELD(CARRIED, "")), re.escape(FIELD(OWN, "")), SAID.pattern)))
BREAKS = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """gaps: for each gap what it is, TOKEN, CARRIED, OWN or the key of an answer that is said there."""

    page: Spliced
    gaps: tuple[str, ...]

    @property
    def size(self) -> int:
        return self.page.length + sum(map(len, self.page.packed)) + 4096 * len(self.page.parts)


class Patterns:
    """The patterns of all surveys, the most lately used ones."""

    def __init__(self) -> None:
        self.kept: OrderedDict[tuple[int, str, int, Standing], Pattern] = OrderedDict()
        self.size = 0

    def of(self, face: Face, locale: Locale, variant: int, standing: Standing) -> Pattern:
        turned = variant if standing.page in face.compiled.shuffled else 0
        key = (face.serial, locale.code, turned, standing)
        found = self.kept.get(key)
        if found is not None:
            self.kept.move_to_end(key)
            return found
        found = self.kept[key] = _made(face, locale, turned, standing)
        self.size += found.size
        while self.size > LARGEST_BYTES and len(self.kept) > 1:
            self.size -= self.kept.popitem(last=False)[1].size
        return found


patterns = Patterns()


def _made(face: Face, locale: Locale, variant: int, standing: Standing) -> Pattern:
    say = (lambda key: f"[[say:{key}-{SALT}]]") if standing.page in face.compiled.piped else None
    html = face.made(
        locale, standing, {}, token=TOKEN, variant=variant, own=((OWN, ""),), carried=((CARRIED, ""),), say=say
    )
    parts, gaps, end = [], [], 0
    for found in GAPS.finditer(html):
        parts.append(html[end : found.start()].encode())
        said = SAID.fullmatch(found[0])
        gaps.append(said[1] if said else next(each for each in (TOKEN, CARRIED, OWN) if each in found[0]))
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
        pattern = patterns.of(face, locale, variant, face.standing(locale, number, before, variant, own))
        given = {
            TOKEN: token.encode(),
            CARRIED: _fields(face.carried(number, values, before, variant)),
            OWN: _fields(own),
        }
        say = partial(face.copier(locale).plain, answers=before.answers)
        said = {gap: say(gap) for gap in pattern.gaps if gap not in given}
        if not any(_breaks(words) for words in said.values()):
            given |= {gap: str(escape(words)).encode() for gap, words in said.items()}
            gaps = [given[gap] for gap in pattern.gaps]
            return (pattern.page.gzip(*gaps) if accepts_gzip else pattern.page.plain(*gaps)), accepts_gzip
    html = face.page(locale, number, values, before, token=token, variant=variant, own=own)
    return packed(html.encode(), accepts_gzip)


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
