"""One request to a survey's address: what it brings, the face it is about, and how it is answered.

Raw ASGI below the application's guard, because the two hot paths run through here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from litestar import Request, Response
from litestar.types import Receive, Scope, Send

from consult.errors import Problem
from consult.i18n import Locale
from consult.settings import secret_key
from consult.surveys import published
from consult.surveys.answers import forms, multipart_forms
from consult.surveys.files import gallery, uploads
from consult.surveys.pages import embedding
from consult.surveys.pages.rendering import Face, packed, shows_dates_of
from consult.surveys.responses.answer_keys import AnswerKeys
from consult.surveys.responses.response_ids import Signer
from consult.surveys.survey import Survey
from consult.web import AnyRequest
from consult.web.forms import TooLarge, Unreadable
from consult.web.guard import content_security_policy, permissions
from consult.web.pages import Shell

HTML = b"text/html; charset=utf-8"
FORM = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data"
MOST_FACES = 1_500  # some 30 KB each, and as much for every further language
POSITION = (b"permissions-policy", permissions(geolocation="(self)").encode())


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Call:
    """One request to a survey's address."""

    scope: Scope
    receive: Receive
    send: Send
    shell: Shell
    locale: Locale
    face: Face
    now: datetime
    is_head: bool = False

    async def answer(
        self, body: bytes, *, status: int = 200, is_packed: bool, more: Mapping[bytes, bytes] | None = None
    ) -> None:
        headers = [
            *common_headers(self.locale.code, self.face.survey.access.frame_ancestors),
            (b"content-length", str(len(body)).encode()),
            *(more or {}).items(),
        ]
        if self.face.compiled.asks_position:
            headers.append(POSITION)
        if is_packed:
            headers.append((b"content-encoding", b"gzip"))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        content = b"" if self.is_head else body
        await self.send({"type": "http.response.body", "body": content, "more_body": False})

    async def show(
        self, template: str, status: int = 200, *, more: Mapping[bytes, bytes] | None = None, **context: object
    ) -> None:
        """Answer with a page that is made for this request."""
        below = self.scope["path"].removeprefix(self.face.path(self.locale.code))
        html = self.face.html(self.locale, template, below=below, survey=self.face.survey, **context)
        body, is_packed = packed(html.encode(), accepts_gzip(self.scope))
        await self.answer(body, status=status, is_packed=is_packed, more=more)


@cache
def common_headers(language: str, ancestors: str) -> tuple[tuple[bytes, bytes], ...]:
    """What lets the listed sites show a page of the survey; nothing where none are."""
    framed = (
        (b"content-security-policy", content_security_policy(frame_ancestors=ancestors).encode()),
        (b"vary", b"sec-fetch-dest"),
    )
    return (
        *(framed if ancestors != "'none'" else ()),
        (b"content-type", HTML),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept-encoding"),
    )


async def face_of(scope: Scope, shell: Shell, survey: Survey, version: int, *, is_test: bool) -> Face:
    """The face of a version; made anew when the survey's dates have changed. Raises NotFound."""
    app_state = scope["litestar_app"].state
    faces: OrderedDict[tuple[object, int, bool, bool], Face] | None = app_state.get("survey_faces")
    if faces is None:
        faces = app_state.survey_faces = OrderedDict()
    is_framed = embedding.is_framed(scope, survey)
    key = (survey.id, version, is_test, is_framed)
    face = faces.get(key)
    if face is not None and shows_dates_of(face, survey):
        face.survey = survey
        faces.move_to_end(key)
    else:
        compiled = await published.version(survey.id, version)
        secret = secret_key(shell.settings)
        signer = Signer(secret, survey.id, version, is_test=is_test)
        keys = AnswerKeys(secret, survey.id)
        pictures = await gallery.pictures_of(survey.id, compiled.definition)
        face = Face(shell, survey, version, compiled, signer, keys, is_test, pictures, is_framed)
        faces[key] = face
        if len(faces) > MOST_FACES:
            faces.popitem(last=False)
    return face


def accepts_gzip(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            return b"gzip" in value
    return False


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Posted:
    """is_whole: everything could be read as it was sent. files: by field, (name, content)."""

    fields: forms.Fields
    is_whole: bool
    files: Mapping[str, list[tuple[str, bytes]]] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """What the files are called, by field."""
        return {place: files[0][0] for place, files in self.files.items() if files and files[0][0]}


async def read_post(call: Call) -> Posted:
    """What was posted; surveys with questions for files take multipart forms too. Raises Unreadable, TooLarge."""
    compiled = call.face.compiled
    if not compiled.file_questions or kind_of(call.scope) != MULTIPART:
        return Posted(*await read_fields(call.scope, call.receive))
    body = await read_body(call.receive, forms.LARGEST_BYTES + uploads.largest_post(compiled))
    try:
        parts = multipart_forms.parse(body, header(call.scope, b"content-type").decode("latin-1"))
    except forms.TooLargeForm:
        raise TooLarge from None
    return Posted(parts.fields, parts.is_whole, parts.files)


def header(scope: Scope, name: bytes) -> bytes:
    for given, value in scope["headers"]:
        if given == name:
            return bytes(value)
    return b""


def kind_of(scope: Scope) -> bytes:
    return header(scope, b"content-type").partition(b";")[0].strip().lower()


async def take_files(call: Call, posted: Posted) -> list[Problem]:
    """Put the files that came aside; their tokens stand in the fields now. What is wrong with them, by field."""
    face = call.face
    return await uploads.receive(
        face.compiled,
        posted.fields,
        posted.files,
        signer=face.file_signer,
        survey=face.survey.id,
        is_test=face.is_test,
        now=call.now,
        clamd=call.shell.settings.clamd,
    )


async def read_fields(scope: Scope, receive: Receive) -> tuple[forms.Fields, bool]:
    """The posted fields, and whether all of them could be read as they were sent. Raises Unreadable, TooLarge."""
    if kind_of(scope) != FORM:
        raise Unreadable
    body = await read_body(receive, forms.LARGEST_BYTES)
    try:
        return forms.parse(body), True
    except forms.TooLargeForm:
        raise TooLarge from None
    except forms.UnreadableForm:
        return forms.parse(body, mend=True), False


async def read_body(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Unreadable
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts) if len(parts) > 1 else parts[0]


def one(fields: forms.Fields, name: str) -> str:
    values = fields.get(name)
    return values[0] if values else ""


async def send_response(response: Response[Any], scope: Scope, receive: Receive, send: Send) -> None:
    request: AnyRequest = Request(scope, receive, send)
    await response.to_asgi_response(app=None, request=request)(scope, receive, send)
