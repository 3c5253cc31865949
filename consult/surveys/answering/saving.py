"""Going on later: the page that asks for an e-mail address, the letter with the link, and the way back in."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import uuid4

from consult.errors import N_, Invalid, Problem
from consult.i18n import pick
from consult.mail.message import email_address
from consult.mail.operations import notify
from consult.mail.queries import sent_since
from consult.surveys.answers import forms
from consult.surveys.files import uploads
from consult.surveys.pages import side_pages
from consult.surveys.pages.calls import Call, accepts_gzip, one
from consult.surveys.pages.rendering import packed
from consult.surveys.responses import saved_answers
from consult.web.pages import absolute

EVENT = "survey.saved:"
MOST_LETTERS_A_DAY = 5
ENOUGH = N_("Five letters went to this address since yesterday. Use the link in the newest one.")
SUBJECT = N_("Your link to go on with the survey")
LETTER = N_(
    "Good day,\n\nyou saved your answers to the survey “%(title)s”. With this link you go on where you stopped, "
    "on any device:\n\n%(link)s\n\nIt works until %(day)s. Whoever has it can read what you have entered so far, "
    "so please do not pass it on. Nothing has been sent to us yet.\n\n"
    "If this was not you, delete this letter: the answers will be deleted by themselves."
)

Own = tuple[tuple[str, str], ...]
Wish = Literal["save", "keep"]


class Kept(NamedTuple):
    """Where the letter went, and until when its link works."""

    email: str
    until: datetime


async def save(call: Call, fields: forms.Fields, wish: str, own: Own) -> None:
    """The page that asks where to send the link; once an address is given, the letter."""
    problems: tuple[Problem, ...] = ()
    if wish == "keep":
        try:
            await answer(call, side_pages.kept(call.face, call.locale, await keep(call, fields, own)))
            return
        except Invalid as refused:
            problems = refused.problems
    compiled = call.face.compiled
    carried = [(name, value) for name in fields if name in compiled.page_of for value in fields[name] if value]
    own_fields = [(name, one(fields, name)) for name in ("_id", "_page", "_version")]
    html = side_pages.save(
        call.face, call.locale, [*carried, *own_fields, *own], email=one(fields, "_email"), problems=problems
    )
    await answer(call, html, 422 if problems else 200)


async def keep(call: Call, fields: forms.Fields, own: Own) -> Kept:
    """Save and write. Raises BadAddress, Invalid.

    Two transactions, on purpose: nothing in the database shall say that the letter and the answers belong together.
    """
    face, at = call.face, call.now
    email = email_address(one(fields, "_email"), place="_email")
    if await sent_since(email, EVENT, at - saved_answers.DAY) >= MOST_LETTERS_A_DAY:
        raise Invalid([Problem("_email", ENOUGH)])
    kept = {name: values for name, values in fields.items() if name in face.compiled.page_of and any(values)}
    kept |= {name: [value] for name, value in own if name != "_saved"}
    content = saved_answers.Saved(face.version, one(fields, "_page"), kept)
    until = saved_answers.until(at, face.survey.closes_at)
    if face.compiled.file_questions:
        await uploads.prolong((one(fields, question.key) for question in face.compiled.file_questions), until)
    link = await saved_answers.keep(face.survey.id, content, until=until, replaces=one(fields, "_saved"))
    locale = call.locale
    address = absolute(call.shell.settings, f"{face.path(locale.code)}/resume/{link}")
    title = pick(face.compiled.definition.title, locale.code, locale.order)[0]
    await notify(
        recipient_email=email,
        event=f"{EVENT}{uuid4()}",
        language=locale.code,
        subject=locale.gettext(SUBJECT),
        body_text=locale.gettext(LETTER, title=title, link=address, day=locale.date(until)) + "\n",
        at=at,
    )
    return Kept(email, until)


async def answer(call: Call, html: str, status: int = 200) -> None:
    body, is_packed = packed(html.encode(), accepts_gzip(call.scope))
    await call.answer(body, status=status, is_packed=is_packed)
