"""What staff and visitors write becomes HTML that can do nothing but be read."""

from consult.drafts.markup import to_html, to_plain


def test_numbered_paragraphs_stay_paragraphs() -> None:
    assert to_html("(1) Прв став.\n(2) Втор став.\nпродолжува") == (
        "<p>(1) Прв став.</p>\n<p>(2) Втор став.\nпродолжува</p>\n"
    )


def test_raw_html_is_shown_and_not_run() -> None:
    html = to_html("<script>alert(1)</script>\n\n<b onclick=x>x</b> [a](javascript:alert(1))")
    assert "<script" not in html
    assert "<b" not in html
    assert "href" not in html
    assert "&lt;script&gt;" in html


def test_images_are_not_loaded() -> None:
    assert "<img" not in to_html("![x](https://example.org/x.png)")


def test_headings_begin_at_the_wished_level() -> None:
    assert to_html("# A\n\n## B", first_heading=3) == "<h3>A</h3>\n<h4>B</h4>\n"
    assert to_html("### A", first_heading=2) == "<h2>A</h2>\n"


def test_tables_and_lists_keep_their_structure() -> None:
    html = to_html("| a | b |\n|---|---|\n| 1 | 2 |\n\n3. c\n4. d")
    assert "<table>" in html
    assert '<ol start="3">' in html


def test_a_visitors_words_are_escaped_and_keep_their_lines() -> None:
    assert to_plain("a <b>\nc\n\n\nd & e") == "<p>a &lt;b&gt;<br>c</p>\n<p>d &amp; e</p>"
    assert to_plain("") == ""
