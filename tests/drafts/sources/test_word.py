"""Word files: what the program shows is what the article says."""

from __future__ import annotations

import re

from docx.document import Document as Word
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.drafts.regulation import parse
from consult.drafts.sources import assembling, formats, grid, report, word_paragraph
from consult.drafts.sources.inline import escaped
from tests.drafts.sources.makers import (
    a_list,
    a_word_file,
    added,
    centred,
    from_markdown,
    note,
    numbered,
    with_notes,
)


def taken(content: bytes, language: str = "mk") -> formats.Taken:
    found = formats.take(content, language)
    assert found.format == "docx"
    return found


def headings(found: formats.Taken, language: str = "mk") -> list[tuple[str, str, str]]:
    return [(one.label, one.heading, one.chapter) for one in parse(found.markdown, language).articles]


def test_titles_below_and_chapters_over_two_lines_are_joined() -> None:
    def make(document: Word) -> None:
        document.add_paragraph("Врз основа на член 36 од Законот, Советот донесе")
        centred(document, "ОДЛУКА", bold=True)
        centred(document, "ДЕЛ ПРВИ")
        centred(document, "ОСНОВНИ ОДРЕДБИ")
        centred(document, "Глава I")
        centred(document, "ОПШТИ ОДРЕДБИ")
        centred(document, "Член 1")
        centred(document, "Предмет")
        document.add_paragraph("(1) Со оваа одлука се уредува зеленилото.")
        document.add_paragraph("(2) Член 5 од Законот не се применува.")
        document.add_heading("Член 12-а Садење", level=2)
        document.add_paragraph("Се сади дрво.")

    found = taken(a_word_file(make))
    assert (found.problems, found.title) == ((), "ОДЛУКА")
    assert headings(found) == [
        ("1", "Предмет", "Дел ПРВИ. ОСНОВНИ ОДРЕДБИ\nГлава I. ОПШТИ ОДРЕДБИ"),
        ("12-а", "Садење", ""),
    ]
    assert parse(found.markdown, "mk").preamble.endswith("**ОДЛУКА**")
    assert parse(found.markdown, "mk").articles[0].body == (
        "(1) Со оваа одлука се уредува зеленилото.\n(2) Член 5 од Законот не се применува."
    )


def test_titles_above_their_number_belong_to_the_article_below() -> None:
    def make(document: Word) -> None:
        centred(document, "I. ОПШТИ ОДРЕДБИ", bold=True)
        for number, title in ((1, "Предмет"), (2, "Цел"), (3, "Поими")):
            centred(document, title, bold=True)
            centred(document, f"Член {number}", bold=True)
            document.add_paragraph("Текст.")

    found = taken(a_word_file(make))
    assert headings(found) == [("1", "Предмет", "I. ОПШТИ ОДРЕДБИ"), ("2", "Цел", ""), ("3", "Поими", "")]
    assert found.problems == ()
    assert found.losses == ()


def test_automatic_numbers_become_words() -> None:
    def make(document: Word) -> None:
        articles = a_list(document, [("decimal", "Член %1"), ("decimal", "(%2)"), ("russianLower", "%3)")])
        numbered(document, "", articles).add_run("Предмет").bold = True
        numbered(document, "Прв став:", articles, 1)
        numbered(document, "прва точка;", articles, 2)
        numbered(document, "втора точка.", articles, 2)
        numbered(document, "Втор став.", articles, 1)
        numbered(document, "", articles).add_run("Цел").bold = True
        numbered(document, "Пак прв став.", articles, 1)
        plain = a_list(document, [("lowerLetter", "%1)"), ("lowerRoman", "%1.%2.")], number=91)
        numbered(document, "буква", plain)
        numbered(document, "подбуква", plain, 1)
        again = a_list(document, [("lowerLetter", "%1)")], number=91, restart=True)
        numbered(document, "одново", again)
        document.add_paragraph("точка", style="List Bullet")

    found = taken(a_word_file(make))
    assert headings(found) == [("1", "Предмет", ""), ("2", "Цел", "")]
    first, second = (one.body for one in parse(found.markdown, "mk").articles)
    assert first == "(1) Прв став:\nа) прва точка;\nб) втора точка.\n(2) Втор став."
    assert second == "(1) Пак прв став.\na) буква\n\na.i. подбуква\na) одново\n- точка"


def test_an_article_that_the_program_counts_is_a_heading_whatever_it_looks_like() -> None:
    def make(document: Word) -> None:
        articles = a_list(document, [("decimal", "Член %1")])
        numbered(document, "Предмет", articles)
        document.add_paragraph("Се уредува паркирањето.")
        numbered(document, "Глоби", articles)
        document.add_paragraph("Глобата е 50 евра.")

    found = taken(a_word_file(make))
    assert headings(found) == [("1", "Предмет", ""), ("2", "Глоби", "")] and found.losses == ()


def test_bold_tables_footnotes_raised_numbers_and_annexes_are_kept() -> None:
    def make(document: Word) -> None:
        with_notes(document, {2: "Службен весник 5/2002.", 3: "Без повикување."})
        heading = document.add_heading("მუხლი 4", level=1)
        heading.add_run("1").font.superscript = True
        heading.add_run(". ვადა")
        paragraph = document.add_paragraph("1. ვადა არის ")
        paragraph.add_run("10 დღე").bold = True
        paragraph.add_run(" და 5 მ")
        paragraph.add_run("2").font.superscript = True
        note(paragraph, 2)
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip((c for row in table.rows for c in row.cells), ("ხე", "ფასი", "ც|ხ", "5"), strict=True):
            cell.paragraphs[0].add_run(text).bold = text in ("ხე", "ფასი") or None
        document.add_paragraph("მუხლი 5. ბოლო")
        document.add_paragraph("ძალაშია გამოქვეყნებისთანავე.")
        centred(document, "დანართი №1")
        centred(document, "ხეების ნუსხა")
        document.add_paragraph("ცაცხვი")

    found = taken(a_word_file(make), "ka")
    assert found.problems == ()
    assert headings(found, "ka") == [("4¹", "ვადა", ""), ("5", "ბოლო", ""), ("დანართი 1", "ხეების ნუსხა", "")]
    assert parse(found.markdown, "ka").articles[0].body == (
        "1. ვადა არის **10 დღე** და 5 მ²[^1]\n\n| **ხე** | **ფასი** |\n| --- | --- |\n| ც\\|ხ | 5 |\n\n"
        "[^1]: Службен весник 5/2002."
    )
    assert [(loss.article, loss.what) for loss in found.losses] == [("", "Без повикување.")]


def test_what_cannot_be_carried_over_is_told_with_its_article() -> None:
    def make(document: Word) -> None:
        document.add_paragraph("Член 1. Предмет")
        paragraph = document.add_paragraph("Останува. ")
        added(paragraph, '<w:ins w:id="1" w:author="X"><w:r><w:t>Ново.</w:t></w:r></w:ins>')
        added(paragraph, '<w:del w:id="2" w:author="X"><w:r><w:delText>Старо.</w:delText></w:r></w:del>')
        document.add_paragraph("прецртано").runs[0].font.strike = True
        document.add_paragraph("видливо").add_run("скриено").font.hidden = True
        document.add_paragraph("Член 2. Цел")
        table = document.add_table(rows=2, cols=2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "споено"
        table.cell(1, 0).text = "долу"
        document.sections[0].header.paragraphs[0].text = "Нацрт"

    found = taken(a_word_file(make))
    told = [(loss.article, loss.number, loss.what, loss.why) for loss in found.losses]
    assert told[0][:3] == ("", 0, "Нацрт")
    assert told[1:] == [
        ("Член 1", 2, "Старо.", word_paragraph.DELETED),
        ("Член 1", 2, "Ново.", word_paragraph.INSERTED),
        ("Член 1", 3, "прецртано", word_paragraph.STRUCK),
        ("Член 1", 4, "скриено", word_paragraph.HIDDEN),
        ("Член 2", 6, "споено долу", grid.MERGED),
    ]
    assert "Останува. Ново." in found.markdown
    assert "Старо" not in found.markdown
    assert str(found.losses[1]).startswith("Член 1, 2: “Старо.”: A tracked deletion")


def test_contents_comments_signatures_and_annexes_without_a_number_are_told() -> None:
    def make(document: Word) -> None:
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("Член 1 ..... 3", style="toc 1")
        document.add_paragraph("Член 2 ..... 4", style="toc 1")
        document.add_paragraph("Член 1. Предмет")
        paragraph = document.add_paragraph("Текст.")
        document.add_comment(paragraph.runs, text="Проверете!", author="X")
        centred(document, "Прилог")
        document.add_paragraph("Прва табела.")
        centred(document, "Прилог")
        document.add_paragraph("Втора табела.")
        document.add_paragraph("Бр. 08-12/1")
        document.add_paragraph("Претседател на Советот")

    found = taken(a_word_file(make))
    assert [label for label, _, _ in headings(found)] == ["1", "Прилог", "Прилог 2"]
    assert [(loss.article, loss.what, loss.why) for loss in found.losses] == [
        ("", "Член 1 ..... 3 Член 2 ..... 4", report.CONTENTS),
        ("Член 1", "Проверете!", word_paragraph.COMMENTED),
        ("Прилог 2", "", assembling.NUMBERED_ANNEX),
        ("Прилог 2", "Бр. 08-12/1 / Претседател на Советот", assembling.SIGNED),
    ]


def test_text_boxes_links_and_fields_give_their_words() -> None:
    box = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>Во рамка.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> REF x </w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>член 7</w:t><w:fldChar w:fldCharType="end"/></w:r>'
    )

    def make(document: Word) -> None:
        document.add_paragraph("Член 1. Предмет")
        paragraph = document.add_paragraph("Види ")
        added(paragraph, field)
        added(paragraph, box)

    found = taken(a_word_file(make))
    assert parse(found.markdown, "mk").articles[0].body == "Види член 7\n\nВо рамка."
    assert [loss.why for loss in found.losses] == [word_paragraph.BOX]


def test_a_quoted_article_of_an_act_that_changes_another_stays_within_its_article() -> None:
    def make(document: Word) -> None:
        document.add_paragraph("Член 1")
        document.add_paragraph("По членот 12 се додаваат два нови члена:")
        document.add_paragraph("„Член 12-а")
        document.add_paragraph("Текст на новиот член.")
        document.add_paragraph("Член 12-б")
        document.add_paragraph("Текст на другиот.“")
        document.add_paragraph("Член 2")
        document.add_paragraph("Оваа одлука влегува во сила.")

    found = taken(a_word_file(make))
    assert [label for label, _, _ in headings(found)] == ["1", "2"]
    assert [loss.what for loss in found.losses] == ["Член 12-б"]


letters = st.sampled_from("АБВабв")
inner = st.text(alphabet="абвгдѓ жзшАБВ,.-12*_[", max_size=25)
sentences = st.builds(lambda first, rest: " ".join(f"{first}{rest}".split()), letters, inner)
titles = st.builds(
    lambda first, rest, last: " ".join(f"{first}{rest}{last}".split()),
    letters,
    st.text(alphabet="абвгдѓ жзшАБВ,.-12", max_size=20),
    letters,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(titles, st.lists(sentences, min_size=1, max_size=3)), min_size=1, max_size=5))
def test_our_text_written_as_a_word_file_comes_back_as_it_was(articles: list[tuple[str, list[str]]]) -> None:
    lines = ["# Глава 1. Општо"]
    for number, (title, paragraphs) in enumerate(articles, start=1):
        body = [f"({place}) {escaped(text)}" for place, text in enumerate(paragraphs, start=1)]
        lines += [f"## Член {number}. {title}", *body]
    before = parse("\n".join(lines), "mk")
    after = parse(taken(from_markdown(re.sub(r"\\([*_[])", r"\1", "\n".join(lines)), "mk")).markdown, "mk")
    assert [(a.key, a.heading, a.body, a.chapter) for a in after.articles] == [
        (a.key, a.heading, a.body, a.chapter) for a in before.articles
    ]
