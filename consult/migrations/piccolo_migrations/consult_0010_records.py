from consult.storage import sql_migration

ID = "consult_0010_records"
VERSION = "1.38.0"
DESCRIPTION = "The audit trail, organisation units and attachments."

SQL = """
CREATE TABLE audit_entry (
    id uuid PRIMARY KEY,
    number bigint NOT NULL UNIQUE,
    actor uuid,
    on_behalf_of uuid,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    record text NOT NULL CHECK (length(record) BETWEEN 1 AND 100),
    record_id text NOT NULL CHECK (length(record_id) BETWEEN 1 AND 200),
    before jsonb,
    after jsonb,
    reason text,
    previous bytea NOT NULL,
    hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32)
);
CREATE INDEX audit_entry_record ON audit_entry (record, record_id, number);
CREATE INDEX audit_entry_actor ON audit_entry (actor, number);
CREATE INDEX audit_entry_kind ON audit_entry (kind, number);

-- The text that PostgreSQL itself gives for the row: the check needs no knowledge of how a client writes JSON.
CREATE FUNCTION audit_entry_hash(e audit_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        encode(e.previous, 'hex'), e.number, e.id, e.actor, e.on_behalf_of,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        e.kind, e.record, e.record_id, e.before, e.after, e.reason)::text, 'UTF8'))
$$;

-- Number, previous hash and hash are given here under a lock held to the commit, so the chain never forks.
CREATE FUNCTION audit_entry_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_entry;
BEGIN
    PERFORM pg_advisory_xact_lock(7305801);
    SELECT * INTO last FROM audit_entry ORDER BY number DESC LIMIT 1;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.previous := coalesce(last.hash, ''::bytea);
    NEW.hash := audit_entry_hash(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_entry_chain BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_chain();

CREATE FUNCTION audit_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER audit_entry_is_final BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_final();
CREATE TRIGGER audit_entry_is_kept BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_final();

CREATE TABLE unit (
    id uuid PRIMARY KEY,
    key text NOT NULL UNIQUE CHECK (key ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
    name jsonb NOT NULL CHECK (jsonb_typeof(name) = 'object')
);

CREATE TABLE attachment (
    id uuid PRIMARY KEY,
    record text NOT NULL CHECK (length(record) BETWEEN 1 AND 100),
    record_id text NOT NULL CHECK (length(record_id) BETWEEN 1 AND 200),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    media_type text NOT NULL CHECK (media_type IN (
        'application/pdf', 'image/png', 'image/jpeg', 'image/webp',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'application/vnd.oasis.opendocument.text')),
    size integer NOT NULL CHECK (size BETWEEN 1 AND 10485760),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    content bytea NOT NULL,
    added_at timestamptz NOT NULL,
    added_by uuid,
    CHECK (length(content) = size)
);
CREATE INDEX attachment_record ON attachment (record, record_id, added_at);
"""

forwards = sql_migration(ID, DESCRIPTION, SQL)
