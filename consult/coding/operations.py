"""Writes: codes, and which answers have them. Each leaves its entry in the audit trail, without any answer's id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from consult.coding import queries
from consult.coding.code import FIRST, MOST_CODES, SECOND, Code, CodeFrame, clean, label_problems, open_questions
from consult.columns.united import united
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Text
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchrow, fetchval, transaction
from consult.surveys import queries as surveys
from consult.surveys.queries import IN_FORCE

MANY = 1000
"""So many changes at once make the plans useless that the database has kept from when the tables were small."""


class CodedByYourself(Refused):
    message = N_("You have coded some of these answers yourself. The second coder has to be another person.")


class SameCode(Refused):
    message = N_("Choose another code to merge with.")


async def add_code(
    *, survey_id: UUID, question: str, label: Mapping[str, str], at: datetime, person: UUID | None = None,
    place: str = "label",
) -> Code:  # fmt: skip
    """Add a code to an open question. Raises NotFound for a question that is none, Invalid for the label (at place)."""
    async with transaction():
        frame = await _frame(survey_id, question, at, person)
        cleaned = clean(label)
        problems = label_problems(cleaned, [code.label for code in frame.codes], place)
        if len(frame.codes) >= MOST_CODES:
            message = N_("A question has at most %(most)s codes. Merge some of them.")
            problems = [Problem(place, message, {"most": MOST_CODES})]
        if problems:
            raise Invalid(problems)
        row = await fetchrow(
            "insert into code (id, frame, number, key, label) select $1, $2, next, 'c' || next, $3"
            " from (select coalesce(max(number), 0) + 1 as next from code where frame = $2) as last"
            " returning id, key, label",
            uuid4(),
            frame.id,
            cleaned,
        )
        made = Code(**dict(row or {}))
        await _audit("coding.code_added", survey_id, question, at, person, code=made.key, label=_named(cleaned))
    return made


async def rename_code(
    *, survey_id: UUID, question: str, key: str, label: Mapping[str, str], at: datetime, person: UUID | None = None,
    place: str = "label",
) -> None:  # fmt: skip
    """Give a code another name; its key stays. Raises NotFound, Invalid."""
    async with transaction():
        frame, code = await _code(survey_id, question, key)
        cleaned = clean(label)
        if problems := label_problems(cleaned, [one.label for one in frame.codes if one.key != key], place):
            raise Invalid(problems)
        if cleaned == code.label:
            return
        await execute("update code set label = $2 where id = $1", code.id, cleaned)
        await audit(
            actor=person, kind="coding.code_renamed", record="survey", record_id=survey_id, at=at,
            before={"label": _named(code.label)}, after={"question": question, "code": key, "label": _named(cleaned)},
        )  # fmt: skip


async def merge_codes(
    *, survey_id: UUID, question: str, key: str, into: str, at: datetime, person: UUID | None = None
) -> None:
    """Give all answers of one code to another, for both coders; the first code is gone. Raises NotFound, SameCode."""
    if key == into:
        raise SameCode
    async with transaction():
        _, code = await _code(survey_id, question, key)
        _, other = await _code(survey_id, question, into)
        await execute(
            "update code_assignment a set code = $2 where code = $1"
            " and not exists (select from code_assignment b where b.answer = a.answer and b.code = $2)",
            code.id,
            other.id,
        )
        await _remove(code, at)
        await _audit("coding.codes_merged", survey_id, question, at, person, code=key, into=into, answers=code.answers)


async def delete_code(*, survey_id: UUID, question: str, key: str, at: datetime, person: UUID | None = None) -> None:
    """Delete a code. Answers that had no other one are uncoded again. Raises NotFound."""
    async with transaction():
        frame, code = await _code(survey_id, question, key)
        held = await fetch("select answer from code_assignment where code = $1", code.id)
        await _remove(code, at)
        await _forget_empty(frame.id, [row["answer"] for row in held])
        label = _named(code.label)
        await _audit(
            "coding.code_deleted", survey_id, question, at, person, code=key, label=label, answers=code.answers
        )


async def assign(
    *, survey_id: UUID, question: str, responses: Collection[UUID], keys: Collection[str], at: datetime,
    person: UUID | None = None, coder: int = FIRST, new: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Give codes to answers; codes they have stay. Without keys: none of the codes fits. How many answers changed.

    new is the label of a code that is made on the way and given too. Responses of other surveys and those without an
    answer to this question are left alone.
    Raises NotFound for an unknown code, Invalid for the label, CodedByYourself for a second coder who was the first.
    """
    async with transaction():
        if new is not None:
            made = await add_code(survey_id=survey_id, question=question, label=new, at=at, person=person, place="new")
            keys = [*keys, made.key]
        frame, codes = await _codes(survey_id, question, keys)
        if coder == SECOND:
            await _refuse_own(frame, responses, person)
        looked = await fetch(
            "insert into coded_answer (id, frame, response, coder, coded_at, coded_by)"
            f" select gen_random_uuid(), $1, id, $2, $3, $4 {IN_FORCE} and survey = $5 and id = any($6)"
            " and answers ->> $7 <> '' order by id on conflict (frame, coder, response) do nothing returning id",
            frame.id, coder, at, person, survey_id, list(responses), question,
        )  # fmt: skip
        added = await fetch(
            "insert into code_assignment (id, answer, code, assigned_at, assigned_by)"
            " select gen_random_uuid(), n.id, c.id, $4, $5 from coded_answer n cross join unnest($3::uuid[]) as c (id)"
            " where n.frame = $1 and n.coder = $2 and n.response = any($6)"
            " on conflict (answer, code) do nothing returning answer",
            frame.id, coder, [code.id for code in codes], at, person, list(responses),
        )  # fmt: skip
        changed = len({row["id"] for row in looked} | {row["answer"] for row in added})
        if changed:
            what = " ".join(code.key for code in codes)
            if changed >= MANY:
                await execute("analyze coded_answer")
                await execute("analyze code_assignment")
            await _audit("coding.assigned", survey_id, question, at, person, codes=what, answers=changed, coder=coder)
    return changed


async def take_away(
    *, survey_id: UUID, question: str, responses: Collection[UUID], keys: Collection[str] | None, at: datetime,
    person: UUID | None = None, coder: int = FIRST,
) -> int:  # fmt: skip
    """Take codes away from answers; None takes all. Answers left without a code are uncoded again. How many changed."""
    async with transaction():
        frame, codes = await _codes(survey_id, question, keys or ())
        if keys is None:
            gone = await fetch(
                "delete from coded_answer where frame = $1 and coder = $2 and response = any($3) returning id",
                frame.id, coder, list(responses),
            )  # fmt: skip
            changed = len(gone)
        else:
            rows = await fetch(
                "delete from code_assignment a using coded_answer n where n.id = a.answer and n.frame = $1"
                " and n.coder = $2 and n.response = any($3) and a.code = any($4) returning a.answer",
                frame.id, coder, list(responses), [code.id for code in codes],
            )  # fmt: skip
            changed = len({row["answer"] for row in rows})
            await _forget_empty(frame.id, [row["answer"] for row in rows])
        if changed:
            what = " ".join(code.key for code in codes)
            await _audit("coding.taken_away", survey_id, question, at, person, codes=what, answers=changed, coder=coder)
    return changed


async def _frame(survey_id: UUID, question: str, at: datetime, person: UUID | None) -> CodeFrame:
    """The question's frame, made if there is none yet, locked for this transaction."""
    versions = await surveys.versions(survey_id)
    if not versions or question not in {one.key for one in open_questions(united([v.definition for v in versions]))}:
        raise NotFound
    await execute(
        "insert into code_frame (id, survey, question, created_at, created_by) values ($1, $2, $3, $4, $5)"
        " on conflict (survey, question) do nothing",
        uuid4(), survey_id, question, at, person,
    )  # fmt: skip
    return await _locked(survey_id, question)


async def _locked(survey_id: UUID, question: str) -> CodeFrame:
    """Codes and assignments of one question change one after the other."""
    await fetchval("select id from code_frame where survey = $1 and question = $2 for update", survey_id, question)
    frame = await queries.code_frame(survey_id, question)
    if frame is None:
        raise NotFound
    return frame


async def _code(survey_id: UUID, question: str, key: str) -> tuple[CodeFrame, Code]:
    frame, (code,) = await _codes(survey_id, question, [key])
    return frame, code


async def _codes(survey_id: UUID, question: str, keys: Collection[str]) -> tuple[CodeFrame, list[Code]]:
    frame = await _locked(survey_id, question)
    found = [code for code in frame.codes if code.key in keys]
    if len(found) != len(set(keys)):
        raise NotFound
    return frame, found


async def _remove(code: Code, at: datetime) -> None:
    """The row stays behind with its number, which no other code may take."""
    await execute("delete from code_assignment where code = $1", code.id)
    await execute("update code set gone_at = $2 where id = $1", code.id, at)


async def _forget_empty(frame_id: UUID, answers: list[UUID]) -> None:
    await execute(
        "delete from coded_answer n where n.frame = $1 and n.id = any($2)"
        " and not exists (select from code_assignment a where a.answer = n.id)",
        frame_id,
        answers,
    )


async def _refuse_own(frame: CodeFrame, responses: Collection[UUID], person: UUID | None) -> None:
    own = await fetchval(
        "select exists (select from coded_answer where frame = $1 and coder = 1 and response = any($2)"
        " and coded_by = $3)",
        frame.id, list(responses), person,
    )  # fmt: skip
    if own:
        raise CodedByYourself


async def _audit(kind: str, survey_id: UUID, question: str, at: datetime, person: UUID | None, **what: Any) -> None:
    await audit(
        actor=person, kind=kind, record="survey", record_id=survey_id, at=at, after={"question": question, **what}
    )


def _named(label: Text) -> str:
    return " / ".join(label.values())
