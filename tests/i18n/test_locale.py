"""Sentences with dates in them."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from consult.i18n.locale import one_stop


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("Важи до 3 мај 2026 г..", "Важи до 3 мај 2026 г."),
        ("Важи до 3 мај 2026 г.. Потоа не.", "Важи до 3 мај 2026 г. Потоа не."),
        ("Until 3 May 2026.", "Until 3 May 2026."),
    ],
)
def test_a_sentence_that_ends_with_a_date_has_one_full_stop(made: str, said: str) -> None:
    assert one_stop(made) == said
    safe = one_stop(Markup(made))
    assert isinstance(safe, Markup)
    assert safe == said
