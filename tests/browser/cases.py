"""Every address of the platform that a person can look at: which state it is shown in, and how its form goes wrong.

A page that has no case here makes `test_every_page` fail with its name. Addresses are written as they are typed, with
{places} that `worlds` knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """How a page is looked at.

    wrong   the fields that make its form come back with problems; None: it has no form that can (see `test_every_page`)
    form    the selector of that form
    only    the single state that the page exists in; None: without anything in it, and filled
    """

    address: str
    wrong: Mapping[str, str] | None = None
    form: str = "main form[method=post]"
    status: int = 422
    only: str | None = None

    @property
    def states(self) -> tuple[str, ...]:
        if self.only:
            return (self.only,)
        return ("bare" if "{" in self.address.replace("{language}", "") else "nothing", "filled")


PUBLIC = {
    "/{language:str}/surveys/{slug:str}": Case("/{language}/surveys/{survey}", {"_go": "next"}),
    "/{language:str}/surveys/{slug:str}/test/{test_key:str}": Case(
        "/{language}/surveys/in-test/test/{test_key}", {"age": "many"}
    ),
    "/{language:str}/drafts/{slug:str}/comments": Case("/{language}/drafts/{draft}/comments", {"text": ""}),
    "/{language:str}/drafts/{slug:str}/comments/{comment_id:uuid}": Case("/{language}/drafts/{draft}/comments/{slip}"),
    "/{language:str}/drafts/{slug:str}/articles/{number:str}/comments": Case(
        "/{language}/drafts/{draft}/articles/{article}/comments"
    ),
    "/{language:str}/forums": Case("/{language}/forums"),
    "/{language:str}/forums/{slug:str}": Case("/{language}/forums/{forum}", {"email": "nobody"}),
    "/{language:str}/forums/{slug:str}/registered": Case("/{language}/forums/{forum}/registered?{registered}"),
    "/{language:str}/registrations/{token:str}": Case("/{language}/registrations/{registration}"),
    "/{language:str}/": Case("/{language}/"),
    "/{language:str}/open": Case("/{language}/open"),
    "/{language:str}/consultations/{slug:str}": Case("/{language}/consultations/{consultation}"),
    "/{language:str}/drafts/{slug:str}": Case("/{language}/drafts/{draft}"),
    "/{language:str}/drafts/{slug:str}/versions/{number:int}": Case("/{language}/drafts/{draft}/versions/1"),
    "/{language:str}/search": Case("/{language}/search?q=Скопје"),
    "/{language:str}/how-it-works": Case("/{language}/how-it-works"),
    "/{language:str}/privacy": Case("/{language}/privacy"),
    "/{language:str}/accessibility": Case("/{language}/accessibility"),
    "/{language:str}/open-data": Case("/{language}/open-data"),
    "/{language:str}/results": Case("/{language}/results"),
    "/{language:str}/surveys/{slug:str}/results": Case(
        "/{language}/surveys/{survey_with_results}/results", only="filled"
    ),
}

DOORS = {
    "/staff/{language:str}/sign-in": Case("/staff/{language}/sign-in", {"email": "x@example.org", "password": "wrong"}),
    "/staff/{language:str}/forgotten-password": Case("/staff/{language}/forgotten-password"),
    "/staff/{language:str}/welcome": Case("/staff/{language}/welcome?key={invitation}", {"password": "short"}),
    "/staff/{language:str}/new-password": Case("/staff/{language}/new-password?key={reset}", {"password": "short"}),
}

STAFF = {
    "/staff/{language:str}": Case("/staff/{language}/"),
    "/staff/{language:str}/account": Case("/staff/{language}/account", {"name": ""}),
    "/staff/{language:str}/colleagues": Case("/staff/{language}/colleagues"),
    "/staff/{language:str}/colleagues/invite": Case("/staff/{language}/colleagues/invite", {"email": "nobody"}),
    "/staff/{language:str}/colleagues/{person_id:uuid}": Case("/staff/{language}/colleagues/{invited}"),
    "/staff/{language:str}/audit": Case("/staff/{language}/audit"),
    "/staff/{language:str}/consultations": Case("/staff/{language}/consultations"),
    "/staff/{language:str}/consultations/new": Case("/staff/{language}/consultations/new", {}),
    "/staff/{language:str}/consultations/{slug:str}": Case("/staff/{language}/consultations/{consultation}"),
    "/staff/{language:str}/consultations/{slug:str}/edit": Case(
        "/staff/{language}/consultations/{consultation}/edit", {"title-mk": ""}
    ),
    "/staff/{language:str}/consultations/{slug:str}/outcome": Case(
        "/staff/{language}/consultations/{consultation}/outcome", {}
    ),
    "/staff/{language:str}/drafts": Case("/staff/{language}/drafts"),
    "/staff/{language:str}/drafts/new": Case("/staff/{language}/drafts/new", {}),
    "/staff/{language:str}/drafts/{slug:str}/settings": Case(
        "/staff/{language}/drafts/{draft}/settings", {"title-mk": ""}
    ),
    "/staff/{language:str}/drafts/{slug:str}": Case("/staff/{language}/drafts/{draft}"),
    "/staff/{language:str}/drafts/{slug:str}/publish": Case("/staff/{language}/drafts/{draft}/publish"),
    "/staff/{language:str}/comments": Case("/staff/{language}/comments"),
    "/staff/{language:str}/comments/{number:str}": Case("/staff/{language}/comments/{waiting_comment}", only="filled"),
}

CASES = {**PUBLIC, **DOORS, **STAFF}

# What a browser gets from these is no page of ours; other tests ask them.
OTHER = {
    "/": "a redirect",
    "/staff": "a redirect",
    "/s/{code:str}": "a redirect",
    "/static/{name:path}": "assets",
    "/theme.css": "a style sheet",
    "/healthz": "text for machines",
    "/readyz": "text for machines",
    "/metrics": "text for machines",
    "/sitemap.xml": "XML",
    "/robots.txt": "text for machines",
    "/schema/survey-1.json": "JSON",
    "/{language:str}/feed.atom": "a feed",
    "/{language:str}/calendar.ics": "a calendar",
    "/{language:str}/forums/{slug:str}/calendar.ics": "a calendar",
    "/{language:str}/forums/{slug:str}/sessions/{name:str}": "a calendar",
    "/{language:str}/drafts/{slug:str}/charts/{name:str}": "a figure in JSON",
    "/{language:str}/surveys/{slug:str}/results/tables.csv": "CSV",
    "/{language:str}/surveys/{slug:str}/results/{file:str}": "a figure in JSON",
    "/staff/{language:str}/surveys/{slug:str}/file": "a survey file",
    "/staff/{language:str}/surveys/{slug:str}/qr.svg": "a picture",
    "/staff/{language:str}/results/{slug:str}/answers": "CSV or XLSX",
}
