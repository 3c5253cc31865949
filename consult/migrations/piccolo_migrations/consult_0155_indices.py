"""Standing indices, their versions and what they were worth at each wave."""

from consult.storage import sql_migration

ID = "consult_0155_indices"
VERSION = "1.38.0"
DESCRIPTION = "Indices of satisfaction: versions and measurements"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table standing_index (
    id uuid primary key,
    key text not null constraint standing_index_key unique
        constraint standing_index_key_form check (key ~ '^[a-z0-9][a-z0-9-]{0,49}$'),
    created_at timestamptz not null
);
create table standing_index_version (
    id uuid primary key,
    standing_index uuid not null constraint standing_index_version_of references standing_index (id),
    number integer not null constraint standing_index_version_number check (number > 0),
    document jsonb not null,
    created_at timestamptz not null,
    created_by uuid null constraint standing_index_version_by references person (id),
    constraint standing_index_version_once unique (standing_index, number)
);
create function standing_index_version_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a version of an index never changes' using errcode = 'restrict_violation';
end $$;
create trigger standing_index_version_stays before update on standing_index_version
    for each row execute function standing_index_version_stays();
create table standing_index_measurement (
    id uuid primary key,
    standing_index uuid not null constraint standing_index_measurement_of references standing_index (id),
    number integer not null,
    survey uuid null constraint standing_index_measurement_survey references survey (id),
    on_day date not null,
    label jsonb not null,
    value double precision not null,
    low double precision null,
    high double precision null,
    people integer not null constraint standing_index_measurement_people check (people >= 0),
    snapshot text not null,
    origin text not null,
    measured_at timestamptz not null,
    measured_by uuid null constraint standing_index_measurement_by references person (id),
    constraint standing_index_measurement_version foreign key (standing_index, number)
        references standing_index_version (standing_index, number),
    constraint standing_index_measurement_interval
        check ((low is null) = (high is null) and (low is null or low <= high)),
    constraint standing_index_measurement_origin check ((survey is null) = (origin <> ''))
);
create unique index standing_index_measurement_once on standing_index_measurement (standing_index, survey)
    where survey is not null;
create unique index standing_index_measurement_elsewhere on standing_index_measurement (standing_index, on_day)
    where survey is null;
create function standing_index_measurement_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a measurement never changes' using errcode = 'restrict_violation';
end $$;
create trigger standing_index_measurement_stays before update on standing_index_measurement
    for each row execute function standing_index_measurement_stays();
""",
)
