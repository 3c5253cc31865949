"""The columns of what this domain keeps. Constraints are raw SQL in consult_0075_results and consult_0160_exports."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Array, BigInt, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class ResultsPublication(Table, db=DB, tablename="results_publication"):
    """That staff made the results of a survey public. No row: they are not."""

    survey = UUID(primary_key=True)
    published_at = Timestamptz(null=False)
    published_by = UUID(null=True)
    without = Array(base_column=Text(), null=False)


class ResultExport(Table, db=DB, tablename="result_export"):
    """A file that staff asked for; the file itself lies in DATA/exports under its id."""

    id = UUID(primary_key=True)
    survey = UUID(null=False)
    asked = JSONB(null=False)
    asked_by = UUID(null=False)
    asked_at = Timestamptz(null=False)
    state = Text(null=False)
    done = Integer(null=False)
    total = Integer(null=False)
    name = Text(null=False)
    size = BigInt(null=False)
    sha256 = Bytea(null=False)
    finished_at = Timestamptz(null=True)
    expires_at = Timestamptz(null=False)
    failure = JSONB(null=False)
    cuts = JSONB(null=False)
