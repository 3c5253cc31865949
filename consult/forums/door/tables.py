"""The columns of acts at the door and arrivals. Checks and indexes stand in the migration consult_0225."""

from piccolo.columns import UUID, Boolean, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from consult.forums.tables import ForumSessionRow, RegistrationRow
from consult.storage import DB


class DoorAct(Table, db=DB, tablename="door_act"):
    """One act as a door sent it. Its id is made at the door, so that sending it twice is harmless."""

    id = UUID(primary_key=True, null=False)
    session = ForeignKey(references=ForumSessionRow, null=False, on_delete=OnDelete.cascade)
    act = Text(null=False)
    registration = ForeignKey(references=RegistrationRow, null=True, default=None, on_delete=OnDelete.cascade)
    code = Text(null=False)
    people = Integer(null=False)
    voters = Integer(null=False, default=0)
    door = Text(null=False)
    acted_at = Timestamptz(null=False)
    received_at = Timestamptz(null=False)
    actor = UUID(null=True, default=None)
    outcome = Text(null=False)
    settled = Text(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)


class Arrival(Table, db=DB, tablename="arrival"):
    """Who is inside: a registered party, or people who came without one."""

    id = UUID(primary_key=True, null=False)
    session = ForeignKey(references=ForumSessionRow, null=False, on_delete=OnDelete.cascade)
    registration = ForeignKey(references=RegistrationRow, null=True, default=None, on_delete=OnDelete.cascade)
    people = Integer(null=False)
    voters = Integer(null=False, default=0)
    door = Text(null=False)
    came_at = Timestamptz(null=False)
    is_wrong = Boolean(null=False, default=False)
    reason = Text(null=False)
    undone_at = Timestamptz(null=True, default=None)
