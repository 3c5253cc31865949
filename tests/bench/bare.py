"""The limits: bare Litestar handlers. One returns a page's bytes, one decodes the same form and stores nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from litestar import Litestar, Request, Response, get, post

PAGE = Path(os.environ.get("BENCH_PAGE", os.devnull)).read_bytes()
RECEIPT = Path(os.environ.get("BENCH_RECEIPT", os.devnull)).read_bytes()
HEADERS = {"cache-control": "no-store", "content-encoding": "gzip"}


@get("/page")
async def page() -> Response[bytes]:
    return Response(PAGE, media_type="text/html; charset=utf-8", headers=HEADERS)


@post("/page", status_code=200)
async def form(request: Request[Any, Any, Any]) -> Response[bytes]:
    parse_qsl((await request.body()).decode(), keep_blank_values=True)
    return Response(RECEIPT, media_type="text/html; charset=utf-8", headers=HEADERS)


app = Litestar([page, form], openapi_config=None, logging_config=None)
