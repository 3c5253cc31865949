"""The rules of allocation, without a database; the draw is repeated with the shell's own SHA-256."""

from __future__ import annotations

import subprocess
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from consult.forums.slots.allocation import Entry, Free, Rule, Tie, assign, commitment, drawn, new_seed, order
from consult.forums.slots.slot import Requested, Span, Terms, contacts, topics_of
from tests.forums.makers import NOW

SEED = "5f" * 32


def entries(*heard: bool) -> list[Entry]:
    return [Entry(UUID(int=n), n, heard_before=was) for n, was in enumerate(heard, start=1)]


def numbers(ordered: list[Entry]) -> list[int]:
    return [one.number for one in ordered]


def test_first_come_goes_by_number_and_never_heard_puts_the_received_last() -> None:
    asked = entries(True, False, True, False)[::-1]
    assert numbers(order(asked, Rule.FIRST_COME, Tie.DRAW, None)) == [1, 2, 3, 4]
    assert numbers(order(asked, Rule.NEVER_HEARD, Tie.ORDER, None)) == [2, 4, 1, 3]
    by_draw = numbers(order(asked, Rule.NEVER_HEARD, Tie.DRAW, SEED))
    assert set(by_draw[:2]) == {2, 4}
    assert by_draw[:2] == sorted((2, 4), key=lambda number: drawn(SEED, number))


def test_anybody_repeats_the_draw_with_a_shell() -> None:
    asked = entries(*[False] * 12)
    recipe = (
        f"S={SEED}; printf %s $S | sha256sum; "
        'for n in $(seq 12); do echo "$(printf %s%s $S $n | sha256sum | cut -c1-64) $n"; done | sort'
    )
    fingerprint, *lines = subprocess.run(
        ["sh", "-c", recipe], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert fingerprint.split()[0] == commitment(SEED)
    assert [int(line.split()[1]) for line in lines] == numbers(order(asked, Rule.DRAW, Tie.DRAW, SEED))
    assert lines[0].split()[0] == drawn(SEED, int(lines[0].split()[1]))


def test_a_draw_needs_a_seed_and_seeds_differ_in_their_order() -> None:
    with pytest.raises(ValueError, match="seed"):
        order(entries(False), Rule.DRAW, Tie.DRAW, None)
    assert new_seed() != new_seed() and len(new_seed()) == 64
    asked = entries(*[False] * 40)
    assert order(asked, Rule.DRAW, Tie.DRAW, SEED) != order(asked, Rule.DRAW, Tie.DRAW, "60" * 32)


def test_every_request_has_the_same_chance() -> None:
    """The first of five, over 2,000 seeds: each about 400 times (three standard deviations are 54)."""
    asked = entries(*[False] * 5)
    first = [order(asked, Rule.DRAW, Tie.DRAW, commitment(str(n)))[0].number for n in range(2_000)]
    assert all(346 <= first.count(number) <= 454 for number in range(1, 6))


def test_each_gets_the_first_time_that_has_room_and_suits() -> None:
    early, roads, georgian = UUID(int=101), UUID(int=102), UUID(int=103)
    free = [Free(early, 1), Free(roads, 2, topic=1), Free(georgian, 1, language="ka")]
    asked = [
        Entry(UUID(int=1), 1, topic=1, language="mk"),
        Entry(UUID(int=2), 2, topic=1, language="mk"),
        Entry(UUID(int=3), 3, topic=0, language="mk"),
        Entry(UUID(int=4), 4, topic=None, language="ka"),
    ]
    given = assign(asked, free)
    assert given == {UUID(int=1): early, UUID(int=2): roads, UUID(int=4): georgian}
    assert Free(georgian, 1, language="ka", has_interpreter=True).suits(asked[0])


def test_times_follow_the_clock_of_the_town_over_the_change_to_summer_time() -> None:
    zone = ZoneInfo("Europe/Skopje")
    usual = Span(date(2026, 12, 5), time(10), time(12), 15).times(zone)
    assert len(usual) == 8 and usual[0][0].astimezone(zone) == datetime(2026, 12, 5, 10, tzinfo=zone)
    assert usual[0][1] == usual[1][0]
    assert len(Span(date(2026, 12, 5), time(10), time(12), 15, pause=5).times(zone)) == 6
    skipped = Span(date(2026, 3, 29), time(1, 30), time(4), 30).times(zone)
    assert [one.astimezone(zone).hour for one, _ in skipped] == [1, 3, 3]
    assert Span(date(2026, 12, 5), time(12), time(10), 15).problems(zone)[0].place == "ends"
    assert Span(date(2026, 12, 5), time(10), time(10, 10), 15).problems(zone)[0].place == "ends"


def test_somebody_is_known_again_by_address_or_number_and_only_with_the_secret() -> None:
    known = contacts(b"s", "Ana@Example.com", "+389 70 123 456")
    assert known == contacts(b"s", "ana@example.com", "070/123-456") and len(known) == 2
    assert not set(known) & set(contacts(b"t", "ana@example.com", "070 123 456"))
    assert contacts(b"s", "", "12") == []


def test_topics_stand_in_the_same_line_in_each_language() -> None:
    assert topics_of({"mk": "Паркови\nПатишта", "en": "Parks\nRoads"})[1] == {"mk": "Патишта", "en": "Roads"}
    terms = Terms(UUID(int=1), Rule.DRAW, Tie.DRAW, NOW, NOW, topics=({"en": "Parks"},))
    places = [one.place for one in Requested("", "nobody", "x", "7", "").problems(terms, needs_email=True)]
    assert places == ["name", "email", "phone", "topic", "text"]
    assert Requested("Ana", topic="other", text="Roads").problems(terms, needs_email=False) == []
