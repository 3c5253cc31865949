"""Reports on consultations: their data and files are kept for ever, with fingerprints."""

from consult.storage import sql_migration

ID = "consult_0210_proceedings"
VERSION = "1.38.0"
DESCRIPTION = "Compiled reports on consultations and their files"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table proceedings (
    id uuid primary key,
    consultation uuid not null references consultation (id),
    number integer not null check (number >= 1),
    data bytea not null,
    sha256 bytea not null check (sha256 = sha256(data)),
    reason jsonb not null check (jsonb_typeof(reason) = 'object'),
    compiled_at timestamptz not null,
    compiled_by uuid,
    published_at timestamptz,
    published_by uuid,
    unique (consultation, number)
);

create table proceedings_file (
    id uuid primary key default gen_random_uuid(),
    proceedings uuid not null references proceedings (id),
    language text not null,
    format text not null check (format in ('pdf', 'docx')),
    content bytea not null,
    sha256 bytea not null check (sha256 = sha256(content)),
    made_at timestamptz not null,
    unique (proceedings, language, format)
);

-- A report is compiled once. Publishing it is the one thing that may happen to it afterwards, once.
create function consult_proceedings_stay() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.published_at is not null
        or (new.id, new.consultation, new.number, new.data, new.reason, new.compiled_at, new.compiled_by)
            is distinct from
            (old.id, old.consultation, old.number, old.data, old.reason, old.compiled_at, old.compiled_by)
    then
        raise exception 'proceedings are append-only: compile a new report instead'
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger proceedings_stay before update or delete on proceedings
    for each row execute function consult_proceedings_stay();
create trigger proceedings_file_immutable before update or delete on proceedings_file
    for each row execute function consult_refuse_change();
""",
)
