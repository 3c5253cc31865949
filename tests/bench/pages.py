"""Pages of a survey after the first, put together from kept bytes, beside the same pages rendered anew.

Each page of the ready-made surveys as somebody comes to it who has answered those before; compressed both times, in one
process, without a database: the processor time of the middle page.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from consult.app import Application, build
from consult.i18n import locale
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.pages.patterns import page_of
from consult.surveys.pages.rendering import packed
from tests.bench.limits import LIMITS
from tests.surveys import random_surveys
from tests.surveys.test_patterns import face_of
from tests.surveys.test_ready_made import FILES

ROUNDS = 40
MOST_OF_RENDERED = 0.1


def options(parser: argparse.ArgumentParser) -> None:
    """Nothing can be chosen."""


def run(_: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings, profile = (
            Settings(base_url="http://consult.test", data=Path(folder)),
            load_profile(resource("profiles", "skopje.toml")),
        )
        application = build(settings, profile, clock=lambda: datetime.now(UTC))
        rendered, put = [], []
        for file in FILES:
            before, after = _survey(application, file)
            rendered += before
            put += after
    middle, most = len(put) // 2, max(put)
    anew, kept = sorted(rendered)[middle], sorted(put)[middle]
    print(f"  {len(put)} pages after the first: {1000 * anew:.0f} us rendered, {1000 * kept:.0f} us put together"
          f" (the dearest {1000 * most:.0f} us)", flush=True)  # fmt: skip
    LIMITS.hold("page after the first, put together / rendered", kept / anew, MOST_OF_RENDERED)


def _survey(application: Application, file: Path) -> tuple[list[float], list[float]]:
    definition, spoken, draw = load(file.read_bytes()), locale("mk"), Random(7)
    face = face_of(application, definition)
    compiled, form = face.compiled, random_surveys.form(draw, definition)
    rendered, put = [], []
    for number in range(1, len(compiled.pages)):
        if compiled.pages[number].ends:
            continue
        fields = {name: values for name, values in form.items() if compiled.page_of.get(name, number) < number}
        before = compiled.decode(fields, number - 1)
        page = partial(face.page, spoken, number, fields, before, token="t")
        rendered.append(_ms(partial(_whole, page)))
        put.append(_ms(partial(page_of, face, spoken, number, fields, before, token="t", accepts_gzip=True)))
    return rendered, put


def _whole(page: Callable[[], str]) -> object:
    return packed(page().encode(), True)


def _ms(act: Callable[[], object]) -> float:
    act()
    began = time.process_time()
    for _ in range(ROUNDS):
        act()
    return 1000 * (time.process_time() - began) / ROUNDS
