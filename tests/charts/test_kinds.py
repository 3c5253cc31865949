"""Groups, intervals, waves, matrices, maps and words: drawn, written, tabled and kept, in every language."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import plotly.graph_objects as go
import pytest

from consult import i18n
from consult.analysis.estimate import Reason
from consult.charts import axis, colours, dialect, heat, showing
from consult.charts.grid import Number, Span
from consult.charts.kinds import Measure, Note, Value
from consult.charts.notes import NOTES, said
from consult.charts.spec import OtherKind, from_builtins, kind_of, to_builtins
from consult.i18n import Locale
from consult.profile import contrast, load_profile
from consult.settings import resource
from consult.web.templating import environment
from tests.charts import makers
from tests.results.makers import text

LANGUAGES = ("mk", "ka", "en")


@pytest.fixture(autouse=True)
def _languages() -> Iterator[None]:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    yield


def each() -> list[tuple[OtherKind, Locale]]:
    return [(spec, i18n.locale(code)) for spec in makers.each_kind() for code in LANGUAGES]


def english(spec: OtherKind) -> str:
    return showing.sentence(spec, i18n.locale("en"))


def test_drawings_are_well_formed_and_stretch_without_style_or_small_print() -> None:
    for spec, locale in each():
        root = ET.fromstring(showing.svg(spec, locale, id_="one"))
        assert root.get("viewBox") is None
        assert (root.get("aria-labelledby") or "").split() == ["one-t", "one-d"]
        assert all((root.findtext(tag) or "").strip() for tag in ("title", "desc"))
        height = float(root.get("height") or 0)
        for element in root.iter():
            assert not {"style", "class", "onload", "transform"} & set(element.keys())
            for name in ("x", "x1", "x2", "cx", "width"):
                value = element.get(name) or ""
                if value.endswith("%"):
                    assert -0.01 <= float(value[:-1]) <= 100.01, (kind_of(spec), ET.tostring(element))
            if element.tag == "text":
                assert int(element.get("font-size", "0")) >= 13
                assert 0 < float(element.get("y", "0")) <= height


def test_words_of_a_drawing_fit_320_px() -> None:
    """As wide as Noto Sans sets them: half of the size for a letter, and a little more for Georgian."""
    for spec, locale in each():
        for element in ET.fromstring(showing.svg(spec, locale)).iter("text"):
            words, size = element.text or "", int(element.get("font-size", "15"))
            width = len(words) * size * (0.6 if locale.code == "ka" else 0.56)
            x = float((element.get("x") or "0").rstrip("%")) * 3.2 + float(element.get("dx") or 0)
            x -= {"middle": width / 2, "end": width}.get(element.get("text-anchor") or "", 0)
            assert x >= -6 and x + width <= 326, (kind_of(spec), locale.code, words)


def test_figures_are_valid_and_hold_the_numbers_of_the_table() -> None:
    for spec, locale in each():
        made = showing.plotly(spec, locale)
        go.Figure(data=made["data"], layout=made["layout"])
        assert json.loads(json.dumps(made)) == made
        assert {trace["type"] for trace in made["data"]} <= {"bar", "scatter"}
        assert len(json.dumps(made)) < 40_000
        drawn = {point[1] for trace in made["data"] for point in trace.get("customdata", ()) if point[1] is not None}
        tabled = set()
        for row in showing.grid_of(spec, locale).rows:
            for cell in row:
                if isinstance(cell, Number) and cell.value is not None:
                    tabled.add(cell.value)
        assert drawn and drawn <= tabled, kind_of(spec)
        for note in made["layout"].get("annotations", ()):
            assert 0 <= note["y"] <= made["layout"]["height"]


def test_nothing_under_the_pointer_is_markup() -> None:
    evil = text('<script>alert("1")</script>')
    spec = makers.intervals(rows=(msgspec.structs.replace(makers.intervals().rows[0], label=evil),))
    made = json.dumps(showing.plotly(spec, i18n.locale("en")))
    assert "<script" not in made and "&lt;script" in made
    assert "<script" not in showing.svg(spec, i18n.locale("en"))


def test_tables_are_whole_in_every_language() -> None:
    for spec, locale in each():
        found = showing.table(spec, locale)
        assert found.rows and all(len(row) == len(found.head) for row in found.rows)
        assert all(len(row) == len(found.head) - 1 for row in found.shades)
        assert len({*found.langs}) != 1 or found.langs
        assert not any("None" in cell or "nan" in cell for row in found.rows for cell in row)


def test_tables_say_what_the_specification_has() -> None:
    locale = i18n.locale("en")
    crossed = showing.table(makers.heat(), locale)
    assert crossed.head == ("Answer", "A 18–29", "B 30–44", "C 45–64", "D 65 and over", "All", "n")
    assert crossed.rows[1] == ("Satisfied", "32% ▲▲ D", "28%", "22%", "18% ▼", "25%", "200")
    assert crossed.rows[0][4] == "hidden"
    assert crossed.shades[1] == ("higher", "", "", "low", "", "")
    waves = showing.table(makers.line(), locale)
    assert waves.head == ("Wave", "Satisfied or very satisfied", "Interval 95%", "Centre line", "Control limits",
                          "Target", "n", "Remark")  # fmt: skip
    assert waves.rows[5] == ("2024", "52%", "49–55", "62%", "57–67", "72%", "1,000", "outside the control limits")
    means = showing.table(makers.intervals(), locale)
    assert means.rows[0] == ("Parks and playgrounds", "4.1", "4.0–4.2", "900")
    assert showing.table(makers.words(), locale).langs == ("mk", "mk", "ka", "mk", "", "")
    groups = showing.table(makers.two_groups(), locale)
    assert groups.rows == (("Yes", "61%", "44%", "hidden"), ("No", "39%", "56%", "hidden"), ("n", "402", "380", "3"))


def test_sentences_say_what_the_charts_show() -> None:
    groups, two, dots, waves, crossed, wide, places, found = map(english, makers.each_kind())
    assert groups == "The groups differ most in “Dissatisfied”: 65 and over 59%, 18–29 35%."
    assert two == "The groups differ most in “Yes”: Women 61%, Men 44%."
    assert dots == "Mean satisfaction, 1 to 5. Highest: Parks and playgrounds (4.1); lowest: Public transport (2.7)."
    assert waves == (
        "Satisfied or very satisfied: 70% (2026), before that 63% (2025). 1 wave leaves the usual range: 2024."
    )
    assert crossed == (
        "Clearly more frequent than expected: Very dissatisfied – “65 and over” (28%); Satisfied – “18–29” (32%)."
        " Clearly rarer than expected: Very dissatisfied – “18–29” (12%); Satisfied – “65 and over” (18%)."
    )
    assert wide == "The largest figure: Parks and playgrounds – “10”, 18%."
    assert places.startswith("To improve first (important, yet rated lower): Street cleaning and waste collection, ")
    assert found == "The most frequent words: “тротоар” (84), “паркинг” (61), “ხეები” (40)."


def test_no_difference_is_claimed_where_none_was_found() -> None:
    spec = makers.grouped()
    plain = tuple(
        msgspec.structs.replace(
            group, values=tuple(msgspec.structs.replace(value, letters="") for value in group.values)
        )
        for group in spec.groups
    )
    assert english(makers.grouped(groups=plain)).startswith("No difference between the groups is statistically")
    rows = tuple(
        msgspec.structs.replace(row, cells=tuple(msgspec.structs.replace(c, flag=0) for c in row.cells))
        for row in makers.heat().rows
    )
    assert english(makers.heat(rows=rows)).startswith("No cell differs clearly")
    steady = tuple(msgspec.structs.replace(wave, signals=()) for wave in makers.line().waves)
    assert english(makers.line(waves=steady)).endswith("No wave leaves the usual range.")


def test_source_lines_say_who_how_many_by_which_method_and_when() -> None:
    locale = i18n.locale("en")
    assert showing.source(makers.intervals(), locale) == (
        "Random sample (online), n = 900, 2–16 November 2026. Weighted with “Age and sex”. The line through each dot"
        " is the 95% confidence interval. t interval with the variance of the declared design. Design effect 1.34:"
        " as exact as 671 answers of equal weight."
    )
    crossed = showing.source(makers.heat(), locale)
    for part in ("Only answers with: District: Center.", "Shares are of each column.", "F(11.6; 11,760.2) = 2.61, p = "
                 "0.002.", "Cramér’s V = 0.12.", "Holm’s correction", "Small numbers are hidden"):  # fmt: skip
        assert part in crossed
    waves = showing.source(makers.line().frozen(), locale)
    assert "[1] The method changed before 2026, so figures on either side do not compare: paper was added." in waves
    assert waves.endswith("Figures as of 22 November 2026.")
    assert "no margin of error" in showing.source(makers.two_groups(), locale)


def test_every_language_has_its_own_words() -> None:
    for spec in makers.each_kind():
        for made in (showing.sentence, showing.source, showing.alternative):
            assert len({made(spec, i18n.locale(code)) for code in LANGUAGES}) == 3, (kind_of(spec), made)


def test_every_method_can_be_said_in_every_language() -> None:
    for code, sentence in NOTES.items():
        numbers = dict.fromkeys(sentence.numbers, 0.0004)
        words = {name: text(name) for name in re.findall(r"%\((\w+)\)", sentence.words) if name not in numbers}
        made = {said(Note(code, numbers, words), i18n.locale(language)) for language in LANGUAGES}
        assert len(made) == 3 and not any("%(" in one for one in made), code
    assert said(Note("of_old_times"), i18n.locale("en")) == ""


def test_a_kept_chart_reads_back_the_same() -> None:
    for spec in makers.each_kind():
        kept = json.loads(msgspec.json.encode(to_builtins(spec.frozen())))
        assert kept["kind"] == kind_of(spec)
        assert from_builtins(kept) == spec.frozen()
        assert spec.frozen().source.state == "frozen"


def test_a_chart_kept_before_there_were_other_kinds_reads_back() -> None:
    source = {"survey": {}, "slug": "trees", "question": "q", "design": "open", "responses": 10, "snapshot": "10-a"}
    old = {
        "kind": "bars",
        "title": {"en": "Trees?"},
        "base": 10,
        "rows": [{"key": "yes", "parts": [{"count": 10, "share": 1}]}],
        "source": source | {"taken_at": datetime(2026, 1, 1, tzinfo=UTC).isoformat()},
    }
    chart = from_builtins(old)
    assert kind_of(chart) == "bars" and chart.source.weights == {}
    assert "n = 10" in showing.source(chart, i18n.locale("en"))
    with pytest.raises(msgspec.ValidationError):
        from_builtins({"kind": "pie"})


EMPTY: list[dict[str, Any]] = [
    {"groups": ()}, {"groups": (), "answers": ()}, {"rows": ()}, {"waves": ()}, {"rows": (), "columns": ()},
    {"rows": (), "columns": ()}, {"spots": ()}, {"words": ()},
]  # fmt: skip


def test_empty_and_hidden_charts_are_said_not_drawn() -> None:
    locale = i18n.locale("en")
    for spec, nothing in zip(makers.each_kind(), EMPTY, strict=True):
        empty = msgspec.structs.replace(spec, **nothing)
        assert english(empty).startswith("Too few people")
        assert ET.fromstring(showing.svg(empty, locale)).tag == "svg"
        assert showing.plotly(empty, locale)["data"] is not None
        hidden = msgspec.structs.replace(spec, reason=Reason.NO_ANSWERS)
        view = showing.view(hidden, locale)
        assert (view.sentence, view.svg, view.table) == ("Nobody has answered this question yet.", "", None)
        assert not showing.plotly(hidden, locale)["data"]


def test_values_that_are_missing_leave_gaps() -> None:
    spec = makers.line()
    waves = tuple(
        msgspec.structs.replace(wave, figure=Value(reason=Reason.HIDDEN)) if number == 3 else wave
        for number, wave in enumerate(spec.waves)
    )
    gap = makers.line(waves=waves)
    locale = i18n.locale("en")
    lines = [trace for trace in showing.plotly(gap, locale)["data"] if trace.get("mode") == "lines"]
    assert any(None in trace["y"][1:-1] for trace in lines)
    assert showing.table(gap, locale).rows[3][1] == "hidden"
    assert "Small numbers are hidden" in showing.source(gap, locale)


def test_signs_tell_apart_what_shades_do() -> None:
    """In greyscale more and fewer look alike, so each shaded cell of a matrix of residuals has its sign."""
    for row in makers.heat().rows:
        for cell in row.cells:
            shade = heat.shade_of(cell, makers.heat(), 1.0)
            assert bool(shade) == bool(heat.sign_of(cell, makers.heat()))
            assert {"higher": "▲▲", "high": "▲", "low": "▼", "lower": "▼▼", "": ""}[shade] == heat.sign_of(
                cell, makers.heat()
            )
    for shade in heat.SHADES.values():
        assert contrast(colours.INK, shade) >= 4.5


def test_residuals_without_tests_describe_and_claim_nothing() -> None:
    locale = i18n.locale("en")
    rows = tuple(
        msgspec.structs.replace(row, cells=tuple(msgspec.structs.replace(c, flag=0, letters="") for c in row.cells))
        for row in makers.heat().rows
    )
    spec = makers.heat(rows=rows, tested=False)
    assert english(spec) == "The largest figure: Satisfied – “18–29”, 32%."
    assert showing.table(spec, locale).rows[1][1] == "32% ▲▲"
    assert "This describes the answers and is no test." in showing.source(spec, locale)
    assert "▲" not in showing.svg(makers.heat(rows=rows, tested=False, shade="value"), locale)


def test_axes_have_round_ends_and_stay_within_what_can_be() -> None:
    assert axis.ends([Value(0.52, 0.49, 0.55), Value(0.97, 0.94, 1.0)], Measure()) == pytest.approx((0.4, 1.0))
    assert axis.ends([Value(3.3)], Measure("number", low=1, high=5)) == pytest.approx((2.9, 3.8), abs=0.5)
    assert axis.ends([], Measure()) == (0.0, 1.0)
    assert axis.ends([Value(7.0), Value(7.0)], Measure("number"))[0] < 7.0
    assert axis.ticks(0.4, 1.0) == pytest.approx([0.4, 0.6, 0.8, 1.0])
    low, high = axis.ends([Value(0.0)], Measure("number"))
    assert math.isfinite(low) and low < high


def test_plotly_speaks_the_readers_language() -> None:
    mk, ka, en = (dialect.config(i18n.locale(code), save="chart") for code in LANGUAGES)
    assert mk["locale"] == "mk" and mk["locales"]["mk"]["format"]["months"][0] == "јануари"
    assert ka["locales"]["ka"]["format"]["days"][:2] == ["კვირა", "ორშაბათი"]
    assert ka["locales"]["ka"]["format"]["decimal"] == "," and en["locales"]["en"]["format"]["date"] == "%d/%m/%Y"
    assert mk["save"] == {"file": "chart", "words": "Зачувај го графиконот како слика"}
    assert "save" not in dialect.config(i18n.locale("mk")) and not mk["displayModeBar"]


def test_a_matrix_on_a_page_is_a_shaded_table_and_foreign_words_say_their_language() -> None:
    locale = i18n.locale("en")
    template = environment(locale).from_string('{% from "charts/chart.html" import figure %}{{ figure(v) }}')
    crossed = template.render(v=showing.view(makers.heat(), locale))
    assert "c-cross" in crossed and "is-higher" in crossed and " style=" not in crossed
    assert 'lang="ka">ხეები</th>' in template.render(v=showing.view(makers.words(), locale))


def test_spans_are_two_numbers() -> None:
    cells = showing.grid_of(makers.intervals(), i18n.locale("en")).rows[0]
    span = cells[2]
    assert isinstance(span, Span)
    assert (span.low.value, span.high.value) == pytest.approx((3.98, 4.23))
