"""Reports: what staff write for them."""

from consult.storage import sql_migration

ID = "consult_0170_reports"
VERSION = "1.38.0"
DESCRIPTION = "Introductions and conclusions of reports"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table report_text (
    survey uuid primary key references survey (id) on delete cascade,
    introduction jsonb not null default '{}' check (jsonb_typeof(introduction) = 'object'),
    conclusions jsonb not null default '{}' check (jsonb_typeof(conclusions) = 'object'),
    changed_at timestamptz not null,
    changed_by uuid
);
""",
)
