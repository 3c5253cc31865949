from consult.jobs.queue import schema
from consult.storage import sql_migration

ID = "consult_0030_mail_jobs"
VERSION = "1.38.0"
DESCRIPTION = "The queue of background work (procrastinate's own tables) and the messages to people."

SQL = """
CREATE TABLE notification (
    id uuid PRIMARY KEY,
    recipient text NOT NULL CHECK (recipient ~ '^[^@[:cntrl:]]+@[^@[:cntrl:]]+$'),
    event text NOT NULL CHECK (length(event) BETWEEN 1 AND 200),
    channel text NOT NULL DEFAULT 'email' CHECK (channel IN ('email')),
    language text NOT NULL,
    subject text NOT NULL CHECK (subject !~ '[[:cntrl:]]'),
    body_text text,
    body_html text,
    attachments jsonb,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    last_error text,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK ((state = 'waiting') = (body_text IS NOT NULL))
);
CREATE UNIQUE INDEX notification_once ON notification (lower(recipient), event, channel);
CREATE INDEX notification_waiting ON notification (created_at) WHERE state = 'waiting';
"""

forwards = sql_migration(ID, DESCRIPTION, schema() + SQL)
