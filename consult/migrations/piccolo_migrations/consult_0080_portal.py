"""The evidence on articles; a frozen chart never changes."""

from consult.storage import sql_migration

ID = "consult_0080_portal"
VERSION = "1.38.0"
DESCRIPTION = "Survey charts attached to articles."

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
    CREATE TABLE evidence (
        id uuid PRIMARY KEY,
        draft uuid NOT NULL CONSTRAINT evidence_draft REFERENCES draft (id),
        article uuid NOT NULL CONSTRAINT evidence_article REFERENCES article (id),
        survey uuid NOT NULL CONSTRAINT evidence_survey REFERENCES survey (id),
        question text NOT NULL,
        position integer NOT NULL,
        attached_at timestamptz NOT NULL,
        attached_by uuid NULL CONSTRAINT evidence_attached_by REFERENCES person (id),
        frozen_at timestamptz NULL,
        snapshot text NOT NULL,
        chart jsonb NULL,
        CONSTRAINT evidence_once UNIQUE (article, survey, question),
        CONSTRAINT evidence_frozen_is_kept
            CHECK ((frozen_at IS NULL) = (chart IS NULL) AND (frozen_at IS NULL) = (snapshot = ''))
    );
    CREATE INDEX evidence_by_draft ON evidence (draft);

    CREATE FUNCTION evidence_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.frozen_at IS NOT NULL THEN
            RAISE EXCEPTION 'a frozen chart never changes' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER evidence_stays_frozen BEFORE UPDATE ON evidence
        FOR EACH ROW EXECUTE FUNCTION evidence_stays_frozen();
    """,
)
