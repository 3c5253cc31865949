"""Tables of the population that staff send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.columns.variables import Variable
from consult.documents.sheets import parse
from consult.profile import load_profile
from consult.settings import resource
from consult.weighting.population import WrongTable, number_of, of_profile, of_sheet
from consult.weighting.recipe import matched


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("77735", 77735), ("77 735", 77735), ("77\u00a0735", 77735), ("77.735", 77735), ("77,735", 77735),
        ("1.234.567", 1234567), ("77,735.5", 77735.5), ("77.735,5", 77735.5), ("14,8 %", 14.8), ("14.8%", 14.8),
        ("0", 0), ("", None), ("many", None), ("-3", None), ("1e5", None), ("1.2.3", None), ("nan", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(written: str, people: float | None) -> None:
    assert number_of(written) == people


@given(st.text())
def test_no_text_makes_reading_a_number_fail(written: str) -> None:
    found = number_of(written)
    assert found is None or found >= 0


def test_a_table_may_hold_several_variables() -> None:
    sheet = parse("variable;category;population\nsex;women;52\n;men;48\nage;18–44;100\nage;45+;120\n".encode())
    sex, age = of_sheet(sheet, "An estimate")
    assert [(set(group.label.values()), group.people) for group in sex.groups] == [({"women"}, 52), ({"men"}, 48)]
    assert set(age.title.values()) == {"age"}
    assert set(age.source.values()) == {"An estimate"}


def test_categories_of_a_table_are_matched_by_their_words_alone() -> None:
    (made,) = of_sheet(parse(b"v,c,p\nsex,women,52\n,men,48\n"), "")
    scale = Variable("q", "coded", points=("1", "2"), labels={"1": {"en": "Bad"}, "2": {"en": "Good"}})
    sex = Variable("sex", "coded", points=("f", "m"), labels={"f": {"en": "Women"}, "m": {"en": "Men"}})
    assert matched([made], [scale, sex])[0].belongs == {"f": "~1", "m": "~2"}


def test_two_columns_are_one_variable_named_by_its_head() -> None:
    (made,) = of_sheet(parse(b"town,people\nnorth,10\nsouth,20\n"), "")
    assert set(made.title.values()) == {"town"}
    assert made.source == {}


def test_all_faults_of_a_table_are_told_by_row() -> None:
    sheet = parse(b"v,c,p\nsex,women,many\nsex,men,2\nsex,men,3\n,,1\nage,all,5\n")
    with pytest.raises(WrongTable) as refused:
        of_sheet(sheet, "")
    assert [problem.parameters.get("row") for problem in refused.value.problems] == [2, 4, 5, None, None]


def test_a_table_with_one_column_is_refused() -> None:
    with pytest.raises(WrongTable):
        of_sheet(parse(b"town\nnorth\nsouth\n"), "")


def test_the_profile_of_skopje_has_its_census() -> None:
    (districts,) = of_profile(load_profile(resource("profiles", "skopje.toml")))
    assert sum(group.people for group in districts.groups) == 526_502
    assert "2021" in districts.source["en"]
