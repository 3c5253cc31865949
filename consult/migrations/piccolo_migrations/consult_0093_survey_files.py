"""Surveys: files that belong to responses."""

from consult.storage import sql_migration

ID = "consult_0093_survey_files"
VERSION = "1.38.0"
DESCRIPTION = "Files of responses, and those that wait for their answers"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
-- A file waits (expires_at) or belongs to a response, never both. What is attached has no time: the response has none.
create table survey_file (
    id uuid primary key,
    survey uuid not null references survey (id) on delete cascade,
    question text not null,
    is_test boolean not null,
    response uuid,
    name text not null check (length(name) between 1 and 200),
    media_type text not null,
    size integer not null,
    sha256 bytea not null check (length(sha256) = 32),
    content bytea not null,
    expires_at timestamptz,
    is_mixed boolean not null default false,
    constraint survey_file_size check (size = length(content) and size between 1 and 20971520),
    constraint survey_file_waits_or_belongs check ((response is null) = (expires_at is not null))
);
create index survey_file_response on survey_file (response) where response is not null;
create index survey_file_waiting on survey_file (expires_at) where response is null;
alter table survey_file alter column content set storage external;

-- As mix_responses: once a day is over its files are written anew, bytes and all, in random order and one transaction.
create function mix_survey_files(before date) returns bigint language plpgsql as $$
declare
    one uuid;
    done bigint := 0;
begin
    for one in
        select f.id from survey_file f join response r on r.id = f.response
        where not f.is_mixed and r.day < before order by gen_random_uuid()
    loop
        update survey_file set content = content || ''::bytea, is_mixed = true where id = one;
        done := done + 1;
    end loop;
    return done;
end
$$;

create function survey_file_goes_with_its_response() returns trigger language plpgsql as $$
begin
    delete from survey_file where response = old.id;
    return null;
end
$$;
create trigger survey_file_goes_with_its_response after delete on response
    for each row execute function survey_file_goes_with_its_response();
create trigger survey_file_goes_with_its_response after delete on test_response
    for each row execute function survey_file_goes_with_its_response();
""",
)
