"""Files on their way into a response: sent with one page, they wait here until the answers are stored.

The form then carries a signed token instead of the file, through every page, every language and every mistake. Storing
the answers attaches the file in the same transaction; what nobody attaches is forgotten.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from consult.documents import scanning
from consult.errors import N_, NotFound, Problem
from consult.records.attachment import Attachment, safe_name
from consult.records.cleaning import Taken
from consult.storage import execute, fetch, fetchrow, fetchval
from consult.surveys.answers.decoders.given import AGAIN
from consult.surveys.answers.file_tokens import FileSigner, Sent, id_in
from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d
from consult.surveys.files.file_kinds import MIB, take

DAY = dt.timedelta(days=1)
WAITING = 2 * DAY
MOST_WAITING_BYTES = 2048 * MIB
AT_ONCE = 2
LONGEST_NAME_BYTES = 120

ONE_FILE = N_("More than one file was sent. Choose one: “%(question)s”.")
NO_ROOM = N_("Files cannot be taken at the moment. Leave this one out, or try again later: “%(question)s”.")
NAMES = {True: "photo", False: "file"}

_drawing = asyncio.Semaphore(AT_ONCE)


def largest_post(compiled: Compiled) -> int:
    """Bytes that a page may send as files: twice what it takes, so that most of what is too large gets an answer."""
    per_page = [
        sum(q.max_mib for q in page.page.questions if isinstance(q, d.File | d.Photo)) for page in compiled.pages
    ]
    return 2 * max(per_page) * MIB


async def receive(
    compiled: Compiled,
    fields: Fields,
    files: Mapping[str, Sequence[tuple[str, bytes]]],
    *,
    signer: FileSigner,
    survey: UUID,
    is_test: bool,
    now: dt.datetime,
    clamd: str | None = None,
) -> list[Problem]:
    """Put tokens into the fields for the files that came; what cannot be taken is said, by field."""
    problems: list[Problem] = []
    for question in compiled.file_questions:
        key, told = question.key, {"question": question.text}
        token = next((value for value in fields.get(key, ()) if value), "")
        if token and (f"{key}.remove" in fields or signer.read(key, token) is None):
            if f"{key}.remove" not in fields:
                problems.append(Problem(key, AGAIN, told))
            del fields[key]
        fields.pop(f"{key}.remove", None)
        fields.pop(f"{key}.file", None)
        sent = [(name, content) for name, content in files.get(f"{key}.file", ()) if name or content]
        if not sent:
            continue
        if len(sent) > 1:
            problems.append(Problem(key, ONE_FILE, told))
            continue
        name, content = sent[0]
        if (harm := await scanning.problem(key, name[:200], content, clamd)) is not None:
            problems.append(harm)
            continue
        async with _drawing:
            taken = await asyncio.to_thread(take, question, content)
        if isinstance(taken, Problem):
            problems.append(taken)
        elif not await _has_room(len(taken.content)):
            problems.append(Problem(key, NO_ROOM, told))
        else:
            shown = _name(compiled.definition, question, name, taken)
            kept = await _keep(taken, shown, survey=survey, question=key, is_test=is_test, now=now)
            fields[key] = [signer.issue(key, kept)]
    return problems


def _name(definition: d.Definition, question: d.File | d.Photo, name: str, taken: Taken) -> str:
    """In an anonymous survey the file's own name is not kept: it may say whose it is."""
    if definition.mode == "anonymous":
        return NAMES[isinstance(question, d.Photo)] + taken.ending
    plain = safe_name(name, taken.media_type)
    while len(plain.encode()) > LONGEST_NAME_BYTES:
        plain = plain[:-5].removesuffix(taken.ending) + taken.ending
    return plain


async def _has_room(size: int) -> bool:
    waiting = await fetchval("select coalesce(sum(size), 0) from survey_file where response is null")
    return bool(waiting + size <= MOST_WAITING_BYTES)


async def _keep(
    taken: Taken, name: str, *, survey: UUID, question: str, is_test: bool, now: dt.datetime
) -> Sent:  # fmt: skip
    file_id = uuid4()
    await execute(
        """insert into survey_file
               (id, survey, question, is_test, name, media_type, size, sha256, content, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        file_id,
        survey,
        question,
        is_test,
        name,
        taken.media_type,
        len(taken.content),
        hashlib.sha256(taken.content).digest(),
        taken.content,
        midnight(now + WAITING),
    )
    return Sent(file_id, len(taken.content), name)


def files_in(compiled: Compiled, answers: Mapping[str, Any]) -> tuple[UUID, ...]:
    """The files that a response refers to."""
    return tuple(UUID(answers[q.key]) for q in compiled.file_questions if answers.get(q.key))


async def gone(compiled: Compiled, answers: Mapping[str, Any], supersedes: UUID | None = None) -> list[Problem]:
    """The questions whose files are neither waiting nor with what is replaced; all where that cannot be told."""
    ids = files_in(compiled, answers)
    rows = await fetch(
        "select id from survey_file where id = any($1::uuid[]) and (response is null or response = $2)",
        list(ids),
        supersedes,
    )
    waiting = {str(row["id"]) for row in rows}
    asked = [q for q in compiled.file_questions if answers.get(q.key)]
    lost = [q for q in asked if answers[q.key] not in waiting] or asked
    return [Problem(q.key, AGAIN, {"question": q.text}) for q in lost]


async def tokens_of(response: UUID, signer: FileSigner) -> dict[str, str]:
    """For changing a response: by question, what stands in the form for its files."""
    found = await of_response(response)
    return {file.question: signer.issue(file.question, Sent(file.id, file.size, file.name)) for file in found}


def midnight(moment: dt.datetime) -> dt.datetime:
    """The beginning of its day. An exact time would tell when the file came, or whose letter was written then."""
    return dt.datetime.combine(moment.date(), dt.time.min, moment.tzinfo)


async def prolong(tokens: Iterable[str], until: dt.datetime) -> None:
    """Keep waiting files as long as the answers that somebody goes on with later: to the end of that day."""
    ids = [found for token in tokens if (found := id_in(token)) is not None]
    await execute(
        "update survey_file set expires_at = greatest(expires_at, $2) where id = any($1::uuid[]) and response is null",
        ids,
        midnight(until + DAY),
    )


async def forget(*, at: dt.datetime) -> int:
    """Remove files that waited in vain; gives their number."""
    gone = await fetch("delete from survey_file where response is null and expires_at <= $1 returning id", at)
    return len(gone)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a response, without its bytes."""

    id: UUID
    question: str
    name: str
    size: int


async def of_response(response: UUID) -> list[Attached]:
    rows = await fetch(
        "select id, question, name, size from survey_file where response = $1 order by question", response
    )
    return [Attached(**dict(row)) for row in rows]


async def file_of(response: UUID, file: UUID) -> tuple[Attachment, bytes]:
    """A file of a response with its bytes. Raises NotFound."""
    row = await fetchrow(
        "select id, name, media_type, size, content from survey_file where id = $1 and response = $2", file, response
    )
    if row is None:
        raise NotFound
    nowhen = dt.datetime.fromtimestamp(0, dt.UTC)
    found = Attachment(row["id"], "response", str(response), row["name"], row["media_type"], row["size"], nowhen)
    return found, bytes(row["content"])
