"""How a running survey goes: figures, its end, and how long answers are kept."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from consult.errors import Invalid
from consult.fieldwork import progress, progress_operations, progress_queries
from consult.fieldwork.mailing import Frame
from consult.records import queries as records
from consult.storage import execute
from consult.surveys import operations, queries
from consult.surveys.responses import response_counts
from consult.surveys.responses.response_counts import Count, Tally
from consult.surveys.staff import date_operations
from tests.conftest import NOON, Clock
from tests.people.makers import staff
from tests.surveys.conftest import publish
from tests.surveys.makers import page, single, survey

REASON = "The newspaper wrote about it only today."
WEB = {"channel": "web", "language": "mk"}
MONDAY = date(2026, 11, 16)


def count(day: date = MONDAY, number: int = 1, **changes: str) -> Count:
    return Count(**{"day": day, **WEB, "count": number, **changes})  # type: ignore[arg-type]


def posted(page_key: str, number: int) -> Tally:
    return Tally("page_posted", page_key, "web", "mk", number)


def test_days_without_answers_are_days_too() -> None:
    found = progress.days([count(), count(MONDAY + timedelta(days=2), 3)], MONDAY + timedelta(days=2))
    assert [day.count for day in found] == [1, 0, 3]


def test_only_the_latest_quarter_of_a_long_survey_is_drawn() -> None:
    found = progress.days([count(), count(MONDAY + timedelta(days=400))], MONDAY + timedelta(days=400))
    assert len(found) == progress.MOST_DAYS
    assert found[-1].count == 1


def test_parts_are_shares_of_all_answers() -> None:
    found = progress.parts([count(number=3), count(channel="paper")], "channel")
    assert [(part.code, part.count, part.share) for part in found] == [("web", 3, 0.75), ("paper", 1, 0.25)]


def test_steps_compare_every_page_with_the_first() -> None:
    asked = survey(
        pages=(page(single("a"), key="one"), page(single("b"), key="two", show_if="a == 'red'"), page(key="end"))
    )
    found = progress.steps(asked, [posted("one", 8), posted("two", 2), posted("gone", 5)])
    assert [(step.key, step.posted, step.share) for step in found] == [("one", 8, 1.0), ("two", 2, 0.25), ("end", 0, 0)]
    assert [step.is_conditional for step in found] == [False, True, False]


async def test_extending_and_reopening_need_a_reason_and_a_later_end(db: None) -> None:
    survey_id = await publish()
    end = NOON + timedelta(days=7)
    with pytest.raises(Invalid) as refused:
        await date_operations.extend(survey_id=survey_id, closes_at=end, reason="why", at=NOON)
    assert [problem.place for problem in refused.value.problems] == ["closes_at", "reason"]
    with pytest.raises(date_operations.NotClosed):
        await date_operations.reopen(survey_id=survey_id, closes_at=end, reason=REASON, at=NOON)
    later = end + timedelta(days=3)
    await date_operations.extend(survey_id=survey_id, closes_at=later, reason=REASON, at=NOON)
    assert (await queries.survey_by_id(survey_id)).closes_at == later
    with pytest.raises(date_operations.NotOpen):
        await date_operations.extend(survey_id=survey_id, closes_at=later + timedelta(days=1), reason=REASON, at=later)
    await date_operations.reopen(survey_id=survey_id, closes_at=later + timedelta(days=1), reason=REASON, at=later)
    assert (await queries.survey_by_id(survey_id)).is_open(later)
    kept = await records.history("survey", survey_id)
    assert [(entry.kind, entry.reason) for entry in kept[-2:]] == [
        ("survey.extended", REASON),
        ("survey.reopened", REASON),
    ]


async def answer(survey_id: UUID, *, supersedes: UUID | None = None, channel: str = "web") -> UUID:
    identity = uuid4()
    await execute(
        """insert into response (id, survey, version, language, channel, day, answers, supersedes)
           values ($1, $2, 1, 'mk', $3, $4, '{}', $5)""",
        identity, survey_id, channel, MONDAY, supersedes,
    )  # fmt: skip
    return identity


async def test_a_superseded_answer_is_not_counted(db: None) -> None:
    survey_id = await publish()
    first = await answer(survey_id)
    await answer(survey_id, supersedes=first)
    await answer(survey_id, channel="phone")
    found = await response_counts.by_day(survey_id)
    assert [(one.channel, one.count) for one in found] == [("phone", 1), ("web", 1)]


async def test_answers_go_when_their_time_is_over(db: None) -> None:
    survey_id = await publish()
    await answer(survey_id)
    await progress_operations.keep_for(survey_id=survey_id, days="30", at=NOON)
    end = NOON + timedelta(days=7)
    assert await progress_operations.erase_due(at=end + timedelta(days=29)) == 0
    assert await progress_operations.erase_due(at=end + timedelta(days=30)) == 1
    assert await queries.count(survey_id) == 0
    assert await queries.erased(survey_id) == 1
    assert await progress_operations.erase_due(at=end + timedelta(days=31)) == 0
    await progress_operations.keep_for(survey_id=survey_id, days=" ", at=NOON)
    assert await progress_queries.retention_days(survey_id) is None


@pytest.mark.parametrize("days", ["-1", "soon", "1.5", "40000", "٣"])
async def test_a_time_that_is_no_number_of_days_is_refused(db: None, days: str) -> None:
    survey_id = await publish()
    with pytest.raises(Invalid) as refused:
        await progress_operations.keep_for(survey_id=survey_id, days=days, at=NOON)
    assert refused.value.problems[0].place == "days"


async def test_all_answers_are_erased_only_on_purpose(client: httpx.AsyncClient, clock: Clock) -> None:
    survey_id = await publish()
    await answer(survey_id)
    await staff(client, NOON, "admin")
    home = "/staff/en/surveys/sample/fieldwork"
    sent = {"confirmation": "sample", "erase_reason": REASON}
    assert "Close the survey first." in (await client.post(f"{home}/erase", data=sent)).text
    await operations.close(survey_id=survey_id, at=NOON)
    wrong = await client.post(f"{home}/erase", data={"confirmation": "simple", "erase_reason": REASON})
    assert wrong.status_code == 422
    assert REASON in wrong.text
    assert await queries.count(survey_id) == 1
    done = await client.post(f"{home}/erase", data=sent)
    assert done.headers["location"] == f"{home}?done=erased"
    assert await queries.count(survey_id) == 0
    assert (await records.history("survey", survey_id))[-1].kind == "survey.answers_erased"


async def test_a_designer_extends_closes_and_reopens_on_the_page(client: httpx.AsyncClient, clock: Clock) -> None:
    survey_id = await publish()
    await staff(client, NOON, "designer")
    home = "/staff/en/surveys/sample/fieldwork"
    refused = await client.post(f"{home}/end", data={"wish": "extend", "closes_at": "soon", "reason": REASON})
    assert refused.status_code == 422
    assert REASON in refused.text
    later = {"closes_at": "2026-12-24T20:00", "reason": REASON}
    assert (await client.post(f"{home}/end", data={"wish": "extend", **later})).status_code == 303
    assert (await client.post(f"{home}/end", data={"wish": "close"})).status_code == 303
    assert not (await queries.survey_by_id(survey_id)).is_open(NOON)
    clock.now = NOON + timedelta(hours=1)
    assert (await client.post(f"{home}/end", data={"wish": "reopen", **later})).status_code == 303
    assert (await queries.survey_by_id(survey_id)).is_open(clock.now)


def test_rates_count_only_those_who_were_invited() -> None:
    frame = Frame(contacts=200, invited=100, opted_out=5, bounced=10, answered=40)
    found = progress.rates(frame, 0.5)
    assert found is not None
    assert (found.rr1, found.rr3, found.rr5) == pytest.approx((0.4, 40 / 95, 40 / 90))
    assert found.coop1 == pytest.approx(40 / 45)
    fewer = progress.rates(frame, 0.5, turned_away=10)
    assert fewer is not None and fewer.rr5 == pytest.approx(30 / 80)
    assert progress.rates(Frame(contacts=3, invited=0, opted_out=0, bounced=0, answered=0), 1.0) is None


@pytest.mark.parametrize(("percent", "reason"), [("120", REASON), ("x", REASON), ("50", "why")])
async def test_an_assumption_needs_a_share_and_a_reason(db: None, percent: str, reason: str) -> None:
    survey_id = await publish()
    with pytest.raises(Invalid):
        await progress_operations.assume_eligible(survey_id=survey_id, percent=percent, reason=reason, at=NOON)
    await progress_operations.assume_eligible(survey_id=survey_id, percent="62,5 %", reason=REASON, at=NOON)
    assert await progress_queries.eligibility(survey_id) == progress_queries.Eligibility(0.625, REASON)


async def test_an_analyst_reads_and_a_translator_does_not(client: httpx.AsyncClient) -> None:
    await publish()
    home = "/staff/en/surveys/sample/fieldwork"
    await staff(client, NOON, "analyst")
    shown = await client.get(home)
    assert shown.status_code == 200
    assert "New end" not in shown.text
    assert (await client.post(f"{home}/end", data={"wish": "close"})).status_code == 403
    await staff(client, NOON, "translator")
    assert (await client.get(home)).status_code == 403


async def test_the_page_shows_what_arrived(client: httpx.AsyncClient) -> None:
    survey_id = await publish()
    await staff(client, NOON, "analyst")
    assert "No answer has arrived yet." in (await client.get("/staff/en/surveys/sample/fieldwork")).text
    await answer(survey_id, channel="paper")
    found = (await client.get("/staff/en/surveys/sample/fieldwork")).text
    assert "On paper" in found
    assert "100%" in found
