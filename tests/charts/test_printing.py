"""Charts as pictures of a fixed width."""

import msgspec

from consult import i18n
from consult.analysis.estimate import Reason
from consult.charts.colours import PAPER
from consult.charts.printing import WIDTH, picture
from consult.documents.pdf import pictures_png
from tests.charts import makers
from tests.results.makers import one_of_each


def test_every_kind_becomes_a_picture_for_paper() -> None:
    drawn = [picture(spec, i18n.locale("ka")) for spec in (*one_of_each("sample"), *makers.each_kind())]
    for one in drawn:
        assert one is not None and one.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="720"')
        assert f'viewBox="0 -2 {WIDTH} ' in one.svg and PAPER not in one.svg
    made = pictures_png([(one.svg, 240, 240 * one.height / one.width) for one in drawn if one is not None], ppi=36)
    assert len(made) == len(drawn) == len(set(made)) and all(png.startswith(b"\x89PNG") for png in made)
    assert pictures_png([]) == []


def test_a_hidden_chart_is_no_picture() -> None:
    hidden = msgspec.structs.replace(one_of_each()[0], reason=Reason.HIDDEN)
    assert picture(hidden, i18n.locale("mk")) is None
