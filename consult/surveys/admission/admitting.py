"""Whether answers may be stored as they come: with which invitation, under which flags, now or after a wait."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Any

from consult.surveys.admission import invitation_operations, invitations
from consult.surveys.admission.arrival_checks import HONEYPOT, SOLVED, WAITED, Arrival, Gate, Verdict, gate_of
from consult.surveys.answers import forms
from consult.surveys.answers.flow import Decoded
from consult.surveys.answers.in_words import Copier
from consult.surveys.pages.calls import Call, one
from consult.surveys.pages.rendering import INVITATION
from consult.surveys.responses.response_ids import Issued
from consult.surveys.responses.submissions import Sender

QUIET = {b"referrer-policy": b"origin"}


async def admitted(
    call: Call, fields: forms.Fields, issued: Issued, sender: Sender, decoded: Decoded
) -> Sender | None:  # fmt: skip
    """The sender with invitation and flags; None where the call has been answered with a page that says why not."""
    if sender.is_test:
        return sender
    gate = gate_of(call)
    token = invitation(call, gate, one(fields, INVITATION)) if sender.supersedes is None else None
    if token is None and sender.supersedes is None and (
        one(fields, INVITATION) or not sender.survey.access.takes_everybody
    ):  # fmt: skip
        await spent(call, decoded.answers, is_lacking=not one(fields, INVITATION))
        return None
    arrival = Arrival(
        scope=call.scope,
        survey=sender.survey,
        response=sender.id,
        second=issued.second,
        pages=len(decoded.pages),
        honeypot=one(fields, HONEYPOT),
        solved=one(fields, SOLVED),
        waited=one(fields, WAITED),
        is_trusted=token is not None or sender.supersedes is not None,
        is_continued=bool(one(fields, "_saved")) or sender.supersedes is not None,
    )
    verdict = gate.judge(arrival, call.now)
    if verdict.is_through:
        return sender if token is None and not verdict.flags else replace(sender, token=token, flags=verdict.flags)
    await wait(call, fields, verdict)
    return None


def invitation(call: Call, gate: Gate, written: str) -> bytes | None:
    """The hash of the invitation that a form carries; None without one, or where it cannot be one."""
    token = invitations.read(written) if written else None
    return None if token is None else invitations.hashed(gate.invitation_key, call.face.survey.id, token)


class Used(Enum):
    """What became of the invitation of somebody whose answers are not needed."""

    NONE = "there was none"
    NOW = "used up now"
    BEFORE = "was no longer good"


async def used_up(call: Call, fields: forms.Fields) -> Used:
    """Spend the invitation that a form carries: whoever could try again would learn which answers let one in."""
    token = invitation(call, gate_of(call), one(fields, INVITATION))
    if token is None or call.face.is_test or one(fields, "_edit"):
        return Used.NONE
    is_now = await invitation_operations.use_up(survey_id=call.face.survey.id, hash_=token)
    return Used.NOW if is_now else Used.BEFORE


async def wait(call: Call, fields: forms.Fields, verdict: Verdict) -> None:
    """A page that keeps everything until the check is passed."""
    kept = [
        (name, value)
        for name, values in fields.items()
        if name not in (SOLVED, WAITED, "_go")
        for value in values
    ]  # fmt: skip
    action = call.face.path(call.locale.code)
    await show(call, "surveys/wait.html", 429, fields=kept, verdict=verdict, action=action)


async def spent(
    call: Call, answers: dict[str, Any] | None = None, *, is_lacking: bool = False, status: int = 409
) -> None:
    """The invitation is not good, or is lacking; answers that came are shown, because they are not stored."""
    copy = Copier(call.face.compiled.definition, call.locale).markup(answers) if answers else ""
    await show(call, "surveys/spent.html", status, copy=copy, is_lacking=is_lacking)


async def show(call: Call, template: str, status: int, **context: object) -> None:
    """A page of its own at the survey's address, which other addresses hear nothing of."""
    await call.show(template, status, more=QUIET, **context)
