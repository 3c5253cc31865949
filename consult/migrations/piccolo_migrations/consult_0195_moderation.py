"""Moderation of comments: words that are covered, what moderators did, and groups of comments that say the same."""

from consult.storage import sql_migration

ID = "consult_0195_moderation"
VERSION = "1.38.0"
DESCRIPTION = "Covered words of comments, acts of moderation, groups of near-equal comments"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
-- An overlay: the comment keeps its words, and whoever shows them covers these places (letters of the NFC text).
create table comment_redaction (
    id uuid primary key,
    comment uuid not null references comment (id),
    begins integer not null,
    ends integer not null,
    reason text not null,
    made_at timestamptz not null,
    made_by uuid,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    constraint comment_redaction_range check (begins >= 0 and begins < ends),
    constraint comment_redaction_reason check (reason in ('contact', 'person', 'number', 'private', 'insult'))
);
create index comment_redaction_in_force on comment_redaction (comment) where withdrawn_at is null;

create function consult_redaction_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.withdrawn_at is not null
        or (new.id, new.comment, new.begins, new.ends, new.reason, new.made_at, new.made_by)
            is distinct from (old.id, old.comment, old.begins, old.ends, old.reason, old.made_at, old.made_by)
    then
        raise exception 'comment_redaction may only be withdrawn' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger comment_redaction_stays before update or delete on comment_redaction
    for each row execute function consult_redaction_stays();

-- What moderators did, without any text or name: the source of the public log.
create table moderation_act (
    id uuid primary key,
    comment uuid not null references comment (id),
    draft uuid not null references draft (id),
    act text not null,
    reason text not null default '',
    was_published_at timestamptz,
    at timestamptz not null,
    by uuid,
    constraint moderation_act_kind check (act in ('published', 'refused', 'hidden', 'shown', 'covered', 'uncovered')),
    constraint moderation_act_has_reason check (
        (act in ('refused', 'hidden', 'covered', 'uncovered')) = (reason <> '')
    ),
    constraint moderation_act_hid_something check ((act = 'hidden') = (was_published_at is not null))
);
create index moderation_act_by_draft on moderation_act (draft, at);
create index moderation_act_hidden on moderation_act (comment, at) where act = 'hidden';
create trigger moderation_act_immutable before update or delete on moderation_act
    for each row execute function consult_refuse_change();

create index comment_by_state on comment (draft, state, submitted_at, number);
create index comment_unchecked on comment (submitted_at, number) where state = 'published' and moderated_at is null;
create index comment_by_time on comment (submitted_at, number);
create index comment_hidden on comment (draft, article) where state = 'refused';

-- Comments that say the same, proposed by the machine, decided by a person. Nothing is merged or deleted.
create table comment_group (
    id uuid primary key,
    draft uuid not null references draft (id),
    number integer not null,
    head uuid not null references comment (id),
    state text not null,
    people integer not null default 0,
    found_at timestamptz not null,
    decided_at timestamptz,
    decided_by uuid,
    constraint comment_group_number unique (draft, number),
    constraint comment_group_state check (state in ('proposed', 'confirmed', 'dissolved')),
    constraint comment_group_decided check ((state = 'proposed') = (decided_at is null)),
    constraint comment_group_people check (people >= 0)
);
create index comment_group_by_draft on comment_group (draft, state);

create table comment_group_member (
    id uuid primary key,
    comment_group uuid not null references comment_group (id),
    comment uuid not null references comment (id),
    state text not null,
    wording integer not null,
    likeness real not null,
    constraint comment_group_member_in unique (comment_group, comment),
    constraint comment_group_member_state check (state in ('proposed', 'confirmed', 'out')),
    constraint comment_group_member_likeness check (likeness >= 0 and likeness <= 1),
    constraint comment_group_member_wording check (wording >= 0)
);
create unique index comment_group_member_once on comment_group_member (comment) where state <> 'out';
create index comment_group_member_of on comment_group_member (comment);
create index comment_group_member_wordings on comment_group_member (comment_group, wording);

-- The search for groups of a draft: asked for, how far it is, what it found.
create table comment_grouping (
    draft uuid primary key references draft (id),
    asked_at timestamptz not null,
    asked_by uuid,
    started_at timestamptz,
    done_at timestamptz,
    step text not null default 'waiting',
    texts integer not null default 0,
    people integer not null default 0,
    found integer not null default 0,
    is_complete boolean not null default true,
    seen_until timestamptz,
    constraint comment_grouping_step check (step in ('waiting', 'reading', 'comparing', 'keeping', 'done')),
    constraint comment_grouping_done check ((step = 'done') = (done_at is not null))
);
""",
)
