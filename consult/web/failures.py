"""Turning errors into pages (or JSON under /api), in the reader's language."""

from __future__ import annotations

import logging
from collections import OrderedDict
from urllib.parse import quote

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException
from markupsafe import escape

from consult.errors import N_, ConsultError, Invalid, NotAllowed, NotFound, Refused, TooMany, Unavailable
from consult.i18n import Locale, UnknownLanguage, languages, locale, negotiate
from consult.storage import is_away
from consult.web.forms import Harmful, TooLarge, Unreadable, Unscanned
from consult.web.keeping import KeptForm, Told, keeps
from consult.web.pages import HTML, IN_A_PATH, AnyRequest, plain_page, shell, whole

log = logging.getLogger("consult.failures")
MOST_KEPT = 300
END = b"end-of-the-address"
SPOKEN = "spoken"
"""In the state of a request: a language that its address does not name."""


class ForeignPost(NotAllowed):
    message = N_(
        "This form was sent from a page of another site, so nothing was saved. Open the form here and send it again."
    )


STATUS: tuple[tuple[type[ConsultError], int], ...] = (
    (TooLarge, 413),
    (Unreadable, 400),
    (TooMany, 429),
    (Unavailable, 503),
    (Invalid, 422),
    (NotFound, 404),
    (NotAllowed, 403),
    (Refused, 409),
)
TITLES = {
    400: N_("This could not be read"),
    403: N_("You cannot open this page"),
    404: N_("Page not found"),
    405: N_("This does not work here"),
    409: N_("This is not possible now"),
    413: N_("This is too large"),
    422: N_("There is a problem"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong"),
    503: N_("Not available at the moment"),
}
ADVICE = {
    404: N_("Check the address, or begin again from the front page."),
    405: N_("Go back and use the button on the page."),
    413: TooLarge.message,
    429: TooMany.message,
    500: N_("The fault is ours, and it has been recorded. Please try again in a few minutes."),
    503: Unavailable.message,
}


AT_THE_SAME_MOMENT = N_(
    "The same was stored at this very moment: the button was pressed twice, or somebody else did it too. Look whether"
    " it is there already. If it is not, send this again."
)
NOT_TAKEN = N_("The file was not taken")
WRONG_QUERY = N_(
    "Something after the question mark in the address cannot be read. Take it out, or follow a link again."
)


def language_of(request: AnyRequest) -> Locale:
    """The language of the address, even where no route was found; else SPOKEN; else what the browser asks for."""
    parts = request.scope["path"].split("/")
    code = next((part for part in (*parts[1:3], request.scope["state"].get(SPOKEN)) if part in languages()), None)
    return locale(code or negotiate(request.headers.get("accept-language", "")))


def status_of(error: ConsultError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def is_api(request: AnyRequest) -> bool:
    path = request.scope["path"]
    return bool(path == "/api" or path.startswith("/api/"))


def failure(
    request: AnyRequest,
    status: int,
    advice: str,
    parameters: dict[str, object] | None = None,
    retry_after_s: int | None = None,
    wrong: tuple[str, ...] = (),
) -> Response[bytes]:
    """Say what went wrong: a page, or under /api a problem document (RFC 9457) that names the wrong parameters."""
    headers = {"cache-control": "no-store"}
    if retry_after_s is not None:
        headers["retry-after"] = str(retry_after_s)
    title = TITLES.get(status) or (TITLES[400] if status < 500 else TITLES[500])
    spoken = language_of(request)
    if is_api(request):
        detail = spoken.gettext(advice, **(parameters or {}))
        problem: dict[str, object] = {"status": status, "title": spoken.gettext(title), "detail": detail}
        if wrong:
            problem["parameters"] = wrong
        headers |= {"content-language": spoken.code, "vary": "accept-language"}
        body = msgspec.json.encode(problem)
        return Response(body, status_code=status, headers=headers, media_type="application/problem+json")
    headers["content-language"] = spoken.code
    is_form = request.method == "POST"
    context: dict[str, object] = {
        "title": title,
        "advice": advice,
        "parameters": parameters or {},
        "is_form": is_form,
        "may_pass": status == 503 and not is_form,
    }
    return plain_page(request, _body(request, spoken, context), HTML, status=status, headers=headers)


def _body(request: AnyRequest, spoken: Locale, context: dict[str, object]) -> bytes:
    """An error page, kept for the next one that is the same: whoever floods us with nonsense shall not cost much."""
    path = request.scope["path"]
    if context["parameters"] or path.startswith("/staff") or request.scope["query_string"]:
        return whole(request, spoken, "web/error.html", context)
    kept: OrderedDict[tuple[object, ...], bytes] = request.app.state.setdefault("failure_pages", OrderedDict())
    general, end = _parted(path, {item.path for item in shell(request).public_nav})
    key = (spoken.code, general, context["title"], context["advice"], context["is_form"])
    if key in kept:
        kept.move_to_end(key)
    else:
        if len(kept) >= MOST_KEPT:
            kept.popitem(last=False)
        kept[key] = whole(request, spoken, "web/error.html", context, path=general)
    return kept[key].replace(END, escape(quote(end, safe=IN_A_PATH, errors="replace")).encode()) if end else kept[key]


def _parted(path: str, menu: set[str]) -> tuple[str, str]:
    """The address that stands for all whose error pages differ only in its end, and that end: invented ones are many.

    The layout shows the place in the menu, and the same address in each language.
    """
    _, code, *below = (path if path.startswith("/") else "/").split("/", 3)  # OPTIONS * has none
    if code not in languages():
        return f"/{code if code in menu else END.decode()}", ""
    known = below[:1] if below and below[0] in menu else []
    end = "/".join(below[len(known) :])
    if not end.strip("/") or not below[0]:
        return path, ""
    return "/".join(["", code, *known, END.decode()]), end


def on_consult_error(request: AnyRequest, error: ConsultError) -> Response[bytes]:
    if isinstance(error, UnknownLanguage):
        return failure(request, 404, ADVICE[404])
    if isinstance(error, Harmful | Unscanned):
        return not_taken(request, error)
    if isinstance(error, Unavailable):
        return busy(request, error)
    message = ADVICE[404] if type(error) is NotFound else error.message
    return failure(request, status_of(error), message, error.parameters, getattr(error, "retry_after_s", None))


def busy(request: AnyRequest, error: Unavailable) -> Response[bytes]:
    """Ask for another moment; a form that was posted is kept in the page."""
    told = failure(request, 503, error.message, error.parameters, error.retry_after_s)
    return KeptForm(told, language_of(request), error.retry_after_s) if keeps(request) else told


def not_taken(request: AnyRequest, error: Harmful | Unscanned) -> Response[bytes]:
    """Say why a file was not taken, with the form that it came with."""
    status, wait_s = status_of(error), getattr(error, "retry_after_s", None)
    plain = failure(request, status, error.message, error.parameters, wait_s)
    refused = str(error.parameters["name"]) if isinstance(error, Harmful) else None
    told = Told(status, NOT_TAKEN, error.message, error.parameters, refused)
    return KeptForm(plain, language_of(request), wait_s, told) if keeps(request) else plain


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    status = error.status_code
    faults = [fault for fault in _faults(error) if isinstance(fault, dict)]
    if status == 400 and any(fault.get("source") == "path" for fault in faults):
        status = 404  # a path parameter of the wrong shape is a page that does not exist
    wrong = tuple(str(fault["key"]) for fault in faults if "key" in fault)
    advice = ADVICE.get(status, Unreadable.message if status < 500 else ADVICE[500])
    if status == 400 and request.method in {"GET", "HEAD"}:
        advice = WRONG_QUERY
    answer = failure(request, status, advice, wrong=wrong if status == 400 else ())
    if allowed := (error.headers or {}).get("allow"):
        answer.headers["allow"] = allowed.replace("GET", "GET, HEAD")  # the guard answers it as the GET
    return answer


def _faults(error: HTTPException) -> list[object]:
    return error.extra if isinstance(error.extra, list) else []


def on_database_error(request: AnyRequest, error: Exception) -> Response[bytes]:
    """The database may be away for a moment: then nothing was changed, and another try may do."""
    if not is_away(error):
        return on_bug(request, error)
    log.warning("the database is away", extra={"kind": type(error).__name__})
    return busy(request, Unavailable())


def on_stored_twice(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Of two who did the same at one moment the second; what was typed is kept, and sent again it meets the rules."""
    log.warning("stored twice at one moment", exc_info=error)
    plain = failure(request, 409, AT_THE_SAME_MOMENT)
    told = Told(409, TITLES[409], AT_THE_SAME_MOMENT)
    return KeptForm(plain, language_of(request), None, told) if keeps(request) else plain


def on_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    log.error("unexpected error", exc_info=error)
    return failure(request, 500, ADVICE[500])
