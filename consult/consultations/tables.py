"""The columns of a consultation. Checks and indexes are raw SQL in the migration consult_0040."""

from piccolo.columns import JSONB, UUID, Boolean, Date, ForeignKey, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class Consultation(Table, db=DB, tablename="consultation"):
    id = UUID(primary_key=True, null=False)
    slug = Text(unique=True, null=False)
    kind = Text(null=False)
    title = JSONB(null=False)
    summary = JSONB(null=False)
    plain_words = JSONB(null=False)
    legal_basis = JSONB(null=False)
    contact = JSONB(null=False)
    authentic_language = Text(null=False)
    state = Text(null=False)
    announced_at = Timestamptz(null=True, default=None)
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    answers_due = Date(null=True, default=None)
    minimum_days = Integer(null=False, default=0)
    short_reason = Text(null=False, default="")
    phases = JSONB(null=False)
    outcome = JSONB(null=True, default=None)
    is_demo = Boolean(null=False, default=False)
    created_at = Timestamptz(null=False)
    changed_at = Timestamptz(null=False)


class ConsultationShift(Table, db=DB, tablename="consultation_shift"):
    """When and why the end was moved; a trigger refuses changes."""

    id = UUID(primary_key=True, null=False)
    consultation = ForeignKey(Consultation, null=False)
    closed_at = Timestamptz(null=False)
    closes_at = Timestamptz(null=False)
    reason = JSONB(null=False)
    decided_at = Timestamptz(null=False)
    decided_by = UUID(null=True, default=None)
