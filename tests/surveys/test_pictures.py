"""Pictures on questions: what is kept of a file, where it is shown, and that a published one never changes."""

from __future__ import annotations

import io
from pathlib import Path

import asyncpg
import httpx
import pytest
from PIL import Image

from consult.cli.surveys import beside
from consult.errors import Invalid
from consult.storage import execute
from consult.surveys import operations
from consult.surveys.authoring import checks
from consult.surveys.definition import schema as d
from consult.surveys.files import gallery
from consult.surveys.files.gallery import PicturesMissing, PictureTaken
from consult.surveys.files.pictures import encoded
from tests.conftest import NOON
from tests.surveys.conftest import publish
from tests.surveys.makers import options, single, survey, text

PARK = d.Image(file="images/park.jpg", alt=text("A park with old trees"))
SHOWN = single(
    image=PARK, options=(*options("red"), *options("blue", image=d.Image(file="blue.png", alt=text("Blue"))))
)


def a_picture(
    width: int = 1600, height: int = 800, colour: str = "green", *, kind: str = "JPEG", turn: int = 1
) -> bytes:
    out = io.BytesIO()
    marks = Image.Exif()
    marks[0x0112] = turn  # how the camera was held
    marks[0x010F] = "Camera of Ana"
    Image.new("RGB", (width, height), colour).save(out, kind, exif=marks)
    return out.getvalue()


async def a_survey_with_pictures() -> d.Definition:
    definition = survey(SHOWN)
    survey_id = await operations.import_working_copy(definition=definition, at=NOON)
    await gallery.keep(survey_id=survey_id, name="images/park.jpg", content=a_picture(), at=NOON)
    await gallery.keep(survey_id=survey_id, name="blue.png", content=a_picture(40, 30, "blue", kind="PNG"), at=NOON)
    await publish(definition)
    return definition


def test_picture_is_made_small_turned_upright_and_freed_of_what_the_camera_wrote() -> None:
    kept = encoded(a_picture(turn=6))
    assert (kept.width, kept.height) == (480, 960)
    with Image.open(io.BytesIO(kept.content)) as found:
        assert (found.format, found.size, dict(found.getexif())) == ("WEBP", (480, 960), {})
    assert b"Ana" not in kept.content


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", a_picture()[:200], b"x" * 11_000_000]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        encoded(content)


@pytest.mark.parametrize("name", ["../park.jpg", "/park.jpg", "images/../../park.png", "park.svg", ".png", "a//b.png"])
def test_name_of_a_picture_stays_beside_the_file(name: str) -> None:
    found = checks.check(survey(single(image=d.Image(file=name, alt=text("A park")))))
    assert [fault.path for fault in found] == [("pages", 0, "questions", 0, "image", "file")]
    assert checks.check(survey(SHOWN)) == []


async def test_page_keeps_a_place_for_each_picture_and_its_address_lasts(client: httpx.AsyncClient) -> None:
    await a_survey_with_pictures()
    page = (await client.get("/en/surveys/small")).text
    small = encoded(a_picture(40, 30, "blue", kind="PNG"))
    assert 'alt="A park with old trees" width="960" height="480"' in page
    assert f'src="/pictures/{small.digest}.webp" alt="Blue" width="40" height="30"' in page
    answer = await client.get(f"/pictures/{small.digest}.webp")
    assert answer.content == small.content
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "image/webp",
        "public, max-age=31536000, immutable",
    )
    assert "img-src 'self'" in answer.headers["content-security-policy"]
    for strange in (f"{'0' * 32}.webp", "park.jpg"):
        assert (await client.get(f"/pictures/{strange}")).status_code == 404


async def test_survey_without_its_pictures_is_not_published(db: None) -> None:
    with pytest.raises(PicturesMissing) as refused:
        await publish(survey(SHOWN))
    assert [problem.place for problem in refused.value.problems] == [
        "questions.colour.image",
        "questions.colour.options.blue.image",
    ]


async def test_published_picture_is_never_replaced(db: None) -> None:
    survey_id = await operations.import_working_copy(definition=survey(SHOWN), at=NOON)
    for colour in ("red", "green"):  # before publishing one may try others
        await gallery.keep(survey_id=survey_id, name="images/park.jpg", content=a_picture(colour=colour), at=NOON)
    await gallery.keep(survey_id=survey_id, name="blue.png", content=a_picture(40, 30, "blue", kind="PNG"), at=NOON)
    await operations.publish(survey_id=survey_id, at=NOON)
    again = await gallery.keep(survey_id=survey_id, name="images/park.jpg", content=a_picture(), at=NOON)
    assert again == (await gallery.pictures(survey_id))["images/park.jpg"]
    with pytest.raises(PictureTaken):
        await gallery.keep(survey_id=survey_id, name="images/park.jpg", content=a_picture(colour="red"), at=NOON)
    for change in ("delete from survey_image", f"update survey_image set digest = '{'0' * 32}'"):
        with pytest.raises(asyncpg.RestrictViolationError, match="published version shows"):
            await execute(change)


def test_pictures_are_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "park.jpg").write_bytes(b"park")
    (tmp_path / "other.png").write_bytes(b"other")
    assert beside(tmp_path / "survey.yaml", survey(SHOWN)) == {"images/park.jpg": b"park"}
