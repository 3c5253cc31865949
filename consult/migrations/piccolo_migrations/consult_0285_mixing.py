"""Surveys: the night's mixing leaves nothing where it was."""

from consult.storage import sql_migration

ID = "consult_0285_mixing"
VERSION = "1.38.0"
DESCRIPTION = "Answers that were laid anew are marked, and those that were not are found by their day"

# An update keeps a row on its page while that has room, and rows that stay together came together. So every row is
# written until it is elsewhere: never on its own page, whose remaining room its own copies fill.
LAYING = """
-- So that no row of the days that are over can come to lie on a page that one of them is leaving, such pages are
-- filled up first: with copies of one row each, all undone in the end. They take the room until they are cleared away.
create function fill_pages_of_{table}(ids uuid[]) returns void language plpgsql as $$
declare
    one uuid;
    page bigint;
    place tid;
begin
    foreach one in array ids loop
        begin
            select (ctid::text::point)[0] into page from {table} where id = one;
            loop
                update {table} set is_mixed = is_mixed where id = one returning ctid into place;
                exit when not found;
                if (place::text::point)[0] <> page then
                    raise exception sqlstate 'MX001';
                end if;
            end loop;
        exception when sqlstate 'MX001' then
            null;
        end;
    end loop;
end
$$;

-- In the order given. The new content is the old one, but what lies outside of the row is written anew as well.
create function lay_{table}_anew(ids uuid[]) returns integer language plpgsql as $$
declare
    one uuid;
    page bigint;
    place tid;
    done integer := 0;
begin
    foreach one in array ids loop
        select (ctid::text::point)[0] into page from {table} where id = one and not is_mixed;
        continue when not found;
        loop
            update {table} set is_mixed = true, {content} where id = one returning ctid into place;
            exit when not found or (place::text::point)[0] <> page;
        end loop;
        done := done + 1;
    end loop;
    return done;
end
$$;
"""

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
drop function mix_responses(date);
drop function mix_survey_files(date);
alter table response add column is_mixed boolean not null default false;

-- It notes the days of 16 pages together: next to nothing for an answer, and old pages need not be looked at by night.
create index response_day on response using brin (day) with (pages_per_range = 16);

-- Entries of an index that lead to where a row was before tell the old order; by default a vacuum leaves a few.
alter table response set (vacuum_index_cleanup = on, toast.vacuum_index_cleanup = on);
alter table survey_file set (vacuum_index_cleanup = on, toast.vacuum_index_cleanup = on);
alter table survey_saved set (vacuum_index_cleanup = on);
alter table open_token set (vacuum_index_cleanup = on);
alter table response_pending set (vacuum_index_cleanup = on);

create or replace function response_is_final() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('consult.erasing', true) = old.id::text then
        return old;
    end if;
    if tg_op = 'UPDATE' then
        old.is_mixed := new.is_mixed;
        if new *= old then
            return new;
        end if;
    end if;
    raise exception 'a response is never changed' using errcode = 'integrity_constraint_violation';
end
$$;
"""
    + LAYING.format(table="response", content="answers = answers || '{}'")
    + LAYING.format(table="survey_file", content="content = content || ''::bytea"),
)
