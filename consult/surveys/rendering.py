"""Survey pages as bytes: rendered once for each version and language, completed for each request."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from uuid import UUID

from markupsafe import Markup

from consult.errors import Problem
from consult.i18n import Locale, languages
from consult.settings import secret_key
from consult.surveys import views
from consult.surveys.copies import Copier
from consult.surveys.file_tokens import FileSigner, Sent
from consult.surveys.flow import Compiled, Decoded
from consult.surveys.forms import Fields
from consult.surveys.pictures import Picture
from consult.surveys.spliced import Spliced
from consult.surveys.survey import Survey, receipt_code
from consult.surveys.tokens import Signer, minute_of
from consult.web.pages import Shell, layout_context, render

TOKEN, CODE, DAY, COPY = "[[token]]", "[[code]]", "[[day]]", "[[copy]]"


@dataclass
class Face:
    """One published version with its dates, as residents see it (or as testers do)."""

    shell: Shell
    survey: Survey
    version: int
    compiled: Compiled
    signer: Signer
    is_test: bool
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    first_pages: dict[tuple[str, int], Spliced] = field(default_factory=dict)
    receipts: dict[str, Spliced] = field(default_factory=dict)
    copiers: dict[str, Copier] = field(default_factory=dict)

    @cached_property
    def file_signer(self) -> FileSigner:
        return FileSigner(secret_key(self.shell.settings), self.survey.id, is_test=self.is_test)

    @property
    def draft(self) -> str:
        """What the browser's own copy of the answers is called."""
        return f"{self.survey.slug}{'-test' if self.is_test else ''}"

    def path(self, language: str) -> str:
        base = f"/{language}/surveys/{self.survey.slug}"
        return f"{base}/test/{self.survey.test_key}" if self.is_test else base

    def token(self, at: datetime) -> str:
        return self.signer.issue(minute_of(at)).decode()

    def first_page(self, locale: Locale, variant: int = 0) -> Spliced:
        """The first page, empty; its one gap is the response id. variant: see ordering; 0 where nothing is shuffled."""
        page = self.first_pages.get((locale.code, variant))
        if page is None:
            html = self.page(locale, 0, {}, Decoded(), token=TOKEN, variant=variant)
            page = Spliced([part.encode() for part in html.split(TOKEN)])
            self.first_pages[locale.code, variant] = page
        return page

    def page(
        self,
        locale: Locale,
        number: int,
        values: Fields,
        before: Decoded,
        *,
        token: str,
        problems: tuple[Problem, ...] = (),
        variant: int = 0,
    ) -> str:
        """A page with what was typed; before: what the pages before it came to."""
        compiled = self.compiled
        hidden = views.settled(compiled, number, before)
        conditions = views.for_browser(compiled, number)
        view = views.View(
            definition=compiled.definition,
            version=self.version,
            page=compiled.definition.pages[number],
            number=number + 1,
            total=len(compiled.pages),
            is_last=all(self._is_out(later, number, before) for later in range(number + 1, len(compiled.pages))),
            action=self.path(locale.code),
            draft=self.draft,
            token=token,
            variant=variant,
            closes_at=self.survey.closes_at,
            is_test=self.is_test,
            values=values,
            files=self._files(values) if compiled.file_questions else {},
            problems=views.spoken(problems, locale),
            carried=tuple(self._carried(number, values, before)),
            words=views.words(compiled, number, locale) if conditions else {},
            hidden=hidden,
            conditions=conditions,
            pictures=self.pictures,
            alternates=views.alternates({code: self.path(code) for code in languages()}, locale.code),
        )
        return self._render(locale, "surveys/survey.html", view=view, problems=view.problems)

    def _files(self, values: Fields) -> dict[str, Sent]:
        """The files that were sent before, by question."""
        tokens = {q.key: next(iter(values.get(q.key, ())), "") for q in self.compiled.file_questions}
        read = {key: self.file_signer.read(key, token) for key, token in tokens.items() if token}
        return {key: sent for key, sent in read.items() if sent is not None}

    def _is_out(self, later: int, number: int, before: Decoded) -> bool:
        """Whether earlier pages alone have ruled out a later page."""
        condition = self.compiled.pages[later].condition
        if condition is None:
            return False
        known = {asked.question.key for page in self.compiled.pages[:number] for asked in page.questions}
        return condition.looks_at <= known and not condition.is_met(before.bindings)

    def _carried(self, number: int, values: Fields, before: Decoded) -> list[tuple[str, str]]:
        """Answers of the other pages; those that conditions have hidden on earlier pages are left behind."""
        found = []
        for name, given in values.items():
            place = self.compiled.page_of.get(name)
            if place is None or place == number:
                continue
            if (
                place < number
                and not self.compiled.is_hidden_key(name)
                and (place not in before.pages or name.partition(".")[0] in before.hidden)
            ):
                continue
            # An empty field among points means 0, which the browser's conditions could not tell from a hidden option.
            found += [(name, value or "0") for value in given if value or name in self.compiled.zeros]
        return found

    def receipt(self, locale: Locale) -> Spliced:
        """Its gaps: the code, the day, the copy of the answers."""
        page = self.receipts.get(locale.code)
        if page is None:
            html = self._render(
                locale,
                "surveys/receipt.html",
                definition=self.compiled.definition,
                is_test=self.is_test,
                draft=self.draft,
                closes_at=self.survey.closes_at,
                code=CODE,
                day=Markup(DAY),
                copy=Markup(COPY),
            )
            parts: list[bytes] = []
            rest = html
            for mark in (CODE, DAY, COPY):
                part, _, rest = rest.partition(mark)
                parts.append(part.encode())
            page = Spliced([*parts, rest.encode()])
            self.receipts[locale.code] = page
        return page

    def receipt_gaps(self, locale: Locale, response_id: UUID, day: date, answers: dict[str, object]) -> list[bytes]:
        copier = self.copiers.get(locale.code)
        if copier is None:
            copier = self.copiers[locale.code] = Copier(self.compiled.definition, locale)
        return [receipt_code(response_id).encode(), day_in(locale, day), copier.copy(answers).encode()]

    def _render(self, locale: Locale, template: str, /, **context: object) -> str:
        surroundings = layout_context(self.shell, locale, self.path(locale.code))
        return render(locale, template, **{**surroundings, **self.shell.extras, **context})


@lru_cache(maxsize=64)
def day_in(locale: Locale, day: date) -> bytes:
    return locale.date(day).encode()


def packed(body: bytes, accepts_gzip: bool) -> tuple[bytes, bool]:
    return (gzip.compress(body, compresslevel=4, mtime=0), True) if accepts_gzip else (body, False)


def shows_dates_of(face: Face, survey: Survey) -> bool:
    """Whether a face still shows the survey as it is."""
    return face.survey is survey or replace(face.survey, version=0) == replace(survey, version=0)
