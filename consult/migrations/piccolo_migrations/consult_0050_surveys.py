"""Surveys: identity, working copy, immutable versions and immutable responses."""

from consult.storage import sql_migration

ID = "consult_0050_surveys"
VERSION = "1.38.0"
DESCRIPTION = "Surveys, their versions and what was answered"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table survey (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
    code text not null unique check (code ~ '^[a-z0-9]{6}$'),
    test_key text not null unique check (length(test_key) >= 16),
    consultation uuid references consultation (id),
    opens_at timestamptz,
    closes_at timestamptz,
    is_testing boolean not null default false,
    is_demo boolean not null default false,
    created_at timestamptz not null,
    constraint survey_closes_after_it_opens check (closes_at is null or opens_at is null or closes_at >= opens_at)
);
create index survey_consultation on survey (consultation) where consultation is not null;

create table survey_working_copy (
    survey uuid primary key references survey (id) on delete cascade,
    document jsonb not null check (jsonb_typeof(document) = 'object'),
    changed_at timestamptz not null,
    changed_by uuid
);

create table survey_version (
    id uuid primary key,
    survey uuid not null references survey (id),
    number integer not null check (number > 0),
    document jsonb not null check (document ->> 'consult' = 'survey/1'),
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    languages jsonb not null check (jsonb_typeof(languages) = 'array'),
    published_at timestamptz not null,
    published_by uuid,
    constraint survey_version_number unique (survey, number)
);

-- Anonymous: the day alone, no address, no clock, no order. `submitted_at` is for later modes.
create table response (
    id uuid primary key,
    survey uuid not null,
    version integer not null,
    language text not null check (language ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?$'),
    channel text not null check (channel in ('web', 'kiosk', 'phone', 'paper')),
    day date not null,
    submitted_at timestamptz,
    answers jsonb not null check (jsonb_typeof(answers) = 'object'),
    supersedes uuid,
    constraint response_version foreign key (survey, version) references survey_version (survey, number)
);
create index response_survey on response (survey);

create table test_response (
    id uuid primary key,
    survey uuid not null references survey (id) on delete cascade,
    version integer not null,
    language text not null,
    channel text not null,
    day date not null,
    submitted_at timestamptz,
    answers jsonb not null check (jsonb_typeof(answers) = 'object'),
    supersedes uuid
);

create table response_erasure (
    id uuid primary key,
    survey uuid not null references survey (id),
    version integer not null,
    reason text not null check (length(reason) between 3 and 1000),
    erased_at timestamptz not null,
    erased_by uuid
);

create function survey_version_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'a published survey version is never changed' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger survey_version_is_final before update or delete on survey_version
    for each row execute function survey_version_is_final();

create function response_is_final() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('consult.erasing', true) = old.id::text then
        return old;
    end if;
    raise exception 'a response is never changed' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger response_is_final before update or delete on response
    for each row execute function response_is_final();

-- The only way to erase: it needs a reason and leaves a note that something was there, but not what.
create function erase_response(erased uuid, note uuid, why text, moment timestamptz, person uuid) returns boolean
language plpgsql as $$
declare
    gone response;
begin
    perform set_config('consult.erasing', erased::text, true);
    delete from response where id = erased returning * into gone;
    perform set_config('consult.erasing', '', true);
    if gone.id is null then
        return false;
    end if;
    insert into response_erasure (id, survey, version, reason, erased_at, erased_by)
        values (note, gone.survey, gone.version, why, moment, person);
    return true;
end
$$;
""",
)
