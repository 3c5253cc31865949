"""Answering: superseded responses, quotas, saved answers, daily totals."""

from consult.storage import sql_migration

ID = "consult_0092_answering"
VERSION = "1.38.0"
DESCRIPTION = "Superseded responses, quotas, answers saved for later, and daily totals"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
-- A response is replaced once at most: two windows that change the same answers cannot both win.
create unique index response_supersedes on response (supersedes) where supersedes is not null;
create unique index test_response_supersedes on test_response (supersedes) where supersedes is not null;

-- How many responses in force meet a quota; reserved in the transaction of the response.
create table survey_quota (
    id uuid primary key default gen_random_uuid(),
    survey uuid not null references survey (id) on delete cascade,
    key text not null check (key ~ '^[a-z][a-z0-9_]*$'),
    taken integer not null check (taken >= 0),
    constraint survey_quota_key unique (survey, key)
);

-- Unfinished answers to go on with later: encrypted with a key that only their letter holds; no address, no clock.
create table survey_saved (
    id text primary key check (id ~ '^[0-9a-f]{64}$'),
    survey uuid not null references survey (id) on delete cascade,
    content bytea not null,
    expires_on date not null
);
create index survey_saved_expires_on on survey_saved (expires_on);

-- What happened on a day; never whose.
create table survey_tally (
    id uuid primary key default gen_random_uuid(),
    survey uuid not null references survey (id) on delete cascade,
    version integer not null check (version > 0),
    day date not null,
    language text not null,
    channel text not null check (channel in ('web', 'kiosk', 'phone', 'paper')),
    event text not null check (event in ('page_posted', 'sent', 'screened_out', 'quota_full')),
    page text not null,
    count integer not null check (count > 0),
    constraint survey_tally_line unique (survey, version, day, language, channel, event, page)
);
""",
)
