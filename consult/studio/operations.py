"""Writes of the editor. Every change of a working copy by hand goes through `save`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from consult.errors import N_, Refused
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction
from consult.studio import queries
from consult.studio.edits import Edit, Edited, Gone, Part, part_at, plain_of, replaced
from consult.studio.merging import Clash, built, leaves, merged
from consult.surveys.authoring import ledger
from consult.surveys.definition import schema as d

KEPT = 60
NO_CHANGE = N_("Nothing has changed.")
SESSION = timedelta(minutes=30)


class EditConflict(Refused):
    """Somebody has changed the same part since.

    since       who, what and when
    clashes     what both have changed, when it can be told field by field; `part` is then their part with my changes,
                to be shown again and saved with `revision`
    """

    message = N_("Somebody else has changed this part in the meantime. Nothing was saved yet.")

    def __init__(
        self,
        since: list[queries.Revision],
        clashes: tuple[Clash, ...] = (),
        part: Part | None = None,
        revision: int = 0,
    ) -> None:
        super().__init__()
        self.since, self.clashes, self.part, self.revision = since, clashes, part, revision


class NothingToUndo(Refused):
    message = N_("There is nothing to undo.")


class NothingToRedo(Refused):
    message = N_("There is nothing to bring back.")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to. before and after are the same where nothing changed; then the revision stays."""

    revision: int
    before: d.Definition
    after: d.Definition
    edited: Edited


async def save(
    *,
    survey_id: UUID,
    edit: Edit,
    at: datetime,
    person: UUID,
    based_on: int | None = None,
    touches: tuple[str, ...] = (),
    undo: int | None = None,
    redo: int | None = None,
) -> Saved:
    """Apply an edit to the working copy as it stands, and keep the state before for undoing.

    based_on   the revision that the person saw; with `touches`, places that must not have changed since then
    undo, redo only for going back and forth: where the buttons lead from the new state

    One transaction, with the row of the working copy locked: whoever saves at the same time comes second and is
    applied to what the first has made of it. The trail gets one entry for each session of a person on a survey (changes
    less than half an hour apart); each single change stands in survey_revision. Raises NotFound, EditConflict, and what
    the edit raises.
    """
    async with transaction():
        copy = await queries.copy(survey_id, locked=True)
        if based_on is not None and based_on != copy.revision and touches:
            await _refuse_changed(survey_id, copy, based_on, touches)
        edited = edit(copy.definition)
        if edited.definition == copy.definition:
            return Saved(copy.revision, copy.definition, copy.definition, edited)
        number = copy.revision + 1
        await _keep_first(survey_id, copy)
        await ledger.keep(survey_id=survey_id, definition=edited.definition, at=at, person=person)
        await execute(
            """update survey_working_copy set document = $2, revision = $3, changed_at = $4, changed_by = $5
               where survey = $1""",
            survey_id,
            d.to_builtins(edited.definition),
            number,
            at,
            person,
        )
        is_step = undo is not None or redo is not None
        await _keep(survey_id, number, edited, undo if is_step else copy.revision, redo, at, person)
        await execute("delete from survey_revision where survey = $1 and number <= $2", survey_id, number - KEPT)
        if await _begins_session(survey_id, number, at, person):
            await audit(
                actor=person,
                kind="survey.edited",
                record="survey",
                record_id=survey_id,
                at=at,
                after={"revision": number},
            )
    return Saved(number, copy.definition, edited.definition, edited)


async def save_part(
    *,
    survey_id: UUID,
    place: str,
    written: Callable[[Part], Part],
    based_on: int,
    at: datetime,
    person: UUID,
    then: Callable[[d.Definition, str], Edited] | None = None,
    touches: tuple[str, ...] = (),
) -> Saved:
    """Save what a form says about one part, and then do something more with it (both are one change).

    written: the part with what was typed, made from the part as the form showed it. Where somebody else has changed
    the part since, both changes are kept; where both have changed the same field, nothing is saved (EditConflict).
    then: gets the definition and the place of the part, whose key may have changed; touches: as in `save`.
    """
    async with transaction():
        copy = await queries.copy(survey_id, locked=True)
        if touches and based_on != copy.revision:
            await _refuse_changed(survey_id, copy, based_on, touches)
        if based_on == copy.revision:
            made = written(part_at(copy.definition, place))
        else:
            made = await _over(survey_id, copy, place, written, based_on)

        def edit(definition: d.Definition) -> Edited:
            changed = replaced(definition, place, made)
            if then is None:
                return changed
            more = then(changed.definition, changed.at)
            return more if more.said else changed

        return await save(survey_id=survey_id, edit=edit, at=at, person=person)


async def _over(
    survey_id: UUID, copy: queries.Copy, place: str, written: Callable[[Part], Part], based_on: int
) -> Part:
    """My changes of a part laid over the part as it is by now."""
    since = await _since(survey_id, copy, based_on)
    seen = await queries.revision(survey_id, based_on)
    if seen is None:
        raise EditConflict(since)
    base = part_at(seen, place)
    mine = written(base)
    try:
        theirs = part_at(copy.definition, place)
    except Gone:
        raise EditConflict(since) from None
    if theirs == base or mine == base:
        return mine if theirs == base else theirs
    plain, clashes = merged(_plain(base), _plain(mine), _plain(theirs))
    made: Part = msgspec.convert(plain, _kind(theirs))
    if clashes:
        raise EditConflict(since, tuple(clashes), made, copy.revision)
    return made


def taken_over(*, mine: Part, theirs: Part, paths: set[str]) -> Part:
    """My part with some leaves as the other person has them."""
    found, other = leaves(_plain(mine)), leaves(_plain(theirs))
    for path in paths:
        found.pop(path, None)
        if path in other:
            found[path] = other[path]
    made: Part = msgspec.convert(built(found), _kind(theirs))
    return made


def _plain(part: Part) -> dict[str, Any]:
    plain = plain_of(part)
    plain.pop("pages" if isinstance(part, d.Definition) else "questions", None)
    return plain if not isinstance(part, d.Definition) else {**plain, "pages": []}


def _kind(part: Part) -> Any:
    return d.AnyQuestion if isinstance(part, d.BaseQuestion) else type(part)


async def _refuse_changed(survey_id: UUID, copy: queries.Copy, based_on: int, touches: tuple[str, ...]) -> None:
    seen = await queries.revision(survey_id, based_on)
    if seen is None or any(part_at(seen, place) != part_at(copy.definition, place) for place in touches):
        raise EditConflict(await _since(survey_id, copy, based_on))


async def _since(survey_id: UUID, copy: queries.Copy, based_on: int) -> list[queries.Revision]:
    await _keep_first(survey_id, copy)
    return await queries.since(survey_id, based_on)


async def _keep_first(survey_id: UUID, copy: queries.Copy) -> None:
    """The state that no edit has made (a file was taken in, or the survey is new) is kept too."""
    await execute(
        """insert into survey_revision (id, survey, number, document, said, parameters, changed_at, changed_by)
           values ($1, $2, $3, $4, '', '{}', $5, $6) on conflict (survey, number) do nothing""",
        uuid4(),
        survey_id,
        copy.revision,
        d.to_builtins(copy.definition),
        copy.changed_at,
        copy.changed_by,
    )


async def _keep(
    survey_id: UUID, number: int, edited: Edited, undo: int | None, redo: int | None, at: datetime, person: UUID
) -> None:
    await execute(
        """insert into survey_revision
               (id, survey, number, document, said, parameters, undo, redo, changed_at, changed_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        uuid4(),
        survey_id,
        number,
        d.to_builtins(edited.definition),
        edited.said,
        _kept(edited.parameters),
        undo,
        redo,
        at,
        person,
    )


def _kept(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return dict(parameters)


async def _begins_session(survey_id: UUID, number: int, at: datetime, person: UUID) -> bool:
    last = await fetchval(
        """select max(changed_at) from survey_revision
           where survey = $1 and changed_by = $2 and number < $3 and said <> ''""",
        survey_id,
        person,
        number,
    )
    return last is None or at - last > SESSION


UNDONE = N_("Undone: %(what)s")
REDONE = N_("Brought back: %(what)s")


async def undo(*, survey_id: UUID, based_on: int, at: datetime, person: UUID) -> Saved:
    """Go back by one change. Raises NothingToUndo, EditConflict when somebody has changed something since."""
    return await _step(survey_id, based_on, at, person, is_undo=True)


async def redo(*, survey_id: UUID, based_on: int, at: datetime, person: UUID) -> Saved:
    """Bring back what was undone last. Raises NothingToRedo, EditConflict."""
    return await _step(survey_id, based_on, at, person, is_undo=False)


async def _step(survey_id: UUID, based_on: int, at: datetime, person: UUID, *, is_undo: bool) -> Saved:
    async with transaction():
        copy = await queries.copy(survey_id, locked=True)
        if copy.revision != based_on:
            raise EditConflict(await _since(survey_id, copy, based_on))
        target = copy.undo if is_undo else copy.redo
        document = None if target is None else await queries.revision(survey_id, target)
        if target is None or document is None:
            raise NothingToUndo if is_undo else NothingToRedo
        beyond = await queries.steps(survey_id, target)
        told = await _told(survey_id, copy, target, is_undo=is_undo)
        return await save(
            survey_id=survey_id,
            edit=lambda _: Edited(document, UNDONE if is_undo else REDONE, told),
            at=at,
            person=person,
            undo=beyond[0] if is_undo else copy.revision,
            redo=copy.revision if is_undo else beyond[1],
        )


async def _told(survey_id: UUID, copy: queries.Copy, target: int, *, is_undo: bool) -> dict[str, Any]:
    """What is taken back or brought back: the sentence of the change itself, kept with its own parameters."""
    found = copy if is_undo else await queries.sentence(survey_id, target)
    if found is None:
        return {"what": "", "of": {}}
    inner = found.parameters.get("what")
    return (
        {"what": inner, "of": found.parameters["of"]} if inner else {"what": found.said, "of": dict(found.parameters)}
    )
