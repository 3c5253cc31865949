"""The columns of forums, sessions and registrations. Checks and indexes are raw SQL in the migrations 0070 and 0215."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    Numeric,
    Text,
    Time,
    Timestamptz,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from consult.storage import DB


class ForumRow(Table, db=DB, tablename="forum"):
    id = UUID(primary_key=True, null=False)
    slug = Text(unique=True, null=False)
    kind = Text(null=False)
    consultation = UUID(null=True, default=None)
    title = JSONB(null=False)
    summary = JSONB(null=False)
    agenda = JSONB(null=False)
    venue = JSONB(null=False)
    address = JSONB(null=False)
    access = JSONB(null=False)
    organiser = JSONB(null=False)
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=False)
    state = Text(null=False)
    cancel_reason = JSONB(null=False)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    facts = Array(base_column=Text(), null=False)
    transport = JSONB(null=False)
    stream = Text(null=False)
    spoken = Array(base_column=Text(), null=False)
    interpreted = Array(base_column=Text(), null=False)
    smaller_may_pass = Boolean(null=False, default=False)
    one_session = Boolean(null=False, default=False)
    offer_hours = Integer(null=False, default=24)
    remind_before = Array(base_column=Integer(), null=False)
    notice_reason = JSONB(null=False)
    is_demo = Boolean(null=False, default=False)
    published_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(null=False)
    changed_at = Timestamptz(null=False)


class ForumSessionRow(Table, db=DB, tablename="forum_session"):
    """wished_capacity is below capacity while more people are registered than staff now want."""

    id = UUID(primary_key=True, null=False)
    forum = ForeignKey(references=ForumRow, null=False, on_delete=OnDelete.cascade)
    starts_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False)
    title = JSONB(null=False)
    speakers = JSONB(null=False)
    place = JSONB(null=False)
    capacity = Integer(null=False)
    wished_capacity = Integer(null=True, default=None)
    seats_taken = Integer(null=False, default=0)
    sequence = Integer(null=False, default=0)
    reminded = Array(base_column=Integer(), null=False)
    settlement = Text(null=False)
    venue = JSONB(null=False)
    address = JSONB(null=False)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    facts = Array(base_column=Text(), null=False)
    transport = JSONB(null=False)


class AgendaItemRow(Table, db=DB, tablename="forum_agenda_item"):
    id = UUID(primary_key=True, null=False)
    forum = ForeignKey(references=ForumRow, null=False, on_delete=OnDelete.cascade)
    session = ForeignKey(references=ForumSessionRow, null=True, default=None, on_delete=OnDelete.cascade)
    position = Integer(null=False)
    starts = Time(null=True, default=None)
    title = JSONB(null=False)
    speakers = JSONB(null=False)


class GatheringRow(Table, db=DB, tablename="forum_gathering"):
    forum = ForeignKey(references=ForumRow, primary_key=True, null=False, on_delete=OnDelete.cascade)
    settlement = Text(null=False)
    called_by = Text(null=False)
    supporters = Integer(null=True, default=None)
    voters = Integer(null=False)
    counted_on = Date(null=False)
    source = JSONB(null=False)
    call_percent = Numeric(digits=(5, 2), null=True, default=None)
    quorum_percent = Numeric(digits=(5, 2), null=True, default=None)


class RegistrationRow(Table, db=DB, tablename="registration"):
    """Of the link in the mail only the hash is kept; name, address and needs are erased some time after the meeting."""

    id = UUID(primary_key=True, null=False)
    number = BigInt(null=False)
    party = UUID(null=False)
    session = ForeignKey(references=ForumSessionRow, null=False, on_delete=OnDelete.cascade)
    state = Text(null=False)
    name = Text(null=False)
    email = Text(null=True, default=None)
    phone = Text(null=False)
    companions = Integer(null=False)
    seats = Integer(null=False)
    needs = Array(base_column=Text(), null=False)
    needs_note = Text(null=False)
    language = Text(null=False)
    channel = Text(null=False)
    token_hash = Bytea(null=False)
    created_at = Timestamptz(null=False)
    offered_until = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)
    only_one_of = UUID(null=True, default=None)
