"""Writes of the translators: nothing but translations changes here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from consult.errors import Invalid, NotFound
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction
from consult.studio.translation import Wish, judge
from consult.surveys import queries
from consult.surveys.authoring import ledger
from consult.surveys.authoring.translations import Pair, State
from consult.surveys.definition.schema import Definition, to_builtins
from consult.surveys.definition.texts import texts, with_texts


async def translate(
    *,
    survey_id: UUID,
    wishes: Iterable[Wish],
    languages: tuple[str, ...],
    at: datetime,
    person: UUID | None = None,
    confirmed: Iterable[tuple[str, str]] = (),
) -> int:
    """Write translations and confirm stale ones, all or nothing; how many texts changed.

    confirmed: (place, language) of stale translations that are still right. Raises NotFound, Invalid (by field).
    """
    async with transaction():
        before = await _locked(survey_id)
        judged = judge(before, wishes, languages)
        if judged.problems:
            raise Invalid(judged.problems)
        await _write(survey_id, before, judged.changes, at, person)
        await ledger.confirm(survey_id=survey_id, wanted=list(_pairs(before, confirmed)), at=at, person=person)
        if judged.changes or confirmed:
            changed = sorted({language for _, language in (*judged.changes, *confirmed)})
            await audit(
                actor=person, kind="survey.translated", record="survey", record_id=survey_id, at=at,
                after={"languages": changed, "texts": len(judged.changes)},
            )  # fmt: skip
    return len(judged.changes)


async def _locked(survey_id: UUID) -> Definition:
    await fetchval("select survey from survey_working_copy where survey = $1 for update", survey_id)
    copy = await queries.working_copy(survey_id)
    if copy is None:
        raise NotFound
    return copy.definition


async def _write(
    survey_id: UUID, before: Definition, changes: Mapping[tuple[str, str], str], at: datetime, person: UUID | None
) -> None:
    if not changes:
        return
    new = dict.fromkeys(language for (_, language), value in changes.items() if value)
    added = tuple(language for language in new if language not in before.languages)
    whole = msgspec.structs.replace(before, languages=(*before.languages, *added))
    definition = with_texts(whole, changes)
    await ledger.keep(survey_id=survey_id, definition=definition, at=at, person=person)
    await execute(
        "update survey_working_copy set document = $2, changed_at = $3, changed_by = $4, revision = revision + 1"
        " where survey = $1",
        survey_id,
        to_builtins(definition),
        at,
        person,
    )


def _pairs(definition: Definition, wanted: Iterable[tuple[str, str]]) -> Iterable[Pair]:
    found = dict(texts(definition))
    source_language = definition.languages[0]
    for place, language in wanted:
        text = found.get(place, {})
        value = text.get(language, "").strip()
        if value and language != source_language:
            yield Pair(source_language, language, text.get(source_language, "").strip(), value)


async def approve(*, survey_id: UUID, wanted: Iterable[tuple[str, str]], at: datetime, person: UUID) -> int:
    """Approve translations as a second person; how many. Raises NotFound, ledger.OwnTranslation."""
    asked = list(wanted)
    async with transaction():
        definition = await _locked(survey_id)
        made = await ledger.approve(survey_id=survey_id, wanted=list(_pairs(definition, asked)), at=at, person=person)
        if made:
            changed = sorted({language for _, language in asked})
            await audit(
                actor=person,
                kind="survey.approved",
                record="survey",
                record_id=survey_id,
                at=at,
                after={"languages": changed, "texts": made},
            )
    return made


async def waiting(*, survey_id: UUID, languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """What is to be approved, as (place, language). Raises NotFound."""
    copy = await queries.working_copy(survey_id)
    if copy is None:
        raise NotFound
    made = await ledger.ledger(survey_id, needs_approval=True)
    return [
        (line.place, line.language) for line in made.lines(copy.definition, languages) if line.state is State.WAITING
    ]
