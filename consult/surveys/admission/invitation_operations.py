"""Writes: issuing and withdrawing personal invitations.

Spending one is a part of storing its answer (responses/insert_reservations.py); only those who are screened out or find
a quota full spend theirs without one.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from consult.errors import NotFound
from consult.storage import execute, fetch, fetchval, transaction
from consult.surveys.admission import invitations

MODE = """
select coalesce(document ->> 'mode', 'anonymous') from survey_version where survey = $1 order by number desc limit 1
"""


async def issue_tokens(*, survey_id: UUID, contacts: Sequence[UUID], key: bytes) -> dict[UUID, str]:
    """An invitation for each contact: contact -> token. Raises NotFound for a survey without a published version.

    To be called once for each contact, in the transaction that notes it: in an anonymous survey nobody can tell an
    invitation that was never issued from one that is spent, so issuing it again would give a second vote.
    """
    tokens = {contact: invitations.token_of(key, survey_id, contact) for contact in contacts}
    await _keep(survey_id, [(invitations.hashed(key, survey_id, token), one) for one, token in tokens.items()])
    return tokens


async def issue_loose_tokens(*, survey_id: UUID, number: int, key: bytes) -> list[str]:
    """Invitations that belong to nobody, for letters without names; they cannot be had again. Raises NotFound."""
    tokens = [invitations.random_token() for _ in range(number)]
    await _keep(survey_id, [(invitations.hashed(key, survey_id, token), None) for token in tokens])
    return tokens


async def _keep(survey_id: UUID, issued: list[tuple[bytes, UUID | None]]) -> None:
    """Rows go in in the order of their hashes, which says nothing about the order of the contacts."""
    async with transaction():
        mode = await fetchval(MODE, survey_id)
        if mode is None:
            raise NotFound
        issued.sort(key=lambda pair: pair[0])
        await execute(
            "insert into open_token (hash, survey, contact) select hash, $1, contact"
            " from unnest($2::bytea[], $3::uuid[]) as t (hash, contact) on conflict do nothing",
            survey_id,
            [hash_ for hash_, _ in issued],
            [None if mode == "anonymous" else contact for _, contact in issued],
        )


async def open_contacts(*, survey_id: UUID, contacts: Sequence[UUID], key: bytes) -> set[UUID]:
    """Those of the contacts whose invitation is still good."""
    by_hash = {_hash(survey_id, contact, key): contact for contact in contacts}
    rows = await fetch(
        "select hash from open_token where survey = $1 and hash = any($2::bytea[])", survey_id, list(by_hash)
    )
    return {by_hash[row["hash"]] for row in rows}


async def withdraw_tokens(*, survey_id: UUID, contacts: Sequence[UUID], key: bytes) -> None:
    """Let invitations end unused; those that are spent are left as they are."""
    await execute(
        "delete from open_token where survey = $1 and hash = any($2::bytea[])",
        survey_id,
        [_hash(survey_id, contact, key) for contact in contacts],
    )


async def use_up(*, survey_id: UUID, hash_: bytes) -> bool:
    """Spend an invitation without an answer, for whoever is not among those asked; False where it was not good."""
    return bool(
        await fetchval("delete from open_token where hash = $1 and survey = $2 returning true", hash_, survey_id)
    )


async def unlink_contacts(*, contacts: Sequence[UUID]) -> None:
    """Forget which answers are theirs; the answers stay."""
    await execute("delete from response_contact where contact = any($1::uuid[])", list(contacts))


async def open_count(survey_id: UUID) -> int:
    """How many invitations have not been used."""
    return int(await fetchval("select count(*) from open_token where survey = $1", survey_id))


async def is_good(*, survey_id: UUID, hash_: bytes) -> bool:
    return bool(
        await fetchval("select exists (select from open_token where hash = $1 and survey = $2)", hash_, survey_id)
    )


def _hash(survey_id: UUID, contact: UUID, key: bytes) -> bytes:
    return invitations.hashed(key, survey_id, invitations.token_of(key, survey_id, contact))
