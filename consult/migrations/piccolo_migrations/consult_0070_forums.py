"""Public forums: what keeps a session from overflowing and an address from registering twice stands here."""

from consult.storage import sql_migration

ID = "consult_0070_forums"
VERSION = "1.38.0"
DESCRIPTION = "Public forums with sessions, capacity and registrations"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table forum (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 3 and 80),
    kind text not null check (kind in ('tribune', 'citizens_forum', 'meeting')),
    consultation uuid references consultation on delete set null,
    title jsonb not null check (jsonb_typeof(title) = 'object'),
    summary jsonb not null check (jsonb_typeof(summary) = 'object'),
    agenda jsonb not null check (jsonb_typeof(agenda) = 'object'),
    venue jsonb not null check (jsonb_typeof(venue) = 'object'),
    address jsonb not null check (jsonb_typeof(address) = 'object'),
    access jsonb not null check (jsonb_typeof(access) = 'object'),
    organiser jsonb not null check (jsonb_typeof(organiser) = 'object'),
    opens_at timestamptz,
    closes_at timestamptz not null,
    state text not null check (state in ('draft', 'published', 'cancelled')),
    cancel_reason jsonb not null check (jsonb_typeof(cancel_reason) = 'object'),
    is_demo boolean not null default false,
    published_at timestamptz,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint forum_registration_opens_before_it_closes check (opens_at < closes_at),
    constraint forum_published_at_a_time check (state <> 'published' or published_at is not null)
);
create index forum_consultation on forum (consultation);

create table forum_session (
    id uuid primary key,
    forum uuid not null references forum on delete cascade,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    title jsonb not null check (jsonb_typeof(title) = 'object'),
    speakers jsonb not null check (jsonb_typeof(speakers) = 'object'),
    place jsonb not null check (jsonb_typeof(place) = 'object'),
    capacity integer not null check (capacity between 1 and 100000),
    wished_capacity integer,
    seats_taken integer not null default 0,
    sequence integer not null default 0,
    reminded_at timestamptz,
    constraint forum_session_never_over_capacity check (seats_taken between 0 and capacity),
    constraint forum_session_wish_is_lower check (wished_capacity between 1 and capacity - 1),
    constraint forum_session_ends_after_it_begins check (starts_at < ends_at)
);
create index forum_session_forum on forum_session (forum, starts_at);
create index forum_session_starts_at on forum_session (starts_at);

create table registration (
    id uuid primary key,
    number bigint not null generated always as identity unique,
    party uuid not null,
    session uuid not null references forum_session on delete cascade,
    state text not null check (state in
        ('held', 'confirmed', 'attended', 'no_show', 'waitlisted', 'offered', 'expired', 'cancelled')),
    name text not null check (length(name) <= 120),
    email text,
    phone text not null check (length(phone) <= 40),
    companions integer not null check (companions between 0 and 4),
    seats integer not null,
    needs text[] not null check (
        needs <@ array['wheelchair', 'sign_language', 'interpretation'] and array_position(needs, null) is null),
    needs_note text not null check (length(needs_note) <= 300),
    language text not null,
    channel text not null check (channel in ('web', 'phone', 'counter')),
    token_hash bytea not null check (length(token_hash) = 32),
    created_at timestamptz not null,
    offered_until timestamptz,
    cancelled_at timestamptz,
    erased_at timestamptz,
    constraint registration_seats_are_counted check (seats = 1 + companions),
    constraint registration_offer_has_an_end check ((state = 'offered') = (offered_until is not null)),
    constraint registration_cancelled_at_a_time check ((state = 'cancelled') = (cancelled_at is not null)),
    constraint registration_erased_is_empty check (
        erased_at is null or (name = '' and email is null and phone = '' and needs = '{}' and needs_note = ''))
);
create unique index registration_address_once on registration (session, lower(email))
    where state not in ('cancelled', 'expired');
create unique index registration_party_once on registration (party, session);
create index registration_line on registration (session, number) where state = 'waitlisted';
create index registration_offers on registration (offered_until) where state = 'offered';
create index registration_session on registration (session, state);
create index registration_token on registration (token_hash);
""",
)
