from consult.storage import sql_migration

ID = "consult_0020_people"
VERSION = "1.38.0"
DESCRIPTION = "Staff accounts, sessions, one-time links and sign-in attempts."

SQL = """
CREATE TABLE person (
    id uuid PRIMARY KEY,
    email text NOT NULL CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    name text NOT NULL CHECK (length(btrim(name)) BETWEEN 1 AND 120 AND name !~ '[[:cntrl:]]'),
    roles text[] NOT NULL CHECK (
        roles <@ ARRAY['admin', 'designer', 'translator', 'moderator', 'clerk', 'analyst']
        AND array_position(roles, NULL) IS NULL),
    language text NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    password_hash text CHECK (password_hash LIKE '$argon2id$%'),
    totp_secret text,
    totp_since timestamptz,
    recovery_hashes bytea[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    disabled_at timestamptz
);
CREATE UNIQUE INDEX person_email_once ON person (lower(email));

CREATE TABLE staff_session (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    person uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at)
);
CREATE INDEX staff_session_person ON staff_session (person);
CREATE INDEX staff_session_expires ON staff_session (expires_at);

CREATE TABLE one_time_link (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    person uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('invite', 'reset')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    used_at timestamptz
);
CREATE UNIQUE INDEX one_time_link_open ON one_time_link (person, purpose) WHERE used_at IS NULL;

CREATE TABLE sign_in_attempt (
    id bigserial PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('sign_in', 'reset')),
    account bytea NOT NULL CHECK (length(account) = 32),
    network text NOT NULL,
    at timestamptz NOT NULL,
    succeeded boolean NOT NULL DEFAULT false
);
CREATE INDEX sign_in_attempt_account ON sign_in_attempt (account, purpose, at);
CREATE INDEX sign_in_attempt_network ON sign_in_attempt (network, purpose, at);
CREATE INDEX sign_in_attempt_at ON sign_in_attempt (at);
"""

forwards = sql_migration(ID, DESCRIPTION, SQL)
