"""The limits: bare Litestar handlers. One returns a page's bytes, one decodes the same form and stores nothing, one
stores it by a plain insert of the same row, with the driver that the platform uses."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import asyncpg
import msgspec
from litestar import Litestar, Request, Response, get, post

PAGE = Path(os.environ.get("BENCH_PAGE", os.devnull)).read_bytes()
RECEIPT = Path(os.environ.get("BENCH_RECEIPT", os.devnull)).read_bytes()
DSN = os.environ.get("BENCH_DSN", "")
HEADERS = {"cache-control": "no-store", "content-encoding": "gzip"}
NAMES = "survey, version, language, channel, day, submitted_at"
LIKE = f"select {NAMES} from response limit 1"
INSERT = f"insert into response ({NAMES}, id, answers, flags) values ($1, $2, $3, $4, $5, $6, $7, $8, '{{}}')"


@asynccontextmanager
async def database(app: Litestar) -> AsyncIterator[None]:
    if not DSN:
        yield
        return
    async with asyncpg.create_pool(DSN, min_size=1, max_size=10) as pool:
        app.state.pool = pool
        app.state.like = tuple(await pool.fetchrow(LIKE) or ())
        yield


@get(["/page", "/insert"])
async def page() -> Response[bytes]:
    return Response(PAGE, media_type="text/html; charset=utf-8", headers=HEADERS)


@post("/page", status_code=200)
async def form(request: Request[Any, Any, Any]) -> Response[bytes]:
    parse_qsl((await request.body()).decode(), keep_blank_values=True)
    return Response(RECEIPT, media_type="text/html; charset=utf-8", headers=HEADERS)


@post("/insert", status_code=200)
async def insert(request: Request[Any, Any, Any]) -> Response[bytes]:
    fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    state = request.app.state
    await state.pool.execute(INSERT, *state.like, uuid4(), msgspec.json.encode(fields).decode())
    return Response(RECEIPT, media_type="text/html; charset=utf-8", headers=HEADERS)


app = Litestar([page, form, insert], openapi_config=None, logging_config=None, lifespan=[database])
