"""The small parts of the hot path: signed ids, spliced pages, receipts, words for conditions."""

from __future__ import annotations

import gzip
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import i18n
from consult.profile import load_profile
from consult.settings import resource
from consult.surveys.conditions.describe import describe
from consult.surveys.pages.precompressed import Spliced
from consult.surveys.responses.response_ids import LONGEST_S, Signer
from consult.surveys.survey import id_range, receipt_code
from tests.surveys.makers import DONT_KNOW, matrix, multiple, number, scale, single, survey

SURVEY = uuid4()


def signer(**changes: object) -> Signer:
    return Signer(**{"key": b"k" * 32, "survey": SURVEY, "version": 1, "is_test": False, **changes})  # type: ignore[arg-type]


def test_issued_id_is_read_back_with_its_minute() -> None:
    token = signer().issue(1000).decode()
    issued = signer().read(token, 1005)
    assert issued is not None
    assert (issued.second, issued.id.version, len(token)) == (1000, 4, 43)


@pytest.mark.parametrize("change", [{"key": b"x" * 32}, {"survey": uuid4()}, {"version": 2}, {"is_test": True}])
def test_id_is_worth_nothing_elsewhere(change: dict[str, object]) -> None:
    assert signer(**change).read(signer().issue(1000).decode(), 1000) is None


def test_every_altered_letter_is_noticed() -> None:
    token = signer().issue(1000).decode()
    for place in range(42):
        other = "A" if token[place] != "A" else "B"
        assert signer().read(token[:place] + other + token[place + 1 :], 1000) is None
    assert signer().read(token, 1001 + LONGEST_S) is None


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.data())
def test_spliced_page_is_what_was_put_together(parts: list[bytes], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.binary(max_size=100), min_size=len(parts) - 1, max_size=len(parts) - 1))
    page = Spliced(parts)
    assert gzip.decompress(page.gzip(*gaps)) == page.plain(*gaps)


def test_gap_may_be_long() -> None:
    page = Spliced([b"<p>" * 100, b"</p>"])
    assert gzip.decompress(page.gzip(b"x" * 200_000)) == b"<p>" * 100 + b"x" * 200_000 + b"</p>"


@given(st.uuids())
def test_receipt_code_finds_its_response(response_id: UUID) -> None:
    code = receipt_code(response_id)
    assert len(code) == 12
    bounds = id_range(f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ")
    assert bounds is not None and bounds[0] <= response_id <= bounds[1]


@pytest.mark.parametrize("code", ["", "7K3M", "7K3M-92QF-HDX", "7K3M-92QF-H!", "UUUU-UUUU-UU"])
def test_what_is_no_receipt_code_finds_nothing(code: str) -> None:
    assert id_range(code) is None


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("colour == 'red'", "Answer only if “Which colour?” is “Red”."),
        ("colour != 'red'", "Answer only if “Which colour?” is not “Red”."),
        ("colour in ['red', 'blue']", "Answer only if “Which colour?” is “Red” or “Which colour?” is “Blue”."),
        ("'bus' in modes", "Answer only if you chose “Bus” in “Which modes?”."),
        ("!('bus' in modes)", "Answer only if you did not choose “Bus” in “Which modes?”."),
        ("age >= 18 && answered(mood)", "Answer only if “What age?” is at least 18 and you answered “How is mood?”."),
        ("services.parks <= 2", "Answer only if “Parks” is at most 2."),
        ("count(modes) > 1", "Answer only if it applies to you; it depends on your answers above."),
        (
            "age > 3 && (age < 5 || age > 9)",
            "Answer only if “What age?” is more than 3 and (“What age?” is less than 5 or “What age?” is more than 9).",
        ),
        ("count(modes) >= 2", "Answer only if you chose at least 2 answers in “Which modes?”."),
    ],
)
def test_condition_is_said_in_words(condition: str, words: str) -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    asked = survey(single(), multiple(), number(), scale(outside=(DONT_KNOW,)), matrix())
    assert describe(condition, asked, i18n.locale("en")) == words
