"""Every address of the platform that a person can look at: which state it is shown in, and how its form goes wrong.

A page that has no case here makes `test_every_page` fail with its name. Addresses are written as they are typed, with
{places} that `worlds` knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

POSTED = "main form[method=post]"


@dataclass(frozen=True, slots=True)
class Wrong:
    """Values that make a form come back with an error summary; form is its selector."""

    fields: Mapping[str, str]
    form: str = POSTED
    status: int = 422


@dataclass(frozen=True, slots=True)
class Case:
    """How a page is looked at.

    only           the single state that it exists in; "": without anything in it, and filled
    never_refused  why the form that it has takes everything
    """

    address: str
    wrong: tuple[Wrong, ...] = ()
    only: str = ""
    never_refused: str = ""

    @property
    def states(self) -> tuple[str, ...]:
        if self.only:
            return (self.only,)
        return ("bare" if "{" in self.address.replace("{language}", "") else "nothing", "filled")


def case(address: str, *wrong: Wrong | dict[str, str], only: str = "", never_refused: str = "") -> Case:
    sent = tuple(one if isinstance(one, Wrong) else Wrong(one) for one in wrong)
    return Case("/{language}" + address, sent, only, never_refused)


def staff(address: str, *wrong: Wrong | dict[str, str], only: str = "", never_refused: str = "") -> Case:
    sent = tuple(one if isinstance(one, Wrong) else Wrong(one) for one in wrong)
    return Case("/staff/{language}" + address, sent, only, never_refused)


PUBLIC = {
    "/{language:str}": case("/"),
    "/{language:str}/open": case("/open"),
    "/{language:str}/calendar": case("/calendar"),
    "/{language:str}/consultations/{slug:str}": case("/consultations/{consultation}"),
    "/{language:str}/drafts/{slug:str}": case("/drafts/{draft}"),
    "/{language:str}/drafts/{slug:str}/languages": case("/drafts/{draft}/languages"),
    "/{language:str}/drafts/{slug:str}/documents": case("/drafts/{draft}/documents"),
    "/{language:str}/drafts/{slug:str}/versions/{number:int}": case("/drafts/{compared}/versions/{newest}"),
    "/{language:str}/drafts/{slug:str}/compare": case("/drafts/{compared}/compare"),
    "/{language:str}/drafts/{slug:str}/comments": case("/drafts/{draft}/comments", {"text": ""}),
    "/{language:str}/drafts/{slug:str}/comments/{comment_id:uuid}": case("/drafts/{draft}/comments/{slip}"),
    "/{language:str}/drafts/{slug:str}/articles/{number:str}/comments": case(
        "/drafts/{draft}/articles/{article}/comments"
    ),
    "/{language:str}/drafts/{slug:str}/comment/{number:str}": case(
        "/drafts/{draft}/comment/{thread}",
        Wrong({"email": "nobody"}, "form[action$=letter]"),
        only="filled",
    ),
    "/{language:str}/support/{ticket:str}": case(
        "/support/{support_ticket}", only="filled", never_refused="it has nothing but a button"
    ),
    "/{language:str}/moderation": case("/moderation"),
    "/{language:str}/drafts/{slug:str}/same/{group:int}": case("/drafts/{draft}/same/{same}", only="filled"),
    "/{language:str}/drafts/{slug:str}/moderation": case("/drafts/{draft}/moderation"),
    "/{language:str}/surveys/{slug:str}": case("/surveys/{survey}", {}),
    "/{language:str}/surveys/{slug:str}/test/{test_key:str}": case("/surveys/in-test/test/{test_key}", {"age": "many"}),
    "/{language:str}/surveys/{slug:str}/resume/{link:str}": case(
        "/surveys/changeable/resume/{saved}", never_refused="it has nothing but a button"
    ),
    "/{language:str}/surveys/{slug:str}/code": case("/surveys/{by_invitation}/code", {"code": "7K3M"}),
    "/{language:str}/surveys/{slug:str}/i/{token:str}": case("/surveys/by-invitation/i/{token}", {"age": "many"}),
    "/{language:str}/surveys/{slug:str}/answers/{key:str}": case("/surveys/changeable/answers/{answers}"),
    "/{language:str}/surveys/{slug:str}/answers/{key:str}/change": case(
        "/surveys/changeable/answers/{answers}/change", {"age": "many"}
    ),
    "/{language:str}/surveys/{slug:str}/kiosk/{key:str}": case("/surveys/{survey}/kiosk/{kiosk}"),
    "/{language:str}/surveys/{slug:str}/results": case("/surveys/{survey_with_results}/results"),
    "/{language:str}/results": case("/results"),
    "/{language:str}/forums": case("/forums"),
    "/{language:str}/forums/{slug:str}": case("/forums/{forum}", {"email": "nobody"}),
    "/{language:str}/forums/{slug:str}/registered": case("/forums/{forum}/registered?{registered}"),
    "/{language:str}/forums/{slug:str}/questions": case(
        "/forums/{forum}/questions", never_refused="its forms are single buttons"
    ),
    "/{language:str}/forums/{slug:str}/questions/new": case("/forums/{forum}/questions/new", {"text": ""}),
    "/{language:str}/forums/{slug:str}/questions/{question_id:uuid}": case("/forums/{forum}/questions/{asked}"),
    "/{language:str}/forums/{slug:str}/screen": case("/forums/{forum}/screen"),
    "/{language:str}/forums/{slug:str}/appointments": case("/forums/{reception}/appointments"),
    "/{language:str}/forums/{slug:str}/appointments/new": case(
        "/forums/{reception}/appointments/new", {"text": "", "email": "nobody"}
    ),
    "/{language:str}/forums/{slug:str}/appointments/noted": case("/forums/{reception}/appointments/noted"),
    "/{language:str}/forums/{slug:str}/appointments/draw": case("/forums/{drawn}/appointments/draw"),
    "/{language:str}/appointments/{token:str}": case("/appointments/{appointment}", never_refused="it has one button"),
    "/{language:str}/opt-out/{token:str}": case("/opt-out/{way_out}", {}),
    "/{language:str}/forums/{slug:str}/minutes": case("/forums/{past_forum}/minutes"),
    "/{language:str}/promises": case("/promises"),
    "/{language:str}/registrations/{token:str}/no-letters": case("/registrations/{registration}/no-letters"),
    "/{language:str}/registrations/{token:str}": case(
        "/registrations/{registration}", Wrong({"name": ""}, "section[aria-labelledby=written] form")
    ),
    "/{language:str}/rules": case("/rules"),
    "/{language:str}/consultations/{slug:str}/report": case("/consultations/{reported}/report", only="filled"),
    "/{language:str}/consultations/{slug:str}/report/{number:int}": case(
        "/consultations/{reported}/report/1", only="filled"
    ),
    "/{language:str}/follow": case("/follow", {"email": "nobody"}),
    "/{language:str}/consultations/{slug:str}/follow": case(
        "/consultations/{consultation}/follow", {"email": "nobody"}
    ),
    "/{language:str}/following/{token:str}": case("/following/{following}", never_refused="it has nothing but buttons"),
    "/{language:str}/search": case("/search?q=Скопје"),
    "/{language:str}/how-it-works": case("/how-it-works"),
    "/{language:str}/privacy": case("/privacy"),
    "/{language:str}/accessibility": case("/accessibility"),
    "/{language:str}/open-data": case("/open-data"),
}

DOORS = {
    "/staff/{language:str}/sign-in": staff("/sign-in", {"email": "x@example.org", "password": "wrong"}),
    "/staff/{language:str}/forgotten-password": staff(
        "/forgotten-password", never_refused="its answer must not tell who has an account"
    ),
    "/staff/{language:str}/welcome": staff("/welcome?key={invitation}", {"password": "short"}),
    "/staff/{language:str}/new-password": staff("/new-password?key={reset}", {"password": "short"}),
}

STAFF = {
    "/staff/{language:str}": staff("/"),
    "/staff/{language:str}/account": staff(
        "/account", Wrong({"name": ""}, "form[action$=account]"), Wrong({"password": "x"}, "form[action$=password]")
    ),
    "/staff/{language:str}/second-factor": staff("/second-factor", {"current": "x", "code": "12"}),
    "/staff/{language:str}/devices": staff("/devices"),
    "/staff/{language:str}/colleagues": staff("/colleagues"),
    "/staff/{language:str}/privacy": staff("/privacy", {"email": "nobody"}),
    "/staff/{language:str}/colleagues/invite": staff("/colleagues/invite", {"email": "nobody"}),
    "/staff/{language:str}/colleagues/{person_id:uuid}": staff("/colleagues/{invited}", {"roles": "nothing"}),
    "/staff/{language:str}/audit": staff("/audit"),
    "/staff/{language:str}/units": staff("/units"),
    "/staff/{language:str}/units/new": staff("/units/new", {"name-mk": ""}),
    "/staff/{language:str}/units/{unit_id:uuid}": staff("/units/{unit}", {"name-mk": ""}),
    "/staff/{language:str}/consultations": staff("/consultations"),
    "/staff/{language:str}/consultations/new": staff("/consultations/new", {}),
    "/staff/{language:str}/consultations/{slug:str}": staff(
        "/consultations/{consultation}", Wrong({"state": "x", "reason": ""}, "form[action$=state]")
    ),
    "/staff/{language:str}/consultations/{slug:str}/edit": staff(
        "/consultations/{consultation}/edit", {"title-mk": ""}
    ),
    "/staff/{language:str}/consultations/{slug:str}/report": staff(
        "/consultations/{consultation}/report", Wrong({}, status=409)
    ),
    "/staff/{language:str}/consultations/{slug:str}/report/{number:int}": staff(
        "/consultations/{reported}/report/1", only="filled"
    ),
    "/staff/{language:str}/consultations/{slug:str}/extend": staff(
        "/consultations/{consultation}/extend", {"last_on": "2020-01-01"}
    ),
    "/staff/{language:str}/consultations/{slug:str}/contents": staff(
        "/consultations/{consultation}/contents", Wrong({"survey": "none"}, "main form.c-box")
    ),
    "/staff/{language:str}/consultations/{slug:str}/documents": staff("/consultations/{consultation}/documents", {}),
    "/staff/{language:str}/consultations/{slug:str}/outcome": staff(
        "/consultations/{ended_consultation}/outcome", {"asked-mk": "", "asked-ka": "", "asked-en": ""}
    ),
    "/staff/{language:str}/drafts": staff("/drafts"),
    "/staff/{language:str}/drafts/new": staff("/drafts/new", {}),
    "/staff/{language:str}/drafts/{slug:str}": staff(
        "/drafts/{draft}", never_refused="a working copy is kept with its problems"
    ),
    "/staff/{language:str}/drafts/{slug:str}/settings": staff("/drafts/{draft}/settings", {"title-mk": ""}),
    "/staff/{language:str}/drafts/{slug:str}/documents": staff("/drafts/{draft}/documents", {"action": "nothing"}),
    "/staff/{language:str}/drafts/{slug:str}/import": staff("/drafts/{draft}/import", {}),
    "/staff/{language:str}/drafts/{slug:str}/publish": staff("/drafts/{compared}/publish", {}),
    "/staff/{language:str}/results/{slug:str}/attach": staff(
        "/results/{survey}/attach?source=question:{conditional}", Wrong({}, "form[novalidate]")
    ),
    "/staff/{language:str}/drafts/{slug:str}/charts": staff("/drafts/{draft}/charts", Wrong({}, "form[novalidate]")),
    "/staff/{language:str}/comments": staff("/comments", Wrong({}, "form[action$=confirm]")),
    "/staff/{language:str}/comments/{number:str}": staff(
        "/comments/{waiting_comment}", Wrong({}, "form[action$=refuse]"), only="filled"
    ),
    "/staff/{language:str}/answers": staff("/answers?view=all", Wrong({"unit": ""}, "form[action$=assign]")),
    "/staff/{language:str}/answers/{number:str}": staff(
        "/answers/{answered_comment}", Wrong({"decision": "x"}, "#answer-form"), only="filled"
    ),
    "/staff/{language:str}/drafts/{slug:str}/answers": staff(
        "/drafts/{draft}/answers", never_refused="it has nothing but a box to tick"
    ),
    "/staff/{language:str}/drafts/{slug:str}/effects": staff(
        "/drafts/{draft}/effects", never_refused="it has nothing but boxes to tick"
    ),
    "/staff/{language:str}/comments/new": staff("/comments/new?draft={draft}", {"text": ""}),
    "/staff/{language:str}/drafts/{slug:str}/groups": staff(
        "/drafts/{draft}/groups", never_refused="it has nothing but a button"
    ),
    "/staff/{language:str}/drafts/{slug:str}/groups/{number:int}": staff(
        "/drafts/{draft}/groups/{proposed_group}", {}, only="filled"
    ),
    "/staff/{language:str}/comments/{number:str}/slip": staff("/comments/{entered_comment}/slip", only="filled"),
    "/staff/{language:str}/comments/{number:str}/cover": staff(
        "/comments/{waiting_comment}/cover", {"words": ""}, only="filled"
    ),
    "/staff/{language:str}/surveys": staff("/surveys"),
    "/staff/{language:str}/surveys/new": staff("/surveys/new", {}),
    "/staff/{language:str}/surveys/{slug:str}/xlsform": staff("/surveys/{survey}/xlsform"),
    "/staff/{language:str}/surveys/{slug:str}": staff(
        "/surveys/{survey}",
        Wrong({"opens_at": "2026-12-02T10:00", "closes_at": "2026-12-01T10:00"}, "form[action$=dates]"),
    ),
    "/staff/{language:str}/surveys/begin": staff("/surveys/begin", {}),
    "/staff/{language:str}/surveys/{slug:str}/edit/condition": staff(
        "/surveys/{survey}/edit/condition?at=question-{conditional}&field=show_if", {"t.0.asked": ""}
    ),
    "/staff/{language:str}/surveys/{slug:str}/edit/bank": staff("/surveys/{survey}/edit/bank?q=age"),
    "/staff/{language:str}/surveys/{slug:str}/edit/preview": staff("/surveys/{survey}/edit/preview"),
    "/staff/{language:str}/surveys/{slug:str}/edit": staff(
        "/surveys/{survey}/edit", never_refused="what cannot be read is told beside its field, and the rest is saved"
    ),
    "/staff/{language:str}/surveys/{slug:str}/responses": staff("/surveys/{survey}/responses"),
    "/staff/{language:str}/surveys/{slug:str}/responses/{response_id:uuid}": staff(
        "/surveys/{survey}/responses/{response}", {"reason": ""}, only="filled"
    ),
    "/staff/{language:str}/surveys/{slug:str}/entry": staff(
        "/surveys/{survey}/entry", never_refused="it has one tick only"
    ),
    "/staff/{language:str}/surveys/{slug:str}/entry/sheet": staff("/surveys/{survey}/entry/sheet", {"_number": ""}),
    "/staff/{language:str}/surveys/{slug:str}/entry/sheets/{sheet_id:uuid}": staff(
        "/surveys/{survey}/entry/sheets/{sheet}", Wrong({"district": "99"}, "form[data-keying]"), only="filled"
    ),
    "/staff/{language:str}/surveys/{slug:str}/fieldwork": staff(
        "/surveys/{survey}/fieldwork",
        Wrong({"reason": ""}, "form[action$=end]"),
        Wrong({"days": "many"}, "form[action$=retention]"),
    ),
    "/staff/{language:str}/surveys/{slug:str}/checks": staff("/surveys/{survey}/checks"),
    "/staff/{language:str}/surveys/{slug:str}/versions": staff("/surveys/{survey}/versions"),
    "/staff/{language:str}/surveys/{slug:str}/translate": staff(
        "/surveys/{survey}/translate?show=all", Wrong({"t.en.title": "${no}"}, "form[data-warn]")
    ),
    "/staff/{language:str}/surveys/{slug:str}/contacts": staff(
        "/surveys/{survey}/contacts", Wrong({}, "form[action$=erase]")
    ),
    "/staff/{language:str}/surveys/{slug:str}/contacts/write/{kind:str}": staff(
        "/surveys/{survey}/contacts/write/invitation", {"subject-mk": "", "body-ka": "{nothing}"}
    ),
    "/staff/{language:str}/surveys/{slug:str}/paper": staff(
        "/surveys/{survey}/paper", Wrong({"number": "many"}, "form[action$=loose]")
    ),
    "/staff/{language:str}/surveys/{slug:str}/contacts/new": staff(
        "/surveys/{survey}/contacts/new", {"email": "nobody"}
    ),
    "/staff/{language:str}/surveys/{slug:str}/contacts/{contact_id:uuid}": staff(
        "/surveys/{survey}/contacts/{contact}", Wrong({"email": "nobody"}, "form[novalidate]")
    ),
    "/staff/{language:str}/surveys/{slug:str}/contacts/file": staff("/surveys/{survey}/contacts/file", {}),
    "/staff/{language:str}/surveys/{slug:str}/contacts/file/{upload_id:uuid}": staff(
        "/surveys/{survey}/contacts/file/{contact_file}", Wrong({"column-1": ""}, "form[novalidate]")
    ),
    "/staff/{language:str}/surveys/{slug:str}/access": staff("/surveys/{survey}/access", {"burst": "many"}),
    "/staff/{language:str}/results": staff("/results"),
    "/staff/{language:str}/results/{slug:str}": staff("/results/{survey_with_results}"),
    "/staff/{language:str}/indices": staff("/indices"),
    "/staff/{language:str}/indices/new": staff("/indices/new", {"key": "!"}),
    "/staff/{language:str}/indices/{key:str}": staff(
        "/indices/{index}", Wrong({}, "form[action$=earlier]"), only="filled"
    ),
    "/staff/{language:str}/indices/{key:str}/edit": staff("/indices/{index}/edit", {"items": ""}, only="filled"),
    "/staff/{language:str}/results/{slug:str}/explore": staff(
        "/results/{survey_with_results}/explore?rows=@language&columns=@channel", only="filled"
    ),
    "/staff/{language:str}/results/{slug:str}/drivers": staff("/results/{survey}/drivers?as_random=1"),
    "/staff/{language:str}/results/{slug:str}/importance": staff("/results/{survey}/importance"),
    "/staff/{language:str}/results/{slug:str}/reliability": staff("/results/{survey}/reliability"),
    "/staff/{language:str}/results/{slug:str}/model": staff("/results/{survey}/model"),
    "/staff/{language:str}/results/{slug:str}/trend": staff("/results/{survey}/trend?by=week&as_random=1"),
    "/staff/{language:str}/results/{slug:str}/downloads": staff(
        "/results/{survey_with_results}/downloads", Wrong({"file": "exe"}, "form[novalidate]")
    ),
    "/staff/{language:str}/results/{slug:str}/design": staff(
        "/results/{survey_with_results}/design", {"population": "many"}
    ),
    "/staff/{language:str}/results/{slug:str}/report": staff(
        "/results/{survey_with_results}/report", Wrong({"format": "exe"}, "form[action$=report]")
    ),
    "/staff/{language:str}/results/{slug:str}/weights": staff("/results/{survey_with_results}/weights"),
    "/staff/{language:str}/results/{slug:str}/weights/new": staff(
        "/results/{survey_with_results}/weights/new", {"name": "", "table": "a;b;c\nsex;women;many"}
    ),
    "/staff/{language:str}/results/{slug:str}/weights/{key:str}": staff(
        "/results/{survey_with_results}/weights/{weights}", Wrong({"name": "", "highest": "many"}, "form[novalidate]")
    ),
    "/staff/{language:str}/results/{slug:str}/weights/{key:str}/add": staff(
        "/results/{survey_with_results}/weights/{weights}/add", {"table": "a\nb"}
    ),
    "/staff/{language:str}/results/{slug:str}/texts": staff("/results/{survey}/texts"),
    "/staff/{language:str}/results/{slug:str}/texts/{question:str}": staff(
        "/results/{survey}/texts/{open_question}?q=а", Wrong({}, "form[action$=assign]")
    ),
    "/staff/{language:str}/forums": staff("/forums"),
    "/staff/{language:str}/forums/new": staff("/forums/new", {}),
    "/staff/{language:str}/forums/{forum_id:uuid}": staff(
        "/forums/{forum_id}", Wrong({"reason-mk": ""}, "form[action$=cancel]")
    ),
    "/staff/{language:str}/sessions/{session_id:uuid}/registrations/{registration_id:uuid}": staff(
        "/sessions/{session_id}/registrations/{registration_id}", {"name": ""}
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/gathering": staff(
        "/forums/{gathering_id}/gathering", {"voters": ""}, only="filled"
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/agenda": staff(
        "/forums/{forum_id}/agenda", {"item-1-title-mk": "", "item-1-title-en": "Opening"}
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/edit": staff("/forums/{forum_id}/edit", {"title-mk": ""}),
    "/staff/{language:str}/forums/{forum_id:uuid}/minutes": staff(
        "/forums/{past_forum_id}/minutes", Wrong({"summary-mk": ""}, "form[novalidate]")
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/minutes/items/new": staff(
        "/forums/{past_forum_id}/minutes/items/new", {}
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/minutes/items/{item_id:uuid}": staff(
        "/forums/{past_forum_id}/minutes/items/{minutes_item}", {"heading-mk": ""}
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/minutes/items/{item_id:uuid}/entries/new": staff(
        "/forums/{past_forum_id}/minutes/items/{minutes_item}/entries/new", {}
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/minutes/entries/{entry_id:uuid}": staff(
        "/forums/{past_forum_id}/minutes/entries/{minutes_entry}", {"text-mk": ""}
    ),
    "/staff/{language:str}/sessions/{session_id:uuid}/door": staff("/sessions/{session_id}/door"),
    "/staff/{language:str}/forums/{forum_id:uuid}/photos": staff("/forums/{past_forum_id}/photos", {"shows-mk": ""}),
    "/staff/{language:str}/forums/{forum_id:uuid}/feedback": staff(
        "/forums/{forum_id}/feedback", never_refused="a choice from a list"
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/dossier": staff("/forums/{forum_id}/dossier"),
    "/staff/{language:str}/promises": staff("/promises"),
    "/staff/{language:str}/promises/{promise_id:uuid}": staff("/promises/{promise}", {"due_on": ""}),
    "/staff/{language:str}/sessions/{session_id:uuid}": staff("/sessions/{session_id}", Wrong({}, "form[novalidate]")),
    "/staff/{language:str}/sessions/{session_id:uuid}/sheet": staff("/sessions/{session_id}/sheet"),
    "/staff/{language:str}/forums/{forum_id:uuid}/questions": staff(
        "/forums/{forum_id}/questions?shown=published", Wrong({"text": ""}, "form[action$=add]")
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/stage": staff("/forums/{forum_id}/stage"),
    "/staff/{language:str}/forums/{forum_id:uuid}/questions/near": staff("/forums/{forum_id}/questions/near"),
    "/staff/{language:str}/sessions/{session_id:uuid}/speakers": staff(
        "/sessions/{session_id}/speakers", {"action": "add", "name": ""}
    ),
    "/staff/{language:str}/officials": staff("/officials", Wrong({"name-mk": ""}, "form[novalidate]")),
    "/staff/{language:str}/forums/{forum_id:uuid}/appointments": staff(
        "/forums/{reception_id}/appointments", Wrong({"day": ""}, "#times-form")
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/appointments/requests": staff(
        "/forums/{reception_id}/appointments/requests", {"text": ""}
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/appointments/requests/{request_id:uuid}": staff(
        "/forums/{reception_id}/appointments/requests/{request}", {"answer": ""}
    ),
    "/staff/{language:str}/forums/{forum_id:uuid}/questions/{question_id:uuid}": staff(
        "/forums/{forum_id}/questions/{asked}", Wrong({}, "details form[novalidate]")
    ),
}

CASES = {**PUBLIC, **DOORS, **STAFF}

# What a browser gets from these is no page of ours; other tests ask them.
OTHER = {
    "/open-data/drafts/{slug:str}/comments.csv": "CSV",
    "/open-data/drafts/{slug:str}/comments.json": "JSON",
    "/open-data/comments-dictionary.csv": "CSV",
    "/open-data/comments-dictionary.json": "JSON",
    "/{language:str}/consultations/{slug:str}/files/{attachment_id:uuid}": "a download",
    "/staff/{language:str}/consultations/{slug:str}/documents/{attachment_id:uuid}": "a download",
    "/{language:str}/consultations/{slug:str}/report/{number:int}/{name:str}": "a download",
    "/staff/{language:str}/consultations/{slug:str}/report/{number:int}/{name:str}": "a download",
    "/{language:str}/drafts/{slug:str}/files/{attachment_id:uuid}": "a download",
    "/staff/{language:str}/drafts/{slug:str}/documents/{attachment_id:uuid}": "a download",
    "/staff/{language:str}/surveys/{slug:str}/xlsform.xlsx": "a workbook",
    "/{language:str}/surveys/{slug:str}/answers/{key:str}/text": "a file",
    "/": "a redirect",
    "/staff": "a redirect",
    "/staff/{language:str}/oidc": "a redirect, where a sign-in service is set up: test_oidc",
    "/staff/oidc/signed-out": "a redirect, where a sign-in service is set up: test_oidc_leaving",
    "/staff/oidc/callback": "a page that leads on at once: test_oidc",
    "/staff/{language:str}/code": "for whoever is half way in: test_second_factor_pages",
    "/s/{code:str}": "a redirect",
    "/static/{name:path}": "assets",
    "/pictures/{name:str}": "a picture",
    "/theme.css": "a style sheet",
    "/healthz": "text for machines",
    "/.well-known/security.txt": "text for machines: tests/web/test_guard",
    "/readyz": "text for machines",
    "/metrics": "text for machines",
    "/sitemap.xml": "XML",
    "/robots.txt": "text for machines",
    "/schema/survey-1.json": "JSON",
    "/kiosk-worker.js": "a script",
    "/door-worker.js": "a script",
    "/meeting-photos/{name:str}": "a picture",
    "/staff/{language:str}/sessions/{session_id:uuid}/sheet.pdf": "PDF",
    "/staff/{language:str}/door/{code:str}": "a redirect",
    "/staff/{language:str}/surveys/{slug:str}/responses/{response_id:uuid}/files/{file_id:uuid}": "a download",
    "/{language:str}/surveys/{slug:str}/kiosk/{key:str}/ids": "JSON",
    "/{language:str}/drafts/{slug:str}/comment/{number:str}/files/{file_id:uuid}": "a download",
    "/staff/{language:str}/comments/{number:str}/files/{file_id:uuid}": "a download",
    "/{language:str}/feed.atom": "a feed",
    "/{language:str}/calendar.ics": "a calendar",
    "/{language:str}/consultations/{slug:str}/calendar.ics": "a calendar",
    "/{language:str}/forums/{slug:str}/appointments/draw.csv": "CSV",
    "/{language:str}/forums/{slug:str}/calendar.ics": "a calendar",
    "/{language:str}/forums/{slug:str}/sessions/{name:str}": "a calendar",
    "/{language:str}/drafts/{slug:str}/charts/{name:str}": "a figure in JSON",
    "/{language:str}/drafts/{slug:str}/compare.pdf": "a PDF",
    "/{language:str}/surveys/{slug:str}/results/tables.csv": "CSV",
    "/{language:str}/surveys/{slug:str}/results/open-data.zip": "a ZIP",
    "/{language:str}/surveys/{slug:str}/results/{file:str}": "a figure in JSON",
    "/staff/{language:str}/surveys/{slug:str}/file": "a survey file",
    "/staff/{language:str}/surveys/{slug:str}/edit/preview/page": "a page of residents, in a frame",
    "/staff/{language:str}/surveys/{slug:str}/qr.svg": "a picture",
    "/staff/{language:str}/surveys/{slug:str}/qr.png": "a picture",
    "/staff/{language:str}/surveys/{slug:str}/paper/{spoken:str}/questionnaire.pdf": "PDF",
    "/staff/{language:str}/surveys/{slug:str}/checks/answer-sets": "JSON",
    "/staff/{language:str}/surveys/{slug:str}/translate/{name:str}": "a file for translators",
    "/staff/{language:str}/results/{slug:str}/explore.xlsx": "XLSX",
    "/staff/{language:str}/results/{slug:str}/drivers.xlsx": "XLSX",
    "/staff/{language:str}/results/{slug:str}/trend.xlsx": "XLSX",
    "/staff/{language:str}/results/{slug:str}/model.xlsx": "XLSX",
    "/staff/{language:str}/results/{slug:str}/reliability.xlsx": "XLSX",
    "/staff/{language:str}/results/{slug:str}/importance.xlsx": "XLSX",
    "/staff/{language:str}/results/{slug:str}/downloads/{export_id:uuid}": "a file of answers",
    "/staff/{language:str}/sessions/{session_id:uuid}/registrations.csv": "CSV",
}
