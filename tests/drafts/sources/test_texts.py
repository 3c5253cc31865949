"""HTML pages, Akoma Ntoso and Markdown: the same articles, whatever the file is."""

from __future__ import annotations

import pytest

from consult.drafts.regulation import parse
from consult.drafts.sources import akoma, formats, markdown_file, web_page
from consult.drafts.sources.block import Block
from consult.drafts.sources.completeness import UNPLACED, missing
from consult.drafts.sources.headings import recognise
from tests.drafts.sources.makers import W, a_word_file, changed

WORD_PAGE = """<html><head><meta http-equiv=Content-Type content="text/html; charset=windows-1251"><title>Одлука</title>
<style>p.MsoNormal {margin:0}</style></head><body lang=MK><h1>ОДЛУКА</h1><p class=MsoNormal>Врз основа на член 36,</p>
<p align=center><b>I. ОПШТИ ОДРЕДБИ</b></p><p style="text-align:center">Член 1</p>
<p style='text-align:center'>Предмет</p>
<p>(1) Текст со <b>болд</b> и м<sup>2</sup><a href="#_ftn1" name="_ftnref1"><span>[1]</span></a>.</p>
<ol type=a start=2><li>прво<li>второ</ol><ul><li>а<li>б</ul>
<p>Член 2</p><table><tr><th>A<th>B<tr><td>1<td>2<br>3</table><p><del>старо</del> ново <img src=x.png alt="план"></p>
<div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> Белешка.</p></div><script>alert(1)</script></body></html>"""
MATSNE = """<html><body><div id=menu>მენიუ</div><div class="a">
<div id="maindoc"><div><p class="nawilixml">კარი I</p></div>
<p class=tavixml>თავი I. ზოგადი</p><p class="muxlixml">მუხლი7.საგანი</p><p class="abzacixml">1. ტექსტი.</p>
<p class="abzacixml">ა) პუნქტი;</p><p class="muxlixml">მუხლი 7<sup>1</sup>. მიზანი</p><p class=abzacixml>ტექსტი</p>
</div></div><div>ქვედა</div></body></html>"""
AKN = """<?xml version="1.0" encoding="UTF-8"?><akomaNtoso xmlns="%s"><act name="decision">
<meta><identification source="#x"/></meta>
<preface><longTitle><p>Decision on <docTitle>greenery</docTitle></p></longTitle></preface>
<preamble><formula name="f"><p>The Council decides:</p></formula></preamble>
<body><part eId="p1"><num>Part I</num><chapter eId="chp_1"><num>Chapter 1</num><heading>General</heading>
<article eId="art_1"><num>Article 1</num><heading>Subject</heading><paragraph eId="art_1__para_1"><num>(1)</num>
<content><p>This governs<authorialNote marker="1" placement="bottom"><p>See OG 5.</p></authorialNote> <b>trees</b>.</p>
</content></paragraph><paragraph><num>(2)</num><list><intro><p>It covers:</p></intro><point><num>(a)</num><content>
<p>parks;</p></content></point><point><num>(b)</num><content><p>streets.</p></content></point></list></paragraph></article>
<article><num>4A.</num><heading>Fees</heading><content><table><tr><th><p>Tree</p></th><th><p>Fee</p></th></tr>
<tr><td><p>Lime</p></td><td><p>5 <del>6</del></p></td></tr></table></content></article></chapter></part></body>
<conclusions><p>Skopje, 1 May</p></conclusions><attachments><attachment><heading>Annex 1. List</heading>
<doc name="annex"><meta/><mainBody><p>Lime</p></mainBody></doc></attachment></attachments></act></akomaNtoso>"""


def test_a_page_of_word_is_read_in_its_own_encoding() -> None:
    found = formats.take(WORD_PAGE.encode("windows-1251"), "mk")
    assert (found.format, found.title, found.problems) == ("html", "Одлука", ())
    first, second = parse(found.markdown, "mk").articles
    assert (first.chapter, first.heading) == ("I. ОПШТИ ОДРЕДБИ", "Предмет")
    assert first.body == "(1) Текст со **болд** и м²[^1].\n\nb. прво\n\nc. второ\n- а\n- б\n\n[^1]: Белешка."
    assert second.body == "| A | B |\n| --- | --- |\n| 1 | 2<br>3 |\n\nново"
    assert [(loss.article, loss.what, loss.why) for loss in found.losses] == [
        ("Член 2", "старо", web_page.DELETED),
        ("Член 2", "план", web_page.PICTURE),
    ]


def test_of_a_page_of_the_legislative_herald_only_the_act_is_taken() -> None:
    found = formats.take(MATSNE.encode(), "ka")
    assert [(a.label, a.heading, a.chapter, a.body) for a in parse(found.markdown, "ka").articles] == [
        ("7", "საგანი", "კარი I\nთავი I. ზოგადი", "1. ტექსტი.\nა) პუნქტი;"),
        ("7¹", "მიზანი", "", "ტექსტი"),
    ]
    assert [loss.why for loss in found.losses] == [web_page.AROUND]
    assert found.problems == ()


@pytest.mark.parametrize(
    "namespace",
    ["http://docs.oasis-open.org/legaldocml/ns/akn/3.0", "http://www.akomantoso.org/2.0", "urn:other:akn"],
)
def test_akoma_ntoso_names_its_articles(namespace: str) -> None:
    found = formats.take((AKN % namespace).encode(), "en")
    assert (found.format, found.problems, found.title) == ("akn", (), "greenery")
    parsed = parse(found.markdown, "en")
    assert parsed.preamble == "Decision on greenery\n\nThe Council decides:"
    assert [(a.key, a.heading, a.chapter, a.body) for a in parsed.articles] == [
        (
            "1",
            "Subject",
            "Part I\nChapter 1. General",
            "(1) This governs[^1] **trees**.\n(2) It covers:\n(a) parks;\n(b) streets.\n\n[^1]: See OG 5.",
        ),
        ("4-a", "Fees", "", "| Tree | Fee |\n| --- | --- |\n| Lime | 5 |"),
        ("annex-1", "List", "", "Lime"),
    ]
    assert [(loss.what, loss.why) for loss in found.losses] == [
        ("Skopje, 1 May", akoma.CONCLUDED),
        ("6", akoma.DELETED),
    ]


def test_sections_are_articles_where_there_are_none() -> None:
    law = (
        "<akomaNtoso><bill><body><chapter><num>1</num><section><num>2</num><heading>Fee</heading><subsection><num>(1)</num>"
        "<content><p>Five.</p></content></subsection></section></chapter></body></bill></akomaNtoso>"
    )
    found = formats.take(law.encode(), "en")
    (article,) = parse(found.markdown, "en").articles
    assert (article.label, article.heading, article.chapter, article.body) == ("2", "Fee", "Chapter 1", "(1) Five.")
    assert [loss.why for loss in found.losses] == [akoma.SECTIONS]


def test_markdown_of_other_habits_is_brought_into_ours_and_ours_stays() -> None:
    theirs = (
        "# ОДЛУКА\nВрз основа на\n\n### Глава I\n**Член 1**\n**Предмет**\n\n1) прво;\n2) _второ_.\n\n"
        "Член 2 – Цел\nТекст\n"
    )
    found = formats.take(theirs.encode(), "mk")
    assert [(a.label, a.heading, a.chapter, a.body) for a in parse(found.markdown, "mk").articles] == [
        ("1", "Предмет", "Глава I", "1) прво;\n2) _второ_."),
        ("2", "Цел", "", "Текст"),
    ]
    again = formats.take(found.markdown.encode(), "mk")
    assert again.markdown == found.markdown
    assert markdown_file.is_ours(found.markdown, "mk")


@pytest.mark.parametrize(
    ("text", "stands_out", "name"),
    [
        ("Член 5", False, "article Член 5"),
        ("Член 5.", False, "article Член 5"),
        ("Член 5 се брише.", False, ""),
        ("Член 5 од Законот се применува.", False, ""),
        ("Член 5. Дрвја", False, "article Член 5"),
        ("Член 5 Дрвја", True, "article Член 5"),
        ("ЧЛЕН 12-А", False, "article Член 12-А"),
        ("„Член 12-а", False, ""),
        ("Article 4A – Fees", False, "article Article 4A"),
        ("Article 4, paragraph 2, applies.", False, ""),
        ("მუხლი 4¹. ვადა", False, "article მუხლი 4¹"),
        ("მუხლი 4. ვადა;", False, ""),
        ("Neni 3", False, "article Neni 3"),
        ("Глава втора", False, "chapter Глава втора"),
        ("Дел од средствата се користи", False, ""),
        ("თავი II. ვადები", False, "chapter თავი II"),
        ("მეორე თავი", True, "chapter თავი მეორე"),
        ("IV. ЗАВРШНИ ОДРЕДБИ", False, "chapter IV"),
        ("IV. завршни одредби", False, ""),
        ("Прилог 2: Мапа", False, "annex Прилог 2"),
        ("Прилог кон извештајот", False, ""),
        ("დანართი №3", False, "annex დანართი 3"),
        ("Annex A", False, "annex Annex A"),
    ],
)
def test_headings_are_told_from_words_of_the_text(text: str, stands_out: bool, name: str) -> None:
    found = recognise(Block(text, text, is_strong=stands_out))
    assert (f"{found.kind} {found.name}" if found else "") == name


def test_words_that_a_reader_overlooks_are_told_at_the_end() -> None:
    assert missing("Член 5. Дрвја и м² дрвја", "## Член 5. ДРВЈА\nи м2") == "дрвја"
    assert missing("мно\u00adгу №7", "многу 7") == ""
    page = "<html><p>Член 1</p><p>Текст</p><nav>мени</nav></html>"
    assert [(loss.what, loss.why) for loss in formats.take(page.encode(), "mk").losses] == [("мени", web_page.MENU)]
    word = changed(
        a_word_file(lambda document: document.add_paragraph("Член 1")),
        {
            "word/document.xml": f"<w:document {W}><w:body><w:p><w:r><w:t>Член 1</w:t></w:r></w:p><w:p><w:novel><w:r>"
            "<w:t>Заборавено</w:t></w:r></w:novel></w:p></w:body></w:document>".encode()
        },
    )
    (loss,) = formats.take(word, "mk").losses
    assert (loss.what, loss.why) == ("заборавено", UNPLACED)


def test_the_title_of_a_page_is_not_the_title_of_its_first_article() -> None:
    page = "<html><h1>ОДЛУКА за дрвореди</h1><p>Член 1</p><p>(1) Оваа одлука важи.</p><p>Член 2</p><p>Текст.</p></html>"
    taken = formats.take(page.encode(), "mk")
    assert "ОДЛУКА за дрвореди\n\n## Член 1\n" in taken.markdown
    assert taken.title == "ОДЛУКА за дрвореди"
    before = "<html><h1>ОДЛУКА</h1><b>Предмет</b><p>Член 1</p><p>Важи.</p><b>Дрвја</b><p>Член 2</p><p>Текст.</p></html>"
    assert "Член 1. Предмет" in formats.take(before.encode(), "mk").markdown
