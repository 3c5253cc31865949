"""When and why the end of a public consultation was moved: kept for ever."""

from consult.storage import sql_migration

ID = "consult_0207_shifts"
VERSION = "1.38.0"
DESCRIPTION = "Moved ends of consultations, with their reasons"

forwards = sql_migration(
    ID,
    DESCRIPTION,
    """
create table consultation_shift (
    id uuid primary key,
    consultation uuid not null references consultation (id),
    closed_at timestamptz not null,
    closes_at timestamptz not null,
    reason jsonb not null check (jsonb_typeof(reason) = 'object' and reason <> '{}'::jsonb),
    decided_at timestamptz not null,
    decided_by uuid,
    constraint consultation_shift_moves check (closed_at <> closes_at)
);
create index consultation_shift_consultation on consultation_shift (consultation, decided_at);
create trigger consultation_shift_immutable before update or delete on consultation_shift
    for each row execute function consult_refuse_change();
""",
)
