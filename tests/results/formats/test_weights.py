"""A saved set of weights becomes a column of every file, each weight with its own answer."""

import csv
import io
from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow.parquet as pq
import pyreadstat
import pytest

from consult import i18n
from consult.columns.frame import frame
from consult.profile import load_profile
from consult.results.formats.taking import FileKind, Wanted
from consult.results.formats.weights import NoSuchWeights, SavedWeights, weights_named
from consult.results.formats.writing import write
from consult.settings import resource
from consult.weighting import operations, queries
from tests.results.makers import NOON
from tests.weighting.makers import a_recipe, a_weighable_survey


@pytest.fixture(autouse=True)
def _languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def test_weights_stand_beside_their_answers(db: None, tmp_path: Path) -> None:
    survey_id = await a_weighable_survey()
    answers = await frame(survey_id)
    await operations.create_weights(survey_id=survey_id, name="Census 2021", recipe=a_recipe(answers), at=NOON)
    key = (await queries.weight_sets(survey_id))[0].key
    expected = (await queries.weights_of(answers, key)).weights
    kinds: tuple[FileKind, ...] = ("csv", "sav", "dta", "parquet")
    found: dict[str, list[float]] = {}
    for kind in kinds:
        weights = await weights_named(survey_id, "Census 2021")
        path = tmp_path / f"answers.{kind}"
        await write(survey_id, kind, path, locale=i18n.locale("ka"), wanted=Wanted(), at=NOON, weights=weights)
        if kind == "csv":
            rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
            found[kind] = [float(row["_weight"]) for row in rows]
            by_town = {town: sum(float(r["_weight"]) for r in rows if r["town"] == town) for town in ("north", "south")}
        elif kind == "parquet":
            found[kind] = pq.read_table(path)["_weight"].to_pylist()
        else:
            read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
            columns, about = read(path, output_format="dict")
            found[kind] = list(columns["r_weight"])
            assert about.column_names_to_labels["r_weight"] == "წონა: Census 2021"
    assert by_town["north"] == pytest.approx(by_town["south"])
    for weights_in_file in found.values():
        assert weights_in_file == pytest.approx(found["csv"])
        assert np.sort(weights_in_file) == pytest.approx(np.sort(expected))


def test_the_weight_of_an_answer_is_found_whatever_its_id_ends_with() -> None:
    ids = [UUID(int=7 << 64), UUID(int=(7 << 64) + 1), UUID(int=9 << 120)]
    sorted_ids = np.array(sorted(one.bytes for one in ids), dtype="S16")
    weights = SavedWeights({}, sorted_ids, np.array([1.0, 2.0, 3.0]))
    assert [weights.of(one) for one in ids] == [1.0, 2.0, 3.0]
    assert weights.of(UUID(int=8)) is None


async def test_a_name_that_no_set_has_is_refused(db: None) -> None:
    survey_id = await a_weighable_survey()
    assert await weights_named(survey_id, None) is None
    with pytest.raises(NoSuchWeights):
        await weights_named(survey_id, "Census 2021")
