"""One decoder for each question type: form fields in, the stored answer or a problem out.

A decoder is made once per published question and runs for every response, so what can be looked up is prepared.
It returns False when conditions on options or rows left nothing to ask. Each module holds one family of types and
lists its makers in MAKERS; messages.py has the sentences.
"""

from __future__ import annotations

from consult.surveys.answers.decoders import (
    choices,
    contact,
    dates_and_times,
    given,
    matrices,
    scales,
    sharing,
    written,
)
from consult.surveys.answers.decoders.base import Decoder, Makers, Put
from consult.surveys.definition import schema as d

MAKERS: Makers = {
    **choices.MAKERS,
    **scales.MAKERS,
    **matrices.MAKERS,
    **sharing.MAKERS,
    **written.MAKERS,
    **contact.MAKERS,
    **dates_and_times.MAKERS,
    **given.MAKERS,
}
TAKES_NO_ANSWER: tuple[type[d.BaseQuestion], ...] = (d.Information, d.Calculated)


def decoder(question: d.AnyQuestion) -> Decoder | None:
    """None for a block that takes no answer."""
    if isinstance(question, TAKES_NO_ANSWER):
        return None
    make = MAKERS.get(type(question))
    if make is None:
        raise TypeError(f"no decoder for {type(question).__name__}")
    return make(question)


__all__ = ["Decoder", "Put", "decoder"]
