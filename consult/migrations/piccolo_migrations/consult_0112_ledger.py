"""Which translations are right, and the certificates of published versions."""

from consult.storage import sql_migration

ID = "consult_0112_ledger"
VERSION = "1.38.0"
DESCRIPTION = "Translation ledger, certificates of survey versions"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table survey_translation (
    id uuid primary key,
    survey uuid not null references survey (id) on delete cascade,
    source_language text not null,
    language text not null,
    source text not null,
    value text not null check (value <> ''),
    source_hash text not null check (source_hash ~ '^[0-9a-f]{64}$'),
    value_hash text not null check (value_hash ~ '^[0-9a-f]{64}$'),
    made_at timestamptz not null,
    made_by uuid,
    approved_at timestamptz,
    approved_by uuid,
    constraint survey_translation_of_another_language check (language <> source_language),
    constraint survey_translation_once unique (survey, source_language, language, source_hash, value_hash),
    constraint survey_translation_approved_whole check ((approved_at is null) = (approved_by is null)),
    constraint survey_translation_second_person check (approved_by is null or approved_by is distinct from made_by)
);

-- browser: decided by the publisher's own; trivial: there is nothing to decide; absent: said to be without.
create table survey_certificate (
    version uuid primary key references survey_version (id),
    kind text not null check (kind in ('browser', 'trivial', 'absent')),
    browser text not null,
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    cases integer not null check (cases >= 0),
    decisions integer not null check (decisions >= 0),
    made_at timestamptz not null,
    made_by uuid,
    constraint survey_certificate_names_its_browser check ((kind = 'browser') = (browser <> '' and cases > 0))
);

create function survey_certificate_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'a certificate is never changed' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger survey_certificate_is_final before update or delete on survey_certificate
    for each row execute function survey_certificate_is_final();
""",
)
