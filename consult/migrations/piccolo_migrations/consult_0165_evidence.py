"""Evidence may be any chart: a question's, or one that an analyst made."""

from consult.storage import sql_migration

ID = "consult_0165_evidence"
VERSION = "1.38.0"
DESCRIPTION = "Charts of any kind on articles."

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
    ALTER TABLE evidence RENAME COLUMN question TO query;
    ALTER TABLE evidence ADD COLUMN kind text NOT NULL DEFAULT 'question'
        CONSTRAINT evidence_kind CHECK (kind ~ '^[a-z]{1,20}$');
    ALTER TABLE evidence ALTER COLUMN kind DROP DEFAULT;
    ALTER TABLE evidence DROP CONSTRAINT evidence_once;
    ALTER TABLE evidence ADD CONSTRAINT evidence_once UNIQUE (article, survey, kind, query);
    ALTER TABLE evidence ADD CONSTRAINT evidence_query_is_short CHECK (length(query) BETWEEN 1 AND 2000);
    ALTER TABLE evidence ADD CONSTRAINT evidence_is_of_its_snapshot
        CHECK (chart IS NULL OR coalesce(chart -> 'source' ->> 'snapshot' = snapshot, false));
    """,
)
