"""Writes: declaring a design, keeping, choosing and deleting sets of weights."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from consult.columns.frame import Frame
from consult.errors import N_, Invalid, Problem
from consult.exchange.names import slug_of
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction
from consult.surveys import queries as surveys
from consult.weighting import declared as designs
from consult.weighting import queries
from consult.weighting import recipe as recipes
from consult.weighting.declared import Declared
from consult.weighting.recipe import LONGEST_NAME, Margin, Recipe

MOST_SETS = 50
NO_MARGIN = N_("Choose at least one distribution of the population, or send a table.")
RESERVED = ("new", "add", "weights")


class WrongDesign(Invalid):
    message = N_("This design cannot be declared like that.")


class WrongWeights(Invalid):
    message = N_("These weights cannot be saved like that.")


async def declare_design(
    *, survey_id: UUID, declared: Declared, frame: Frame | None, at: datetime, person: UUID | None = None
) -> None:
    """Declare how respondents were chosen. Raises NotFound, WrongDesign.

    frame  the survey's answers, whose variables strata and clusters name; None where neither is declared.
    """
    found = designs.problems(declared, {} if frame is None else frame.variables)
    if found:
        raise WrongDesign(found)
    async with transaction():
        await surveys.survey_by_id(survey_id)
        before = await queries.design_of(survey_id)
        await execute(
            """insert into survey_design (survey, document, declared_at, declared_by) values ($1, $2, $3, $4)
               on conflict (survey) do update set document = excluded.document, declared_at = excluded.declared_at,
                   declared_by = excluded.declared_by""",
            survey_id,
            designs.to_builtins(declared),
            at,
            person,
        )
        await audit(
            actor=person,
            kind="design.declared",
            record="survey",
            record_id=survey_id,
            at=at,
            before={"design": before.kind, "population": before.people},
            after={"design": declared.kind, "population": declared.people},
        )


async def withdraw_design(*, survey_id: UUID, at: datetime, person: UUID | None = None) -> None:
    """Let the questionnaire's own design hold again. Raises NotFound."""
    async with transaction():
        await surveys.survey_by_id(survey_id)
        removed = await fetchval("delete from survey_design where survey = $1 returning survey", survey_id)
        if removed is not None:
            await audit(actor=person, kind="design.withdrawn", record="survey", record_id=survey_id, at=at)


async def create_weights(
    *, survey_id: UUID, name: str, recipe: Recipe, at: datetime, person: UUID | None = None
) -> str:
    """Keep a new set of weights; gives its key. Raises NotFound, WrongWeights."""
    async with transaction():
        await surveys.survey_by_id(survey_id)
        sets = await queries.weight_sets(survey_id)
        problems = recipes.name_problems(name, [one.name for one in sets])
        if not recipe.margins:
            problems.append(Problem("margins", NO_MARGIN))
        if len(sets) >= MOST_SETS:
            problems.append(Problem("name", N_("This survey has too many sets of weights. Delete one first.")))
        if problems:
            raise WrongWeights(problems)
        key = _key(name, {one.key for one in sets})
        await execute(
            """insert into weight_set (id, survey, key, name, document, changed_at, changed_by)
               values ($1, $2, $3, $4, $5, $6, $7)""",
            uuid4(),
            survey_id,
            key,
            name,
            recipes.to_builtins(recipe),
            at,
            person,
        )
        await _note(person, "weights.saved", survey_id, name, recipe, at)
    return key


async def save_weights(
    *, survey_id: UUID, key: str, name: str, recipe: Recipe, frame: Frame, at: datetime, person: UUID | None = None
) -> None:
    """Change a set of weights; what has not changed changes nothing. Raises NotFound, WrongWeights."""
    async with transaction():
        before = await queries.weight_set(survey_id, key)
        others = [one.name for one in await queries.weight_sets(survey_id) if one.key != key]
        found = recipes.problems(name, recipe, frame.variables, others)
        if found:
            raise WrongWeights(found)
        if (before.name, before.recipe) == (name, recipe):
            return
        await execute(
            """update weight_set set name = $3, document = $4, changed_at = $5, changed_by = $6
               where survey = $1 and key = $2""",
            survey_id,
            key,
            name,
            recipes.to_builtins(recipe),
            at,
            person,
        )
        await _note(person, "weights.saved", survey_id, name, recipe, at)


async def add_margins(
    *, survey_id: UUID, key: str, margins: tuple[Margin, ...], at: datetime, person: UUID | None = None
) -> None:
    """Add distributions to a set of weights. Raises NotFound, WrongWeights."""
    async with transaction():
        found = await queries.weight_set(survey_id, key)
        if not margins:
            raise WrongWeights([Problem("margins", NO_MARGIN)])
        if len(found.recipe.margins) + len(margins) > recipes.MOST_MARGINS:
            raise WrongWeights([Problem("margins", N_("These weights have too many distributions. Remove one first."))])
        recipe = Recipe(
            (*found.recipe.margins, *margins), found.recipe.is_capped, found.recipe.lowest, found.recipe.highest
        )
        await execute(
            "update weight_set set document = $3, changed_at = $4, changed_by = $5 where survey = $1 and key = $2",
            survey_id,
            key,
            recipes.to_builtins(recipe),
            at,
            person,
        )
        await _note(person, "weights.saved", survey_id, found.name, recipe, at)


async def delete_weights(*, survey_id: UUID, key: str, at: datetime, person: UUID | None = None) -> None:
    """Raises NotFound."""
    async with transaction():
        found = await queries.weight_set(survey_id, key)
        await execute("delete from weight_set where survey = $1 and key = $2", survey_id, key)
        await audit(
            actor=person,
            kind="weights.deleted",
            record="survey",
            record_id=survey_id,
            at=at,
            before={"weights": found.name},
        )


async def set_default(*, survey_id: UUID, key: str, at: datetime, person: UUID | None = None) -> None:
    """Choose the weights of published results; an empty key for none. Raises NotFound."""
    async with transaction():
        await surveys.survey_by_id(survey_id)
        before = await queries.default_weights(survey_id)
        if before == key:
            return
        name = (await queries.weight_set(survey_id, key)).name if key else ""
        was = (await queries.weight_set(survey_id, before)).name if before else ""
        await execute("update weight_set set is_default = false where survey = $1 and is_default", survey_id)
        await execute("update weight_set set is_default = true where survey = $1 and key = $2", survey_id, key)
        await audit(
            actor=person,
            kind="weights.default",
            record="survey",
            record_id=survey_id,
            at=at,
            before={"weights": was},
            after={"weights": name},
        )


def _key(name: str, taken: set[str]) -> str:
    """The name for addresses: of its Latin letters and digits, or a number."""
    plain = slug_of(name)[: LONGEST_NAME // 2].strip("-")
    wanted = "set" if plain == "survey" or plain in RESERVED or plain.isdecimal() else plain
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}-{number}", number + 1
    return key


async def _note(person: UUID | None, kind: str, survey_id: UUID, name: str, recipe: Recipe, at: datetime) -> None:
    titles = "; ".join(next(iter(margin.title.values()), "") for margin in recipe.margins)
    await audit(
        actor=person, kind=kind, record="survey", record_id=survey_id, at=at, after={"weights": name, "margins": titles}
    )
