from collections.abc import Iterable

from consult.drafts.versions.comparison import compare
from consult.drafts.versions.sides import Paragraph, marked, side_by_side
from consult.drafts.versions.words import words_of

SIGNS = {"same": "{}", "inserted": "[+{}+]", "deleted": "[-{}-]"}


def written(paragraphs: Iterable[Paragraph]) -> list[str]:
    return ["".join(SIGNS[piece.kind].format(piece.text) for piece in part) for part in paragraphs]


def test_markdown_becomes_words_with_a_paragraph_for_each_block() -> None:
    text = "(1) A **tree**:\n\n1. one\n2. [two](https://example.com)\n\n- x\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
    assert words_of(text).split("\n\n") == ["(1) A tree:", "1. one", "2. two", "– x", "A | B", "1 | 2"]
    assert words_of("1. one\n\n2. two").split("\n\n") == ["1. one", "2. two"]


def test_marked_text_holds_both_wordings_by_paragraph() -> None:
    pieces = compare(
        "First stays.\n\nThis goes away.\n\nTen days.", "First stays.\n\nFifteen days.\n\nThat is new here."
    )
    assert written(marked(pieces)) == [
        "First stays.",
        "[-This goes away.-]",
        "[-Ten-][+Fifteen+] days.",
        "[+That is new here.+]",
    ]


def test_a_divided_paragraph_shows_the_new_break_and_not_all_its_words() -> None:
    one, two = "One long sentence stands here. ", "Another long one follows it."
    assert written(marked(compare(one + two, f"{one}\n\n{two}"))) == [f"{one.strip()}[+¶+]", two]
    assert written(marked(compare(f"{one}\n\n{two}", one + two))) == [f"{one.strip()}[-¶-]", two]


def test_side_by_side_sets_equal_paragraphs_beside_each_other_and_leaves_the_others_alone() -> None:
    pieces = compare("(1) Stays.\n\n(2) This goes away.\n\n(3) Ten days.", "(1) Stays.\n\n(2) Fifteen days.")
    rows = side_by_side(pieces)
    assert [(written(row.old), written(row.new)) for row in rows] == [
        (["(1) Stays."], ["(1) Stays."]),
        (["[-(2) This goes away.-]"], []),
        (["[-(3) Ten-] days."], ["[+(2) Fifteen+] days."]),
    ]
    assert [row.is_same for row in rows] == [True, False, False]
