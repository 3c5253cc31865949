"""Making a page: the shell around a domain's template."""

from __future__ import annotations

import gzip
import hashlib
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import brotli
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.response import Redirect

from consult.i18n import AUTONYMS, Locale, languages
from consult.i18n import locale as locale_of
from consult.profile import Profile
from consult.settings import Settings
from consult.web.templating import environment

HTML = "text/html; charset=utf-8"
IN_A_PATH = "/:@!$&'()*+,;=~"
"""What stands in the path of an address as it is, besides letters and numbers."""
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A menu entry: a msgid, a path below /{language}/ or /staff/{language}/, and the roles that see it."""

    label: str
    path: str
    roles: frozenset[str] = frozenset()

    def seen_by(self, roles: Iterable[str]) -> bool:
        held = set(roles)
        return not self.roles or "admin" in held or bool(self.roles & held)


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page of this installation shares; app.py makes it once and keeps it at app.state.shell."""

    settings: Settings
    profile: Profile
    clock: Callable[[], datetime]
    public_nav: tuple[NavItem, ...] = ()
    staff_nav: tuple[NavItem, ...] = ()
    is_demo: bool = False
    theme_url: str = "/theme.css"
    extras: Mapping[str, object] = field(default_factory=dict)


def shell(connection: ASGIConnection[Any, Any, Any, Any]) -> Shell:
    made: Shell = connection.app.state.shell
    return made


def render(locale: Locale, template: str, /, **context: object) -> str:
    """Render `domain/file` in a language, without the page's own surroundings (mails, cached pages)."""
    return environment(locale).get_template(template).render(context)


def url(locale: Locale, *parts: object) -> str:
    """Return the address of a public page: url(locale, "forums", slug) is /mk/forums/slug."""
    return "/" + "/".join(urllib.parse.quote(str(part)) for part in (locale.code, *parts)) + ("" if parts else "/")


def see_other(address: str, *, anchor: str = "", **query: object) -> Redirect:
    """Lead on, after something was done, to a page that may be loaded again. What is empty stays out of its query."""
    said = urllib.parse.urlencode({name: value for name, value in query.items() if value not in ("", None)}, doseq=True)
    there = address + (f"?{said}" if said else "") + (f"#{anchor}" if anchor else "")
    return Redirect(there, status_code=303, headers={"cache-control": "no-store"})


def to_staff(locale: Locale, *parts: object, anchor: str = "", **query: object) -> Redirect:
    """Lead on to a page of staff: to_staff(locale, "forums", forum_id, done="saved")."""
    return see_other("/".join(("/staff", locale.code, *map(str, parts))), anchor=anchor, **query)


def absolute(settings: Settings, path: str) -> str:
    return settings.base_url + path


def layout_context(made: Shell, locale: Locale, path: str, query: str = "", person: Any = None) -> dict[str, object]:
    """Return what the layouts need, besides the page's own context. path is the address of the page itself."""
    is_staff = path == "/staff" or path.startswith("/staff/")
    prefix = f"/staff/{locale.code}" if is_staff else f"/{locale.code}"
    items = made.staff_nav if is_staff else made.public_nav
    shown = [item for item in items if not is_staff or (person is not None and item.seen_by(person.roles))]
    below = path.removeprefix(prefix).strip("/")
    best = max(
        (item.path for item in shown if below == item.path or below.startswith(item.path + "/")), key=len, default=None
    )
    return {
        "profile": made.profile,
        "is_demo": made.is_demo,
        "is_framed": False,
        "person": person,
        "theme_url": made.theme_url,
        "page_path": path,
        "page_url": absolute(made.settings, path),
        "base_url": made.settings.base_url,
        "nav": [
            {
                "label": item.label,
                "href": f"{prefix}/{item.path}",
                "current": item.path == best or (not below and not item.path),
            }
            for item in shown
        ],
        "alternates": [
            {
                "code": code,
                "name": AUTONYMS.get(code, code),
                "href": _in_language(path, code, query),
                "current": code == locale.code,
            }
            for code in languages()
        ],
    }


def _in_language(path: str, code: str, query: str) -> str:
    """The same address in another language; one that names none leads to the front door, without its query."""
    parts = path.split("/")
    place = 2 if len(parts) > 2 and parts[1] == "staff" else 1
    if len(parts) > place and parts[place] in languages():
        parts[place] = code
        return "/".join(parts) + (f"?{query}" if query else "")
    return f"/staff/{code}/" if path.startswith("/staff/") else f"/{code}/"


def page(
    request: AnyRequest,
    template: str,
    /,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    locale: Locale | None = None,
    **context: object,
) -> Response[bytes]:
    """Answer with a whole page.

    Public pages of status 200 carry an ETag and may be kept if they are asked for again (`no-cache`); everything under
    /staff and every error is `no-store`. A matching If-None-Match gets an empty 304.
    """
    language = locale or locale_of(request.path_params["language"])
    answer = dict(headers or {})
    answer.setdefault("content-language", language.code)
    return plain_page(request, whole(request, language, template, context), HTML, status=status, headers=answer)


def whole(
    request: AnyRequest, language: Locale, template: str, context: Mapping[str, object], *, path: str = ""
) -> bytes:
    """The bytes of a page with its surroundings; path: the address that they show, if not the one asked for."""
    made = shell(request)
    path = urllib.parse.quote(path or request.scope["path"], safe=IN_A_PATH, errors="replace")
    person = request.scope.get("state", {}).get("person")
    query = request.scope["query_string"].decode("latin-1") if request.method == "GET" else ""
    surroundings = layout_context(made, language, path, query, person)
    return render(language, template, **{**surroundings, **made.extras, **context}).encode()


def plain_page(
    request: AnyRequest, body: bytes, media_type: str, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """Answer with ready bytes, with the caching that fits the address they are under."""
    answer = dict(headers or {})
    if media_type.startswith("text/"):
        media_type = media_type.partition(";")[0]  # Litestar says of every text that it is UTF-8
    body, encoding = _packed(body, request.headers.get("accept-encoding", ""))
    answer["vary"] = "accept-encoding"
    if encoding:
        answer["content-encoding"] = encoding
    if status == 200 and request.method in {"GET", "HEAD"} and not request.scope["path"].startswith("/staff"):
        answer.setdefault("cache-control", "public, no-cache")
    else:
        answer.setdefault("cache-control", "no-store")
    if answer["cache-control"] != "no-store":
        tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        answer["etag"] = tag
        if tag in request.headers.get("if-none-match", ""):
            return Response(b"", status_code=304, headers=answer, media_type=media_type)
    return Response(body, status_code=status, headers=answer, media_type=media_type)


def _packed(body: bytes, accepted: str) -> tuple[bytes, str]:
    """Compress as the browser allows; small bodies travel as they are."""
    if len(body) < 600:
        return body, ""
    if "br" in accepted:
        return brotli.compress(body, quality=4), "br"
    if "gzip" in accepted:
        return gzip.compress(body, compresslevel=5, mtime=0), "gzip"
    return body, ""
