"""The cookie of who supports, and the signed ids of forms."""

from __future__ import annotations

from uuid import uuid4

import pytest

from consult.web import form_id
from consult.web.supporter import Supporter

SECRET = b"0" * 32


def test_a_mark_is_the_same_for_a_browser_and_a_thing_and_links_nothing_else() -> None:
    ana, ivo, thing, other = Supporter("a" * 43), Supporter("b" * 43), uuid4(), uuid4()
    assert ana.mark(SECRET, thing) == Supporter("a" * 43, is_new=True).mark(SECRET, thing)
    assert len({one.mark(SECRET, what) for one in (ana, ivo) for what in (thing, other)}) == 4
    assert "aaa" not in repr(ana)


def test_a_form_id_is_read_back_for_its_own_form_only() -> None:
    token = form_id.issue(SECRET, "question")
    assert str(form_id.read(SECRET, "question", token)) == token.partition(".")[0]
    for wrong in (token[:-1] + "x", "", "nonsense.x", token.upper()):
        with pytest.raises(form_id.AlteredForm):
            form_id.read(SECRET, "question", wrong)
    with pytest.raises(form_id.AlteredForm):
        form_id.read(SECRET, "slot", token)
