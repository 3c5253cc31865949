"""Codes as variables: each coded question is one more variable of the survey, of several choices."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from consult.coding.code import CodeFrame, Open, open_questions
from consult.coding.queries import Marks, code_frames, marks
from consult.columns.column import KINDS, Masked
from consult.columns.frame import Frame
from consult.columns.variables import Variable

PREFIX = "text:"
SKIPPED = 1 + KINDS.index("skipped")


async def variables(frame: Frame) -> Mapping[str, tuple[Variable, Masked]]:
    """The coded questions of a survey: `text:QUESTION` -> the variable and its column of frame.n rows.

    An answer that was looked at counts, also if none of the codes fits (no bit, status 0). What is not coded yet, and
    those who wrote nothing, count as skipped: figures rest on the coded answers, and say so by their base.
    """
    frames = await code_frames(frame.survey_id)
    asked = {question.key: question for question in open_questions(frame.definition)}
    return {
        PREFIX + key: (variable(asked[key], codes), column(frame, await marks(codes)))
        for key, codes in frames.items()
        if key in asked and codes.codes
    }


def variable(question: Open, codes: CodeFrame) -> Variable:
    points = tuple(code.key for code in codes.codes)
    labels = {code.key: code.label for code in codes.codes}
    return Variable(
        PREFIX + question.key, "masked", question.key, None, points, question.text, question.text, labels
    )  # fmt: skip


def column(frame: Frame, given: Marks) -> Masked:
    """The marks beside the answers of a frame, row by row."""
    known, bits = given.of(frame.ids())
    status = np.where(known, 0, SKIPPED).astype(np.uint8)
    return Masked(bits, status, tuple(code.key for code in given.codes))
