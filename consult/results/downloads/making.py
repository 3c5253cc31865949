"""Making a file of any kind that may be asked for."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from consult.i18n import locale as locale_of
from consult.results.downloads.export import Asked
from consult.results.exports import definition_of
from consult.results.formats import dictionary
from consult.results.formats.ddi import write_ddi
from consult.results.formats.taking import FileKind, Report, Wanted
from consult.results.formats.weights import weights_named
from consult.results.formats.writing import Progress, write
from consult.results.opendata.package import package
from consult.results.opendata.queries import open_data

Maker: TypeAlias = Callable[[UUID, Asked, Path, dt.datetime], Awaitable[Report]]
_others: dict[str, Maker] = {}
KINDS: dict[str, FileKind] = {kind: kind for kind in ("csv", "xlsx", "ods", "sav", "dta", "parquet")}


def register(file: str, maker: Maker) -> None:
    """Have files of a kind made elsewhere; said once, at start-up."""
    _others[file] = maker


async def make(survey_id: UUID, asked: Asked, path: Path, progress: Progress, at: dt.datetime) -> Report:
    """Raises what refuses: NotFound, TooManyColumns, NoSuchWeights."""
    locale = locale_of(asked.language)
    kind = KINDS.get(asked.file)
    if kind is not None:
        wanted = Wanted(None if asked.values == "codes" else locale, asked.without, asked.impersonal)
        weights = await weights_named(survey_id, asked.weights, asked.without)
        return await write(
            survey_id,
            kind,
            path,
            locale=locale,
            wanted=wanted,
            at=at,
            weights=weights,
            bom=asked.bom,
            progress=progress,
        )
    if asked.file in _others:
        return await _others[asked.file](survey_id, asked, path, at)
    if asked.file == "ddi":
        await write_ddi(survey_id, path, language=asked.language, impersonal=asked.impersonal)
    elif asked.file == "open-data":
        found = await open_data(survey_id, at)
        await asyncio.to_thread(lambda: path.write_bytes(package(found)))
    elif asked.file == "codebook-csv":
        data = dictionary.as_csv(await definition_of(survey_id), locale)
        await asyncio.to_thread(path.write_bytes, data)
    else:
        await asyncio.to_thread(dictionary.as_xlsx, await definition_of(survey_id), locale, path)
    return Report()
