"""How long the server takes for each act of the editor on a survey of 100 questions: `python -m tests.bench.studio`.

The application is asked without a network, on a throwaway database; printed are the median and the slowest of the
repeats in milliseconds, and the median of processor time in Python (what counts on a busy machine). The aim is 150 ms.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import msgspec

from consult import storage
from consult.app import build
from consult.people.guards import COOKIE
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from consult.storage.embedded import Options
from consult.storage.migrate import migrate
from consult.surveys import operations
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from tests.people.makers import a_person, a_session
from tests.studio.test_editor_pages import fields

REPEATS = 15
QUESTIONS = 100
EDIT = "/staff/mk/surveys/hundred/edit"
HEADERS = {"x-editor": "1", "sec-fetch-site": "same-origin", "accept-encoding": "br"}


def hundred() -> d.Definition:
    """The survey on city services again and again until it has 100 questions, conditions included."""
    whole = load((resource("surveys") / "city-services.yaml").read_bytes())
    pages: list[d.Page] = []
    count = 0
    turn = 0
    while count < QUESTIONS:
        for page in whole.pages:
            taken = page.questions[: QUESTIONS - count]
            count += len(taken)
            pages.append(_again(page, taken, turn, {question.key for question in whole.questions}))
        turn += 1
    kept = tuple(page for page in pages if page.questions)
    return msgspec.structs.replace(whole, key="hundred", pages=kept, results=d.Results())


def _again(page: d.Page, questions: tuple[d.AnyQuestion, ...], turn: int, keys: set[str]) -> d.Page:
    from consult.studio.edits import in_condition

    def renamed(source: str) -> str:
        for key in keys:
            source = in_condition(source, key, f"{key}_{turn}")
        return source

    made = []
    for question in questions:
        changes = {"concept": None} if isinstance(question, d.Question) else {}
        made.append(
            msgspec.structs.replace(
                question, key=f"{question.key}_{turn}", show_if=renamed(question.show_if), **changes
            )
        )
    return msgspec.structs.replace(page, key=f"{page.key}_{turn}", questions=tuple(made), show_if=renamed(page.show_if))


async def main() -> None:
    with embedded.start(Path(tempfile.mkdtemp(prefix="consult-bench-")), Options(durable=False)) as server:
        await storage.connect(server.dsn, max_size=4)
        await migrate(server.dsn)
        now = datetime.now(UTC)
        definition = hundred()
        await operations.import_working_copy(definition=definition, at=now)
        token = await a_session(await a_person(roles=["designer"]), now)
        settings = Settings(base_url="http://bench.test", data=Path(tempfile.mkdtemp()))
        application = build(settings, load_profile(resource("profiles", "skopje.toml")))
        transport = httpx.ASGITransport(app=application.asgi)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://bench.test", cookies={COOKIE: token}, headers=HEADERS
        ) as client:
            await measure(client, definition)
        await storage.disconnect()


async def measure(client: httpx.AsyncClient, definition: d.Definition) -> None:
    middle = next(question for question in definition.questions[50:] if isinstance(question, d.Multiple))
    at = f"question-{middle.key}"
    opened = (await client.get(f"{EDIT}?at={at}", headers={"x-editor": "1"})).text
    form = fields(opened)
    print(
        f"{len(definition.questions)} questions on {len(definition.pages)} pages, {REPEATS} repeats, ms of the server"
    )
    await timed("whole page", lambda number: client.get(f"{EDIT}?at={at}"))
    await timed("open a question", lambda number: client.get(f"{EDIT}?at={at}"))
    acts = {
        "text, saved by itself": ("auto", lambda number: {"text.mk": f"Прашање {number}?"}),
        "add an answer": ("list:options.add", lambda number: {}),
        "move down": ("down:here", lambda number: {}),
        "move up": ("up:here", lambda number: {}),
        "duplicate": ("duplicate:here", lambda number: {}),
        "undo": ("undo", lambda number: {}),
        "add a question": ("add", lambda number: {"_type": "matrix_scale"}),
    }
    for name, (act, changes) in acts.items():

        async def press(number: int, act: str = act, changes: object = changes) -> httpx.Response:
            data = {**form, **changes(number), "_do": act}  # type: ignore[operator]
            del data["_revision"]
            if act == "undo":
                data["_revision"] = (await revision(client, at),)
            return await client.post(EDIT, data=data)

        await timed(name, press)


async def revision(client: httpx.AsyncClient, at: str) -> str:
    return str(fields((await client.get(f"{EDIT}?at={at}")).text)["_revision"][0])


async def timed(name: str, act: object) -> None:
    took, busy = [], []
    for number in range(REPEATS):
        begin, cpu = time.perf_counter(), time.process_time()
        answer = await act(number)  # type: ignore[operator]
        took.append((time.perf_counter() - begin) * 1000)
        busy.append((time.process_time() - cpu) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {answer.status_code}")
    print(f"{name:24} {statistics.median(took):6.0f} {max(took):6.0f} {statistics.median(busy):8.0f}")


if __name__ == "__main__":
    asyncio.run(main())
