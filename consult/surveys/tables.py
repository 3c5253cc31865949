"""The columns of surveys and responses. Checks, indexes, triggers and the erasure are raw SQL in consult_0050."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class Survey(Table, db=DB, tablename="survey"):
    id = UUID(primary_key=True)
    slug = Text(null=False, unique=True)
    code = Text(null=False, unique=True)
    test_key = Text(null=False, unique=True)
    consultation = UUID(null=True)
    opens_at = Timestamptz(null=True)
    closes_at = Timestamptz(null=True)
    is_testing = Boolean(null=False)
    is_demo = Boolean(null=False)
    created_at = Timestamptz(null=False)


class WorkingCopy(Table, db=DB, tablename="survey_working_copy"):
    """The only document of a survey that may change."""

    survey = UUID(primary_key=True)
    document = JSONB(null=False)
    changed_at = Timestamptz(null=False)
    changed_by = UUID(null=True)
    revision = Integer(null=False)


class SurveyVersion(Table, db=DB, tablename="survey_version"):
    id = UUID(primary_key=True)
    survey = UUID(null=False)
    number = Integer(null=False)
    document = JSONB(null=False)
    content_hash = Text(null=False)
    languages = JSONB(null=False)
    published_at = Timestamptz(null=False)
    published_by = UUID(null=True)


class Response(Table, db=DB, tablename="response"):
    """What a respondent submitted; never changed."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    version = Integer(null=False)
    language = Text(null=False)
    channel = Text(null=False)
    day = Date(null=False)
    submitted_at = Timestamptz(null=True)
    answers = JSONB(null=False)
    supersedes = UUID(null=True)
    flags = Array(base_column=Text(), null=False)
    is_mixed = Boolean(null=False)


class TestResponse(Table, db=DB, tablename="test_response"):
    """Answers of a test; they vanish when the survey opens."""

    __test__ = False

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    version = Integer(null=False)
    language = Text(null=False)
    channel = Text(null=False)
    day = Date(null=False)
    submitted_at = Timestamptz(null=True)
    answers = JSONB(null=False)
    supersedes = UUID(null=True)
    flags = Array(base_column=Text(), null=False)


class SurveyFile(Table, db=DB, tablename="survey_file"):
    """A file that waits for its answers (expires_at), or belongs to a response."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    question = Text(null=False)
    is_test = Boolean(null=False)
    response = UUID(null=True)
    name = Text(null=False)
    media_type = Text(null=False)
    size = Integer(null=False)
    sha256 = Bytea(null=False)
    content = Bytea(null=False)
    expires_at = Timestamptz(null=True)
    is_mixed = Boolean(null=False)


class ResponseErasure(Table, db=DB, tablename="response_erasure"):
    """That a response was erased, when, by whom and why; not what it said."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    version = Integer(null=False)
    reason = Text(null=False)
    erased_at = Timestamptz(null=False)
    erased_by = UUID(null=True)


class SurveyQuota(Table, db=DB, tablename="survey_quota"):
    """How many responses in force meet a quota."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    key = Text(null=False)
    taken = Integer(null=False)


class SurveySaved(Table, db=DB, tablename="survey_saved"):
    """Unfinished answers, encrypted, until their owner goes on."""

    id = Text(primary_key=True)
    survey = UUID(null=False)
    content = Bytea(null=False)
    expires_on = Date(null=False)


class SurveyTally(Table, db=DB, tablename="survey_tally"):
    """Daily totals: pages posted, surveys sent, screened out, turned away by a full quota."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    version = Integer(null=False)
    day = Date(null=False)
    language = Text(null=False)
    channel = Text(null=False)
    event = Text(null=False)
    page = Text(null=False)
    amount = Integer(null=False, db_column_name="count")


class SurveyAccess(Table, db=DB, tablename="survey_access"):
    """The ways into a survey; without a row access.DEFAULTS hold."""

    survey = UUID(primary_key=True)
    who = Text(null=False)
    sites = JSONB(null=False)
    kiosk = Boolean(null=False)
    kiosk_idle_s = Integer(null=False)
    least_seconds = Integer(null=False)
    network_rate = Integer(null=False)
    burst = Integer(null=False)
    changed_at = Timestamptz(null=False)
    changed_by = UUID(null=True)


class OpenToken(Table, db=DB, tablename="open_token"):
    """An invitation that is still good; in anonymous surveys nothing but the hash."""

    hash = Bytea(primary_key=True)
    survey = UUID(null=False)
    contact = UUID(null=True)


class ResponseContact(Table, db=DB, tablename="response_contact"):
    """Whose answer it is, in confidential and identified surveys alone; results never read it."""

    response = UUID(primary_key=True)
    contact = UUID(null=False)
