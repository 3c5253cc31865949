"""Forms of one word counted together, only where the base form stands among the same texts.

Cutting endings alone is not sound: Macedonian `лета` (summers) ends like a definite noun, Georgian `არის` (is) like a
genitive. So a form joins a base only if cutting one ending gives a word that somebody wrote, of at least three letters,
and neither is a stop word. What is joined:

    mk  the definite article of the t-row: парк, паркот; вода, водата; место, местото; паркови, парковите; нов, новиот.
        The articles -ов, -ва, -во, -ве, -он, -на, -но, -не are left alone: too many plain words end so.
    ka  cases and the postpositions that are written together with the noun: პარკი, პარკს, პარკის, პარკით, პარკად,
        პარკმა, პარკში, პარკზე, პარკიდან; ქუჩა, ქუჩის, ქუჩაში. A plural has its own base: პარკები, პარკებში.

Other languages have no rule here: each form counts for itself. Verbs, comparatives and lost vowels are not joined.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from consult.textmatch.letters import key_of

SHORTEST = 3


def bases(persons: Mapping[str, int], language: str, stops: Collection[str] = ()) -> dict[str, str]:
    """Key -> key of its base form, for those words that have one.

    persons  how many texts have each key. Of two possible bases the more frequent one is taken, then the first of the
             alphabet, so the order of texts changes nothing.
    """
    candidates = RULES.get(language)
    if candidates is None:
        return {}
    found: dict[str, str] = {}
    for word in persons:
        if word in stops:
            continue
        known = [base for base in candidates(word) if base in persons and base not in stops]
        if known:
            found[word] = min(known, key=lambda base: (-persons[base], base))
    return {word: _last(found, word) for word in found}


def _last(found: Mapping[str, str], word: str) -> str:
    """A base may have one itself: it is followed to the end, and no word is passed twice."""
    seen = {word}
    while found.get(word) and found[word] not in seen:
        word = found[word]
        seen.add(word)
    return word


MK_ENDINGS = tuple(key_of(ending) for ending in ("иот", "от", "та", "то", "те"))


def _macedonian(word: str) -> Iterator[str]:
    for ending in MK_ENDINGS:
        base = word.removesuffix(ending)
        if base != word and len(base) >= SHORTEST:
            yield base


KA_AFTER_CONSONANT = (
    "ს", "ის", "ით", "ად", "მა", "ში", "ზე", "თან", "იდან", "ისთვის", "ისგან", "ისკენ", "ამდე", "ადმი", "სთან",
)  # fmt: skip
KA_AFTER_VOWEL = ("ს", "მ", "ში", "ზე", "სთან", "დან", "თი", "სთვის", "სგან", "სკენ", "მდე", "დ")
KA_VOWEL_LOST = ("ის", "ით", "იდან", "ისთვის", "ისგან", "ისკენ")


def _georgian(word: str) -> Iterator[str]:
    for ending in KA_AFTER_CONSONANT:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST and stem[-1] not in "აეიოუ":
            yield stem + "ი"
    for ending in KA_AFTER_VOWEL:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST and stem[-1] in "აეოუ":
            yield stem
    for ending in KA_VOWEL_LOST:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST:
            yield stem + "ა"
            yield stem + "ე"


RULES: Mapping[str, Callable[[str], Iterator[str]]] = {"mk": _macedonian, "ka": _georgian}
