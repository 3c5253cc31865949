"""Results: files that staff asked for."""

from consult.storage import sql_migration

ID = "consult_0160_exports"
VERSION = "1.38.0"
DESCRIPTION = "Files that staff asked for: what is in them, how far they are, when they go"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table result_export (
    id uuid primary key,
    survey uuid not null references survey (id),
    asked jsonb not null,
    asked_by uuid not null,
    asked_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'working', 'done', 'failed')),
    done integer not null default 0,
    total integer not null default 0,
    name text not null,
    size bigint not null default 0,
    sha256 bytea not null default '',
    finished_at timestamptz,
    expires_at timestamptz not null,
    failure jsonb not null default '{}',
    cuts jsonb not null default '[]',
    constraint result_export_done_has_a_file
        check (state <> 'done' or (length(sha256) = 32 and finished_at is not null))
);
create index result_export_survey on result_export (survey, asked_at desc);

-- What is erased shall not go on in files that were made before.
create function export_ends_with_erasure() returns trigger language plpgsql as $$
begin
    update result_export set expires_at = new.erased_at where survey = new.survey and expires_at > new.erased_at;
    return null;
end
$$;
create trigger export_ends_with_erasure after insert on response_erasure
    for each row execute function export_ends_with_erasure();
""",
)
