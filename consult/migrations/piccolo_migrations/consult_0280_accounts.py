"""Browsers and networks from which colleagues signed in before, and sessions that the sign-in service can end."""

from consult.storage import sql_migration

ID = "consult_0280_accounts"
VERSION = "1.38.0"
DESCRIPTION = "Known browsers, and signing out with the sign-in service"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table known_place (
    id uuid primary key,
    person uuid not null references person on delete cascade,
    kind text not null constraint known_place_kind check (kind in ('browser', 'network')),
    mark bytea not null constraint known_place_mark check (length(mark) = 32),
    seen_at timestamptz not null,
    constraint known_place_once unique (person, kind, mark)
);
create index known_place_seen on known_place (seen_at);
alter table sign_in_attempt add column own bytea;
alter table sign_in_attempt add constraint sign_in_attempt_own check (length(own) = 16);
alter table staff_session add column oidc_sub text;
alter table staff_session add column oidc_sid text;
alter table staff_session add column oidc_token bytea;
alter table staff_session add constraint staff_session_oidc
    check (oidc_sub is not null or num_nonnulls(oidc_sid, oidc_token) = 0);
create index staff_session_oidc_sub on staff_session (oidc_sub) where oidc_sub is not null;
""",
)
