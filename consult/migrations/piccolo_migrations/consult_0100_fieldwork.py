from consult.storage import sql_migration

ID = "consult_0100_fieldwork"
VERSION = "1.38.0"
DESCRIPTION = "Contacts of a survey, files of contacts on their way in, rounds of letters, and who wants none."

SQL = """
CREATE TABLE contact (
    id uuid PRIMARY KEY,
    survey uuid NOT NULL CONSTRAINT contact_survey REFERENCES survey (id) ON DELETE CASCADE,
    name text NOT NULL CONSTRAINT contact_name_short CHECK (length(name) <= 200),
    email text NULL,
    phone text NULL,
    language text NOT NULL,
    address text NOT NULL CONSTRAINT contact_address_short CHECK (length(address) <= 1000),
    household text NULL,
    external_id text NULL,
    stratum text NULL,
    weight double precision NULL CONSTRAINT contact_weight_positive CHECK (weight > 0 AND weight < 1e12),
    is_issued boolean NOT NULL,
    has_opted_out boolean NOT NULL,
    bounce text NULL CONSTRAINT contact_bounce_kind CHECK (bounce IN ('refused', 'returned')),
    printed_on date NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT contact_can_be_reached CHECK (email IS NOT NULL OR phone IS NOT NULL OR address <> '')
);
CREATE UNIQUE INDEX contact_email_once ON contact (survey, lower(email)) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX contact_external_id_once ON contact (survey, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX contact_of_survey ON contact (survey, name, id);

CREATE TABLE contact_upload (
    id uuid PRIMARY KEY,
    survey uuid NOT NULL CONSTRAINT contact_upload_survey REFERENCES survey (id) ON DELETE CASCADE,
    person uuid NULL,
    name text NOT NULL,
    note text NOT NULL,
    head jsonb NOT NULL,
    rows jsonb NOT NULL,
    numbers jsonb NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE mailing (
    id uuid PRIMARY KEY,
    survey uuid NOT NULL CONSTRAINT mailing_survey REFERENCES survey (id) ON DELETE CASCADE,
    kind text NOT NULL CONSTRAINT mailing_kind CHECK (kind IN ('invitation', 'reminder')),
    subject jsonb NOT NULL,
    body jsonb NOT NULL,
    state text NOT NULL CONSTRAINT mailing_state CHECK (state IN ('running', 'stopped', 'done')),
    started_at timestamptz NOT NULL,
    started_by uuid NULL
);
CREATE UNIQUE INDEX mailing_one_running ON mailing (survey) WHERE state = 'running';

CREATE TABLE mailing_letter (
    id uuid PRIMARY KEY,
    mailing uuid NOT NULL CONSTRAINT mailing_letter_mailing REFERENCES mailing (id) ON DELETE CASCADE,
    contact uuid NOT NULL CONSTRAINT mailing_letter_contact REFERENCES contact (id) ON DELETE CASCADE,
    state text NOT NULL CONSTRAINT mailing_letter_state
        CHECK (state IN ('planned', 'queued', 'sent', 'failed', 'bounced')),
    notification uuid NULL,
    queued_at timestamptz NULL,
    CONSTRAINT mailing_letter_queued CHECK ((state = 'planned') = (queued_at IS NULL)),
    CONSTRAINT mailing_letter_once UNIQUE (mailing, contact)
);
CREATE INDEX mailing_letter_waiting ON mailing_letter (mailing) WHERE state IN ('planned', 'queued');
CREATE INDEX mailing_letter_queued_at ON mailing_letter (queued_at) WHERE queued_at IS NOT NULL;
CREATE INDEX mailing_letter_contact ON mailing_letter (contact);

CREATE TABLE invitation_refusal (
    address_hash bytea PRIMARY KEY,
    refused_on date NOT NULL
);

ALTER TABLE notification ADD COLUMN unsubscribe text NULL;
"""

forwards = sql_migration(ID, DESCRIPTION, SQL)
