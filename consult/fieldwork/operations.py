"""Writes: take contacts in, add, correct, delete and erase them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from consult.documents.sheets import Sheet
from consult.errors import N_, Invalid, Problem
from consult.fieldwork import queries
from consult.fieldwork.contact import Fault, Person, Taken, check_columns, marks, person_of, take
from consult.records.operations import audit
from consult.storage import connection, execute, fetch, transaction
from consult.surveys.admission.invitation_operations import unlink_contacts, withdraw_tokens

UPLOAD_KEPT = timedelta(days=1)
KEPT = timedelta(days=90)
FIELDS = ("name", "email", "phone", "language", "address", "household", "external_id", "stratum", "weight")


class NotInOrder(Invalid):
    """Rows have problems: nothing was taken in. taken says which."""

    message = N_("Some rows have problems. Nothing was taken in.")

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        super().__init__()


class AlreadyThere(Invalid):
    message = N_("This contact is there already.")


async def keep_upload(*, survey_id: UUID, name: str, sheet: Sheet, at: datetime, person: UUID | None = None) -> UUID:
    """Keep a file while its columns are matched; earlier ones of the same person are forgotten."""
    upload_id = uuid4()
    async with transaction():
        await execute(
            "delete from contact_upload where created_at < $1 or (survey = $2 and person is not distinct from $3)",
            at - UPLOAD_KEPT,
            survey_id,
            person,
        )
        await execute(
            """insert into contact_upload (id, survey, person, name, note, head, rows, numbers, created_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
            upload_id,
            survey_id,
            person,
            name[:200],
            sheet.note,
            list(sheet.head),
            [list(row) for row in sheet.rows],
            list(sheet.numbers),
            at,
        )
    return upload_id


async def forget_upload(*, upload_id: UUID) -> None:
    await execute("delete from contact_upload where id = $1", upload_id)


async def look_through(
    *, upload: queries.Upload, columns: Sequence[str], language: str, enabled: Sequence[str], one_per_household: bool
) -> Taken:
    """What a file would bring, without keeping it. Raises Invalid when the columns do not fit."""
    problems = check_columns(columns)
    if problems:
        raise Invalid(problems)
    taken = take(upload.numbered, columns, language=language, enabled=enabled, one_per_household=one_per_household)
    known = await queries.known_marks(upload.survey, one_per_household)
    fresh: list[tuple[int, Person]] = []
    doubles = list(taken.doubles)
    for row, person in taken.persons:
        mark = next((mark for mark in marks(person, one_per_household) if mark in known), None)
        if mark is None:
            fresh.append((row, person))
        else:
            doubles.append(Fault(row, mark[0], N_("This contact is there already: %(value)s"), {"value": mark[1]}))
    return Taken(tuple(fresh), taken.faults, tuple(sorted(doubles, key=lambda one: one.row)))


async def take_in(
    *, upload_id: UUID, survey_id: UUID, columns: Sequence[str], language: str, enabled: Sequence[str],
    one_per_household: bool, without_faulty: bool, at: datetime, person: UUID | None = None,
) -> int:  # fmt: skip
    """Make contacts of a file: all of its rows, or none. Returns how many. Raises NotFound, Invalid, NotInOrder.

    without_faulty    the person has seen the problems and leaves those rows out.

    Rows that say again what another row or a contact says are always left out.
    """
    async with transaction():
        await execute("select id from survey where id = $1 for update", survey_id)
        upload = await queries.upload(survey_id, upload_id)
        taken = await look_through(
            upload=upload, columns=columns, language=language, enabled=enabled, one_per_household=one_per_household
        )
        if taken.faults and not without_faulty:
            raise NotInOrder(taken)
        await _insert(survey_id, [one for _, one in taken.persons], at)
        await execute("delete from contact_upload where id = $1", upload_id)
        after = {"contacts": len(taken.persons), "left_out": len(taken.faults) + len(taken.doubles)}
        await audit(actor=person, kind="contacts.taken_in", record="survey", record_id=survey_id, at=at, after=after)
    return len(taken.persons)


async def _insert(survey_id: UUID, persons: Sequence[Person], at: datetime) -> None:
    rows = [
        (uuid4(), survey_id, *(getattr(one, name) for name in FIELDS), False, False, None, None, at) for one in persons
    ]
    columns = ("id", "survey", *FIELDS, "is_issued", "has_opted_out", "bounce", "printed_on", "created_at")
    async with connection() as raw:
        await raw.copy_records_to_table("contact", records=rows, columns=list(columns))


async def add_contact(
    *, survey_id: UUID, values: Mapping[str, str], language: str, enabled: Sequence[str], at: datetime,
    person: UUID | None = None,
) -> UUID:  # fmt: skip
    """Add one contact by hand. Raises Invalid, AlreadyThere."""
    one = person_of(values, language=language, enabled=enabled)
    contact_id = uuid4()
    try:
        async with transaction():
            await execute(
                """insert into contact (id, survey, name, email, phone, language, address, household, external_id,
                       stratum, weight, is_issued, has_opted_out, created_at)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false, false, $12)""",
                contact_id,
                survey_id,
                *(getattr(one, name) for name in FIELDS),
                at,
            )
            await audit(
                actor=person, kind="contacts.added", record="survey", record_id=survey_id, at=at, after={"contacts": 1}
            )
    except asyncpg.UniqueViolationError as fault:
        raise _double(fault) from fault
    return contact_id


async def correct_contact(
    *, survey_id: UUID, contact_id: UUID, values: Mapping[str, str], language: str, enabled: Sequence[str],
    at: datetime, person: UUID | None = None,
) -> None:  # fmt: skip
    """Write a contact anew; another e-mail address is no longer one that letters came back from.

    Raises NotFound, Invalid, AlreadyThere.
    """
    one = person_of(values, language=language, enabled=enabled)
    try:
        async with transaction():
            before = await queries.contact(survey_id, contact_id)
            await execute(
                """update contact set name = $2, email = $3, phone = $4, language = $5, address = $6, household = $7,
                       external_id = $8, stratum = $9, weight = $10, bounce = $11 where id = $1""",
                contact_id,
                *(getattr(one, name) for name in FIELDS),
                before.bounce if before.email == one.email else None,
            )
            await audit(actor=person, kind="contacts.corrected", record="survey", record_id=survey_id, at=at)
    except asyncpg.UniqueViolationError as fault:
        raise _double(fault) from fault


def _double(fault: asyncpg.UniqueViolationError) -> AlreadyThere:
    place = "email" if fault.constraint_name == "contact_email_once" else "external_id"
    return AlreadyThere([Problem(place, N_("Another contact of this survey has the same. Look there first."))])


async def delete_contact(
    *, survey_id: UUID, contact_id: UUID, key: bytes, at: datetime, person: UUID | None = None
) -> None:
    """Delete a contact with the letters to it; its code stops working. Raises NotFound."""
    async with transaction():
        await queries.contact(survey_id, contact_id)
        await _erase(survey_id, [contact_id], key)
        await audit(
            actor=person, kind="contacts.deleted", record="survey", record_id=survey_id, at=at, after={"contacts": 1}
        )


async def erase_contacts(*, survey_id: UUID, key: bytes, at: datetime, person: UUID | None = None) -> int:
    """Erase all contacts of a survey, the letters to them and the files they came from. Answers stay.

    Their codes end, and where an answer was linked to its contact the link goes.
    """
    async with transaction():
        rows = await fetch("select id from contact where survey = $1", survey_id)
        await _erase(survey_id, [row["id"] for row in rows], key)
        await execute("delete from mailing where survey = $1", survey_id)
        await execute("delete from contact_upload where survey = $1", survey_id)
        if rows:
            await audit(
                actor=person,
                kind="contacts.erased",
                record="survey",
                record_id=survey_id,
                at=at,
                after={"contacts": len(rows)},
            )
    return len(rows)


async def _erase(survey_id: UUID, contact_ids: Sequence[UUID], key: bytes) -> None:
    await withdraw_tokens(survey_id=survey_id, contacts=contact_ids, key=key)
    await unlink_contacts(contacts=contact_ids)
    await execute(
        """delete from notification n using mailing_letter l
           where l.notification = n.id and l.contact = any($1::uuid[])""",
        list(contact_ids),
    )
    await execute("delete from contact where id = any($1::uuid[])", list(contact_ids))


async def forget(*, key: bytes, at: datetime) -> None:
    """Erase the contacts and unfinished sheets of surveys that closed long ago, and files that nobody matched."""
    await execute(
        """delete from keyed_sheet k using survey s
           where s.id = k.survey and k.state <> 'stored' and s.closes_at < $1""",
        at - KEPT,
    )
    await execute("delete from contact_upload where created_at < $1", at - UPLOAD_KEPT)
    due = await fetch(
        """select id from survey s where closes_at < $1 and exists (select from contact where survey = s.id)""",
        at - KEPT,
    )
    for row in due:
        await erase_contacts(survey_id=row["id"], key=key, at=at)
