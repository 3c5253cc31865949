"""Evidence: attached live, frozen once, taken away, and always recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from consult.charts.spec import Spec
from consult.errors import NotFound
from consult.portal import operations, queries
from consult.portal.evidence import AlreadyAttached, AlreadyFrozen, Evidence
from consult.portal.sources import SOURCES, NotForPublic, Source
from consult.storage import execute, fetch
from consult.surveys.survey import Survey
from tests.charts.makers import heat
from tests.conftest import NOON
from tests.portal.makers import Town, a_town, attached, more_answers
from tests.results.makers import a_survey, definition, question


async def the_evidence(evidence_id: UUID) -> Evidence:
    found = await queries.evidence(evidence_id)
    assert found is not None
    return found


async def shown(evidence_id: UUID) -> Spec:
    chart = (await the_evidence(evidence_id)).chart
    assert chart is not None
    return chart


async def kinds(town: Town) -> list[str]:
    rows = await fetch("select kind from audit_entry where record = 'draft' and record_id = $1 order by number",
                       str(town.draft.id))  # fmt: skip
    return [row["kind"] for row in rows if row["kind"].startswith("evidence")]


async def test_a_live_chart_follows_the_answers(db: None) -> None:
    town = await a_town()
    chart = await attached(town)
    assert (await shown(chart)).source.responses == 30
    await more_answers(town)
    live = await the_evidence(chart)
    assert ((await shown(chart)).source.responses, live.is_frozen, live.snapshot) == (35, False, "")


async def test_a_frozen_chart_stays_as_it_was(db: None) -> None:
    town = await a_town()
    chart = await attached(town)
    before = await shown(chart)
    await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
    await more_answers(town)
    kept = await the_evidence(chart)
    assert kept.is_frozen
    assert kept.chart is not None
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


@pytest.mark.parametrize(
    "change",
    [
        "chart = '{}'::jsonb",
        "snapshot = 'x'",
        "frozen_at = now()",
        "query = 'other'",
        "kind = 'explorer'",
        "position = 9",
    ],
)
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
    await operations.attach(**ids, survey_id=other, source=Source("question", "s"), by=town.clerk, at=NOON)
    found = (await queries.of_draft(town.draft.id))[town.articles[0].id]
    assert [each.source.query for each in found] == ["q", "s"]


async def test_what_does_not_exist_cannot_be_attached(db: None) -> None:
    town = await a_town()
    good: dict[str, Any] = {
        "draft_id": town.draft.id,
        "article_id": town.articles[0].id,
        "survey_id": town.survey,
        "source": Source("question", "q"),
    }
    for wrong in (
        {"draft_id": uuid4()},
        {"article_id": uuid4()},
        {"survey_id": uuid4()},
        {"source": Source("question", "none")},
    ):
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


async def crossed(survey: Survey, query: str) -> Spec:
    """What an explorer would answer: a matrix for one query, none for others."""
    if query != "rows=q&columns=@channel":
        raise NotFound
    return heat()


@pytest.fixture
def _with_matrices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOURCES, "explorer", crossed)


MATRIX = Source("explorer", "rows=q&columns=@channel")


@pytest.mark.usefixtures("_with_matrices")
async def test_any_chart_can_be_evidence_and_is_kept_as_it_was(db: None) -> None:
    town = await a_town()
    chart = await attached(town, source=MATRIX)
    assert await shown(chart) == heat()
    await operations.freeze(evidence_id=chart, by=town.clerk, at=NOON)
    SOURCES.pop("explorer")  # frozen, it needs nobody to make it again
    kept = await the_evidence(chart)
    assert kept.chart == heat().frozen()
    assert (kept.snapshot, str(kept.source)) == (heat().source.snapshot, "explorer:rows=q&columns=@channel")
    with pytest.raises(asyncpg.CheckViolationError, match="evidence_is_of_its_snapshot"):
        await execute(
            "insert into evidence select gen_random_uuid(), draft, article, survey, 'x', position, attached_at,"
            " attached_by, frozen_at, 'other', chart, kind from evidence where id = $1",
            chart,
        )


@pytest.mark.usefixtures("_with_matrices")
async def test_evidence_can_be_frozen_from_the_beginning(db: None) -> None:
    town = await a_town()
    chart = await attached(town, source=MATRIX, frozen=True)
    assert (await the_evidence(chart)).is_frozen
    assert await kinds(town) == ["evidence.attached", "evidence.frozen"]


async def test_a_live_chart_that_can_no_longer_be_made_does_not_take_the_article_away(
    db: None, _with_matrices: None, client: httpx.AsyncClient
) -> None:
    town = await a_town()
    await attached(town)
    lost = await attached(town, source=MATRIX)
    SOURCES.pop("explorer")
    assert (await the_evidence(lost)).chart is None
    with pytest.raises(NotFound):
        await operations.freeze(evidence_id=lost, by=town.clerk, at=NOON)
    page = await client.get(f"/en/drafts/{town.draft.slug}")
    assert page.status_code == 200 and page.text.count("<figure") == 1
    assert (await client.get(f"/en/drafts/{town.draft.slug}/charts/{lost}.json")).status_code == 404


async def test_an_explorers_chart_is_made_for_everybody(db: None) -> None:
    town = await a_town()
    answers = await attached(town, source=Source("explorer", "rows=q"))
    made = await shown(answers)
    assert (made.base, made.reason, made.source.slug) == (30, None, "trees")
    few = await attached(town, source=Source("explorer", "rows=q&where=q:other"), article=1)
    assert (await shown(few)).is_hidden
    with pytest.raises(NotFound):
        await attached(town, source=Source("explorer", "rows=none"))


async def test_what_is_not_for_the_public_is_not_attached(db: None) -> None:
    town = await a_town()
    asked = definition(question("single"), question("single", key="secret", public=False), key="second")
    other = await a_survey(asked, [{"q": "yes", "secret": "no"}] * 9)
    place: dict[str, Any] = {"draft_id": town.draft.id, "article_id": town.articles[0].id, "survey_id": other}
    for query in ("rows=secret", "rows=q&columns=secret", "rows=q&where=secret:no"):
        with pytest.raises(NotForPublic):
            await operations.attach(**place, source=Source("explorer", query), by=town.clerk, at=NOON)
    await operations.attach(**place, source=Source("explorer", "rows=q"), by=town.clerk, at=NOON)


async def test_a_filter_that_leaves_out_few_of_those_who_answered_shows_nothing(db: None) -> None:
    town = await a_town()
    asked = definition(question("single"), question("single", key="group"), key="third")
    many: list[dict[str, Any]] = [{"q": "yes", "group": "yes"}] * 20
    few: list[dict[str, Any]] = [{"q": None, "group": "no"}] * 10 + [{"q": "no", "group": "no"}] * 2
    other = await a_survey(asked, many + few)
    place: dict[str, Any] = {"draft_id": town.draft.id, "article_id": town.articles[0].id, "survey_id": other}
    source = Source("explorer", "rows=q&where=group:yes")
    made = await operations.attach(**place, source=source, by=town.clerk, at=NOON)
    assert (await shown(made)).is_hidden
