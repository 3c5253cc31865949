"""Every reader of files that people send, given every file that is more than it seems: it refuses, or takes little."""

from __future__ import annotations

import contextlib
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable

import pytest
from PIL import Image

from consult.documents import sheets
from consult.drafts.sources import formats as drafts_files
from consult.errors import ConsultError
from consult.exchange import formats as survey_files
from consult.exchange import translation_files
from consult.exchange.foreign import NotRead
from consult.forums.afterwards import photos
from consult.records import cleaning
from consult.surveys.files import pictures
from tests.hostile.bombs import BLOCKS, deep, folded

READERS: dict[str, Callable[[bytes], object]] = {
    "a file beside an answer or a comment": cleaning.cleaned,
    "a draft": lambda content: drafts_files.take(content, "mk"),
    "a table of contacts": sheets.parse,
    "a survey": lambda content: survey_files.take(content, "survey", language="mk"),
    "a file of translations": translation_files.read_catalogue,
    "a picture of a survey": pictures.encoded,
    "a photo of a forum": photos.drawn,
}
MOST_MIB = BLOCKS - 10
SLOWEST_S = 20


def too_much(files: Iterable[tuple[str, bytes]]) -> list[str]:
    unpacked: list[str] = []
    for what, content in files:
        for reader, read in READERS.items():
            began = time.process_time()
            tracemalloc.start()
            with contextlib.suppress(ConsultError, cleaning.Unfit, NotRead):
                read(content)
            peak = tracemalloc.get_traced_memory()[1] // 2**20
            tracemalloc.stop()
            if peak > MOST_MIB or time.process_time() - began > SLOWEST_S:
                unpacked.append(f"{what}, as {reader}: {peak} MiB")
    return unpacked


def test_nothing_is_unfolded_before_it_is_measured() -> None:
    assert too_much(folded()) == []


@pytest.mark.slow
def test_nothing_deep_is_too_much_for_a_reader() -> None:
    assert too_much(deep()) == []


def test_a_file_that_is_two_is_kept_as_the_one_it_shows() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "green").save(picture, "PNG")
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("zq.js", b"zq()")
    for after in (hidden.getvalue(), b"<html><script>zq()</script></html>"):
        kept = cleaning.cleaned(picture.getvalue() + after)
        assert kept.media_type == "image/png"
        assert b"zq" not in kept.content
        assert not zipfile.is_zipfile(io.BytesIO(kept.content))
