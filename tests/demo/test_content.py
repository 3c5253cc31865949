"""The content of the demonstration is complete, consistent and in the right letters."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from consult.demo import content
from consult.profile import load_profile
from consult.surveys.authoring import yaml_reading

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = {"mk", "ka", "en"}
TOWNS = content.towns()
SURVEYS = sorted((ROOT / "surveys").glob("*.yaml"))
SCRIPTS = {"mk": "CYRILLIC", "ka": "GEORGIAN", "en": "LATIN"}
MACEDONIAN = set("абвгдѓежзѕијклљмнњопрстќуфхцчџшѐѝ")
# What residents wrote stands in their language alone.
OWN_WORDS = re.compile(r"\.comments\[|\.(questions|answered)\[\d+\]$")
# Words that are written in Latin letters in every language.
LATIN_WORDS = {"led", "ener", "gis", "ii", "mk", "ka", "en"}


def texts_of(value: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Every (place, language, text) in a structure where a text is a mapping from language to string."""
    if isinstance(value, dict):
        if value and value.keys() <= LANGUAGES and all(isinstance(text, str) for text in value.values()):
            yield from ((place, language, text) for language, text in value.items())
            return
        spoken = value.get("written_in", value.get("language"))
        if isinstance(value.get("text"), str) and spoken in LANGUAGES:
            yield (place, spoken, value["text"])
        for key, item in value.items():
            if key in LANGUAGES and isinstance(item, list):
                yield from ((f"{place}.{key}", key, text) for text in item)
            else:
                yield from texts_of(item, f"{place}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts_of(item, f"{place}[{number}]")


def all_texts() -> Iterator[tuple[str, str, str]]:
    for path in [*SURVEYS, *content.FOLDER.rglob("*.yaml")]:
        yield from texts_of(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
    for path in content.FOLDER.rglob("*.md"):
        yield path.name, path.name.split(".")[-2], path.read_text(encoding="utf-8")
    for path in (ROOT / "deploy" / "profiles").glob("*.toml"):
        yield from texts_of(tomllib.loads(path.read_text(encoding="utf-8")), path.name)


def script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def strange_words(language: str, text: str) -> list[str]:
    """Words that mix scripts, or hold letters that the language does not have."""
    found = []
    for word in re.findall(r"[^\W\d_]+", text):
        scripts = {script(letter) for letter in word}
        latin_name = scripts == {"LATIN"} and (language == "en" or word.lower() in LATIN_WORDS)
        if latin_name:
            continue
        strange = {
            "mk": not set(word.lower()) <= MACEDONIAN,
            "ka": any("Ა" <= letter <= "Ჿ" for letter in word),
            "en": False,
        }
        if scripts != {SCRIPTS[language]} or strange[language]:
            found.append(word)
    return found


@pytest.mark.parametrize(
    ("language", "text", "strange"),
    [
        ("mk", "Cкопје", ["Cкопје"]),
        ("mk", "дрвоeди LED", ["дрвоeди"]),
        ("mk", "сыр", ["сыр"]),
        ("ka", "ხე да ტყე", ["да"]),
        ("ka", "ᲮᲔ", ["ᲮᲔ"]),
        ("en", "tree дрво", ["дрво"]),
        ("mk", "сѐ уште, член 12-а", []),
    ],
)
def test_strange_words_are_found(language: str, text: str, strange: list[str]) -> None:
    assert strange_words(language, text) == strange


def test_every_text_is_written_in_the_letters_of_its_language() -> None:
    found = [
        (place, language, words)
        for place, language, text in all_texts()
        # Sources name standards and authors as they are written.
        if not place.endswith(".source") and (words := strange_words(language, re.sub(r"\S+@\S+", "", text)))
    ]
    assert found == []


def test_quotation_marks_open_and_close_as_the_language_writes_them() -> None:
    wrong = [
        (place, language, text)
        for place, language, text in all_texts()
        if '"' in text
        or (language == "en" and ("„" in text or text.count("“") != text.count("”")))
        or (language != "en" and ("”" in text or text.count("„") != text.count("“")))
    ]
    assert wrong == []


def test_texts_have_no_stray_spaces() -> None:
    wrong = [
        (place, language, text)
        for place, language, text in all_texts()
        if "  " in text or " ," in text or " ." in text or text.strip() != text.rstrip("\n")
    ]
    assert wrong == []


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_survey_files_have_no_fault(path: Path) -> None:
    found = yaml_reading.read(path.read_bytes())
    assert found.faults == ()
    assert set(found.definition.languages) == LANGUAGES if found.definition else False


@pytest.mark.parametrize("town", TOWNS)
def test_town_is_complete_and_its_links_hold(town: str) -> None:
    found = content.town(town)
    profile = load_profile(ROOT / "deploy" / "profiles" / f"{town}.toml")
    consultations = {one.slug for one in found.consultations}
    surveys = {one.slug for one in found.answers.fieldwork}
    assert {draft.consultation for draft in found.drafts} <= consultations
    assert {forum.consultation for forum in found.forums if forum.consultation} <= consultations
    assert {forum.kind for forum in found.forums} >= {"citizens_forum", "round", "gathering"}
    assert {one.consultation for one in found.answers.fieldwork if one.consultation} <= consultations
    assert {account.role for account in found.staff} == {
        "admin",
        "designer",
        "translator",
        "moderator",
        "clerk",
        "analyst",
    }
    assert sum(one.outcome is not None for one in found.consultations) >= 2
    for draft in found.drafts:
        assert all(link.survey in surveys for link in draft.evidence)
        for version in draft.versions:
            assert set(found.markdown(version.text)) == LANGUAGES
        if draft.memorandum:
            assert set(found.markdown(draft.memorandum)) == LANGUAGES
    assert set(profile.languages) == LANGUAGES


@pytest.mark.parametrize("town", TOWNS)
def test_every_text_of_a_town_exists_in_every_language(town: str) -> None:
    missing = []
    for path in (content.FOLDER / town).glob("*.yaml"):
        per_place: dict[str, set[str]] = {}
        for place, language, _ in texts_of(yaml.safe_load(path.read_text(encoding="utf-8")), path.stem):
            if not place.endswith(tuple(f".{one}" for one in LANGUAGES)) and not OWN_WORDS.search(place):
                per_place.setdefault(place, set()).add(language)
        missing += [place for place, languages in per_place.items() if languages != LANGUAGES]
    assert missing == []
