"""Evidence: attached live, frozen once, taken away, and always recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from consult.errors import NotFound
from consult.portal import operations, queries
from consult.portal.evidence import AlreadyAttached, AlreadyFrozen, Evidence
from consult.storage import execute, fetch
from tests.conftest import NOON
from tests.portal.makers import Town, a_town, attached, more_answers
from tests.results.makers import a_survey, definition, question


async def the_evidence(evidence_id: UUID) -> Evidence:
    found = await queries.evidence(evidence_id)
    assert found is not None
    return found


async def kinds(town: Town) -> list[str]:
    rows = await fetch("select kind from audit_entry where record = 'draft' and record_id = $1 order by number",
                       str(town.draft.id))  # fmt: skip
    return [row["kind"] for row in rows if row["kind"].startswith("evidence")]


async def test_a_live_chart_follows_the_answers(db: None) -> None:
    town = await a_town()
    chart = await attached(town)
    assert (await the_evidence(chart)).chart.source.responses == 30
    await more_answers(town)
    live = await the_evidence(chart)
    assert (live.chart.source.responses, live.is_frozen, live.snapshot) == (35, False, "")


async def test_a_frozen_chart_stays_as_it_was(db: None) -> None:
    town = await a_town()
    chart = await attached(town)
    before = (await the_evidence(chart)).chart
    await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
    await more_answers(town)
    kept = await the_evidence(chart)
    assert kept.is_frozen
    assert kept.chart.source.state == "frozen"
    assert kept.snapshot == kept.chart.source.snapshot == before.source.snapshot
    assert kept.chart.source.responses == 30
    again = await the_evidence(chart)
    assert again.chart == kept.chart


async def test_a_chart_is_frozen_once(db: None) -> None:
    town = await a_town()
    chart = await attached(town)
    await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
    with pytest.raises(AlreadyFrozen):
        await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)


@pytest.mark.parametrize("change", ["chart = '{}'::jsonb", "snapshot = 'x'", "frozen_at = now()", "position = 9"])
async def test_the_database_itself_refuses_to_change_a_frozen_chart(db: None, change: str) -> None:
    town = await a_town()
    chart = await attached(town)
    await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
    with pytest.raises(asyncpg.RestrictViolationError, match="never changes"):
        await execute(f"update evidence set {change} where id = $1", chart)


async def test_a_chart_stands_once_on_an_article_and_may_stand_on_another(db: None) -> None:
    town = await a_town()
    await attached(town)
    with pytest.raises(AlreadyAttached):
        await attached(town)
    await attached(town, article=1)
    assert {len(charts) for charts in (await queries.of_draft(town.draft.id)).values()} == {1}
    assert await kinds(town) == ["evidence.attached", "evidence.attached"]


async def test_charts_stand_in_the_order_in_which_they_were_attached(db: None) -> None:
    town = await a_town()
    other = await a_survey(definition(question("scale", key="s"), key="second"))
    await attached(town)
    ids: dict[str, Any] = {"draft_id": town.draft.id, "article_id": town.articles[0].id}
    await operations.attach(**ids, survey_id=other, question="s", by=town.clerk, at=NOON)
    found = (await queries.of_draft(town.draft.id))[town.articles[0].id]
    assert [each.question for each in found] == ["q", "s"]


async def test_what_does_not_exist_cannot_be_attached(db: None) -> None:
    town = await a_town()
    good: dict[str, Any] = {
        "draft_id": town.draft.id,
        "article_id": town.articles[0].id,
        "survey_id": town.survey,
        "question": "q",
    }
    for wrong in ({"draft_id": uuid4()}, {"article_id": uuid4()}, {"survey_id": uuid4()}, {"question": "none"}):
        with pytest.raises(NotFound):
            await operations.attach(**{**good, **wrong}, by=town.clerk, at=NOON)
    assert await queries.of_draft(town.draft.id) == {}


async def test_taking_away_is_recorded_and_happens_once(db: None) -> None:
    town = await a_town()
    chart = await attached(town)
    await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
    await operations.detach(evidence_id=chart, by=town.clerk, at=NOON)
    assert await queries.evidence(chart) is None
    assert await kinds(town) == ["evidence.attached", "evidence.frozen", "evidence.detached"]
    with pytest.raises(NotFound):
        await operations.detach(evidence_id=chart, by=town.clerk, at=NOON)
    with pytest.raises(NotFound):
        await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
