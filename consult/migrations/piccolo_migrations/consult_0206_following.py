"""Followers: an address stands once for a consultation, and once for the weekly letter."""

from consult.storage import sql_migration

ID = "consult_0206_following"
VERSION = "1.38.0"
DESCRIPTION = "Who hears of a consultation, or of everything once a week"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table follower (
    id uuid primary key,
    email text not null check (length(email) between 3 and 254),
    language text not null,
    consultation uuid references consultation (id) on delete cascade,
    asked_at timestamptz not null,
    confirmed_at timestamptz
);
create unique index follower_of_consultation_once on follower (consultation, lower(email))
    where consultation is not null;
create unique index follower_of_week_once on follower (lower(email)) where consultation is null;
create index follower_unconfirmed on follower (asked_at) where confirmed_at is null;
""",
)
