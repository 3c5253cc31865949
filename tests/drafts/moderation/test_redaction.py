"""Covered words: where they are found, and what everybody reads instead."""

import datetime as dt
import unicodedata
from uuid import uuid4

import pytest

from consult.drafts.moderation.redaction import Redaction, is_covered, occurrences, place_of, shown, stretches

AT = dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC)
TEXT = "Јас сум Петар Петров, 070 123-456. Петров ме викаат, а Петровски е соседот."


def covers(text: str, *words: str, reason: str = "person") -> list[Redaction]:
    return [
        Redaction(uuid4(), uuid4(), found.begins, found.ends, reason, AT)
        for one in words
        for found in occurrences(text, one)
        if found.is_whole
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("петров", ["Петров", "Петров", "Петровски"]),
        ("070 123 456", ["070 123-456"]),
        ("ПЕТAP", ["Петар"]),  # its last three letters are Latin
        ("Петар Петров", ["Петар Петров"]),
        ("Павле", []),
        ("!?", []),
        ("", []),
    ],
)
def test_words_are_found_whatever_their_case_and_signs(wanted: str, found: list[str]) -> None:
    assert [one.words for one in occurrences(TEXT, wanted)] == found


def test_a_part_of_a_longer_word_is_told_apart() -> None:
    assert [one.is_whole for one in occurrences(TEXT, "Петров")] == [True, True, False]


def test_everybody_reads_what_was_covered_and_the_rest_word_for_word() -> None:
    said = shown(TEXT, covers(TEXT, "Петар Петров") + covers(TEXT, "070 123-456", reason="contact"), "en")
    assert said == (
        "Јас сум [covered: the name of a private person], [covered: a telephone number or an address]. "
        "Петров ме викаат, а Петровски е соседот."
    )


def test_covers_that_overlap_become_one_and_those_beyond_an_erased_text_none() -> None:
    both = covers(TEXT, "Петар Петров", "Петров, 070")
    assert shown(TEXT, both, "en").startswith("Јас сум [covered: the name of a private person] 123-456.")
    assert shown("", both, "en") == ""
    assert "".join(part.text for part in stretches(TEXT, both)) == TEXT
    assert [part.reason for part in stretches("Јас сум Пе", both)] == ["", "person"]


def test_places_count_letters_of_the_composed_text() -> None:
    loose = unicodedata.normalize("NFD", "Ѓорѓи живее тука")
    (found,) = occurrences(loose, "живее")
    assert (found.begins, found.ends) == (6, 11)
    assert shown(loose, covers(loose, "живее"), "en") == "Ѓорѓи [covered: the name of a private person] тука"


def test_a_text_in_another_language_than_the_platforms_is_covered_too() -> None:
    assert "Arben" not in shown("Unë jam Arben", covers("Unë jam Arben", "Arben"), "sq")


@pytest.mark.parametrize("place", ["", "1", "-", "5-3", "1-4", "8-13", "a-b", "9999999-1", "0-٣"])
def test_only_places_of_words_can_be_covered(place: str) -> None:
    expected = (8, 13) if place == "8-13" else None
    assert place_of(place, TEXT) == expected


def test_a_place_is_covered_when_no_letter_is_free() -> None:
    first, second = covers(TEXT, "Петар"), covers(TEXT, "Петар Петров")
    assert is_covered(8, 20, second)
    assert not is_covered(8, 20, first)
    assert not is_covered(8, 20, [])
