"""Forums of every kind: venues on the map, agenda items, gatherings with a quorum, reminders and rules of the list."""

from consult.storage import sql_migration

ID = "consult_0215_forums"
VERSION = "1.38.0"
DESCRIPTION = "Kinds of forums, venues, agenda items, gatherings, rules of registration."

FACTS = "'step_free', 'lift', 'toilet', 'hearing_loop', 'parking', 'stop_near', 'children'"

SQL = """
ALTER TABLE forum DROP CONSTRAINT forum_kind_check;
ALTER TABLE forum
    ADD CONSTRAINT forum_kind_check
        CHECK (kind IN ('tribune', 'citizens_forum', 'meeting', 'round', 'gathering', 'feedback')),
    ADD COLUMN latitude double precision,
    ADD COLUMN longitude double precision,
    ADD COLUMN facts text[] NOT NULL DEFAULT '{}'
        CONSTRAINT forum_facts_are_known CHECK (facts <@ ARRAY[FACTS] AND array_position(facts, NULL) IS NULL),
    ADD COLUMN transport jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT forum_transport_is_a_text CHECK (jsonb_typeof(transport) = 'object'),
    ADD COLUMN stream text NOT NULL DEFAULT ''
        CONSTRAINT forum_stream_is_an_address CHECK (stream = '' OR stream ~ '^https://' AND length(stream) <= 500),
    ADD COLUMN spoken text[] NOT NULL DEFAULT '{}',
    ADD COLUMN interpreted text[] NOT NULL DEFAULT '{}',
    ADD COLUMN smaller_may_pass boolean NOT NULL DEFAULT false,
    ADD COLUMN one_session boolean NOT NULL DEFAULT false,
    ADD COLUMN offer_hours integer NOT NULL DEFAULT 24
        CONSTRAINT forum_offer_lasts_hours CHECK (offer_hours BETWEEN 1 AND 168),
    ADD COLUMN remind_before integer[] NOT NULL DEFAULT '{24}'
        CONSTRAINT forum_reminders_are_hours
        CHECK (cardinality(remind_before) <= 5 AND 1 <= ALL (remind_before) AND 720 >= ALL (remind_before)),
    ADD COLUMN notice_reason jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT forum_notice_reason_is_a_text CHECK (jsonb_typeof(notice_reason) = 'object'),
    ADD CONSTRAINT forum_is_on_the_map CHECK (
        (latitude IS NULL) = (longitude IS NULL) AND latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180);

ALTER TABLE forum_session
    DROP COLUMN reminded_at,
    ADD COLUMN reminded integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN settlement text NOT NULL DEFAULT '',
    ADD COLUMN venue jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT forum_session_venue_is_a_text CHECK (jsonb_typeof(venue) = 'object'),
    ADD COLUMN address jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT forum_session_address_is_a_text CHECK (jsonb_typeof(address) = 'object'),
    ADD COLUMN latitude double precision,
    ADD COLUMN longitude double precision,
    ADD COLUMN facts text[] NOT NULL DEFAULT '{}'
        CONSTRAINT forum_session_facts_are_known
        CHECK (facts <@ ARRAY[FACTS] AND array_position(facts, NULL) IS NULL),
    ADD COLUMN transport jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT forum_session_transport_is_a_text CHECK (jsonb_typeof(transport) = 'object'),
    ADD CONSTRAINT forum_session_is_on_the_map CHECK (
        (latitude IS NULL) = (longitude IS NULL) AND latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180);

-- What the organiser plans, in the order of the meeting; without a session it holds for each of them.
CREATE TABLE forum_agenda_item (
    id uuid PRIMARY KEY,
    forum uuid NOT NULL REFERENCES forum ON DELETE CASCADE,
    session uuid REFERENCES forum_session ON DELETE CASCADE,
    position integer NOT NULL,
    starts time,
    title jsonb NOT NULL CONSTRAINT forum_agenda_item_title_is_a_text CHECK (jsonb_typeof(title) = 'object'),
    speakers jsonb NOT NULL CONSTRAINT forum_agenda_item_speakers_is_a_text CHECK (jsonb_typeof(speakers) = 'object'),
    CONSTRAINT forum_agenda_item_place UNIQUE (forum, position) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX forum_agenda_item_session ON forum_agenda_item (session);

-- A gathering or general assembly: whose voters it is for, who called it, and the figures its quorum follows from.
-- The percentages are those of the law on the day they were written down.
CREATE TABLE forum_gathering (
    forum uuid PRIMARY KEY REFERENCES forum ON DELETE CASCADE,
    settlement text NOT NULL CONSTRAINT forum_gathering_settlement_is_a_code CHECK (settlement ~ '^[a-z0-9_-]{1,40}$'),
    called_by text NOT NULL CONSTRAINT forum_gathering_is_called CHECK (called_by IN ('mayor', 'council', 'voters')),
    supporters integer CONSTRAINT forum_gathering_supporters_are_counted CHECK (supporters > 0),
    voters integer NOT NULL CONSTRAINT forum_gathering_voters_are_counted CHECK (voters > 0),
    counted_on date NOT NULL,
    source jsonb NOT NULL CONSTRAINT forum_gathering_source_is_a_text CHECK (jsonb_typeof(source) = 'object'),
    call_percent numeric(5, 2)
        CONSTRAINT forum_gathering_call_is_a_share CHECK (call_percent > 0 AND call_percent <= 100),
    quorum_percent numeric(5, 2)
        CONSTRAINT forum_gathering_quorum_is_a_share CHECK (quorum_percent > 0 AND quorum_percent <= 100),
    CONSTRAINT forum_gathering_voters_call_with_names CHECK (called_by <> 'voters' OR supporters IS NOT NULL)
);

ALTER TABLE registration DROP CONSTRAINT registration_needs_check;
ALTER TABLE registration
    ADD CONSTRAINT registration_needs_check CHECK (
        needs <@ ARRAY['wheelchair', 'sign_language', 'interpretation', 'child_care']
        AND array_position(needs, NULL) IS NULL),
    ADD COLUMN only_one_of uuid;
-- Where a forum allows an address one of its sessions: the forum, or nothing.
CREATE UNIQUE INDEX registration_one_session ON registration (only_one_of, lower(email))
    WHERE state NOT IN ('cancelled', 'expired');
"""

forwards = sql_migration(ID, DESCRIPTION, SQL.replace("FACTS", FACTS))
