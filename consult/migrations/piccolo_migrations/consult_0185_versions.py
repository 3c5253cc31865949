"""What became of each article with every version, kept for ever; published versions cannot be emptied either."""

from consult.storage import sql_migration

ID = "consult_0185_versions"
VERSION = "1.38.0"
DESCRIPTION = "The mapping of articles from version to version"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table article_change (
    id uuid primary key,
    version uuid not null references draft_version (id),
    article uuid not null references article (id),
    what text not null,
    number_before text,
    number text,
    changed_in jsonb not null,
    related uuid references article (id),
    constraint article_change_once unique (version, article),
    constraint article_change_what check (what in ('same', 'changed', 'moved', 'added', 'removed')),
    constraint article_change_added_has_no_past check ((what = 'added') = (number_before is null)),
    constraint article_change_removed_has_no_present check ((what = 'removed') = (number is null)),
    constraint article_change_same_number check (what = 'moved' or number is null or number_before is null
        or number = number_before),
    constraint article_change_languages check (jsonb_typeof(changed_in) = 'array'
        and (what = 'moved' or (what = 'changed') = (changed_in <> '[]'::jsonb))),
    constraint article_change_related check (related is null or (what in ('added', 'removed') and related <> article))
);
create index article_change_article on article_change (article);

-- Versions that were published before: what their articles' identities say.
with pair as (
    select n.id as version, o.id as before from draft_version n
    join draft_version o on o.draft = n.draft and o.number = n.number - 1
), side as (
    select pair.version, coalesce(new.article, old.article) as article, old.number as number_before, new.number,
           (select coalesce(jsonb_agg(key order by key), '[]'::jsonb) from jsonb_object_keys(new.label) key
            where old.label ? key and (coalesce(old.body ->> key, ''), coalesce(old.heading ->> key, ''))
                  <> (coalesce(new.body ->> key, ''), coalesce(new.heading ->> key, ''))) as changed_in
    from pair
    join lateral (select * from article_text t where t.version = pair.version) new on true
    left join article_text old on old.version = pair.before and old.article = new.article
    union all
    select pair.version, old.article, old.number, null, '[]'::jsonb
    from pair join article_text old on old.version = pair.before
    where not exists (select from article_text t where t.version = pair.version and t.article = old.article)
)
insert into article_change (id, version, article, what, number_before, number, changed_in)
select gen_random_uuid(), version, article,
       case when number is null then 'removed' when number_before is null then 'added'
            when number <> number_before then 'moved' when changed_in <> '[]'::jsonb then 'changed' else 'same' end,
       number_before, number, case when number_before is null then '[]'::jsonb else changed_in end
from side;

create function consult_joins_new_version() returns trigger language plpgsql as $$
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
create trigger article_change_joins_new_version before insert on article_change
    for each row execute function consult_joins_new_version();
create trigger article_change_immutable before update or delete on article_change
    for each row execute function consult_refuse_change();
create trigger article_immutable before update or delete on article
    for each row execute function consult_refuse_change();

-- TRUNCATE passes by the triggers of rows.
create trigger draft_version_kept before truncate on draft_version
    for each statement execute function consult_refuse_change();
create trigger article_text_kept before truncate on article_text
    for each statement execute function consult_refuse_change();
create trigger article_kept before truncate on article
    for each statement execute function consult_refuse_change();
create trigger article_change_kept before truncate on article_change
    for each statement execute function consult_refuse_change();
""",
)
