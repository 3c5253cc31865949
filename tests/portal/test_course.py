"""What happens when in a consultation, in words, at each moment of its life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import httpx
import pytest

from consult.consultations.consultation import Consultation, Kind, Stored
from consult.i18n import configure, locale
from consult.portal.course import course_of
from consult.profile import load_profile
from consult.settings import resource
from tests.portal.makers import a_town

TREES = Consultation(
    id=uuid4(), slug="trees", kind=Kind.REGULATION, title={}, summary={}, plain_words={}, legal_basis={}, contact={},
    authentic_language="mk", stored=Stored.PUBLISHED, announced_at=datetime(2026, 11, 1, 9, tzinfo=UTC),
    opens_at=datetime(2026, 11, 2, 23, tzinfo=UTC), closes_at=datetime(2026, 12, 12, 23, tzinfo=UTC),
    answers_due=date(2027, 1, 15), minimum_days=20, short_reason="", phases=(), outcome=None, is_demo=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "stored", "now", "then"),
    [
        (datetime(2026, 11, 2, tzinfo=UTC), Stored.PUBLISHED, "You can take part from 3 November 2026", "15 January"),
        (datetime(2026, 12, 12, 20, tzinfo=UTC), Stored.PUBLISHED, "end of 12 December 2026; 1 day is", "15 January"),
        (datetime(2026, 12, 13, tzinfo=UTC), Stored.PUBLISHED, "The municipality reads", "by 15 January 2027"),
        (datetime(2027, 1, 16, tzinfo=UTC), Stored.ANSWERING, "is writing its answers", "are late"),
        (datetime(2027, 1, 20, tzinfo=UTC), Stored.REPORTED, "is over", ""),
        (datetime(2026, 11, 20, tzinfo=UTC), Stored.CANCELLED, "was cancelled", ""),
    ],
)
def test_what_one_can_do_and_what_comes_next(day: datetime, stored: Stored, now: str, then: str) -> None:
    configure(load_profile(resource("profiles", "skopje.toml")))
    course = course_of(replace(TREES, stored=stored), (), None, locale("en"), day)
    assert now in course.now
    assert then in course.next
    assert bool(course.decides) is (stored is not Stored.CANCELLED)
    assert [label for label, _ in course.dates] == ["Announced", "You can take part", "Answers by"]


async def test_the_page_counts_who_took_part(client: httpx.AsyncClient) -> None:
    await a_town()
    answer = (await client.get("/en/consultations/trees")).text
    assert "30 answers to surveys" in answer
    assert "0 comments" in answer
    assert "Every comment gets an answer with reasons by 15 January 2027" in answer
    assert "Registration is open" in answer
