"""Who belongs to a unit; answers that are assigned, reviewed, released, corrected; the words that a comment changed."""

from consult.storage import sql_migration

ID = "consult_0200_answers"
VERSION = "1.38.0"
DESCRIPTION = "Staff of units, assignment, review and correction of answers, effects of comments"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
CREATE TABLE unit_member (
    unit uuid NOT NULL REFERENCES unit (id),
    person uuid NOT NULL REFERENCES person (id),
    id uuid PRIMARY KEY,
    CONSTRAINT unit_member_once UNIQUE (unit, person)
);
CREATE INDEX unit_member_person ON unit_member (person);

CREATE TABLE comment_assignment (
    comment uuid PRIMARY KEY REFERENCES comment (id),
    unit uuid NOT NULL REFERENCES unit (id),
    person uuid REFERENCES person (id),
    due_on date,
    due_reason text NOT NULL DEFAULT '',
    assigned_at timestamptz NOT NULL,
    assigned_by uuid,
    CONSTRAINT assignment_other_day_has_reason CHECK (due_on IS NULL OR btrim(due_reason) <> '')
);
CREATE INDEX comment_assignment_unit ON comment_assignment (unit);
CREATE INDEX comment_assignment_person ON comment_assignment (person);

-- A comment has one answer that stands for it; corrections are further rows, and what they correct stays.
DROP TRIGGER reasoned_answer_released ON reasoned_answer;
ALTER TABLE reasoned_answer
    drop constraint reasoned_answer_comment_key,
    ADD COLUMN is_current boolean NOT NULL DEFAULT true,
    ADD COLUMN together uuid,
    ADD COLUMN sent_at timestamptz,
    ADD COLUMN sent_by uuid,
    ADD COLUMN reviewed_at timestamptz,
    ADD COLUMN reviewed_by uuid,
    ADD COLUMN note text NOT NULL DEFAULT '',
    ADD COLUMN corrects uuid REFERENCES reasoned_answer (id),
    ADD COLUMN correction jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT answer_correction_is_text CHECK (jsonb_typeof(correction) = 'object'),
    ADD CONSTRAINT answer_reviewed_after_sent CHECK (reviewed_at IS NULL OR sent_at IS NOT NULL),
    ADD CONSTRAINT answer_reviewed_by_another CHECK (reviewed_by <> decided_by AND reviewed_by <> sent_by),
    ADD CONSTRAINT answer_correction_has_reason CHECK ((corrects IS NULL) = (correction = '{}'::jsonb)),
    ADD CONSTRAINT answer_corrected_once UNIQUE (corrects);
CREATE UNIQUE INDEX answer_one_current ON reasoned_answer (comment) WHERE is_current;
CREATE UNIQUE INDEX answer_one_in_work ON reasoned_answer (comment) WHERE released_at IS NULL;
CREATE INDEX reasoned_answer_comment ON reasoned_answer (comment);

-- Released answers stay as they are; they may only step back for the one that corrects them.
CREATE OR REPLACE FUNCTION consult_released_answer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'INSERT' THEN
        IF NEW.released_at IS NOT NULL THEN
            RAISE EXCEPTION 'reasoned_answer is released only after a review' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.released_at IS NOT NULL THEN
        IF tg_op = 'UPDATE' AND OLD.is_current AND NOT NEW.is_current
            AND to_jsonb(OLD) - 'is_current' = to_jsonb(NEW) - 'is_current' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'reasoned_answer is append-only once released' USING ERRCODE = 'restrict_violation';
    END IF;
    IF tg_op = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.released_at IS NOT NULL AND NEW.reviewed_at IS NULL THEN
        RAISE EXCEPTION 'reasoned_answer is released only after a review' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER reasoned_answer_released BEFORE INSERT OR UPDATE OR DELETE ON reasoned_answer
    FOR EACH ROW EXECUTE FUNCTION consult_released_answer_stays();

-- The words of a version that a comment led to, as they stand in the authentic text.
CREATE TABLE comment_effect (
    id uuid PRIMARY KEY,
    comment uuid NOT NULL REFERENCES comment (id),
    version uuid NOT NULL REFERENCES draft_version (id),
    article uuid NOT NULL REFERENCES article (id),
    place integer NOT NULL CONSTRAINT effect_place_counted CHECK (place >= 0),
    before text NOT NULL,
    deleted text NOT NULL,
    inserted text NOT NULL,
    after text NOT NULL,
    noted_at timestamptz NOT NULL,
    noted_by uuid,
    CONSTRAINT effect_once UNIQUE (comment, version, article, place),
    CONSTRAINT effect_changes_words CHECK (deleted <> '' OR inserted <> '')
);
CREATE INDEX comment_effect_article ON comment_effect (article);
CREATE INDEX comment_effect_version ON comment_effect (version);
""",
)
