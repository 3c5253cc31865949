import random
import time

import pytest

from consult.drafts.versions.comparison import Passage, Piece, changed_passages, compare, likeness, plain

TEXTS = (
    ("", ""),
    ("", "(1) Нов член.\n(2) Втор став."),
    ("Within 10 days.", ""),
    ("Within 10 days.", "Within 15 working days."),
    ("(1) ხე ირგვება.\n\n(2) გამონაკლისი.", "(1) ხე არ ირგვება.\n\n(2) ახალი.\n\n(3) გამონაკლისი."),
    ("Јавна набавка, по правило.", "Набавка по правило; јавна."),
)


@pytest.mark.parametrize(("old", "new"), TEXTS)
def test_same_and_deleted_words_are_the_old_text_and_same_and_inserted_words_the_new_one(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "inserted").split() == plain(old).split()
    assert "".join(piece.text for piece in pieces if piece.kind != "deleted") == plain(new)


def test_changed_words_are_named_and_nothing_else() -> None:
    assert compare("Within 10 days.", "Within 15 working days.") == (
        Piece("same", "Within"),
        Piece("deleted", " 10"),
        Piece("inserted", " 15 working"),
        Piece("same", " days."),
    )


def test_one_letter_and_a_capital_and_a_sign_count() -> None:
    assert [piece.text for piece in compare("достапно, Дрво", "недостапно; дрво")] == [
        "достапно, Дрво",
        "недостапно; дрво",
    ]
    assert compare("affordable homes", "unaffordable homes")[:2] == (
        Piece("deleted", "affordable"),
        Piece("inserted", "unaffordable"),
    )


def test_wrapped_lines_and_wide_blanks_are_no_change_but_a_new_paragraph_is() -> None:
    assert compare("One two\nthree.", "One   two three. ") == (Piece("same", "One two three."),)
    assert Piece("inserted", "\n\n") in compare("One. Two.", "One.\n\nTwo.")
    assert compare("(1) One.\n(2) Two.", "(1) One.\n\n(2) Two.") == (Piece("same", "(1) One.\n\n(2) Two."),)


def test_short_words_between_longer_changes_are_shown_with_them() -> None:
    pieces = compare("The mayor of a municipality decides.", "The council in a settlement decides.")
    assert [piece.kind for piece in pieces] == ["same", "deleted", "inserted", "same"]


def test_a_passage_says_what_became_what_and_where_it_stands() -> None:
    new = "(1) Рокот е 15 работни дена.\n(2) Важи одлуката."
    first, second = changed_passages("(1) Рокот е 10 дена.\n(2) Важи само одлуката.", new)
    assert first == Passage("(1) Рокот е", "10", "15 работни", "дена.", 12, 22)
    assert plain(new)[first.start : first.end] == "15 работни"
    assert (second.before, second.deleted, second.inserted, second.after) == ("(2) Важи", "само", "", "одлуката.")
    assert second.start == second.end
    assert changed_passages(new, new) == ()


def test_likeness_is_the_share_of_common_words() -> None:
    assert likeness("a b c d", "a b c d") == 1.0
    assert likeness("", "") == 1.0
    assert likeness("a b c d", "a b x y") == pytest.approx(0.5)
    assert likeness("", "a") == 0.0


def test_an_article_of_thirty_thousand_words_is_compared_at_once() -> None:
    draw = random.Random(4)
    old = [f"збор{int(3000 * draw.random() ** 4)}" for _ in range(30_000)]
    new = [f"ново{place % 900}" if draw.random() < 0.1 else word for place, word in enumerate(old)]
    new = new[15_000:20_000] + new[:15_000] + new[20_000:]
    started = time.process_time()
    pieces = compare(" ".join(old), " ".join(new))
    assert time.process_time() - started < 6
    assert "".join(piece.text for piece in pieces if piece.kind != "deleted").strip() == " ".join(new)
