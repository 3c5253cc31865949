import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise

import msgspec
import plotly.graph_objects as go
import pytest

from consult import i18n
from consult.charts import colours, showing
from consult.charts.chart import LONGEST_SCALE, Chart
from consult.charts.spec import from_builtins, to_builtins
from consult.i18n import Locale
from consult.profile import contrast, load_profile
from consult.settings import resource
from consult.web.templating import environment
from tests.results.makers import a_chart, one_of_each, question, text

LANGUAGES = ("mk", "ka", "en")


@pytest.fixture(autouse=True)
def _languages() -> Iterator[None]:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    yield


def each() -> list[tuple[Chart, Locale]]:
    made = [*one_of_each("open"), *one_of_each("sample"), a_chart(question("single"), [])]
    return [(chart, i18n.locale(code)) for chart in made for code in LANGUAGES]


def english(chart: Chart) -> str:
    return showing.sentence(chart, i18n.locale("en"))


def test_drawings_are_well_formed_and_named_for_those_who_hear_them() -> None:
    for chart, locale in each():
        drawn = showing.svg(chart, locale)
        if chart.is_hidden:
            assert drawn == ""
            continue
        root = ET.fromstring(drawn)
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert root.get("role") == "img"
        assert (root.get("aria-labelledby") or "").split() == ids
        assert all((root.findtext(tag) or "").strip() for tag in ("title", "desc"))


def test_drawings_stretch_and_have_neither_style_nor_class_nor_small_print() -> None:
    for chart, locale in each():
        if chart.is_hidden:
            continue
        root = ET.fromstring(showing.svg(chart, locale))
        assert root.get("viewBox") is None
        for element in root.iter():
            assert not {"style", "class", "onload", "transform"} & set(element.keys())
            if element.tag == "text":
                assert int(element.get("font-size", "0")) >= 13
            for name in ("x", "x1", "x2", "width"):
                value = element.get(name)
                assert value is None or value == "0" or value.endswith("%") or element.tag in ("svg",)
                if value and value.endswith("%"):
                    assert -0.01 <= float(value[:-1]) <= 100.01


def test_every_line_of_a_label_fits_a_narrow_telephone() -> None:
    words = "ქუჩების დასუფთავება და ნარჩენების გატანა ყველა უბანში ერთნაირად"
    asked = question("single", options=[{"code": "a", "text": text(words)}, {"code": "b", "text": text("B")}])
    root = ET.fromstring(showing.svg(a_chart(asked, ["a"] * 6), i18n.locale("ka")))
    lines = [element.text or "" for element in root.iter("text") if element.get("x") == "0"]
    assert len(lines) > 2
    assert all(len(line) <= 32 for line in lines)
    assert " ".join(lines).startswith(words)


def test_authors_words_cannot_become_markup() -> None:
    evil = '<script>alert("1")</script> & "quotes"'
    asked = question("single", text=text(evil), options=[{"code": c, "text": text(evil)} for c in ("a", "b")])
    chart, locale = a_chart(asked, ["a"] * 6), i18n.locale("en")
    drawn = showing.svg(chart, locale)
    assert "<script" not in drawn
    assert evil in (ET.fromstring(drawn).findtext("title") or "")
    figure = json.dumps(showing.plotly(chart, locale))
    assert "<script" not in figure and "&lt;script" in figure
    view = showing.view(chart, locale)
    page = environment(locale).from_string('{% from "charts/chart.html" import figure %}{{ figure(v) }}').render(v=view)
    assert "<script" not in page


def test_plotly_accepts_every_figure_and_gets_it_in_the_readers_language() -> None:
    for chart, locale in each():
        made = showing.plotly(chart, locale)
        go.Figure(data=made["data"], layout=made["layout"])
        assert json.loads(json.dumps(made)) == made
        assert bool(made["data"]) is not chart.is_hidden
        assert len(json.dumps(made)) < 12_000
        assert made["layout"]["separators"] == {"mk": ",.", "ka": ",\u00a0", "en": ".,"}[locale.code]


def test_figures_write_each_label_above_its_bar_and_leave_room_for_the_number() -> None:
    chart = a_chart(question("scale"), [5] * 29 + [4] * 45 + [3] * 16 + [2] * 7 + [1] * 3)
    for made in (showing.plotly(one, i18n.locale("ka")) for one in (*one_of_each(), chart)):
        layout = made["layout"]
        assert not layout["xaxis"]["visible"] and not layout["yaxis"]["visible"]
        assert set(layout["margin"].values()) == {0}
        for note in layout.get("annotations", ()):
            assert 0 <= note["y"] <= layout["height"]
            if note.get("xref") == "paper":
                assert note["x"] == 0 and note["xanchor"] == "left"
        start, end = layout["xaxis"]["range"]
        for trace in made["data"]:
            for base, length in zip(trace.get("base", [0] * len(trace["x"])), trace["x"], strict=True):
                assert start <= base and base + (length or 0) <= end + 1e-9


def test_diverging_figures_put_half_of_the_neutral_answers_on_each_side() -> None:
    chart = a_chart(question("scale"), [5] * 29 + [4] * 45 + [3] * 16 + [2] * 7 + [1] * 3)
    data = showing.plotly(chart, i18n.locale("en"))["data"]
    ends = [(trace["base"][0], trace["base"][0] + trace["x"][0]) for trace in data]
    assert ends[0][0] == pytest.approx(-0.18)
    assert ends[2] == pytest.approx((-0.08, 0.08))
    assert ends[-1][1] == pytest.approx(0.82)
    assert all(left[1] == pytest.approx(right[0]) for left, right in pairwise(ends))


def test_sentences_say_what_the_figures_show() -> None:
    single, several, scale, ten, nps, matrix, nominal, number = one_of_each()
    assert english(single) == "Most of those who answered chose “Yes”: 78%."
    assert english(several) == "Chosen most often: “Yes” (100% of those who answered), then “No” (67%)."
    assert english(scale) == "74% are satisfied, 11% are dissatisfied."
    assert english(ten) == "The average rating is 8.0 on a scale from 1 to 10."
    assert english(nps) == ("The recommendation score is +20: 40% would gladly recommend, 20% would not.")
    assert english(matrix) == "People are most satisfied with: Parks (100%); least with: Roads (0%)."
    assert english(nominal) == "The clearest answer: Parks – “Yes”, 100%."
    assert english(number) == "Half of the answers are 32 minutes or less; the average is 32.0 minutes."


def test_sentences_without_figures_say_why() -> None:
    assert english(a_chart(question("single"), [])) == "Nobody has answered this question yet."
    assert english(a_chart(question("single"), ["yes"])).startswith("Too few people answered")


def test_a_sample_claims_a_majority_only_when_its_interval_does() -> None:
    near = a_chart(question("single"), ["yes"] * 51 + ["no"] * 49, design="sample")
    clear = a_chart(question("single"), ["yes"] * 80 + ["no"] * 20, design="sample")
    assert english(near).startswith("The most frequent answer is")
    assert english(clear).startswith("Most of those who answered")


def test_equal_shares_are_called_equal() -> None:
    chart = a_chart(question("single"), ["yes"] * 5 + ["no"] * 5)
    assert english(chart) == "“Yes” and “No” were chosen equally often: 50% each."


def test_the_source_line_says_who_was_asked_how_many_when_and_how_certain() -> None:
    answers = ["yes"] * 70 + ["no"] * 30 + ["dont_know"] * 4
    opened = showing.source(a_chart(question("single"), answers), i18n.locale("en"))
    assert opened == (
        "Open consultation (online), n = 100, 2–16 November 2026. "
        "Everybody could take part, so there is no margin of error. Not counted: Don’t know 4."
    )
    sampled = showing.source(a_chart(question("single"), answers, design="sample"), i18n.locale("mk"))
    assert sampled.startswith("Случаен примерок (преку интернет), n = 100, 2–16 ноември 2026\u202fг. ")
    assert "95\u00a0%" in sampled


def test_a_matrix_from_a_sample_says_how_far_its_intervals_reach() -> None:
    chart = a_chart(question("matrix_scale"), [{"parks": 1 + i % 5, "roads": 4} for i in range(100)], design="sample")
    # The widest is that of 40 satisfied of 100: prop.test(40, 100, correct = FALSE) reaches from 0.309 to 0.498.
    assert "at most 9.8 percentage points" in showing.source(chart, i18n.locale("en"))


def test_plotly_names_each_rows_own_label_only() -> None:
    chart = one_of_each("sample")[5]
    notes = showing.plotly(chart, i18n.locale("en"))["layout"]["annotations"]
    assert [note["text"] for note in notes if note.get("xref") == "paper"] == ["Parks", "Roads"]


def test_every_language_has_its_own_sentence() -> None:
    for chart in one_of_each("sample"):
        said = {showing.sentence(chart, i18n.locale(code)) for code in LANGUAGES}
        sources = {showing.source(chart, i18n.locale(code)) for code in LANGUAGES}
        assert len(said) == len(sources) == 3


def test_tables_have_the_same_figures_as_the_drawing() -> None:
    chart = a_chart(question("single"), ["yes"] * 70 + ["no"] * 30, design="sample")
    table = showing.table(chart, i18n.locale("en"))
    assert table.head == ("Answer", "Share", "Interval 95%", "n")
    assert table.rows[0] == ("Yes", "70%", "60–78", "70")
    for made, locale in each():
        if not made.is_hidden:
            found = showing.table(made, locale)
            assert all(len(row) == len(found.head) for row in found.rows)


def test_a_kept_chart_reads_back_the_same_and_knows_that_it_is_frozen() -> None:
    for chart in one_of_each("sample"):
        kept = json.loads(msgspec.json.encode(to_builtins(chart.frozen())))
        assert from_builtins(kept) == chart.frozen()
        assert "Figures as of 22 November 2026." in showing.source(from_builtins(kept), i18n.locale("en"))


def test_the_figure_on_a_page_has_sentence_drawing_source_and_table() -> None:
    locale = i18n.locale("ka")
    template = environment(locale).from_string('{% from "charts/chart.html" import figure %}{{ figure(v) }}')
    page = template.render(v=showing.view(one_of_each()[5], locale, plotly_url="/ka/surveys/trees/results/q.json"))
    for part in ("<figure", "c-says", "c-legend", "<svg", "c-chart__source", "<details", "<table", "data-plotly="):
        assert part in page, part
    assert " style=" not in page


@pytest.mark.parametrize("points", range(2, 12))
def test_scale_colours_are_distinct_and_legible(points: int) -> None:
    palette = colours.scale(points)
    assert len(set(palette)) == points
    if points <= LONGEST_SCALE:
        assert all(contrast(colour, colours.on(colour)) >= 4.5 for colour in palette)
