"""Reads: the codes of a question, which answers have them, the written answers themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from consult.coding.code import FIRST, Code, CodeFrame
from consult.storage import fetch, fetchrow, replica
from consult.surveys.queries import IN_FORCE

BLOCK = 5000
WORDS = 64
FRAME = "select id, question from code_frame where survey = $1"
# A response that a later one replaces counts no more (compare surveys.queries.IN_FORCE; the keys say that it exists).
CODES = """
select c.id, c.key, c.label, (
    select count(*) from code_assignment a join coded_answer n on n.id = a.answer
    where a.code = c.id and n.coder = 1 and not exists (select from response later where later.supersedes = n.response)
) as answers
from code c where c.frame = $1 and c.gone_at is null order by c.number
"""
CODED = """
select count(*) filter (where by_first) as coded, count(*) filter (where by_first and by_second) as twice
from (
    select n.response, bool_or(n.coder = 1) as by_first, bool_or(n.coder = 2) as by_second from coded_answer n
    where n.frame = $1 and not exists (select from response later where later.supersedes = n.response)
    group by n.response
) as each
"""
HOW_MANY = f"""
select asked, count(*) as answers
from (select answers {IN_FORCE} and survey = $1) as given, unnest($2::text[]) as asked
where answers ->> asked <> '' group by asked
"""  # noqa: S608 - names of ours


@dataclass(frozen=True, slots=True)
class Written:
    """One answer in somebody's own words."""

    response: UUID
    language: str
    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What one coder has done with the answers to a question.

    ids   (m,) the responses looked at, 16 bytes each, in order
    bits  (m, words) uint64: bit i stands for codes[i] (see columns.Masked); none where none of the codes fits
    codes the codes, in their order
    """

    ids: NDArray[np.bytes_]
    bits: NDArray[np.uint64]
    codes: tuple[Code, ...]

    def of(self, ids: NDArray[np.void]) -> tuple[NDArray[np.bool_], NDArray[np.uint64]]:
        """For each of some responses, whether it was looked at, and its bits."""
        wanted = ids.view("S16").ravel()
        bits = np.zeros((len(wanted), self.bits.shape[1]), dtype=np.uint64)
        if not len(self.ids):
            return np.zeros(len(wanted), dtype=np.bool_), bits
        place = np.minimum(np.searchsorted(self.ids, wanted), len(self.ids) - 1)
        known = self.ids[place] == wanted
        bits[known] = self.bits[place[known]]
        return known, bits


async def code_frames(survey_id: UUID) -> dict[str, CodeFrame]:
    """The code frames of a survey by question."""
    rows = await fetch(FRAME + " order by question", survey_id)
    return {row["question"]: await _filled(row["id"], row["question"]) for row in rows}


async def code_frame(survey_id: UUID, question: str) -> CodeFrame | None:
    """The codes of a question; None before its first code."""
    row = await fetchrow(FRAME + " and question = $2", survey_id, question)
    return None if row is None else await _filled(row["id"], question)


async def _filled(frame_id: UUID, question: str) -> CodeFrame:
    codes = tuple(Code(**dict(row)) for row in await fetch(CODES, frame_id))
    counted = await fetchrow(CODED, frame_id)
    assert counted is not None  # noqa: S101 - an aggregate always has its row
    return CodeFrame(frame_id, question, codes, counted["coded"], counted["twice"])


async def marks(frame: CodeFrame, coder: int = FIRST) -> Marks:
    """All that one coder has done."""
    rows = await fetch(
        "select n.response, array_agg(a.code) filter (where a.code is not null) as codes from coded_answer n"
        " left join code_assignment a on a.answer = n.id where n.frame = $1 and n.coder = $2"
        " group by n.response order by n.response",
        frame.id,
        coder,
    )
    number = {code.id: place for place, code in enumerate(frame.codes)}
    words = max(1, -(-len(number) // WORDS))
    bits = np.zeros((len(rows), words), dtype=np.uint64)
    for row, found in zip(bits, rows, strict=True):
        for code in found["codes"] or ():
            if code in number:
                word, bit = divmod(number[code], WORDS)
                row[word] |= np.uint64(1 << bit)
    ids = np.array([row["response"].bytes for row in rows], dtype="S16")
    return Marks(ids, bits, frame.codes)


async def codes_of(frame: CodeFrame, responses: Collection[UUID], coder: int = FIRST) -> dict[UUID, tuple[Code, ...]]:
    """The codes of some answers; those that nobody has looked at are left out."""
    rows = await fetch(
        "select n.response, array_agg(a.code) filter (where a.code is not null) as codes from coded_answer n"
        " left join code_assignment a on a.answer = n.id"
        " where n.frame = $1 and n.coder = $2 and n.response = any($3) group by n.response",
        frame.id,
        coder,
        list(responses),
    )
    return {row["response"]: tuple(code for code in frame.codes if code.id in (row["codes"] or ())) for row in rows}


async def blocks(survey_id: UUID, question: str, size: int = BLOCK) -> AsyncIterator[list[Written]]:
    """All written answers to a question that count, in an order that says nothing, `size` at a time."""
    after = UUID(int=0)
    while True:
        rows = await replica.fetch(
            f"select id, language, day, answers ->> $2 as words {IN_FORCE} and survey = $1 and id > $3"
            " and answers ->> $2 <> '' order by id limit $4",
            survey_id,
            question,
            after,
            size,
        )
        if rows:
            yield [Written(row["id"], row["language"], row["day"], row["words"]) for row in rows]
        if len(rows) < size:
            return
        after = rows[-1]["id"]


async def written(survey_id: UUID, question: str, responses: Collection[UUID]) -> dict[UUID, Written]:
    """Some written answers; those that are gone meanwhile are left out."""
    rows = await fetch(
        f"select id, language, day, answers ->> $2 as words {IN_FORCE} and survey = $1 and id = any($3)"
        " and answers ->> $2 <> ''",
        survey_id,
        question,
        list(responses),
    )
    return {row["id"]: Written(row["id"], row["language"], row["day"], row["words"]) for row in rows}


async def how_many(survey_id: UUID, questions: Collection[str]) -> dict[str, int]:
    """How many people wrote something, for each of some questions."""
    rows = await replica.fetch(HOW_MANY, survey_id, list(questions))
    return {row["asked"]: row["answers"] for row in rows}
