"""Files and photos of answers: what is taken, what is taken out of them, and how they wait for their answers."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from PIL import Image

from consult.errors import Problem
from consult.records.attachment import DOCX
from consult.storage import execute, fetch, fetchval
from consult.surveys import operations, queries
from consult.surveys.answers.file_tokens import FileSigner, Sent
from consult.surveys.answers.multipart_forms import parse
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from consult.surveys.files import uploads
from consult.surveys.files.file_kinds import take
from consult.surveys.responses.anonymity import mix
from tests.conftest import NOON
from tests.people.makers import staff
from tests.records.makers import a_pdf
from tests.surveys.conftest import hidden, publish
from tests.surveys.makers import SAMPLES, free, page, survey, text

PHOTO = d.Photo(key="photo", text=text("Show us"), required=True, max_mib=10)
PAPER = d.File(key="paper", text=text("Attach it"), max_mib=2)
TWO_PAGES = survey(pages=(page(PHOTO), page(free(required=True), key="two")))
PDF = a_pdf("Ana")
GPS = 0x8825


def jpeg(size: tuple[int, int] = (60, 40)) -> bytes:
    """As a telephone writes it: turned on its side, with the place, the time and the device."""
    picture = Image.new("RGB", size, "red")
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F], exif[0x9003] = "Phone Inc.", "2026:03:27 10:00:00"
    exif.get_ifd(GPS).update({1: "N", 2: (41.0, 59.0, 50.0), 3: "E", 4: (21.0, 25.0, 40.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"taken by Ana")
    return out.getvalue()


def docx(*more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def vast_png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    )


class Sender:
    """Posts a survey's pages as a browser without JavaScript does."""

    def __init__(self, client: httpx.AsyncClient, slug: str = "small") -> None:
        self.client, self.slug, self.fields = client, slug, dict[str, Any]()

    async def open(self) -> httpx.Response:
        answer = await self.client.get(f"/en/surveys/{self.slug}")
        self.fields = hidden(answer.text)
        return answer

    async def send(
        self, files: dict[str, Any] | None = None, language: str = "en", go: str = "next", **values: Any
    ) -> httpx.Response:
        data = {**self.fields, "_go": go, **values}
        answer = await self.client.post(f"/{language}/surveys/{self.slug}", data=data, files=files or None)
        if 'id="survey"' in answer.text:
            self.fields = hidden(answer.text)
        return answer


@pytest.fixture
def sender(client: httpx.AsyncClient) -> Sender:
    return Sender(client)


async def stored() -> list[Any]:
    return await fetch("select * from survey_file order by question, name")


def test_place_time_and_device_are_taken_out_of_photos() -> None:
    sent = jpeg()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    taken = take(PHOTO, sent)
    assert not isinstance(taken, Problem)
    kept = Image.open(io.BytesIO(taken.content))
    assert (kept.format, kept.size) == ("JPEG", (40, 60))
    assert not dict(kept.getexif())
    assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(kept.info)
    assert b"Ana" not in taken.content
    assert b"Phone" not in taken.content


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_pictures_of_other_kinds_become_plain_jpeg_photos(kind: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (5000, 100), (255, 0, 0, 0)).save(out, kind)
    taken = take(PHOTO, out.getvalue())
    assert not isinstance(taken, Problem)
    kept = Image.open(io.BytesIO(taken.content))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (3000, 60))
    assert kept.getpixel((10, 10)) == (255, 255, 255)


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    taken = take(d.File(key="q", text=text("Q")), jpeg() + b"<script>alert(1)</script>" + docx())
    assert not isinstance(taken, Problem)
    assert taken.media_type == "image/jpeg"
    assert b"script" not in taken.content
    assert b"PK" not in taken.content


@pytest.mark.parametrize(
    ("question", "content", "message"),
    [
        (PHOTO, b"", "The file is empty"),
        (PHOTO, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "This is no photo"),
        (PHOTO, b"<!doctype html><script>alert(1)</script>", "This is no photo"),
        (PHOTO, PDF, "This is no photo"),
        (PHOTO, b"\xff\xd8\xff" + b"GIF89a<script>", "This is no photo"),
        (PHOTO, jpeg()[:300], "This is no photo"),
        (PHOTO, b"RIFF\x00\x00\x00\x00WEBPVP8 ", "This is no photo"),
        (PHOTO, vast_png(), "The picture has too many pixels"),
        (PHOTO, b"\x89PNG\r\n\x1a\n" + bytes(50), "This is no photo"),
        (PHOTO, b"\xff\xd8\xff" + bytes(11 * 2**20), "The file is larger than"),
        (PAPER, b"%PDF-" + bytes(2 * 2**20), "The file is larger than"),
        (PAPER, b"MZ" + bytes(500), "The file must be one of these"),
        (PAPER, b"PK\x03\x04" + bytes(60), "The file must be one of these"),
        (PAPER, docx("word/vbaProject.bin"), "The document has macros"),
        (d.File(key="q", text=text("Q"), kinds=("pdf",)), docx(), "The file must be one of these"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said(question: d.File | d.Photo, content: bytes, message: str) -> None:
    refused = take(question, content)
    assert isinstance(refused, Problem)
    assert refused.place == question.key
    assert refused.message.startswith(message)


def test_documents_are_kept_as_they_are() -> None:
    for content, media_type in ((PDF, "application/pdf"), (docx(), DOCX)):
        taken = take(PAPER, content)
        assert not isinstance(taken, Problem)
        assert (taken.content, taken.media_type) == (content, media_type)


def test_tokens_hold_for_their_survey_and_question_alone() -> None:
    survey_id, other = UUID(int=1), UUID(int=2)
    signer = FileSigner(b"k" * 64, survey_id, is_test=False)
    sent = Sent(UUID(int=7), 12345, "фото.jpg")
    token = signer.issue("photo", sent)
    assert signer.read("photo", token) == sent
    assert signer.read("paper", token) is None
    assert FileSigner(b"k" * 64, other, is_test=False).read("photo", token) is None
    assert FileSigner(b"k" * 64, survey_id, is_test=True).read("photo", token) is None
    for broken in ("", "x", token[:-2], "B" + token[1:], token + "=" * 300, "é" * 50, "\0"):
        assert signer.read("photo", broken) is None


async def test_file_survives_pages_languages_mistakes_and_back(db: None, sender: Sender) -> None:
    everywhere: dict[str, Any] = {"languages": ("mk", "ka", "en"), "title": dict.fromkeys(("mk", "ka", "en"), "A")}
    words: dict[str, Any] = {"text": dict.fromkeys(("mk", "ka", "en"), "What?"), "required": True}
    pages = (page(d.Photo(key="photo", **words)), page(free(**words), key="two"))
    survey_id = await publish(survey(pages=pages, **everywhere))
    first = await sender.open()
    assert 'enctype="multipart/form-data"' in first.text
    answer = await sender.send({"photo.file": ("Ana at home.jpg", jpeg())}, go="stay", language="ka")
    assert answer.status_code == 200
    assert "Ana" not in answer.text
    answer = await sender.send({"photo.file": ("", b"")})
    assert "enctype" not in answer.text
    answer = await sender.send(wish="")
    assert answer.status_code == 422
    answer = await sender.send(go="back", wish="")
    assert "Already sent" in answer.text
    await sender.send({"photo.file": ("", b"")})
    answer = await sender.send(wish="Benches")
    assert 'id="receipt"' in answer.text
    assert "A photo was sent" in answer.text
    ((_, answers, *_),) = await queries.answers(survey_id)
    (row,) = await stored()
    assert answers == {"photo": str(row["id"]), "wish": "Benches"}
    assert (row["name"], row["media_type"], row["expires_at"]) == ("photo.jpg", "image/jpeg", None)
    response = await fetchval("select id from response")
    assert row["response"] == response
    assert not dict(Image.open(io.BytesIO(row["content"])).getexif())
    await operations.erase_response(response_id=response, reason="asked for", at=NOON)
    assert await stored() == []


async def test_nothing_tells_when_a_file_came_once_the_day_is_over(db: None, sender: Sender) -> None:
    await publish(survey(PHOTO))
    for _ in range(3):
        await sender.open()
        assert 'id="receipt"' in (await sender.send({"photo.file": ("a.jpg", jpeg())})).text
    before = [bytes(row["content"]) for row in await stored()]
    assert await fetchval("select count(distinct xmin::text) from survey_file") == 3
    await mix(NOON.date() + timedelta(days=1))
    assert await fetchval("select count(distinct xmin::text) from survey_file") == 1
    assert [bytes(row["content"]) for row in await stored()] == before


async def test_staff_take_files_as_downloads(db: None, sender: Sender, client: httpx.AsyncClient) -> None:
    await publish(survey(PHOTO, PAPER))
    await publish(survey(free(), key="other"))
    await sender.open()
    await sender.send({"photo.file": ("a.jpg", jpeg()), "paper.file": ("a.pdf", PDF)})
    response = await fetchval("select id from response")
    below = f"/staff/en/surveys/small/responses/{response}"
    paper = await fetchval("select id from survey_file where question = 'paper'")
    assert (await client.get(f"{below}/files/{paper}")).status_code == 303
    await staff(client, NOON, "analyst")
    shown = await client.get(below)
    assert f"{below}/files/{paper}" in shown.text
    answer = await client.get(f"{below}/files/{paper}")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"].startswith("nosniff")
    for wrong in (f"{below}/files/{response}", f"/staff/en/surveys/other/responses/{response}/files/{paper}"):
        assert (await client.get(wrong)).status_code == 404


async def test_the_same_answers_sent_twice_keep_their_file(db: None, sender: Sender) -> None:
    await publish(survey(PHOTO))
    await sender.open()
    await sender.send({"photo.file": ("a.jpg", jpeg())}, go="stay")
    fields = dict(sender.fields)
    assert 'id="receipt"' in (await sender.send()).text
    sender.fields = fields
    assert 'id="receipt"' in (await sender.send()).text
    assert [row["response"] is not None for row in await stored()] == [True]
    sender.fields = {**fields, "_id": hidden((await sender.client.get("/en/surveys/small")).text)["_id"]}
    again = await sender.send()
    assert again.status_code == 422
    assert "Choose it again" in again.text
    assert await fetchval("select count(*) from response") == 1


async def test_changed_answers_keep_their_file_and_saved_ones_wait_longer(db: None, sender: Sender) -> None:
    pages = (page(PHOTO, free()), page(free("more"), key="two"))
    survey_id = await publish(survey(pages=pages, editable=True, resume=True))
    await sender.open()
    await sender.send({"photo.file": ("a.jpg", jpeg())}, wish="Benches")
    assert [one["expires_at"] for one in await stored()] == [uploads.midnight(NOON + uploads.WAITING)]
    await sender.send(go="save", more="x")
    await sender.send(go="keep", _email="ana@example.org")
    (waiting,) = await stored()
    assert waiting["expires_at"] == uploads.midnight(NOON + timedelta(days=8))  # when the closing day is over
    await sender.send(go="stay")
    receipt = await sender.send(more="x")
    own = re.search(r'href="(/en/[^"]*/answers/[^"]+)"', receipt.text)
    assert own is not None
    form = await sender.client.get(f"{own[1]}/change")
    assert "Already sent" in form.text
    sender.fields = hidden(form.text)
    await sender.send({"photo.file": ("", b"")}, wish="Trees")
    assert 'id="receipt"' in (await sender.send(more="y")).text
    (row,) = await stored()
    assert row["response"] == await fetchval("select id from response where supersedes is not null")
    ((_, answers, *_),) = await queries.answers(survey_id)
    assert answers == {"photo": str(row["id"]), "wish": "Trees", "more": "y"}


async def test_a_file_can_be_replaced_and_removed(db: None, sender: Sender) -> None:
    await publish(survey(PAPER, free()))
    await sender.open()
    await sender.send({"paper.file": ("a.pdf", PDF)}, go="stay")
    old = sender.fields["paper"]
    await sender.send({"paper.file": ("b.docx", docx())}, go="stay")
    assert sender.fields["paper"] != old
    await sender.send({"paper.file": ("", b"")}, go="stay", **{"paper.remove": "yes"})
    assert "paper" not in sender.fields
    assert 'id="receipt"' in (await sender.send(wish="x")).text
    assert [row["response"] for row in await stored()] == [None, None]
    assert await uploads.forget(at=NOON + timedelta(days=1)) == 0
    assert await uploads.forget(at=NOON + timedelta(days=3)) == 2


async def test_mistakes_with_files_are_said_beside_the_others(db: None, sender: Sender) -> None:
    await publish(survey(PHOTO, PAPER, free(required=True)))
    await sender.open()
    page_ = (await sender.send({"photo.file": ("x.jpg", b"<html>"), "paper.file": ("p.pdf", PDF)})).text
    assert page_.count("govuk-error-message") == 2
    assert 'href="#photo"' in page_
    assert 'href="#wish"' in page_
    assert "file.pdf" in page_  # the good one need not be sent again
    twice = [("paper.file", ("a.pdf", PDF)), ("paper.file", ("b.pdf", PDF))]
    answer = await sender.client.post("/en/surveys/small", data={**sender.fields, "_go": "next"}, files=twice)
    assert (answer.status_code, "More than one file" in answer.text) == (422, True)
    sender.fields["paper"] = "forged"
    answer = await sender.send(wish="typed before")
    assert (answer.status_code, "Choose it again" in answer.text) == (422, True)
    assert "typed before" in answer.text


async def test_a_file_that_waited_too_long_is_asked_for_again(db: None, sender: Sender) -> None:
    await publish(TWO_PAGES)
    await sender.open()
    await sender.send({"photo.file": ("a.jpg", jpeg())})
    await uploads.forget(at=NOON + timedelta(days=3))
    answer = await sender.send(wish="Benches")
    assert answer.status_code == 422
    assert 'href="#photo"' in answer.text
    assert "photo" not in sender.fields
    assert await fetchval("select count(*) from response") == 0
    await sender.send({"photo.file": ("a.jpg", jpeg())})
    assert 'id="receipt"' in (await sender.send(wish="Benches")).text


HEAD = 'Content-Disposition: form-data; name="%s"'
TYPE = "multipart/form-data; boundary=b"


def body(*parts: tuple[str, bytes], end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + (HEAD % name).encode() + b"\r\n\r\n" + value + b"\r\n" for name, value in parts) + end


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (body(("wish", b"typed"), end=b""), TYPE, 400),
        (body(("wish", b"typed\0")), TYPE, 400),
        (body(("wish", b"typed\xff")), TYPE, 400),
        (body(("wish", b"typed")), "multipart/form-data", 422),
        (b"", TYPE, 422),
        (b"\r\n--b\r\n" * 3000, TYPE, 422),
        (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", TYPE, 422),
        (body(('photo.file"; filename="a.jpg', b"<html>")), TYPE, 422),
        (body(*[("wish", b"typed")] * 2500), TYPE, 422),
        (bytes(30 * 2**20), TYPE, 413),
        (b"{}", "application/json", 400),
    ],
)  # fmt: skip
async def test_no_post_is_too_strange(db: None, sender: Sender, content: bytes, kind: str, status: int) -> None:
    await publish(survey(PHOTO, free()))
    await sender.open()
    id_ = body(("_id", sender.fields["_id"][0].encode()), end=b"")
    whole = id_ + content if content.startswith(b"--b") and status == 400 else content
    answer = await sender.client.post("/en/surveys/small", content=whole, headers={"content-type": kind})
    assert answer.status_code == status
    assert "<h1" in answer.text
    if b"typed" in content and status == 400:
        assert "typed" in answer.text or content.endswith(b"typed\r\n")
    assert await fetchval("select count(*) from response") == 0


def test_parts_of_a_post_that_broke_off_are_kept() -> None:
    whole = body(("a", b"1"), ("b", b"2"))
    assert parse(whole, TYPE).fields == {"a": ["1"], "b": ["2"]}
    cut = parse(whole[:-12], TYPE)
    assert (cut.fields, cut.is_whole) == ({"a": ["1"]}, False)


async def test_surveys_without_files_take_no_multipart(db: None, sender: Sender) -> None:
    await publish(survey(free()))
    await sender.open()
    answer = await sender.send({"wish": ("a.txt", b"x")})
    assert answer.status_code == 400


async def test_files_of_a_test_vanish_with_it(db: None, client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(PHOTO), is_open=False)
    await operations.start_test(survey_id=survey_id, at=NOON)
    found = await queries.survey_by_id(survey_id)
    tester = Sender(client, f"small/test/{found.test_key}")
    await tester.open()
    assert 'id="receipt"' in (await tester.send({"photo.file": ("a.jpg", jpeg())})).text
    assert [(row["is_test"], row["response"] is not None) for row in await stored()] == [(True, True)]
    await operations.stop_test(survey_id=survey_id, at=NOON)
    assert await stored() == []


async def test_there_is_a_limit_to_what_waits(db: None, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_WAITING_BYTES", 100)
    await publish(survey(PAPER))
    await sender.open()
    answer = await sender.send({"paper.file": ("a.pdf", PDF + bytes(100))})
    assert (answer.status_code, "Files cannot be taken at the moment" in answer.text) == (422, True)


async def test_names_are_kept_where_people_are_known(db: None, sender: Sender) -> None:
    named = uploads._name(survey(PAPER, mode="identified"), PAPER, "C:\\letters\\Решение.pdf.exe", _pdf())
    assert named == "Решение.pdf.pdf"
    assert len(uploads._name(survey(PAPER, mode="identified"), PAPER, "ж" * 300, _pdf()).encode()) <= 120
    assert uploads._name(survey(PAPER), PAPER, "Решение.pdf", _pdf()) == "file.pdf"


def _pdf() -> Any:
    taken = take(PAPER, PDF)
    assert not isinstance(taken, Problem)
    return taken


async def test_a_waiting_file_has_an_end_and_an_attached_one_has_no_time(db: None, sender: Sender) -> None:
    await publish(survey(PHOTO))
    await sender.open()
    await sender.send({"photo.file": ("a.jpg", jpeg())}, go="stay")
    for change in ("expires_at = null", "response = gen_random_uuid()", "size = size + 1", "name = ''"):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute(f"update survey_file set {change}")
    assert len(await stored()) == 1


@pytest.mark.parametrize("name", ["file", "photo"])
def test_sample(name: str) -> None:
    definition = load((SAMPLES / f"{name}.yaml").read_bytes())
    assert [question.__struct_config__.tag for question in definition.questions] == [name]
