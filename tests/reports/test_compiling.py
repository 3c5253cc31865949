"""What a report holds, and what it must not."""

from consult.analysis.estimate import Reason
from consult.charts.kinds import Intervals, Scatter
from consult.i18n import locale
from consult.indices import operations as indices
from consult.indices.standing import Item, Standing
from consult.profile import Profile
from consult.reports.document import Numerals, Paragraph
from consult.reports.queries import contents
from consult.reports.writing import document
from consult.surveys import queries as surveys
from consult.weighting import operations as weighting
from consult.weighting.recipe import Group, Margin, Recipe
from tests.reports.makers import a_report, a_reported_survey
from tests.results.makers import NOON, a_survey, definition, question, text


async def test_groups_of_three_and_those_they_could_be_computed_from_are_hidden(application: object) -> None:
    report = await a_report(await a_reported_survey())
    (by_sex,) = report.breaks
    assert isinstance(by_sex, Intervals)
    shown = {row.key: (row.figure.reason, row.base) for row in by_sex.rows}
    assert shown["other"] == (Reason.HIDDEN, 0)
    assert [reason for reason, _ in shown.values()].count(Reason.HIDDEN) == 2
    assert shown["@all"] == (None, 120)
    assert "secret" not in report.charts
    ill = report.charts["illness"]
    assert ill.rows[0].parts[0].count is None and "illness" not in {row.key for row in by_sex.rows}


async def test_drivers_and_the_map_come_from_the_ratings_of_services(application: object) -> None:
    report = await a_report(await a_reported_survey())
    assert isinstance(report.drivers, Intervals) and isinstance(report.importance, Scatter)
    assert [row.key for row in report.drivers.rows] == ["parks", "roads"]  # the parks follow the mood
    assert sum(row.figure.value or 0 for row in report.drivers.rows) > 0.999
    assert report.drivers.rows[0].figure.low is not None and report.importance.spots[0].x.low is not None
    open_ = await a_report(await a_reported_survey(design="open", key="open"))
    assert isinstance(open_.drivers, Intervals) and open_.drivers.rows[0].figure.low is None
    assert open_.breaks[0].notes == () and all(row.figure.low is None for row in open_.breaks[0].rows)  # type: ignore[union-attr]


async def test_weights_and_indices_are_told_with_what_they_do(profile: Profile) -> None:
    survey = await a_reported_survey()
    groups = (Group("yes", {"en": "Women"}, 700.0), Group("no", {"en": "Men"}, 300.0))
    belongs = {"yes": "yes", "no": "no", "other": "no"}
    margin = Margin({"en": "Sex in the census"}, groups, {"en": "Census 2021"}, "sex", belongs)
    key = await weighting.create_weights(survey_id=survey, name="Census", recipe=Recipe((margin,)), at=NOON)
    await weighting.set_default(survey_id=survey, key=key, at=NOON)
    standing = Standing(name=text("Index", "Индекс"), items=(Item("satisfaction.overall"),), target=70)
    await indices.define(key="mood", standing=standing, at=NOON)
    report = await a_report(survey)
    made = report.conduct.weights
    assert made is not None and made.deff is not None and made.deff > 1.05 and not made.failed
    assert report.breaks[0].source.weights["en"] == "Census"
    written = document(report, locale("en"), profile)
    method = " ".join(block.text for block in written.sections[2].blocks if isinstance(block, Paragraph))
    assert "“Census”" in method and "Sex in the census (Census 2021)" in method and "design effect" in method
    (measured,) = report.indices
    assert measured.here.estimate.low is not None and measured.series.target == 70
    shown = next(section for section in written.sections if section.key == "indices").blocks[0]
    assert isinstance(shown, Numerals) and shown.items[0].about == "Target: 70.0"


async def test_words_of_many_are_counted_and_those_of_few_are_not(application: object) -> None:
    report = await a_report(await a_reported_survey())
    (words,) = report.written[0].words
    assert {word.word for word in words.words} >= {"карпош", "клупа"}  # type: ignore[union-attr]
    few = await a_report(await a_reported_survey(answers=9, key="few"))
    assert few.written[0].words == () and few.drivers is None


async def test_what_is_missing_is_said(profile: Profile) -> None:
    survey = await a_survey(definition(question("single"), results={"breaks": []}), [{"q": "yes"}] * 12)
    report = await a_report(survey, introduction={"mk": "Зошто.\n\nКако."})
    assert {one.part for one in report.absent} == {"indices", "importance", "drivers", "satisfaction"}
    macedonian, english = (document(report, locale(code), profile) for code in ("mk", "en"))
    assert [section.key for section in macedonian.sections] == [
        "summary", "purpose", "method", "response", "questions", "absent"
    ]  # fmt: skip
    assert len(macedonian.sections[1].blocks) == 2
    assert "purpose" not in {section.key for section in english.sections}
    found = await contents(await surveys.survey_by_id(survey), at=NOON)
    assert found.parts == {"summary", "purpose", "method", "response", "questions"}
    nobody = await a_survey(definition(question("scale"), key="nobody"))
    assert document(await a_report(nobody), locale("ka"), profile).sections
