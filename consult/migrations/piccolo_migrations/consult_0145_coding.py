"""Coding: codes that analysts give to written answers."""

from consult.storage import sql_migration

ID = "consult_0145_coding"
VERSION = "1.38.0"
DESCRIPTION = "Codes of written answers"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
-- The codes of one open question. question is a key, or key.other for what is written beside a choice.
create table code_frame (
    id uuid primary key,
    survey uuid not null references survey (id) on delete cascade,
    question text not null constraint code_frame_question check (question ~ '^[a-z][a-z0-9_]*([.]other)?$'),
    created_at timestamptz not null,
    created_by uuid,
    constraint code_frame_once unique (survey, question)
);

-- key is what exports call it; it is never given again, also not after the code is gone.
create table code (
    id uuid primary key,
    frame uuid not null references code_frame (id) on delete cascade,
    number integer not null check (number > 0),
    key text not null constraint code_key check (key = 'c' || number::text),
    label jsonb not null constraint code_label check (jsonb_typeof(label) = 'object' and label <> '{}'),
    gone_at timestamptz,
    constraint code_number unique (frame, number)
);

-- That a coder has looked at an answer: without an assignment, none of the codes fits. It goes with its response.
create table coded_answer (
    id uuid primary key,
    frame uuid not null references code_frame (id) on delete cascade,
    response uuid not null references response (id) on delete cascade,
    coder smallint not null constraint coded_answer_coder check (coder in (1, 2)),
    coded_at timestamptz not null,
    coded_by uuid,
    constraint coded_answer_once unique (frame, coder, response)
);
create index coded_answer_response on coded_answer (response);

create table code_assignment (
    id uuid primary key,
    answer uuid not null references coded_answer (id) on delete cascade,
    code uuid not null references code (id) on delete cascade,
    assigned_at timestamptz not null,
    assigned_by uuid,
    constraint code_assignment_once unique (answer, code)
);
create index code_assignment_code on code_assignment (code);
""",
)
