"""The declared design of a survey and its named sets of weights."""

from consult.storage import sql_migration

ID = "consult_0150_weighting"
VERSION = "1.38.0"
DESCRIPTION = "Declared designs, sets of weights"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table survey_design (
    survey uuid primary key references survey (id) on delete cascade,
    document jsonb not null check (jsonb_typeof(document) = 'object'),
    declared_at timestamptz not null,
    declared_by uuid
);

create table weight_set (
    id uuid primary key,
    survey uuid not null references survey (id) on delete cascade,
    key text not null check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name text not null check (char_length(name) between 1 and 80),
    document jsonb not null check (jsonb_typeof(document) = 'object'),
    is_default boolean not null default false,
    changed_at timestamptz not null,
    changed_by uuid,
    constraint weight_set_key_once unique (survey, key)
);
create unique index weight_set_name_once on weight_set (survey, lower(name));
create unique index weight_set_one_default on weight_set (survey) where is_default;
""",
)
