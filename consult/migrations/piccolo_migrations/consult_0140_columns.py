"""The column store: which answers its files lack, and which files there are."""

from consult.storage import sql_migration

ID = "consult_0140_columns"
VERSION = "1.38.0"
DESCRIPTION = "Marks of answers that the column files do not have yet, and the list of those files"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
-- "Look at this response again": it came, was replaced or was erased. Written by triggers in the very transaction, so
-- that nothing can be forgotten; a late commit just appears late. Whoever brings the files up to date deletes what it
-- has seen, in the transaction that lists the new files. A mark says nothing that the response's own id does not say.
-- is_new: it came, so no file can have it.
create table response_pending (
    survey uuid not null,
    response uuid not null,
    is_new boolean not null,
    id uuid not null default gen_random_uuid(),
    primary key (survey, id)
) with (
    autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_insert_threshold = -1
);

create function response_came() returns trigger language plpgsql as $$
begin
    insert into response_pending (survey, response, is_new)
        select survey, id, true from added
        union all select survey, supersedes, false from added where supersedes is not null;
    return null;
end
$$;
create trigger response_came after insert on response referencing new table as added
    for each statement execute function response_came();

create function response_went() returns trigger language plpgsql as $$
begin
    insert into response_pending (survey, response, is_new)
        select survey, id, false from gone
        union all select survey, supersedes, false from gone where supersedes is not null;
    return null;
end
$$;
create trigger response_went after delete on response referencing old table as gone
    for each statement execute function response_went();

-- A survey whose answers are in files. Every change of them gives their generation another random name: a number would
-- come again after a backup was restored, and processes that run meanwhile would take the old answers for the new.
create table column_store (
    survey uuid primary key,
    generation uuid not null
);

-- The files, all of which together hold every answer in force but those that are marked as pending.
create table column_segment (
    id uuid primary key,
    survey uuid not null,
    rows integer not null check (rows > 0),
    digest bytea not null check (length(digest) = 16)
);
create index column_segment_survey on column_segment (survey);
""",
)
