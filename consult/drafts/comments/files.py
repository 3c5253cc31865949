"""Files that come with a comment. They wait under the form's id, survive its mistakes, and join the comment with it."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from consult.errors import N_, Invalid, Problem
from consult.records import queries as records
from consult.records.attachment import LIMIT, Attachment
from consult.records.cleaning import Fault, Taken, Unfit, cleaned
from consult.records.operations import attach, audit, detach
from consult.storage import execute, fetchval, transaction
from consult.web import Upload

RECORD = "comment"
WAITS = "comment-form"
MOST_FILES = 3
WAITING = dt.timedelta(days=2)
MOST_WAITING_BYTES = 1024 * 2**20
AT_ONCE = 2
SLOTS = tuple(f"file-{number}" for number in range(1, MOST_FILES + 1))

TOO_LARGE = N_("The file “%(name)s” is larger than 10 MB.")
NO_ROOM = N_("Files cannot be taken at the moment. Send your comment without them, or try again later.")
TOO_MANY = N_("Attach at most %(most)s files.")
WORDS: Mapping[Fault, str] = {
    Fault.EMPTY: N_("The file “%(name)s” is empty. Choose another one."),
    Fault.WRONG_KIND: N_("The file “%(name)s” must be a PDF, PNG, JPEG, WebP, DOCX or ODT."),
    Fault.NO_PICTURE: N_("The picture “%(name)s” cannot be read. Choose another one."),
    Fault.TOO_MANY_PIXELS: N_("The picture “%(name)s” has too many pixels. Make it smaller."),
    Fault.HAS_MACROS: N_("The document “%(name)s” has macros. Save it without them and choose it again."),
}
_cleaning = asyncio.Semaphore(AT_ONCE)


async def waiting(form_id: UUID | None) -> tuple[Attachment, ...]:
    """What was sent with a form that is not stored yet."""
    if form_id is None:
        return ()
    return tuple(await records.attachments(WAITS, form_id))


async def receive(
    form_id: UUID,
    uploads: Mapping[str, Upload],
    *,
    dropped: Iterable[str] = (),
    by: UUID | None = None,
    at: dt.datetime,
) -> list[Problem]:
    """Keep the files of a form and forget those that were ticked; what cannot be taken is said, by field."""
    sent = [(slot, uploads[slot]) for slot in SLOTS if slot in uploads]
    problems: list[Problem] = []
    taken: list[tuple[str, str, Taken]] = []
    for slot, upload in sent:
        found = await _cleaned(slot, upload)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            taken.append((slot, upload.name, found))
    async with transaction():
        # The form may be sent twice at once, or stored meanwhile: a comment that is there gets no more files.
        await execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", str(form_id))
        if await fetchval("select 1 from comment where id = $1", form_id):
            return []
        there = await waiting(form_id)
        for one in there:
            if str(one.id) in set(dropped):
                await detach(attachment_id=one.id)
        room = MOST_FILES - sum(str(one.id) not in set(dropped) for one in there)
        if taken and await _is_full():
            return [Problem(taken[0][0], NO_ROOM)]
        for slot, name, file in taken:
            if room <= 0:
                problems.append(Problem(slot, TOO_MANY, {"most": MOST_FILES}))
                break
            await attach(record=WAITS, record_id=form_id, name=name, content=file.content, by=by, at=at)
            room -= 1
    return problems


async def _cleaned(slot: str, upload: Upload) -> Taken | Problem:
    if len(upload.content) > LIMIT:
        return Problem(slot, TOO_LARGE, {"name": upload.name})
    try:
        async with _cleaning:
            return await asyncio.to_thread(cleaned, upload.content)
    except Unfit as unfit:
        return Problem(slot, WORDS[unfit.fault], {"name": upload.name})


async def _is_full() -> bool:
    kept = await fetchval("select coalesce(sum(size), 0) from attachment where record = $1", WAITS)
    return int(kept) > MOST_WAITING_BYTES


async def join(comment_id: UUID) -> None:
    """Make what waited under the form's id the comment's, in the transaction that stores it."""
    await execute(
        "update attachment set record = $2 where record = $3 and record_id = $1", str(comment_id), RECORD, WAITS
    )


async def forget(at: dt.datetime) -> None:
    """Delete what nobody has sent a comment for."""
    await execute("delete from attachment where record = $1 and added_at < $2", WAITS, at - WAITING)


async def erase(comment_id: UUID) -> None:
    await execute("delete from attachment where record = $1 and record_id = $2", RECORD, str(comment_id))


async def remove_file(comment_id: UUID, file_id: UUID, *, reason: str, actor: UUID | None, at: dt.datetime) -> None:
    """Take one file off a comment for good. The trail keeps why, not what. Raises Invalid."""
    if not reason.strip():
        raise Invalid([Problem("file_reason", N_("Write on what ground you erase."))])
    async with transaction():
        gone = await fetchval(
            "delete from attachment where id = $1 and record = $2 and record_id = $3 returning 1",
            file_id,
            RECORD,
            str(comment_id),
        )
        if gone:
            await audit(
                actor=actor,
                kind="comment.file_removed",
                record=RECORD,
                record_id=comment_id,
                reason=reason.strip(),
                at=at,
            )
