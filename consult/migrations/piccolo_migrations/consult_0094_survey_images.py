"""Pictures on questions and options."""

from consult.storage import sql_migration

ID = "consult_0094_survey_images"
VERSION = "1.38.0"
DESCRIPTION = "Pictures of surveys"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table survey_image (
    id uuid primary key default gen_random_uuid(),
    survey uuid not null references survey (id) on delete cascade,
    name text not null check (length(name) between 5 and 200),
    digest text not null check (digest ~ '^[0-9a-f]{32}$'),
    content bytea not null check (octet_length(content) <= 10485760),
    width integer not null check (width between 1 and 4096),
    height integer not null check (height between 1 and 4096),
    added_at timestamptz not null,
    constraint survey_image_name unique (survey, name)
);
create index survey_image_digest on survey_image (digest);

-- What a published version shows never changes.
create function keep_published_image() returns trigger language plpgsql as $$
begin
    if exists (
        select from survey_version v
        where v.survey = old.survey
          and jsonb_path_exists(v.document, '$.**.file ? (@ == $name)', jsonb_build_object('name', old.name))
    ) and (tg_op = 'DELETE' or new.digest <> old.digest or new.name <> old.name or new.survey <> old.survey) then
        raise exception 'a published version shows this picture' using errcode = 'restrict_violation';
    end if;
    return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger survey_image_published before update or delete on survey_image
    for each row execute function keep_published_image();
""",
)
