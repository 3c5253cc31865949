"""Surveys: ways in, invitations, flags of answers, and what each mode may keep."""

from consult.storage import sql_migration

ID = "consult_0091_access"
VERSION = "1.38.0"
DESCRIPTION = "Ways into surveys, invitations, flags, links to contacts by mode"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table survey_access (
    survey uuid primary key references survey (id) on delete cascade,
    who text not null check (who in ('open', 'invited', 'mixed')),
    sites jsonb not null check (jsonb_typeof(sites) = 'array'),
    kiosk boolean not null,
    kiosk_idle_s integer not null check (kiosk_idle_s between 20 and 900),
    least_seconds integer not null check (least_seconds between 0 and 60),
    network_rate integer not null check (network_rate between 5 and 100000),
    burst integer not null check (burst between 5 and 100000),
    changed_at timestamptz not null,
    changed_by uuid
);

-- An invitation that is still good. It is spent by deleting the row: a mark on it would share the transaction id of the
-- response. Deleted rows stay on disk until they are vacuumed, so that happens after every few of them.
create table open_token (
    hash bytea primary key check (length(hash) = 16),
    survey uuid not null references survey (id) on delete cascade,
    contact uuid
) with (
    autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0
);
create index open_token_survey on open_token (survey);

create table response_contact (
    response uuid primary key references response (id) on delete cascade,
    contact uuid not null
);
create index response_contact_contact on response_contact (contact);

alter table response add column flags text[] not null default '{}'
    constraint response_flags check (flags <@ array['too_fast', 'burst', 'honeypot']);
alter table test_response add column flags text[] not null default '{}';

create function survey_keeps_contacts(wanted uuid) returns boolean stable language sql as $$
    select coalesce(bool_and(coalesce(document ->> 'mode', 'anonymous') <> 'anonymous'), false)
    from survey_version where survey = wanted
$$;

create function contact_needs_consent() returns trigger language plpgsql as $$
declare
    concerned uuid;
begin
    if tg_table_name = 'response_contact' then
        select survey into concerned from response where id = new.response;
    else
        concerned := new.survey;
    end if;
    if not survey_keeps_contacts(concerned) then
        raise exception 'an anonymous survey keeps no link to a person and no time'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;
create trigger open_token_contact before insert or update on open_token
    for each row when (new.contact is not null) execute function contact_needs_consent();
create trigger response_contact_mode before insert or update on response_contact
    for each row execute function contact_needs_consent();
create trigger response_time_mode before insert on response
    for each row when (new.submitted_at is not null) execute function contact_needs_consent();

-- What respondents were promised holds for good: a survey never changes its mode.
create function survey_mode_is_final() returns trigger language plpgsql as $$
begin
    if exists (
        select from survey_version
        where survey = new.survey
            and coalesce(document ->> 'mode', 'anonymous') <> coalesce(new.document ->> 'mode', 'anonymous')
    ) then
        raise exception 'a survey never changes its mode' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;
create trigger survey_version_mode before insert on survey_version
    for each row execute function survey_mode_is_final();

-- A row may be written anew with the very same content: that is how mix_responses takes its place and its transaction.
create or replace function response_is_final() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('consult.erasing', true) = old.id::text then
        return old;
    end if;
    if tg_op = 'UPDATE' and new *= old then
        return new;
    end if;
    raise exception 'a response is never changed' using errcode = 'integrity_constraint_violation';
end
$$;

-- Responses lie in the order in which they came, and rows that were written around the same time have neighbouring
-- transaction ids. Once a day is over its rows are written anew, in random order and in one transaction. Days of which
-- all rows share a transaction have been mixed; of the last fortnight only, so that a night's work stays small.
create function mix_responses(before date) returns bigint language plpgsql as $$
declare
    one uuid;
    done bigint := 0;
begin
    for one in
        select r.id from response r
        where r.day in (
            select day from response where day < before and day >= before - 14
            group by day having count(distinct xmin::text) > 1 or count(*) < 20
        )
        order by gen_random_uuid()
    loop
        update response set flags = flags where id = one;
        done := done + 1;
    end loop;
    return done;
end
$$;
""",
)
