"""Comments: the words they are about, their way in, replies, and support counted once for a browser or an address."""

from consult.storage import sql_migration

ID = "consult_0190_comments"
VERSION = "1.38.0"
DESCRIPTION = "Quotes, channels, replies and support of comments"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
alter table comment
    add column quote text not null default '',
    add column quote_before text not null default '',
    add column quote_after text not null default '',
    add column quote_language text not null default '',
    add column letters_in text not null default '',
    add column channel text not null default 'web',
    add column received_on date,
    add column entered_by uuid,
    add column postal text not null default '',
    add column reply_to uuid references comment (id),
    add constraint comment_quote_length
        check (length(quote) <= 500 and length(quote_before) <= 32 and length(quote_after) <= 32),
    add constraint comment_quote_has_place check (quote = '' or (article is not null and quote_language <> '')),
    add constraint comment_channel_known check (channel in ('web', 'letter', 'phone', 'counter', 'forum')),
    add constraint comment_received_by_clerk check ((channel = 'web') = (received_on is null)),
    add constraint comment_postal_length check (length(postal) <= 500),
    add constraint comment_reply_not_itself check (reply_to <> id);
update comment set letters_in = language;
alter table comment
    add constraint comment_letters_language check (letters_in <> ''),
    drop constraint comment_erased_is_nobody,
    add constraint comment_erased_is_nobody check (erased_at is null or (name = '' and email = '' and postal = ''));
create index comment_replies on comment (reply_to) where reply_to is not null;

-- One level: nobody replies to a reply, and a reply stands in the draft and article of what it replies to.
create function consult_comment_reply_one_level() returns trigger language plpgsql as $$
begin
    if new.reply_to is not null and not exists (
        select 1 from comment c where c.id = new.reply_to and c.reply_to is null and c.draft = new.draft
            and c.article is not distinct from new.article
    ) then
        raise exception 'a reply belongs to a comment of the same place that is no reply itself'
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger comment_reply_one_level before insert on comment
    for each row execute function consult_comment_reply_one_level();

create or replace function consult_comment_keeps_words() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'comment is append-only: erase it instead' using errcode = 'restrict_violation';
    end if;
    if (new.id, new.number, new.draft, new.version, new.article, new.language, new.kind, new.submitted_at,
        new.quote, new.quote_before, new.quote_after, new.quote_language, new.letters_in, new.channel,
        new.received_on, new.entered_by, new.reply_to)
        is distinct from
        (old.id, old.number, old.draft, old.version, old.article, old.language, old.kind, old.submitted_at,
        old.quote, old.quote_before, old.quote_after, old.quote_language, old.letters_in, old.channel,
        old.received_on, old.entered_by, old.reply_to)
    then
        raise exception 'comment is append-only: its origin never changes' using errcode = 'restrict_violation';
    end if;
    if new.text <> old.text or new.name <> old.name then
        if not (new.erased_at is not null and new.text in ('', old.text)
                and new.name = '' and new.email = '') then
            raise exception 'comment is append-only: its text never changes' using errcode = 'restrict_violation';
        end if;
    end if;
    if (new.email <> old.email and new.email <> '') or (new.postal <> old.postal and new.postal <> '') then
        raise exception 'comment is append-only: an address may only be removed' using errcode = 'restrict_violation';
    end if;
    if old.erased_at is not null and new.erased_at is distinct from old.erased_at then
        raise exception 'comment is append-only: erasure is final' using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

-- browser and email are keyed hashes made for this comment alone: nobody can join what one person supported.
create table comment_support (
    id uuid primary key,
    comment uuid not null references comment (id),
    browser bytea,
    email bytea,
    supported_on date not null,
    constraint comment_support_is_somebodys check (browser is not null or email is not null),
    constraint comment_support_hashes check (coalesce(length(browser), 32) = 32 and coalesce(length(email), 32) = 32)
);
create unique index comment_support_browser on comment_support (comment, browser) where browser is not null;
create unique index comment_support_email on comment_support (comment, email) where email is not null;

-- The figure beside a comment is the number of its rows, whatever happens at once.
create function consult_comment_support_counted() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update comment set supports = supports + 1 where id = new.comment;
    else
        update comment set supports = supports - 1 where id = old.comment;
    end if;
    return null;
end
$$;
create trigger comment_support_counted after insert or delete on comment_support
    for each row execute function consult_comment_support_counted();
create trigger comment_support_keeps_comment before update of comment on comment_support
    for each row execute function consult_refuse_change();
""",
)
