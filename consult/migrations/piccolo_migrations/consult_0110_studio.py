"""The editor of surveys: a number for each state of a working copy, and the last of them kept for undoing."""

from consult.storage import sql_migration

ID = "consult_0110_studio"
VERSION = "1.38.0"
DESCRIPTION = "Revisions of working copies"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
alter table survey_working_copy add column revision integer not null default 0
    constraint survey_working_copy_revision check (revision >= 0);

-- undo, redo: the numbers of the revisions whose documents these buttons bring back.
create table survey_revision (
    id uuid primary key,
    survey uuid not null references survey (id) on delete cascade,
    number integer not null check (number >= 0),
    document jsonb not null check (jsonb_typeof(document) = 'object'),
    said text not null,
    parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
    undo integer,
    redo integer,
    changed_at timestamptz not null,
    changed_by uuid,
    constraint survey_revision_number unique (survey, number)
);
""",
)
