"""One request to a survey's address: what it brings, the face it is about, and how it is answered.

Raw ASGI below the application's guard, because the two hot paths run through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from litestar import Request, Response
from litestar.types import Receive, Scope, Send

from consult.i18n import Locale
from consult.settings import secret_key
from consult.surveys import forms, gallery, published
from consult.surveys.rendering import Face, shows_dates_of
from consult.surveys.survey import Survey
from consult.surveys.tokens import Signer
from consult.web.forms import TooLarge, Unreadable
from consult.web.pages import Shell

AnyRequest = Request[Any, Any, Any]
HTML = b"text/html; charset=utf-8"
FORM = b"application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
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
            *common_headers(self.locale.code),
            (b"content-length", str(len(body)).encode()),
            *(more or {}).items(),
        ]
        if is_packed:
            headers.append((b"content-encoding", b"gzip"))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        content = b"" if self.is_head else body
        await self.send({"type": "http.response.body", "body": content, "more_body": False})


@cache
def common_headers(language: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"content-type", HTML),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept-encoding"),
    )


async def face_of(scope: Scope, shell: Shell, survey: Survey, version: int, *, is_test: bool) -> Face:
    """The face of a version; made anew when the survey's dates have changed. Raises NotFound."""
    app_state = scope["litestar_app"].state
    faces: dict[tuple[object, int, bool], Face] | None = app_state.get("survey_faces")
    if faces is None:
        faces = app_state.survey_faces = {}
    face = faces.get((survey.id, version, is_test))
    if face is not None and shows_dates_of(face, survey):
        face.survey = survey
    else:
        compiled = await published.version(survey.id, version)
        signer = Signer(secret_key(shell.settings), survey.id, version, is_test=is_test)
        pictures = await gallery.pictures_of(survey.id, compiled.definition)
        face = faces[survey.id, version, is_test] = Face(shell, survey, version, compiled, signer, is_test, pictures)
    return face


def accepts_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


async def read_fields(scope: Scope, receive: Receive) -> tuple[forms.Fields, bool]:
    """The posted fields, and whether all of them could be read as they were sent. Raises Unreadable, TooLarge."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if kind.partition(b";")[0].strip().lower() != FORM:
        raise Unreadable
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Unreadable
        part = message.get("body", b"")
        size += len(part)
        if size > forms.LARGEST_BYTES:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body"):
            break
    body = b"".join(parts) if len(parts) > 1 else parts[0]
    try:
        return forms.parse(body), True
    except forms.TooLargeForm:
        raise TooLarge from None
    except forms.UnreadableForm:
        return forms.parse(body, mend=True), False


def one(fields: forms.Fields, name: str) -> str:
    values = fields.get(name)
    return values[0] if values else ""


async def send_response(response: Response[Any], scope: Scope, receive: Receive, send: Send) -> None:
    request: AnyRequest = Request(scope, receive, send)
    await response.to_asgi_response(app=None, request=request)(scope, receive, send)
