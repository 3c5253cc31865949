"""Draft regulations: versions that never change, articles with an identity, comments that keep their words."""

from consult.storage import sql_migration

ID = "consult_0060_drafts"
VERSION = "1.38.0"
DESCRIPTION = "Draft regulations, their versions and articles, comments and reasoned answers"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table draft (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 3 and 80),
    consultation uuid references consultation (id),
    title jsonb not null check (jsonb_typeof(title) = 'object'),
    summary jsonb not null check (jsonb_typeof(summary) = 'object'),
    authentic_language text not null,
    moderation text not null check (moderation in ('before', 'after')),
    closes_at timestamptz,
    is_demo boolean not null default false,
    created_at timestamptz not null
);
create index draft_consultation on draft (consultation);

create table draft_working (
    draft uuid primary key references draft (id),
    texts jsonb not null check (jsonb_typeof(texts) = 'object'),
    memorandum jsonb not null check (jsonb_typeof(memorandum) = 'object'),
    changed_at timestamptz not null,
    changed_by uuid
);

create table draft_version (
    id uuid primary key,
    draft uuid not null references draft (id),
    number integer not null check (number >= 1),
    preamble jsonb not null check (jsonb_typeof(preamble) = 'object'),
    memorandum jsonb not null check (jsonb_typeof(memorandum) = 'object'),
    reason jsonb not null check (jsonb_typeof(reason) = 'object'),
    published_at timestamptz not null,
    published_by uuid,
    unique (draft, number)
);

create table article (
    id uuid primary key,
    draft uuid not null references draft (id),
    created_at timestamptz not null
);
create index article_draft on article (draft);

create table article_text (
    id uuid primary key,
    version uuid not null references draft_version (id),
    article uuid not null references article (id),
    position integer not null check (position >= 1),
    number text not null check (number ~ '^[0-9]+(-[a-z0-9]+)?$'),
    label jsonb not null check (jsonb_typeof(label) = 'object'),
    chapter jsonb not null check (jsonb_typeof(chapter) = 'object'),
    heading jsonb not null check (jsonb_typeof(heading) = 'object'),
    body jsonb not null check (jsonb_typeof(body) = 'object'),
    plain_words jsonb not null check (jsonb_typeof(plain_words) = 'object'),
    unique (version, article),
    unique (version, position),
    unique (version, number)
);
create index article_text_article on article_text (article);

create table comment_number (
    year integer primary key,
    last integer not null check (last >= 1)
);

create table comment (
    id uuid primary key,
    number text not null unique check (number ~ '^[0-9]{4}-[0-9]{4,}$'),
    draft uuid not null references draft (id),
    version uuid not null references draft_version (id),
    article uuid references article (id),
    language text not null,
    kind text not null check (kind in ('comment', 'proposal', 'question', 'support', 'objection')),
    text text not null check (length(text) <= 10000),
    name text not null default '' check (length(name) <= 80),
    email text not null default '' check (length(email) <= 254),
    state text not null check (state in ('submitted', 'published', 'refused')),
    refusal text not null default '',
    supports integer not null default 0 check (supports >= 0),
    submitted_at timestamptz not null,
    published_at timestamptz,
    moderated_at timestamptz,
    moderated_by uuid,
    erased_at timestamptz,
    constraint comment_has_words check (text <> '' or erased_at is not null),
    constraint comment_published_has_date check ((state = 'published') = (published_at is not null)),
    constraint comment_refused_has_reason check ((state = 'refused') = (refusal <> '')),
    constraint comment_erased_is_nobody check (erased_at is null or (name = '' and email = ''))
);
create index comment_by_article on comment (draft, article, published_at) where state = 'published';
create index comment_waiting on comment (submitted_at) where state = 'submitted';
create index comment_by_draft on comment (draft, submitted_at);

create table reasoned_answer (
    id uuid primary key,
    comment uuid not null unique references comment (id),
    decision text not null check (decision in ('accepted', 'partly', 'rejected', 'noted', 'forwarded')),
    reason jsonb not null check (jsonb_typeof(reason) = 'object' and reason <> '{}'::jsonb),
    decided_at timestamptz not null,
    decided_by uuid,
    released_at timestamptz
);
create index reasoned_answer_unreleased on reasoned_answer (decided_at) where released_at is null;

create function consult_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: published text is never changed', tg_table_name
        using errcode = 'restrict_violation';
end
$$;

create trigger draft_version_immutable before update or delete on draft_version
    for each row execute function consult_refuse_change();
create trigger article_text_immutable before update or delete on article_text
    for each row execute function consult_refuse_change();

-- An article may be added to a version only in the transaction that publishes the version.
create function consult_article_joins_new_version() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from draft_version
        where id = new.version and xmin::text = pg_current_xact_id_if_assigned()::xid::text
    ) then
        raise exception 'article_text is append-only: version % is already published', new.version
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger article_text_joins_new_version before insert on article_text
    for each row execute function consult_article_joins_new_version();

-- What somebody wrote stays as it was written. The one way round is erasure, which blanks and never rewrites.
create function consult_comment_keeps_words() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'comment is append-only: erase it instead' using errcode = 'restrict_violation';
    end if;
    if (new.id, new.number, new.draft, new.version, new.article, new.language, new.kind, new.submitted_at)
        is distinct from
        (old.id, old.number, old.draft, old.version, old.article, old.language, old.kind, old.submitted_at)
    then
        raise exception 'comment is append-only: its origin never changes' using errcode = 'restrict_violation';
    end if;
    if new.text <> old.text or new.name <> old.name then
        if not (new.erased_at is not null and new.text in ('', old.text)
                and new.name = '' and new.email = '') then
            raise exception 'comment is append-only: its text never changes' using errcode = 'restrict_violation';
        end if;
    end if;
    if new.email <> old.email and new.email <> '' then
        raise exception 'comment is append-only: an address may only be removed' using errcode = 'restrict_violation';
    end if;
    if old.erased_at is not null and new.erased_at is distinct from old.erased_at then
        raise exception 'comment is append-only: erasure is final' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger comment_keeps_words before update or delete on comment
    for each row execute function consult_comment_keeps_words();

create function consult_released_answer_stays() returns trigger language plpgsql as $$
begin
    if old.released_at is not null then
        raise exception 'reasoned_answer is append-only once released' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end
$$;
create trigger reasoned_answer_released before update or delete on reasoned_answer
    for each row execute function consult_released_answer_stays();
""",
)
