"""The certificate: the same answer sets for everybody, compared decision by decision, kept with the version."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest

from consult.errors import Invalid
from consult.storage import execute, fetchval
from consult.studio import publishing
from consult.studio.certificates import browser_of, compare, read_decisions
from consult.studio.vectors import NUMBER, answer_sets, decisions, told
from consult.surveys import operations, queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition.schema import Definition, from_builtins, to_builtins
from consult.surveys.survey import content_hash
from tests.conftest import NOON
from tests.surveys.makers import DONT_KNOW, EVERYTHING, free, matrix, multiple, number, options, scale, single, survey


def branching() -> Definition:
    return survey(
        single(options=(*options("red", "blue"), *options("other", other=True))),
        multiple(show_if="colour != 'blue'"),
        number(outside=(DONT_KNOW,), min=0, max=120),
        scale(outside=(DONT_KNOW,), show_if="age >= 18 || 'bus' in modes"),
        matrix(outside=(DONT_KNOW,)),
        free("why", show_if="services.waste <= 2 && answered(mood)"),
    )


def server(definition: Definition) -> list[list[str]]:
    """What an honest browser decides of a definition, as it is kept."""
    definition = from_builtins(to_builtins(definition))
    compiled = Compiled(definition)
    return decisions(compiled, answer_sets(compiled, content_hash(definition)))


def test_sets_are_the_same_everywhere_and_reach_both_sides_of_every_condition() -> None:
    definition = branching()
    compiled, digest = Compiled(definition), content_hash(definition)
    sets = answer_sets(compiled, digest)
    assert sets == answer_sets(Compiled(branching()), digest)
    assert len(sets) == NUMBER and sets[0] == {}
    assert {value for one in sets for value in one.get("age", ())} >= {"0", "17", "18", "19", "120", "dont_know"}
    hidden = [name for one in decisions(compiled, sets) for name in one]
    for name in ("modes", "mood", "why"):
        assert 10 < hidden.count(name) < NUMBER - 10
    assert all(not compiled.decode(one).problems for one in sets)


def test_sets_of_the_large_sample_reach_every_condition_both_ways() -> None:
    compiled = Compiled(load(EVERYTHING.read_bytes()))
    found = told(compiled, "seed")
    hidden = [set(one) for one in decisions(compiled, found.cases)]
    for block in {block.name for page in range(len(compiled.pages)) for block in compiled.blocks(page)}:
        assert 0 < sum(block in one for one in hidden) < NUMBER, block


def test_one_other_decision_is_found() -> None:
    definition = from_builtins(to_builtins(branching()))
    decided = server(definition)
    assert compare(definition, decided).disagreements == ()
    changed = [list(one) for one in decided]
    changed[7] = [*changed[7], "why"] if "why" not in changed[7] else [n for n in changed[7] if n != "why"]
    (found,) = compare(definition, changed).disagreements
    assert {*found.only_browser, *found.only_server} == {"why"}
    assert len(compare(definition, decided[:-3]).disagreements) == 3


@pytest.mark.parametrize("posted", ["", "nothing", "[1]", '[["a", 2]]', "{}", "[" * 9999])
def test_whatever_else_is_posted_is_no_decision(posted: str) -> None:
    assert read_decisions(posted) is None


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36", "Chrome 141"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 Edg/141.0.1", "Edge 141"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1", "Safari 18"),
        ("curl/8", "unknown"),
    ],
)  # fmt: skip
def test_family_and_main_version_of_the_browser_are_kept(agent: str, name: str) -> None:
    assert browser_of(agent) == name


async def test_agreement_is_kept_with_the_version(db: None) -> None:
    definition = branching()
    survey_id = await operations.import_working_copy(definition=definition, at=NOON)
    await publishing.publish(survey_id=survey_id, at=NOON, decided=server(definition), browser="Chrome 141")
    version = await queries.version(survey_id)
    kept = (await publishing.certificates(survey_id))[version.id]
    assert (kept.kind, kept.browser, kept.cases, kept.content_hash) == (
        "browser", "Chrome 141", NUMBER, version.content_hash,
    )  # fmt: skip
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await execute("update survey_certificate set browser = 'x'")


async def test_disagreement_publishes_nothing(db: None) -> None:
    definition = branching()
    survey_id = await operations.import_working_copy(definition=definition, at=NOON)
    decided = server(definition)
    decided[0] = ["modes"] if decided[0] != ["modes"] else []
    with pytest.raises(publishing.Disagree) as refused:
        await publishing.publish(survey_id=survey_id, at=NOON, decided=decided)
    assert len(refused.value.disagreements) == 1
    assert await fetchval("select count(*) from survey_version") == 0


async def test_absence_has_to_be_said(db: None) -> None:
    survey_id = await operations.import_working_copy(definition=branching(), at=NOON)
    with pytest.raises(publishing.NoCertificate):
        await publishing.publish(survey_id=survey_id, at=NOON)
    await publishing.publish(survey_id=survey_id, at=NOON, without=True)
    assert [one.kind for one in (await publishing.certificates(survey_id)).values()] == ["absent"]


async def test_without_conditions_there_is_nothing_to_decide(db: None) -> None:
    survey_id = await operations.import_working_copy(definition=survey(), at=NOON)
    await publishing.publish(survey_id=survey_id, at=NOON)
    assert [one.kind for one in (await publishing.certificates(survey_id)).values()] == ["trivial"]


async def test_what_was_not_looked_at_is_not_published(db: None) -> None:
    survey_id = await operations.import_working_copy(definition=survey(), at=NOON)
    seen = content_hash(survey())
    await operations.import_working_copy(definition=survey(free()), at=NOON + timedelta(minutes=1))
    with pytest.raises(publishing.Changed):
        await publishing.publish(survey_id=survey_id, at=NOON, seen_hash=seen)


def test_problems_are_invalid_or_refused() -> None:
    assert issubclass(publishing.Disagree, Invalid)
