"""The documents beside the text of a draft, which never change once they are published with a version; annexes."""

from consult.storage import sql_migration

ID = "consult_0180_sources"
VERSION = "1.38.0"
DESCRIPTION = "Legal basis and attachments of drafts, annexes as articles"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
alter table article_text
    drop constraint article_text_number_check,
    add constraint article_text_number_check check (number ~ '^([0-9]+|annex)(-[a-z0-9]+)?$');

create table draft_basis (
    draft uuid primary key references draft (id),
    legal_basis jsonb not null,
    changed_at timestamptz not null,
    changed_by uuid,
    constraint draft_basis_is_text check (jsonb_typeof(legal_basis) = 'object')
);

create table draft_file (
    attachment uuid primary key references attachment (id),
    draft uuid not null references draft (id),
    position integer not null,
    kind text not null,
    title jsonb not null,
    language text not null default '',
    constraint draft_file_position check (position >= 1),
    constraint draft_file_kind check (kind in ('map', 'study', 'opinion', 'comparison', 'form', 'other')),
    constraint draft_file_title_is_text check (jsonb_typeof(title) = 'object' and title <> '{}'::jsonb)
);
create index draft_file_draft on draft_file (draft, position);

create table version_basis (
    version uuid primary key references draft_version (id),
    legal_basis jsonb not null,
    constraint version_basis_is_text check (jsonb_typeof(legal_basis) = 'object')
);

create table version_file (
    id uuid primary key,
    version uuid not null references draft_version (id),
    attachment uuid not null references attachment (id),
    position integer not null,
    kind text not null,
    title jsonb not null,
    language text not null,
    sha256 bytea not null,
    constraint version_file_once unique (version, attachment),
    constraint version_file_position check (position >= 1)
);
create index version_file_attachment on version_file (attachment);

create trigger version_basis_immutable before update or delete on version_basis
    for each row execute function consult_refuse_change();
create trigger version_file_immutable before update or delete on version_file
    for each row execute function consult_refuse_change();

-- A document joins a version only in the transaction that publishes the version.
create function consult_document_joins_new_version() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from draft_version
        where id = new.version and xmin::text = pg_current_xact_id_if_assigned()::xid::text
    ) then
        raise exception '% is append-only: version % is already published', tg_table_name, new.version
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger version_basis_joins_new_version before insert on version_basis
    for each row execute function consult_document_joins_new_version();
create trigger version_file_joins_new_version before insert on version_file
    for each row execute function consult_document_joins_new_version();

-- The bytes of a published file stay as they are; that it cannot be deleted follows from the reference.
create function consult_published_file_stays() returns trigger language plpgsql as $$
begin
    if exists (select 1 from version_file where attachment = old.id) then
        raise exception 'attachment % was published with a draft: it never changes', old.id
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger attachment_published_stays before update on attachment
    for each row execute function consult_published_file_stays();
""",
)
