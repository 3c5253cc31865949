"""At the door and afterwards: who came, minutes with decisions and promises, photos."""

from consult.storage import sql_migration

ID = "consult_0225_door"
VERSION = "1.38.0"
DESCRIPTION = "Arrivals at meetings, minutes, promises, photos and surveys for those who came"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table door_act (
    id uuid primary key,
    session uuid not null references forum_session on delete cascade,
    act text not null,
    registration uuid references registration on delete cascade,
    code text not null,
    people integer not null,
    voters integer not null default 0,
    door text not null,
    acted_at timestamptz not null,
    received_at timestamptz not null,
    actor uuid,
    outcome text not null,
    settled text,
    settled_at timestamptz,
    constraint door_act_is_known check (act in ('arrive', 'walk_in', 'undo')),
    constraint door_act_outcome_is_known check (
        outcome in ('noted', 'nothing', 'twice', 'cancelled', 'waiting', 'elsewhere', 'unknown')),
    constraint door_act_people check (people between 1 and 50),
    constraint door_act_door check (length(door) <= 40),
    constraint door_act_code check (length(code) <= 40),
    constraint door_act_settled check (
        (settled is null) = (settled_at is null) and settled in ('rightly', 'wrongly', 'mistake')
        and (settled is null or outcome not in ('noted', 'nothing')))
);
create index door_act_session on door_act (session, received_at);
create index door_act_open on door_act (session) where settled is null and outcome not in ('noted', 'nothing');

create table arrival (
    id uuid primary key,
    session uuid not null references forum_session on delete cascade,
    registration uuid references registration on delete cascade,
    people integer not null,
    voters integer not null default 0,
    door text not null,
    came_at timestamptz not null,
    is_wrong boolean not null default false,
    reason text not null,
    undone_at timestamptz,
    constraint arrival_people check (people between 1 and 50),
    constraint arrival_voters check (voters between 0 and people),
    constraint arrival_door check (length(door) <= 40),
    constraint arrival_reason check (length(reason) <= 300)
);
create unique index arrival_once on arrival (registration) where undone_at is null;
create index arrival_session on arrival (session) where undone_at is null;

create table forum_minutes (
    forum uuid primary key references forum on delete cascade,
    summary jsonb not null check (jsonb_typeof(summary) = 'object'),
    published_at timestamptz,
    corrected_at timestamptz,
    constraint forum_minutes_corrected_after_publication check (corrected_at >= published_at)
);

create table minutes_item (
    id uuid primary key,
    forum uuid not null references forum_minutes on delete cascade,
    position integer not null,
    heading jsonb not null check (jsonb_typeof(heading) = 'object'),
    constraint minutes_item_place unique (forum, position) deferrable initially deferred
);

create table minutes_entry (
    id uuid primary key,
    item uuid not null references minutes_item on delete cascade,
    position integer not null,
    kind text not null,
    text jsonb not null check (jsonb_typeof(text) = 'object'),
    unit uuid references unit on delete restrict,
    due_on date,
    first_due_on date,
    state text,
    note jsonb not null check (jsonb_typeof(note) = 'object'),
    settled_on date,
    constraint minutes_entry_kind_is_known check (kind in ('said', 'answer', 'decision', 'promise')),
    constraint minutes_entry_place unique (item, position) deferrable initially deferred,
    constraint minutes_entry_promise_is_whole check (
        case when kind = 'promise'
             then unit is not null and due_on is not null and first_due_on is not null
                  and state in ('open', 'kept', 'withdrawn') and state is not null
             else unit is null and due_on is null and first_due_on is null and state is null end),
    constraint minutes_entry_settled_on_a_day check ((coalesce(state, 'open') = 'open') = (settled_on is null))
);
create index minutes_entry_promises on minutes_entry (state, due_on) where kind = 'promise';
create index minutes_entry_unit on minutes_entry (unit);

-- A public promise keeps its words, its first day and its place in the minutes; only what became of it changes.
create function minutes_promise_stays() returns trigger language plpgsql as $$
begin
    if old.kind = 'promise' and exists (
        select 1 from minutes_item i join forum_minutes m on m.forum = i.forum
        where i.id = old.item and m.published_at is not null
    ) and (tg_op = 'DELETE' or new.kind <> old.kind or new.text <> old.text or new.item <> old.item
           or new.first_due_on <> old.first_due_on) then
        raise exception 'a public promise keeps its words' using errcode = 'integrity_constraint_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger minutes_promise_stays before update or delete on minutes_entry
    for each row execute function minutes_promise_stays();

create table forum_feedback (
    forum uuid primary key references forum on delete cascade,
    survey uuid not null references survey on delete cascade,
    chosen_at timestamptz not null,
    chosen_by uuid,
    first_sent_at timestamptz,
    letters integer not null default 0,
    constraint forum_feedback_letters check (letters >= 0 and (letters > 0) = (first_sent_at is not null))
);

create table forum_photo (
    id uuid primary key,
    forum uuid not null references forum on delete cascade,
    position integer not null,
    hash text not null,
    content bytea not null,
    width integer not null check (width > 0),
    height integer not null check (height > 0),
    shows jsonb not null check (jsonb_typeof(shows) = 'object'),
    added_at timestamptz not null,
    constraint forum_photo_once unique (forum, hash),
    constraint forum_photo_hash check (hash ~ '^[0-9a-f]{32}$')
);
create index forum_photo_hash on forum_photo (hash);
""",
)
