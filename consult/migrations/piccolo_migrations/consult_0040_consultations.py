"""Consultations: one row each; the state by date is computed, never stored."""

from consult.storage import sql_migration

ID = "consult_0040_consultations"
VERSION = "1.38.0"
DESCRIPTION = "Consultations with their dates, phases and outcome"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table consultation (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 3 and 80),
    kind text not null check (kind in ('regulation', 'plan', 'budget', 'service', 'other')),
    title jsonb not null check (jsonb_typeof(title) = 'object'),
    summary jsonb not null check (jsonb_typeof(summary) = 'object'),
    plain_words jsonb not null check (jsonb_typeof(plain_words) = 'object'),
    legal_basis jsonb not null check (jsonb_typeof(legal_basis) = 'object'),
    contact jsonb not null check (jsonb_typeof(contact) = 'object'),
    authentic_language text not null,
    state text not null
        check (state in ('draft', 'published', 'answering', 'reported', 'archived', 'cancelled')),
    announced_at timestamptz,
    opens_at timestamptz,
    closes_at timestamptz,
    answers_due date,
    minimum_days integer not null default 0 check (minimum_days >= 0),
    short_reason text not null default '',
    phases jsonb not null check (jsonb_typeof(phases) = 'array'),
    outcome jsonb check (outcome is null or (outcome ? 'asked' and outcome ? 'said' and outcome ? 'did')),
    is_demo boolean not null default false,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint consultation_opens_before_it_closes check (opens_at < closes_at),
    constraint consultation_published_with_dates check (
        state in ('draft', 'cancelled')
        or (announced_at is not null and opens_at is not null and closes_at is not null)
    )
);
create index consultation_closes_at on consultation (closes_at) where state <> 'draft';
""",
)
