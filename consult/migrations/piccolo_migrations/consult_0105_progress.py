"""Fieldwork: how long answers are kept, and what is assumed of people whose eligibility is unknown."""

from consult.storage import sql_migration

ID = "consult_0105_progress"
VERSION = "1.38.0"
DESCRIPTION = "Retention of answers, assumption behind response rates"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table survey_retention (
    survey uuid primary key references survey (id) on delete cascade,
    days integer not null check (days between 0 and 36500),
    decided_at timestamptz not null,
    decided_by uuid
);

create table survey_eligibility (
    survey uuid primary key references survey (id) on delete cascade,
    share double precision not null check (share between 0 and 1),
    reason text not null check (length(reason) between 10 and 1000),
    decided_at timestamptz not null,
    decided_by uuid
);

-- Everything that was answered in one survey goes, each response by the one way there is, with a note of it.
create function erase_all_responses(erased uuid, why text, moment timestamptz, person uuid) returns integer
language plpgsql as $$
declare
    one uuid;
    gone integer := 0;
begin
    for one in select id from response where survey = erased order by id loop
        perform erase_response(one, gen_random_uuid(), why, moment, person);
        gone := gone + 1;
    end loop;
    return gone;
end
$$;
""",
)
