"""The columns of contacts and rounds of letters. Checks and indexes are raw SQL in consult_0100."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Date, DoublePrecision, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class Contact(Table, db=DB, tablename="contact"):
    """A person or household that a survey is sent to; erased with the rest some time after the survey."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    name = Text(null=False)
    email = Text(null=True)
    phone = Text(null=True)
    language = Text(null=False)
    address = Text(null=False)
    household = Text(null=True)
    external_id = Text(null=True)
    stratum = Text(null=True)
    weight = DoublePrecision(null=True)
    is_issued = Boolean(null=False)
    has_opted_out = Boolean(null=False)
    bounce = Text(null=True)
    printed_on = Date(null=True)
    created_at = Timestamptz(null=False)


class ContactUpload(Table, db=DB, tablename="contact_upload"):
    """A file whose columns somebody is just matching; gone when it is taken in, or the next night."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    person = UUID(null=True)
    name = Text(null=False)
    note = Text(null=False)
    head = JSONB(null=False)
    rows = JSONB(null=False)
    numbers = JSONB(null=False)
    created_at = Timestamptz(null=False)


class Mailing(Table, db=DB, tablename="mailing"):
    """One round of invitations or reminders, with its words."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    kind = Text(null=False)
    subject = JSONB(null=False)
    body = JSONB(null=False)
    state = Text(null=False)
    started_at = Timestamptz(null=False)
    started_by = UUID(null=True)


class MailingLetter(Table, db=DB, tablename="mailing_letter"):
    """The letter of one round to one contact."""

    id = UUID(primary_key=True)
    mailing = UUID(null=False)
    contact = UUID(null=False)
    state = Text(null=False)
    notification = UUID(null=True)
    queued_at = Timestamptz(null=True)


class InvitationRefusal(Table, db=DB, tablename="invitation_refusal"):
    """An address that wants no invitations at all: a keyed hash, never the address."""

    address_hash = Bytea(primary_key=True)
    refused_on = Date(null=False)
