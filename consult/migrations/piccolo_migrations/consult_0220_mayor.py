"""Questions in advance of a forum: asked once, supported once by a browser, their words never changed."""

from consult.storage import sql_migration

ID = "consult_0220_mayor"
VERSION = "1.38.0"
DESCRIPTION = "Questions in advance, the stage of the hall, speakers"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table forum_asking (
    forum uuid primary key references forum on delete cascade,
    is_open boolean not null,
    closes_at timestamptz,
    moderation text not null constraint forum_asking_moderation check (moderation in ('before', 'after'))
);

create table forum_question (
    id uuid primary key,
    forum uuid not null references forum on delete cascade,
    number integer not null,
    session uuid references forum_session on delete set null,
    head uuid references forum_question on delete set null,
    language text not null,
    text text not null constraint forum_question_length check (length(text) <= 1000),
    name text not null constraint forum_question_name_length check (length(name) <= 120),
    email text not null,
    channel text not null constraint forum_question_channel
        check (channel in ('web', 'phone', 'counter', 'letter', 'hall')),
    state text not null constraint forum_question_state check (state in ('submitted', 'published', 'refused')),
    refusal text not null,
    asked_at timestamptz not null,
    published_at timestamptz,
    moderated_at timestamptz,
    moderated_by uuid,
    shortlisted_at timestamptz,
    answer jsonb not null default '{}' constraint forum_question_answer check (jsonb_typeof(answer) = 'object'),
    answered_at timestamptz,
    erased_at timestamptz,
    constraint forum_question_number_once unique (forum, number),
    constraint forum_question_published_at_a_time check ((state = 'published') = (published_at is not null)),
    constraint forum_question_refused_for_a_reason check ((state = 'refused') = (refusal <> '')),
    constraint forum_question_stands_under_another check (head <> id),
    constraint forum_question_erased_is_empty check (erased_at is null or (name = '' and email = ''))
);
create index forum_question_head on forum_question (head) where head is not null;
create index forum_question_waiting on forum_question (forum) where state = 'submitted';

create function forum_question_keeps_its_words() returns trigger language plpgsql as $$
begin
    if (new.text <> old.text and not (new.text = '' and new.erased_at is not null))
       or (new.name <> old.name and new.name <> '')
       or (new.forum, new.number, new.language, new.channel, new.asked_at)
          is distinct from (old.forum, old.number, old.language, old.channel, old.asked_at) then
        raise exception 'the words of a question never change';
    end if;
    return new;
end $$;
create trigger forum_question_words before update on forum_question
    for each row execute function forum_question_keeps_its_words();

create table forum_question_support (
    question uuid not null references forum_question on delete cascade,
    mark bytea not null constraint forum_question_support_mark check (length(mark) = 32),
    supported_at timestamptz not null,
    primary key (question, mark)
);

create table forum_question_apart (
    question uuid not null references forum_question on delete cascade,
    other uuid not null references forum_question on delete cascade,
    primary key (question, other),
    constraint forum_question_apart_in_order check (question < other)
);

create table forum_stage (
    forum uuid primary key references forum on delete cascade,
    question uuid references forum_question on delete set null,
    changed_at timestamptz not null
);

create table forum_speaking (
    session uuid primary key references forum_session on delete cascade,
    limit_s integer not null constraint forum_speaking_limit check (limit_s between 30 and 3600),
    alternates boolean not null
);

create table forum_speaker (
    id uuid primary key,
    session uuid not null references forum_session on delete cascade,
    position integer not null,
    name text not null constraint forum_speaker_name_length check (length(name) between 1 and 120),
    side text not null constraint forum_speaker_side_length check (length(side) <= 120),
    question uuid references forum_question on delete set null,
    state text not null constraint forum_speaker_state
        check (state in ('waiting', 'speaking', 'paused', 'done', 'withdrawn')),
    limit_s integer not null constraint forum_speaker_limit check (limit_s between 30 and 3600),
    used_s integer not null default 0 constraint forum_speaker_used check (used_s >= 0),
    started_at timestamptz,
    first_started_at timestamptz,
    joined_at timestamptz not null,
    constraint forum_speaker_clock_runs_while_speaking check ((state = 'speaking') = (started_at is not null)),
    constraint forum_speaker_position_once unique (session, position) deferrable initially immediate
);
create unique index forum_speaker_one_at_a_time on forum_speaker (session) where state = 'speaking';
""",
)
