"""What a person can do with support: give it by one click or by a confirmed address, and take it back."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from consult.drafts import queries as drafts
from consult.drafts.comments import letters, queries
from consult.drafts.comments.comment import Comment, State
from consult.drafts.comments.support import Ticket, email_mark, ticket
from consult.errors import N_, NotFound, Refused
from consult.mail.message import email_address
from consult.storage import execute, fetchval, transaction


class SupportClosed(Refused):
    message = N_("This draft takes no comments and no support at the moment.")


class TooLate(Refused):
    message = N_("This link was valid for seven days. Support the comment once more.")


async def support(*, comment_id: UUID, browser: bytes, at: datetime) -> bool:
    """Count a browser once; True where it counted now. Raises NotFound, SupportClosed."""
    async with transaction():
        await _supportable(comment_id, at)
        made = await fetchval(
            "insert into comment_support (id, comment, browser, supported_on) values ($1, $2, $3, $4) "
            "on conflict do nothing returning 1",
            uuid4(),
            comment_id,
            browser,
            at.astimezone(UTC).date(),
        )
    return made is not None


async def withdraw(*, comment_id: UUID, browser: bytes, at: datetime) -> None:
    """Take a browser's support back; without any nothing changes. Raises NotFound, SupportClosed."""
    async with transaction():
        await _supportable(comment_id, at)
        await execute("delete from comment_support where comment = $1 and browser = $2", comment_id, browser)


async def send_link(
    *, comment_id: UUID, email: str, browser: bytes, language: str, secret: bytes, base_url: str, at: datetime
) -> None:
    """Write to an address so that its owner can confirm. The same letter goes out once a day at most.

    Raises BadAddress, NotFound, SupportClosed. Whether the address has supported before is told to nobody.
    """
    address = email_address(email)
    async with transaction():
        comment = await _supportable(comment_id, at)
        known = await fetchval(
            "select 1 from comment_support where comment = $1 and email = $2",
            comment_id,
            email_mark(secret, comment_id, address),
        )
        if known is None:
            made = ticket(secret, comment=comment_id, address=address, browser=browser, at=at)
            await letters.confirm_support(
                comment, address=address, ticket=made, language=language, base_url=base_url, at=at
            )


async def confirm(given: Ticket, *, browser: bytes, at: datetime) -> bool:
    """Count an address once; True where it counted now.

    Where the browser that asked, or the one that confirms, has supported already, that support becomes the address's:
    one person is not counted twice as far as we know. Raises NotFound, SupportClosed, TooLate.
    """
    if not given.is_valid(at):
        raise TooLate
    async with transaction():
        await fetchval("select 1 from comment where id = $1 for update", given.comment)
        await _supportable(given.comment, at)
        if await fetchval(
            "select 1 from comment_support where comment = $1 and email = $2", given.comment, given.email
        ):
            return False
        for mark in dict.fromkeys((given.browser, browser)):
            joined = await fetchval(
                "update comment_support set email = $3 where comment = $1 and browser = $2 and email is null "
                "returning 1",
                given.comment,
                mark,
                given.email,
            )
            if joined:
                return False
        # Somebody else has confirmed from the same browser: this support then hangs on its address alone.
        await execute(
            "insert into comment_support (id, comment, browser, email, supported_on) values ($1, $2, "
            "(select $3::bytea where not exists (select from comment_support where comment = $2 and browser = $3)), "
            "$4, $5)",
            uuid4(),
            given.comment,
            given.browser,
            given.email,
            at.astimezone(UTC).date(),
        )
    return True


async def _supportable(comment_id: UUID, at: datetime) -> Comment:
    comment = await queries.comment(comment_id)
    draft = await drafts.draft_by_id(comment.draft) if comment else None
    if comment is None or draft is None or comment.state is not State.PUBLISHED or not draft.is_published:
        raise NotFound
    if not draft.takes_comments(at):
        raise SupportClosed
    return comment
