"""The columns of codes and their assignments. Checks and keys are raw SQL in consult_0145."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Integer, SmallInt, Text, Timestamptz
from piccolo.table import Table

from consult.storage import DB


class CodeFrame(Table, db=DB, tablename="code_frame"):
    id = UUID(primary_key=True)
    survey = UUID(null=False)
    question = Text(null=False)
    created_at = Timestamptz(null=False)
    created_by = UUID(null=True)


class Code(Table, db=DB, tablename="code"):
    """gone_at: when it was deleted or merged; its number is not given again."""

    id = UUID(primary_key=True)
    frame = UUID(null=False)
    number = Integer(null=False)
    key = Text(null=False)
    label = JSONB(null=False)
    gone_at = Timestamptz(null=True)


class CodedAnswer(Table, db=DB, tablename="coded_answer"):
    """That a coder has looked at an answer."""

    id = UUID(primary_key=True)
    frame = UUID(null=False)
    response = UUID(null=False)
    coder = SmallInt(null=False)
    coded_at = Timestamptz(null=False)
    coded_by = UUID(null=True)


class CodeAssignment(Table, db=DB, tablename="code_assignment"):
    id = UUID(primary_key=True)
    answer = UUID(null=False)
    code = UUID(null=False)
    assigned_at = Timestamptz(null=False)
    assigned_by = UUID(null=True)
