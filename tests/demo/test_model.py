"""The invented answers: margins hold, items agree with one another, the same seed gives the same people."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from consult.demo import content
from consult.demo.content import Fieldwork
from consult.demo.model import Simulated, simulate
from consult.profile import Profile, load_profile
from consult.surveys.authoring import yaml_reading
from consult.surveys.definition.schema import Definition

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
ALL = [(town, one) for town in content.towns() for one in content.town(town).answers.fieldwork]


def profile_of(town: str) -> Profile:
    return load_profile(ROOT / "deploy" / "profiles" / f"{town}.toml")


def definition_of(fieldwork: Fieldwork) -> Definition:
    return yaml_reading.load((ROOT / "surveys" / f"{fieldwork.file}.yaml").read_bytes())


def simulated(town: str, fieldwork: Fieldwork, today: date = TODAY) -> list[Simulated]:
    answers = content.town(town).answers
    return simulate(definition_of(fieldwork), fieldwork, answers, profile_of(town).margins, today=today)


@pytest.fixture(scope="module")
def phone() -> list[Simulated]:
    return simulated("skopje", next(one for town, one in ALL if one.slug == "city-services-phone"))


def pairs(found: list[Simulated], one: str, row: str) -> tuple[list[int], list[int]]:
    both = [
        (answers[one], answers["services"][row])
        for answers in (response.answers for response in found)
        if isinstance(answers[one], int) and isinstance(answers["services"][row], int)
    ]
    return [a for a, _ in both], [b for _, b in both]


def test_both_towns_have_about_two_thousand_answers() -> None:
    totals: Counter[str] = Counter()
    for town, fieldwork in ALL:
        totals[town] += fieldwork.responses
    assert all(1900 <= total <= 2200 for total in totals.values())


@pytest.mark.parametrize(("town", "fieldwork"), ALL, ids=lambda value: getattr(value, "slug", value))
def test_every_response_is_one_a_resident_could_send(town: str, fieldwork: Fieldwork) -> None:
    found = simulated(town, fieldwork)
    definition = definition_of(fieldwork)
    keys = {question.key for question in definition.questions}
    first, last = TODAY + timedelta(days=fieldwork.opens), min(TODAY, TODAY + timedelta(days=fieldwork.closes))
    assert len(found) == fieldwork.responses
    assert all({key.removesuffix(".other") for key in response.answers} <= keys for response in found)
    assert all(first <= response.day <= last for response in found)
    assert {response.channel for response in found} <= {"web", "kiosk", "phone", "paper"}
    assert {response.language for response in found} <= set(definition.languages)


def test_districts_follow_the_census(phone: list[Simulated]) -> None:
    margin = profile_of("skopje").margins[0]
    whole = sum(category.count for category in margin.categories)
    drawn = Counter(response.answers["district"] for response in phone)
    for category in margin.categories:
        expected = 0.97 * category.count / whole
        assert abs(drawn[category.code] / len(phone) - expected) < 4 * np.sqrt(expected / len(phone))


def test_satisfaction_drives_its_items(phone: list[Simulated]) -> None:
    for row in ("transport", "cleanliness", "waste", "parks", "pavements", "counters"):
        correlation = np.corrcoef(*pairs(phone, "overall", row))[0, 1]
        assert 0.35 < correlation < 0.75


def test_recommendation_rises_with_satisfaction(phone: list[Simulated]) -> None:
    def mean(points: set[int]) -> float:
        given = [r.answers["recommend"] for r in phone if r.answers["overall"] in points]
        return float(np.mean([value for value in given if isinstance(value, int)]))

    assert mean({4, 5}) > mean({1, 2}) + 1.5


def test_shares_come_out_as_written(phone: list[Simulated]) -> None:
    wanted = content.town("skopje").answers.items["services"].rows["parks"]
    given = [r.answers["services"]["parks"] for r in phone if isinstance(r.answers["services"]["parks"], int)]
    shares = [100 * given.count(point) / len(given) for point in range(1, 6)]
    assert np.abs(np.array(shares) - np.array(wanted)).max() < 6


def test_hidden_questions_have_no_answer(phone: list[Simulated]) -> None:
    for answers in (response.answers for response in phone):
        assert ("effort" in answers) == (answers["contacted"] == "yes")
        assert ("transport_aspects" in answers) == (answers["transport_use"] in {"daily", "weekly", "monthly"})


def test_some_answers_are_missing_or_unsure(phone: list[Simulated]) -> None:
    recommend = [response.answers["recommend"] for response in phone]
    assert 0.1 < recommend.count("not_used") / len(recommend) < 0.3
    assert 0 < recommend.count(None) / len(recommend) < 0.06


def test_same_seed_gives_the_same_people_on_any_day() -> None:
    town, fieldwork = next((town, one) for town, one in ALL if one.slug == "city-services")

    def answers(today: date) -> list[dict[str, Any]]:
        return sorted((one.answers for one in simulated(town, fieldwork, today)), key=repr)

    assert answers(TODAY) == answers(TODAY + timedelta(days=40))
