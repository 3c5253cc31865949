"""A whole city that answers at once meets no challenge; a place that sends much by itself does, and nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from uuid import uuid4

from consult.surveys.access import DEFAULTS
from consult.surveys.admission.arrival_checks import Arrival, Gate
from consult.surveys.admission.challenges import Challenges
from consult.surveys.survey import Survey
from tests.conftest import NOON

SURVEY = Survey(
    id=uuid4(), slug="city", code="abc", test_key="t", consultation=None, opens_at=NOON, closes_at=None,
    is_testing=False, is_demo=False, created_at=NOON, version=1, title={"en": "City"}, summary={}, languages=("en",),
    minutes=None, is_public=True,
)  # fmt: skip
MOST_CHALLENGED = 500
STUFFER = "203.0.113.9"
HOMES = [f"77.{number // 250}.{number % 250}.7" for number in range(1_500)]
PHONES = [f"2a02:1000:{number:x}:5::1" for number in range(480)]
CARRIER = [f"188.44.20.{number}" for number in range(20)]


def gate(workers: int = 1) -> Gate:
    return Gate(is_on=True, workers=workers, challenges=Challenges(b"a secret"), invitation_key=b"another")


def arrival(address: str, at: datetime, survey: Survey = SURVEY) -> Arrival:
    return Arrival(
        scope={"client": (address, 4000)}, survey=survey, response=SURVEY.id, second=int(at.timestamp()) - 60, pages=1,
        honeypot="", solved="", waited="", is_trusted=False,
    )  # fmt: skip


def city() -> Iterable[str]:
    """Three of five answers from a home of its own each, one from a phone, one from a carrier that shares addresses."""
    homes, phones, shared = cycle(HOMES), cycle(PHONES), cycle(CARRIER)
    while True:
        yield from (next(homes), next(phones), next(homes), next(shared), next(homes))


def among(city: Iterable[str], stuffers: Iterable[str], every: int) -> Iterable[str]:
    """The stuffer's addresses as every so-manieth answer."""
    others = iter(city)
    for address in stuffers:
        yield address
        for _ in range(every - 1):
            yield next(others)


def challenged(
    addresses: Iterable[str], answers: int, seconds: float, *, workers: int = 1, survey: Survey = SURVEY
) -> Counter[str]:
    """Who is asked for a challenge, how often. What passes must be unmarked."""
    judge, found = gate(workers).judge, Counter[str]()
    start = NOON.replace(second=0)
    for number, address in zip(range(answers), addresses, strict=False):
        at = start + timedelta(seconds=number * seconds / answers)
        verdict = judge(arrival(address, at, survey), at)
        if not verdict.is_through:
            found[address] += 1
            if found.total() > MOST_CHALLENGED:  # each of them takes a while to make
                break
        assert verdict.flags == ()
    return found


def test_a_rush_of_a_whole_city_meets_no_challenge() -> None:
    assert len({*HOMES, *PHONES, *CARRIER}) == 2_000
    assert challenged(city(), 5_000, 55) == {}


def test_a_carrier_with_few_addresses_passes_in_a_long_rush() -> None:
    """Each of its addresses sends far more than the limit of a network, and is still one in a hundred answers."""
    survey = replace(SURVEY, access=replace(DEFAULTS, network_rate=30))
    assert challenged(city(), 6_000, 110, survey=survey) == {}


def test_one_machine_that_stuffs_meets_it_and_nobody_else() -> None:
    found = challenged(among(city(), cycle([STUFFER]), 5), 1_000, 55)
    assert found == {STUFFER: 200 - DEFAULTS.network_rate}


def test_one_machine_with_a_new_address_each_time_meets_it_and_nobody_else() -> None:
    fresh = (f"2001:db8:7:{number:x}::1" for number in range(0xFFFF))
    found = challenged(among(city(), fresh, 2), 600, 55)
    assert {address[:11] for address in found} == {"2001:db8:7:"}
    assert sum(found.values()) == 300 - DEFAULTS.burst
    quiet = (f"192.0.2.{number % 250}" for number in range(240))
    assert sum(challenged(quiet, 240, 55).values()) == 240 - DEFAULTS.burst


def test_a_machine_among_few_meets_it_at_the_limit() -> None:
    neighbours = cycle(HOMES)
    few = (STUFFER if number % 3 else next(neighbours) for number in range(30))
    survey = replace(SURVEY, access=replace(DEFAULTS, network_rate=5))
    assert challenged(few, 30, 55, survey=survey) == {STUFFER: 20 - 5}


def test_several_processes_share_the_limit_out() -> None:
    assert challenged(cycle([STUFFER]), 60, 500, workers=2) == {STUFFER: 60 - DEFAULTS.network_rate // 2}
    assert challenged(city(), 5_000, 55, workers=4) == {}


def test_surveys_are_counted_apart() -> None:
    judge, other = gate().judge, replace(SURVEY, id=uuid4())
    for _ in range(DEFAULTS.network_rate):
        assert judge(arrival(STUFFER, NOON), NOON).is_through
    assert not judge(arrival(STUFFER, NOON), NOON).is_through
    assert judge(arrival(STUFFER, NOON, other), NOON).is_through
