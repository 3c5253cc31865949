"""Files beside a consultation; their bytes stand in the table attachment."""

from consult.storage import sql_migration

ID = "consult_0230_process"
VERSION = "1.38.0"
DESCRIPTION = "Attachments of consultations"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table consultation_file (
    attachment uuid primary key references attachment (id),
    consultation uuid not null references consultation (id),
    position integer not null,
    title jsonb not null,
    language text not null default '',
    constraint consultation_file_position check (position >= 1),
    constraint consultation_file_title_is_text check (jsonb_typeof(title) = 'object' and title <> '{}'::jsonb)
);
create index consultation_file_consultation on consultation_file (consultation, position);
""",
)
