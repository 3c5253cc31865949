"""Seeding a town on a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from consult import i18n
from consult.consultations import queries as consultations
from consult.demo import content
from consult.demo.accounts import password_of
from consult.demo.seed import NoDemonstration, seed
from consult.drafts import queries as drafts
from consult.drafts.comments.comment import State
from consult.forums import queries as forums
from consult.people import queries as people
from consult.portal import operations as evidence_operations
from consult.portal import queries as evidence
from consult.profile import Profile, load_profile
from consult.results import queries as results
from consult.settings import Settings, resource
from consult.storage import fetch
from consult.surveys import queries as surveys

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def languages_as_before() -> Iterator[None]:
    yield
    configured("skopje")


def configured(town: str) -> Profile:
    found = load_profile(resource("profiles", f"{town}.toml"))
    i18n.configure(found)
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(base_url="http://consult.test", data=tmp_path)


async def rows_by_table() -> dict[str, int]:
    tables = await fetch("select tablename from pg_tables where schemaname = 'public' order by tablename")
    counts = {}
    for row in tables:
        name = row["tablename"]
        counts[name] = (await fetch(f'select count(*) as n from "{name}"'))[0]["n"]
    return counts


async def drafts_are_whole(town: content.Town) -> None:
    """Each draft has its versions, charts and comments, with what became of them."""
    for one in town.drafts:
        draft = await drafts.draft(one.slug)
        assert draft is not None
        assert draft.is_demo
        assert draft.version_number == len(one.versions)
        links = [chart.source.query for charts in (await evidence.of_draft(draft.id)).values() for chart in charts]
        assert sorted(links) == sorted(link.question for link in one.evidence)
        rows = await fetch(
            "select c.state, c.supports, r.released_at, "
            "(select count(*) from comment x where x.reply_to = c.id) as replies "
            "from comment c left join reasoned_answer r on r.comment = c.id and r.is_current "
            "where c.draft = $1 and c.text = any($2::text[])",
            draft.id,
            [entry.text for entry in one.comments],
        )
        assert len(rows) == len(one.comments)
        assert sum(row["supports"] for row in rows) == sum(entry.supports for entry in one.comments)
        assert sum(row["replies"] for row in rows) == sum(len(entry.replies) for entry in one.comments)
        assert all((row["released_at"] is not None) == (one.released is not None) for row in rows)
        for state in State:
            stored = sum(row["state"] == state.value for row in rows)
            assert stored == sum(entry.state == state.value for entry in one.comments)


# Skopje is seeded twice by tests/test_demo.py, and looked at page by page in tests/browser.
@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=[pytest.mark.slow] if key == "skopje" else []) for key in content.towns()]
)
async def test_seeding_fills_every_part_and_a_second_time_changes_nothing(
    db: None, key: str, settings: Settings
) -> None:
    profile = configured(key)
    said: list[str] = []
    accounts = await seed(settings, profile, progress=said.append, at=AT)
    town = content.town(profile.key)
    first = await rows_by_table()

    assert {account.role for account in accounts} == {one.role for one in town.staff}
    for account in accounts:
        assert account.password == password_of(account.email, (settings.data / "secret").read_bytes())
        person = await people.active_by_email(account.email)
        assert person is not None
        assert account.role in person.roles

    open_now = [one.slug for one in await consultations.open_now(AT)]
    assert open_now == [one.slug for one in town.consultations if one.outcome is None]
    reported = {one.slug for one in await consultations.closed_with_outcome()}
    assert reported == {one.slug for one in town.consultations if one.outcome is not None}

    await drafts_are_whole(town)
    acts = await fetch("select distinct act from moderation_act where reason <> ''")
    assert {row["act"] for row in acts} == {"refused", "hidden", "covered"}
    groups = await fetch("select state, count(*) as count from comment_group group by state")
    assert {row["state"]: row["count"] for row in groups} == {"proposed": 1, "confirmed": 1}

    for fieldwork in town.answers.fieldwork:
        survey = await surveys.survey(fieldwork.slug)
        assert survey.is_demo
        assert survey.is_open(AT) == (fieldwork.closes > 0)
        assert await surveys.count(survey.id) == fieldwork.responses

    shown = {one.survey.slug for one in await results.published_results()}
    assert shown == {one.slug for one in town.answers.fieldwork if one.results is not None}

    for plan in town.forums:
        forum = await forums.forum(plan.slug)
        assert forum is not None
        assert [session.seats_taken for session in forum.sessions] == [one.registered for one in plan.sessions]
        assert [session.waiting for session in forum.sessions] == [one.waiting for one in plan.sessions]

    again = await seed(settings, profile, progress=said.append, at=AT)
    assert again == accounts
    assert await rows_by_table() == first


async def test_profile_without_content_is_refused(db: None, settings: Settings) -> None:
    profile = configured("skopje")
    with pytest.raises(NoDemonstration):
        await seed(settings, msgspec.structs.replace(profile, key="elsewhere"), progress=lambda line: None, at=AT)


@pytest.mark.slow
async def test_chart_that_staff_took_away_stays_away(db: None, settings: Settings) -> None:
    profile = configured("telavi")
    await seed(settings, profile, progress=lambda line: None, at=AT)
    draft = await drafts.draft(next(one.slug for one in content.town(profile.key).drafts if one.evidence))
    assert draft is not None
    charts = [chart for found in (await evidence.of_draft(draft.id)).values() for chart in found]
    admin = await people.active_by_email(f"admin@{profile.key}.example")
    assert admin is not None
    await evidence_operations.detach(evidence_id=charts[0].id, by=admin.id, at=AT)
    await seed(settings, profile, progress=lambda line: None, at=AT)
    left = [chart.id for found in (await evidence.of_draft(draft.id)).values() for chart in found]
    assert sorted(left) == sorted(chart.id for chart in charts[1:])
