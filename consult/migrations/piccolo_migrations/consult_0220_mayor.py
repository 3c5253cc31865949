"""Questions in advance, the speakers' list and the Mayor's appointments.

Without the extension btree_gist an official's number becomes a range of one number, so that the exclusion constraint
can compare it beside the span of time.
"""

from consult.storage import sql_migration

ID = "consult_0220_mayor"
VERSION = "1.38.0"
DESCRIPTION = "Questions in advance, the stage of the hall, speakers, appointments"

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
    name text not null constraint forum_speaker_name_length check (length(name) <= 120),
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

create table forum_official (
    number integer primary key generated always as identity,
    name jsonb not null constraint forum_official_name check (jsonb_typeof(name) = 'object'),
    office jsonb not null constraint forum_official_office check (jsonb_typeof(office) = 'object'),
    is_active boolean not null
);

create table forum_slots (
    forum uuid primary key references forum on delete cascade,
    rule text not null constraint forum_slots_rule check (rule in ('first_come', 'draw', 'never_heard')),
    tie text not null constraint forum_slots_tie check (tie in ('draw', 'order')),
    opens_at timestamptz not null,
    closes_at timestamptz not null,
    topics jsonb not null constraint forum_slots_topics check (jsonb_typeof(topics) = 'array'),
    note jsonb not null constraint forum_slots_note check (jsonb_typeof(note) = 'object'),
    seed text,
    seed_hash text,
    frozen_at timestamptz,
    allocated_at timestamptz,
    constraint forum_slots_open_before_they_close check (opens_at < closes_at),
    constraint forum_slots_rule_stands_before_opening check (frozen_at <= opens_at),
    constraint forum_slots_seed_is_the_promised_one
        check (seed is null or seed_hash = encode(sha256(convert_to(seed, 'UTF8')), 'hex')),
    constraint forum_slots_draw_has_a_seed check (
        frozen_at is null or rule = 'first_come' or (rule = 'never_heard' and tie = 'order') or seed is not null),
    constraint forum_slots_allocated_after_closing check (allocated_at >= closes_at)
);

create function forum_slots_stay_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.frozen_at is not null then
            raise exception 'the rule of allocation is frozen';
        end if;
        return old;
    end if;
    if old.frozen_at is not null and (
        (new.forum, new.rule, new.tie, new.opens_at, new.topics, new.seed, new.seed_hash, new.frozen_at)
            is distinct from
        (old.forum, old.rule, old.tie, old.opens_at, old.topics, old.seed, old.seed_hash, old.frozen_at)
        or new.closes_at < old.closes_at
        or (old.allocated_at is not null
            and (new.allocated_at, new.closes_at) is distinct from (old.allocated_at, old.closes_at))
    ) then
        raise exception 'the rule of allocation is frozen';
    end if;
    return new;
end $$;
create trigger forum_slots_frozen before update or delete on forum_slots
    for each row execute function forum_slots_stay_frozen();

create table forum_slot (
    id uuid primary key,
    forum uuid not null references forum on delete cascade,
    official integer not null references forum_official,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    place jsonb not null constraint forum_slot_place check (jsonb_typeof(place) = 'object'),
    topic integer,
    language text not null,
    has_interpreter boolean not null,
    capacity integer not null constraint forum_slot_capacity check (capacity between 1 and 50),
    taken integer not null default 0,
    cancelled_at timestamptz,
    constraint forum_slot_ends_after_it_begins check (starts_at < ends_at),
    constraint forum_slot_never_over_capacity check (taken between 0 and capacity),
    constraint forum_slot_one_place_at_a_time exclude using gist (
        int4range(official, official, '[]') with &&, tstzrange(starts_at, ends_at) with &&
    ) where (cancelled_at is null)
);
create index forum_slot_forum on forum_slot (forum, starts_at);

create table forum_slot_request (
    id uuid primary key,
    forum uuid not null references forum on delete cascade,
    number integer not null,
    state text not null constraint forum_slot_request_state
        check (state in ('noted', 'given', 'waiting', 'settled', 'cancelled', 'heard', 'absent', 'unheard')),
    slot uuid references forum_slot,
    name text not null constraint forum_slot_request_name check (length(name) <= 120),
    email text not null,
    phone text not null constraint forum_slot_request_phone check (length(phone) <= 40),
    language text not null,
    topic integer,
    text text not null constraint forum_slot_request_text check (length(text) <= 2000),
    prior text not null constraint forum_slot_request_prior check (length(prior) <= 80),
    channel text not null constraint forum_slot_request_channel
        check (channel in ('web', 'phone', 'counter', 'letter')),
    contacts bytea[] not null,
    token_hash bytea not null constraint forum_slot_request_token check (length(token_hash) = 32),
    heard_before boolean,
    rank integer,
    answer text not null default '',
    answered_at timestamptz,
    answered_by uuid,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    erased_at timestamptz,
    constraint forum_slot_request_number_once unique (forum, number),
    constraint forum_slot_request_given_has_a_slot check ((state in ('given', 'heard', 'absent')) = (slot is not null)),
    constraint forum_slot_request_erased_is_empty check (
        erased_at is null or (name = '' and email = '' and phone = '' and text = '' and answer = ''))
);
create unique index forum_slot_request_address_once on forum_slot_request (forum, lower(email))
    where email <> '' and state in ('noted', 'given', 'waiting');
create index forum_slot_request_slot on forum_slot_request (slot) where slot is not null;
create index forum_slot_request_token_hash on forum_slot_request (token_hash);

create table forum_heard (
    contact bytea primary key constraint forum_heard_contact check (length(contact) = 32),
    heard_at timestamptz not null
);
""",
)
