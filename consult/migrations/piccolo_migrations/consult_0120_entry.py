"""Fieldwork: sheets that clerks key in, once or twice."""

from consult.storage import sql_migration

ID = "consult_0120_entry"
VERSION = "1.38.0"
DESCRIPTION = "Sheets of paper and telephone answers"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table entry_setting (
    survey uuid primary key references survey (id) on delete cascade,
    is_double boolean not null
);

-- What was typed stays only until the sheet is stored as a response; then the number alone is left.
create table keyed_sheet (
    id uuid primary key,
    survey uuid not null,
    version integer not null,
    number text not null check (length(number) between 1 and 20),
    channel text not null check (channel in ('phone', 'paper')),
    language text not null,
    day date not null,
    state text not null check (state in ('once', 'differs', 'stored')),
    response uuid,
    first jsonb check (jsonb_typeof(first) = 'object'),
    second jsonb check (jsonb_typeof(second) = 'object'),
    first_by uuid not null,
    second_by uuid,
    constraint keyed_sheet_number unique (survey, number),
    constraint keyed_sheet_version foreign key (survey, version) references survey_version (survey, number),
    constraint keyed_sheet_forgets check (
        case state when 'stored' then response is null and first is null and second is null
        else response is not null and first is not null end
    ),
    constraint keyed_sheet_twice check (state <> 'differs' or (second is not null and second_by is not null)),
    constraint keyed_sheet_two_people check (second_by is null or second_by <> first_by)
);
create index keyed_sheet_waiting on keyed_sheet (survey, state) where state <> 'stored';
""",
)
