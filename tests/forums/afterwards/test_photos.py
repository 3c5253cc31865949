"""Photos of meetings: words in each language, nothing of the camera, gone when they are removed."""

from __future__ import annotations

import io

import httpx
from PIL import Image

from consult.forums.afterwards.photo_operations import photos_of
from consult.forums.afterwards.photos import WIDEST, drawn
from tests.conftest import Clock
from tests.forums.afterwards.makers import a_past_forum
from tests.people.makers import staff

WORDS = {"shows-mk": "Жители во салата", "shows-ka": "მაცხოვრებლები დარბაზში", "shows-en": "Residents in the hall"}


def a_picture(width: int = 40) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    Image.new("RGB", (width, 20), "navy").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_photo_is_drawn_anew_and_made_smaller() -> None:
    made = drawn(a_picture(2600))
    assert (made.width, made.height) == (WIDEST, 10) and b"Secret" not in made.content
    with Image.open(io.BytesIO(made.content)) as picture:
        assert picture.format == "WEBP" and not picture.getexif()


async def test_photo_needs_words_in_each_language_and_can_be_removed(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_past_forum(at=clock.now)
    base = f"/staff/en/forums/{forum.id}/photos"
    assert (await client.get(base)).status_code in {303, 401, 403}
    await staff(client, clock.now, "moderator")
    files = {"photo": ("hall.jpg", a_picture(), "image/jpeg")}
    wrong = await client.post(base, data=WORDS | {"shows-ka": ""}, files=files)
    assert wrong.status_code == 422 and 'href="#shows-ka"' in wrong.text and "Жители во салата" in wrong.text
    text = {"photo": ("hall.jpg", b"no picture", "image/jpeg")}
    assert (await client.post(base, data=WORDS, files=text)).status_code == 422
    assert (await client.post(base, data=WORDS, files=files)).status_code == 303
    (photo,) = await photos_of(forum.id)
    assert 'alt="მაცხოვრებლები დარბაზში"' in (await client.get(f"/ka/forums/{forum.slug}")).text
    shown = await client.get(f"/meeting-photos/{photo.hash}.webp")
    assert shown.headers["content-type"] == "image/webp" and "immutable" in shown.headers["cache-control"]
    assert (await client.post(f"{base}/{photo.id}")).status_code == 303
    assert (await client.get(f"/meeting-photos/{photo.hash}.webp")).status_code == 404
    assert (await client.get("/meeting-photos/other")).status_code == 404
