"""The stored pictures of a survey, by the names that its document uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchrow, fetchval, transaction
from consult.surveys.definition import schema as d
from consult.surveys.files.pictures import Picture, address, encoded


class PictureTaken(Refused):
    message = N_("A published version shows another picture named “%(name)s”. Give the new one another name.")


class PicturesMissing(Invalid):
    message = N_("Some pictures have not been added yet.")


MISSING = N_("The picture “%(name)s” has not been added yet.")


def images(definition: d.Definition) -> Iterator[tuple[str, d.Image]]:
    """Every picture of a survey with the place of it."""
    for question in definition.questions:
        image: d.Image | None = getattr(question, "image", None)
        if image is not None:
            yield f"questions.{question.key}.image", image
        for option in getattr(question, "options", ()):
            if option.image is not None:
                yield f"questions.{question.key}.options.{option.code}.image", option.image


async def keep(*, survey_id: UUID, name: str, content: bytes, at: datetime, person: UUID | None = None) -> Picture:
    """Add a picture, or put another in its place while no published version shows it; the same one changes nothing.

    Raises NotFound, Invalid, PictureTaken.
    """
    found = encoded(content, name)
    async with transaction():
        if await fetchval("select id from survey where id = $1 for update", survey_id) is None:
            raise NotFound
        known = await fetchval("select digest from survey_image where survey = $1 and name = $2", survey_id, name)
        if known != found.digest:
            if known is not None and await _is_published(survey_id, name):
                raise PictureTaken(name=name)
            await execute(
                """insert into survey_image (survey, name, digest, content, width, height, added_at)
                   values ($1, $2, $3, $4, $5, $6, $7)
                   on conflict (survey, name) do update set digest = excluded.digest, content = excluded.content,
                       width = excluded.width, height = excluded.height, added_at = excluded.added_at""",
                survey_id, name, found.digest, found.content, found.width, found.height, at,
            )  # fmt: skip
            after = {"name": name, "hash": found.digest}
            await audit(
                actor=person, kind="survey.picture_added", record="survey", record_id=survey_id, at=at, after=after
            )
    return Picture(address(found.digest), found.width, found.height)


async def _is_published(survey_id: UUID, name: str) -> bool:
    documents = await fetch("select document from survey_version where survey = $1", survey_id)
    return any(name in _files(d.from_builtins(row["document"])) for row in documents)


def _files(definition: d.Definition) -> set[str]:
    return {image.file for _, image in images(definition)}


async def pictures(survey_id: UUID) -> dict[str, Picture]:
    """All pictures of a survey by name."""
    rows = await fetch("select name, digest, width, height from survey_image where survey = $1", survey_id)
    return {row["name"]: Picture(address(row["digest"]), row["width"], row["height"]) for row in rows}


async def pictures_of(survey_id: UUID, definition: d.Definition) -> dict[str, Picture]:
    """Those that a definition shows; it looks into the database only where there are any."""
    return await pictures(survey_id) if _files(definition) else {}


async def content(digest: str) -> bytes:
    """The bytes of a picture. Raises NotFound."""
    row = await fetchrow("select content from survey_image where digest = $1 limit 1", digest)
    if row is None:
        raise NotFound
    found: bytes = row["content"]
    return found


async def need(survey_id: UUID, definition: d.Definition) -> None:
    """Raises PicturesMissing where a definition shows a picture that is not there."""
    there = await pictures_of(survey_id, definition)
    lacking = list(_lacking(images(definition), there))
    if lacking:
        raise PicturesMissing(lacking)


def _lacking(shown: Iterable[tuple[str, d.Image]], there: dict[str, Picture]) -> Iterator[Problem]:
    for place, image in shown:
        if image.file not in there:
            yield Problem(place, MISSING, {"name": image.file})
