"""What a person can do about following, and telling the followers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from consult import jobs
from consult.consultations import queries as consultations
from consult.consultations.following import letters, queries
from consult.consultations.following.follower import NOTICES, UNCONFIRMED_KEPT
from consult.consultations.following.links import Links
from consult.errors import NotFound
from consult.i18n import Text
from consult.mail.message import email_address
from consult.storage import execute, transaction

AT_ONCE = 500


async def follow(
    *, email: str, language: str, consultation_id: UUID | None, links: Links, sender: Text, at: datetime
) -> None:
    """Note the wish and ask the owner of the address to confirm it. Raises BadAddress, NotFound.

    Nothing shows whether the address was known already: its owner is told by letter.
    """
    address = email_address(email)
    async with transaction():
        consultation = None
        if consultation_id is not None:
            consultation = await consultations.by_id(consultation_id)
            if consultation is None or not consultation.is_public:
                raise NotFound
        await execute(
            "insert into follower (id, email, language, consultation, asked_at) values ($1, $2, $3, $4, $5) "
            "on conflict do nothing",
            uuid4(),
            address,
            language,
            consultation_id,
            at,
        )
        follower = await queries.by_address(address, consultation_id)
        if follower is None:
            raise NotFound
        if follower.confirmed_at is not None:
            await letters.stands_already(follower, links, sender, at=at)
        else:
            await letters.please_confirm(follower, consultation, links, sender, at=at)


async def confirm(*, follower_id: UUID, at: datetime) -> None:
    """Begin; a second time changes nothing. Raises NotFound when it was ended or forgotten."""
    done = await execute("update follower set confirmed_at = coalesce(confirmed_at, $2) where id = $1", follower_id, at)
    if done.endswith(" 0"):
        raise NotFound


async def end(*, follower_id: UUID) -> None:
    """End it and forget the address; a second time changes nothing."""
    await execute("delete from follower where id = $1", follower_id)


async def forget(*, at: datetime) -> None:
    """Forget the addresses whose owners never confirmed."""
    await execute("delete from follower where confirmed_at is null and asked_at < $1", at - UNCONFIRMED_KEPT)


async def announce(
    *, consultation_id: UUID, notice: str, event: str, path: Sequence[str], **values: letters.Value
) -> None:
    """Have all followers of a consultation told, in the background, if the caller's transaction is committed.

    notice    a key of follower.NOTICES; its sentences say which values they need. A day is written as 2026-11-22.
    event     unique for what happened: a repeat tells nobody twice.
    path      parts of the page's address below the language.
    """
    if notice not in NOTICES:
        raise ValueError(f"there is no notice {notice!r}")
    payload = {"consultation": consultation_id, "notice": notice, "event": event, "path": list(path), "values": values}
    await jobs.enqueue("consultations.tell", payload)


async def tell(
    *,
    consultation_id: UUID,
    notice: str,
    event: str,
    path: Sequence[str],
    values: Mapping[str, letters.Value],
    links: Links,
    sender: Text,
    at: datetime,
) -> int:
    """Write to every follower of a consultation; gives how many there are. A repeat writes to nobody again."""
    consultation = await consultations.by_id(consultation_id)
    if consultation is None or not consultation.is_public:
        return 0
    after: UUID | None = None
    told = 0
    while found := await queries.confirmed(consultation_id, after=after, most=AT_ONCE):
        async with transaction():
            for follower in found:
                await letters.told(
                    follower,
                    consultation,
                    notice=notice,
                    event=f"follower.{event}",
                    values=values,
                    path=path,
                    links=links,
                    sender=sender,
                    at=at,
                )
        told += len(found)
        after = found[-1].id
    return told
