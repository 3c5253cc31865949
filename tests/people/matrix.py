"""Who may use which address of the workspace: the rule, written down once, that guards and requests are held to.

One line an address below /staff/{language}, under the roles that may use it; administrators may use all of them. A new
route needs a line here. Whether a record is one of theirs (an answer of their unit) is decided behind the door.
"""

from __future__ import annotations

PUBLIC, SIGNED_IN = "public", "signed in"

MATRIX: dict[str, str] = {
    PUBLIC: """
        GET POST /forgotten-password
        GET POST /new-password
        GET POST /sign-in
        GET      /oidc
        GET      /staff
        GET      /staff/oidc/callback
        GET      /staff/oidc/signed-out
        GET POST /welcome
    """,
    SIGNED_IN: """
        GET      /
        GET POST /account
        POST     /account/password
        GET      /answers
        GET POST /answers/{number:str}
        POST     /answers/{number:str}/approve
        POST     /answers/{number:str}/return
        POST     /answers/{number:str}/send
        GET POST /code
        GET POST /devices
        GET      /drafts/{slug:str}/answers
        GET POST /second-factor
        POST     /second-factor/change
        POST     /sign-out
    """,
    "admin": """
        GET      /audit
        GET      /colleagues
        GET POST /colleagues/invite
        GET POST /privacy
        POST     /privacy/erase
        GET      /colleagues/{person_id:uuid}
        POST     /colleagues/{person_id:uuid}/disable
        POST     /colleagues/{person_id:uuid}/enable
        POST     /colleagues/{person_id:uuid}/invitation
        POST     /colleagues/{person_id:uuid}/roles
        POST     /colleagues/{person_id:uuid}/second-factor
        POST     /colleagues/{person_id:uuid}/sign-out
        POST     /comments/{number:str}/erase
        POST     /surveys/{slug:str}/fieldwork/erase
        GET      /units
        GET POST /units/new
        GET POST /units/{unit_id:uuid}
    """,
    "designer": """
        GET POST /consultations/new
        POST     /consultations/{slug:str}/contents
        POST     /consultations/{slug:str}/documents
        GET POST /consultations/{slug:str}/edit
        GET POST /consultations/{slug:str}/extend
        GET POST /consultations/{slug:str}/outcome
        POST     /consultations/{slug:str}/publish
        POST     /consultations/{slug:str}/report
        POST     /consultations/{slug:str}/report/{number:int}/publish
        POST     /consultations/{slug:str}/state
        GET POST /drafts/new
        POST     /drafts/{slug:str}/publish
        GET POST /surveys/begin
        GET POST /surveys/new
        GET POST /surveys/{slug:str}/access
        GET POST /surveys/{slug:str}/checks
        GET      /surveys/{slug:str}/checks/answer-sets
        POST     /surveys/{slug:str}/close
        POST     /surveys/{slug:str}/contacts/erase
        POST     /surveys/{slug:str}/dates
        POST     /surveys/{slug:str}/edit
        GET POST /surveys/{slug:str}/edit/bank
        GET POST /surveys/{slug:str}/edit/condition
        GET      /surveys/{slug:str}/edit/preview
        GET POST /surveys/{slug:str}/edit/preview/page
        POST     /surveys/{slug:str}/fieldwork/end
        POST     /surveys/{slug:str}/fieldwork/retention
        POST     /surveys/{slug:str}/test
        POST     /surveys/{slug:str}/test-end
    """,
    "designer translator": """
        POST     /drafts/{slug:str}
        POST     /drafts/{slug:str}/documents
        GET POST /drafts/{slug:str}/import
        GET      /drafts/{slug:str}/publish
        GET POST /drafts/{slug:str}/settings
        GET POST /surveys/{slug:str}/translate
        POST     /surveys/{slug:str}/translate/apply
        POST     /surveys/{slug:str}/translate/file
        GET      /surveys/{slug:str}/translate/{name:str}
    """,
    "designer moderator": """
        POST     /drafts/{slug:str}/effects
    """,
    "moderator": """
        POST     /answers/assign
        POST     /answers/{number:str}/assign
        GET      /comments
        POST     /comments/carry-out
        POST     /comments/confirm
        GET      /comments/{number:str}
        POST     /comments/{number:str}/check
        GET POST /comments/{number:str}/cover
        POST     /comments/{number:str}/cover/{redaction_id:uuid}/withdraw
        POST     /comments/{number:str}/files/{file_id:uuid}/remove
        POST     /comments/{number:str}/publish
        POST     /comments/{number:str}/refuse
        POST     /drafts/{slug:str}/answers
        GET      /drafts/{slug:str}/groups
        POST     /drafts/{slug:str}/groups/search
        GET POST /drafts/{slug:str}/groups/{number:int}
        GET POST /forums/new
        GET POST /forums/{forum_id:uuid}/agenda
        POST     /forums/{forum_id:uuid}/appointments
        POST     /forums/{forum_id:uuid}/cancel
        GET POST /forums/{forum_id:uuid}/edit
        POST     /forums/{forum_id:uuid}/feedback
        GET POST /forums/{forum_id:uuid}/gathering
        POST     /forums/{forum_id:uuid}/minutes/publish
        GET POST /forums/{forum_id:uuid}/photos
        POST     /forums/{forum_id:uuid}/photos/{photo_id:uuid}
        POST     /forums/{forum_id:uuid}/publish
        POST     /forums/{forum_id:uuid}/questions/asking
        POST     /officials
    """,
    "clerk": """
        GET      /surveys/{slug:str}/entry
        POST     /surveys/{slug:str}/entry/setting
        GET POST /surveys/{slug:str}/entry/sheet
        GET POST /surveys/{slug:str}/entry/sheets/{sheet_id:uuid}
        POST     /surveys/{slug:str}/entry/sheets/{sheet_id:uuid}/discard
        POST     /surveys/{slug:str}/responses/{response_id:uuid}/erase
    """,
    "designer clerk": """
        GET      /surveys/{slug:str}/contacts
        POST     /surveys/{slug:str}/contacts/bounces
        GET POST /surveys/{slug:str}/contacts/file
        GET POST /surveys/{slug:str}/contacts/file/{upload_id:uuid}
        POST     /surveys/{slug:str}/contacts/file/{upload_id:uuid}/forget
        POST     /surveys/{slug:str}/contacts/mailings/{mailing_id:uuid}/stop
        GET POST /surveys/{slug:str}/contacts/new
        GET POST /surveys/{slug:str}/contacts/write/{kind:str}
        GET POST /surveys/{slug:str}/contacts/{contact_id:uuid}
        POST     /surveys/{slug:str}/contacts/{contact_id:uuid}/delete
        GET      /surveys/{slug:str}/paper
        POST     /surveys/{slug:str}/paper/letters
        POST     /surveys/{slug:str}/paper/loose
        GET      /surveys/{slug:str}/paper/{spoken:str}/questionnaire.pdf
    """,
    "moderator clerk": """
        GET POST /comments/new
        GET      /comments/{number:str}/files/{file_id:uuid}
        POST     /comments/{number:str}/posted
        GET      /comments/{number:str}/slip
        GET      /door/{code:str}
        GET      /forums
        GET      /forums/{forum_id:uuid}
        GET      /forums/{forum_id:uuid}/appointments
        GET POST /forums/{forum_id:uuid}/appointments/requests
        GET POST /forums/{forum_id:uuid}/appointments/requests/{request_id:uuid}
        GET      /forums/{forum_id:uuid}/feedback
        GET POST /forums/{forum_id:uuid}/minutes
        GET POST /forums/{forum_id:uuid}/minutes/entries/{entry_id:uuid}
        GET POST /forums/{forum_id:uuid}/minutes/items/new
        GET POST /forums/{forum_id:uuid}/minutes/items/{item_id:uuid}
        GET POST /forums/{forum_id:uuid}/minutes/items/{item_id:uuid}/entries/new
        GET POST /forums/{forum_id:uuid}/questions
        POST     /forums/{forum_id:uuid}/questions/add
        GET POST /forums/{forum_id:uuid}/questions/near
        GET POST /forums/{forum_id:uuid}/questions/{question_id:uuid}
        GET POST /forums/{forum_id:uuid}/stage
        GET      /officials
        GET      /promises
        GET POST /promises/{promise_id:uuid}
        GET      /sessions/{session_id:uuid}
        GET POST /sessions/{session_id:uuid}/door
        POST     /sessions/{session_id:uuid}/door/acts
        POST     /sessions/{session_id:uuid}/door/arrivals/{arrival_id:uuid}
        POST     /sessions/{session_id:uuid}/door/close
        POST     /sessions/{session_id:uuid}/door/conflicts/{act_id:uuid}
        POST     /sessions/{session_id:uuid}/registrations
        GET      /sessions/{session_id:uuid}/registrations.csv
        GET POST /sessions/{session_id:uuid}/registrations/{registration_id:uuid}
        POST     /sessions/{session_id:uuid}/registrations/{registration_id:uuid}/details
        GET      /sessions/{session_id:uuid}/sheet
        GET      /sessions/{session_id:uuid}/sheet.pdf
        GET POST /sessions/{session_id:uuid}/speakers
    """,
    "analyst": """
        GET      /indices
        GET POST /indices/new
        GET      /indices/{key:str}
        POST     /indices/{key:str}/earlier
        GET POST /indices/{key:str}/edit
        POST     /indices/{key:str}/keep/{slug:str}
        GET      /results/{slug:str}/drivers
        GET      /results/{slug:str}/drivers.xlsx
        GET      /results/{slug:str}/explore
        GET      /results/{slug:str}/explore.xlsx
        GET      /results/{slug:str}/importance
        GET      /results/{slug:str}/importance.xlsx
        GET      /results/{slug:str}/model
        GET      /results/{slug:str}/model.xlsx
        GET      /results/{slug:str}/reliability
        GET      /results/{slug:str}/reliability.xlsx
        POST     /results/{slug:str}/texts/{question:str}/assign
        POST     /results/{slug:str}/texts/{question:str}/codes
        GET      /results/{slug:str}/trend
        GET      /results/{slug:str}/trend.xlsx
    """,
    "designer analyst": """
        GET POST /drafts/{slug:str}/charts
        POST     /drafts/{slug:str}/charts/{evidence_id:uuid}/detach
        POST     /drafts/{slug:str}/charts/{evidence_id:uuid}/freeze
        GET      /results
        GET      /results/{slug:str}
        GET POST /results/{slug:str}/attach
        GET POST /results/{slug:str}/design
        POST     /results/{slug:str}/design/withdraw
        GET POST /results/{slug:str}/downloads
        GET      /results/{slug:str}/downloads/{export_id:uuid}
        POST     /results/{slug:str}/downloads/{export_id:uuid}/delete
        POST     /results/{slug:str}/publish
        GET POST /results/{slug:str}/report
        POST     /results/{slug:str}/report/texts
        GET      /results/{slug:str}/texts
        GET      /results/{slug:str}/texts/{question:str}
        GET      /results/{slug:str}/weights
        GET POST /results/{slug:str}/weights/new
        GET POST /results/{slug:str}/weights/{key:str}
        GET POST /results/{slug:str}/weights/{key:str}/add
        POST     /results/{slug:str}/weights/{key:str}/default
        POST     /results/{slug:str}/weights/{key:str}/delete
        POST     /results/{slug:str}/withdraw
        POST     /surveys/{slug:str}/fieldwork/eligibility
    """,
    "designer moderator analyst": """
        GET      /consultations/{slug:str}/report
        GET      /consultations/{slug:str}/report/{number:int}
        GET      /consultations/{slug:str}/report/{number:int}/{name:str}
        GET      /drafts/{slug:str}/effects
    """,
    "designer translator moderator analyst": """
        GET      /consultations
        GET      /consultations/{slug:str}
        GET      /consultations/{slug:str}/contents
        GET      /consultations/{slug:str}/documents
        GET      /consultations/{slug:str}/documents/{attachment_id:uuid}
        GET      /drafts
        GET      /drafts/{slug:str}
        GET      /drafts/{slug:str}/documents
        GET      /drafts/{slug:str}/documents/{attachment_id:uuid}
    """,
    "designer clerk analyst": """
        GET      /surveys/{slug:str}/fieldwork
        GET      /surveys/{slug:str}/responses
        GET      /surveys/{slug:str}/responses/{response_id:uuid}
        GET      /surveys/{slug:str}/responses/{response_id:uuid}/files/{file_id:uuid}
    """,
    "designer translator clerk analyst": """
        GET      /surveys
        GET      /surveys/{slug:str}
        GET      /surveys/{slug:str}/edit
        GET      /surveys/{slug:str}/file
        GET      /surveys/{slug:str}/qr.png
        GET      /surveys/{slug:str}/qr.svg
        GET      /surveys/{slug:str}/versions
        GET      /surveys/{slug:str}/xlsform
        GET      /surveys/{slug:str}/xlsform.xlsx
    """,
    "designer moderator clerk analyst": """
        GET      /forums/{forum_id:uuid}/dossier
    """,
}

ARRIVING = {"GET /code": "code", "POST /code": "code", "GET /second-factor": "enrol", "POST /second-factor": "enrol"}
"""Open also to half a session, which awaits this; signing out is open to every half one."""


def rules() -> dict[str, frozenset[str]]:
    """ "GET /audit" -> its roles; {PUBLIC} and {SIGNED_IN} where no role is needed."""
    found: dict[str, frozenset[str]] = {}
    for who, lines in MATRIX.items():
        roles = frozenset({who} if who in {PUBLIC, SIGNED_IN} else who.split())
        for line in lines.split("\n"):
            *methods, path = line.split() or [""]
            for method in methods:
                assert f"{method} {path}" not in found, f"{method} {path} has two rules"
                found[f"{method} {path}"] = roles
    return found
