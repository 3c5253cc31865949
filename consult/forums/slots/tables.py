"""The columns of appointments. Checks, triggers and the exclusion constraint are raw SQL in consult_0220."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from consult.forums.tables import ForumRow
from consult.storage import DB


class ForumOfficialRow(Table, db=DB, tablename="forum_official"):
    number = Integer(primary_key=True, null=False)
    name = JSONB(null=False)
    office = JSONB(null=False)
    is_active = Boolean(null=False)


class ForumSlotsRow(Table, db=DB, tablename="forum_slots"):
    """The terms of a forum's appointments; frozen before requests open."""

    forum = ForeignKey(references=ForumRow, primary_key=True, null=False, on_delete=OnDelete.cascade)
    rule = Text(null=False)
    tie = Text(null=False)
    opens_at = Timestamptz(null=False)
    closes_at = Timestamptz(null=False)
    topics = JSONB(null=False)
    note = JSONB(null=False)
    seed = Text(null=True, default=None)
    seed_hash = Text(null=True, default=None)
    frozen_at = Timestamptz(null=True, default=None)
    allocated_at = Timestamptz(null=True, default=None)


class ForumSlotRow(Table, db=DB, tablename="forum_slot"):
    id = UUID(primary_key=True, null=False)
    forum = ForeignKey(references=ForumRow, null=False, on_delete=OnDelete.cascade)
    official = Integer(null=False)
    starts_at = Timestamptz(null=False)
    ends_at = Timestamptz(null=False)
    place = JSONB(null=False)
    topic = Integer(null=True, default=None)
    language = Text(null=False)
    has_interpreter = Boolean(null=False)
    capacity = Integer(null=False)
    taken = Integer(null=False, default=0)
    cancelled_at = Timestamptz(null=True, default=None)


class ForumSlotRequestRow(Table, db=DB, tablename="forum_slot_request"):
    """contacts: keyed hashes by which somebody is known again; they outlive the names only in forum_heard."""

    id = UUID(primary_key=True, null=False)
    forum = ForeignKey(references=ForumRow, null=False, on_delete=OnDelete.cascade)
    number = Integer(null=False)
    state = Text(null=False)
    slot = UUID(null=True, default=None)
    name = Text(null=False)
    email = Text(null=False)
    phone = Text(null=False)
    language = Text(null=False)
    topic = Integer(null=True, default=None)
    text = Text(null=False)
    prior = Text(null=False)
    channel = Text(null=False)
    contacts = Array(base_column=Bytea(), null=False)
    token_hash = Bytea(null=False)
    heard_before = Boolean(null=True, default=None)
    rank = Integer(null=True, default=None)
    answer = Text(null=False)
    answered_at = Timestamptz(null=True, default=None)
    answered_by = UUID(null=True, default=None)
    created_at = Timestamptz(null=False)
    changed_at = Timestamptz(null=False)
    erased_at = Timestamptz(null=True, default=None)


class ForumHeardRow(Table, db=DB, tablename="forum_heard"):
    """Who was received: a keyed hash and when, forgotten after two years."""

    contact = Bytea(primary_key=True, null=False)
    heard_at = Timestamptz(null=False)
