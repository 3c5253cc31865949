"""Survey pages as bytes: rendered once for each version and language, completed for each request."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from itertools import count
from secrets import token_hex
from uuid import UUID

from markupsafe import Markup

from consult.errors import Problem
from consult.i18n import Locale, languages
from consult.settings import secret_key
from consult.surveys.answers.file_tokens import FileSigner, Sent
from consult.surveys.answers.flow import Compiled, Decoded
from consult.surveys.answers.forms import Fields
from consult.surveys.answers.in_words import Copier
from consult.surveys.answers.piping import Say, fill, filled
from consult.surveys.files.pictures import Picture
from consult.surveys.pages import views
from consult.surveys.pages.embedding import with_links_outside
from consult.surveys.pages.precompressed import Spliced
from consult.surveys.responses.answer_keys import AnswerKeys
from consult.surveys.responses.response_ids import Signer, second_of
from consult.surveys.survey import Survey, receipt_code
from consult.web.pages import Shell, layout_context, render

INVITATION = "_t"
SALT = token_hex(8)  # so that no words of a survey can be taken for a mark


def mark(name: str) -> str:
    """What stands in a page where a piece of each request goes."""
    return f"[[{name}-{SALT}]]"


TOKEN, INVITED, CODE, DAY, KEY, COPY = map(mark, ("token", "invited", "code", "day", "key", "copy"))
MARKS = re.compile("(" + "|".join(map(re.escape, (CODE, DAY, KEY, COPY))) + ")")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a page shows of the way to it: equal standings, equal page but for what is typed, said and carried.

    page: its number in the definition; number and total count from 1 what this respondent meets.
    """

    page: int
    number: int
    total: int
    is_last: bool
    can_go_back: bool
    is_change: bool
    code_href: str
    hidden: frozenset[str]


@dataclass
class Face:
    """One published version with its dates, as residents see it (or as testers do)."""

    shell: Shell
    survey: Survey
    version: int
    compiled: Compiled
    signer: Signer
    keys: AnswerKeys
    is_test: bool
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    is_framed: bool = False
    first_pages: dict[tuple[str, int], Spliced] = field(default_factory=dict)
    invited_pages: dict[tuple[str, int], Spliced] = field(default_factory=dict)
    receipts: dict[str, Spliced] = field(default_factory=dict)
    receipt_marks: dict[str, list[str]] = field(default_factory=dict)
    copiers: dict[str, Copier] = field(default_factory=dict)
    waiting_pages: dict[tuple[str, bool], Spliced] = field(default_factory=dict)
    serial: int = field(default_factory=count().__next__)

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

    @property
    def first_own(self) -> tuple[tuple[str, str], ...]:
        """The hidden fields with which a form begins: where there is a review, it has to know what was seen."""
        definition = self.compiled.definition
        return (("_seen", definition.pages[0].key),) if definition.review else ()

    @property
    def is_shuffled(self) -> bool:
        """Whether the first page differs from one response id to another."""
        return 0 in self.compiled.shuffled

    def token(self, at: datetime) -> str:
        return self.signer.issue(second_of(at)).decode()

    def first_page(self, locale: Locale, variant: int = 0) -> Spliced:
        """The first page, empty; its one gap is the response id. variant: see ordering; 0 where nothing is shuffled."""
        page = self.first_pages.get((locale.code, variant))
        if page is None:
            html = self.page(locale, 0, {}, Decoded(), token=TOKEN, variant=variant, own=self.first_own)
            page = Spliced([part.encode() for part in html.split(TOKEN)])
            self.first_pages[locale.code, variant] = page
        return page

    def invited_page(self, locale: Locale, variant: int = 0) -> Spliced:
        """The first page for the invited, empty; its gaps are the response id and the invitation."""
        page = self.invited_pages.get((locale.code, variant))
        if page is None:
            own = (*self.first_own, (INVITATION, INVITED))
            html = self.page(locale, 0, {}, Decoded(), token=TOKEN, variant=variant, own=own)
            first, _, rest = html.partition(TOKEN)
            page = Spliced([part.encode() for part in (first, *rest.split(INVITED))])
            self.invited_pages[locale.code, variant] = page
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
        own: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """A page with what was typed; before: what the pages before it came to. own: hidden fields of the form."""
        standing = self.standing(locale, number, before, variant, own)
        carried = tuple(self.carried(number, values, before, variant))
        say = partial(self.copier(locale).plain, answers=before.answers) if number in self.compiled.piped else None
        return self.made(
            locale, standing, values, token=token, problems=problems, variant=variant, own=own, carried=carried, say=say
        )

    def standing(
        self, locale: Locale, number: int, before: Decoded, variant: int, own: tuple[tuple[str, str], ...]
    ) -> Standing:
        """Where a page stands for somebody who comes to it with these answers."""
        compiled, plan = self.compiled, self.compiled.plan(variant)
        to_come = [later for later in plan[plan.index(number) + 1 :] if not self._is_out(later, number, before, plan)]
        questions_to_come = [later for later in to_come if not compiled.pages[later].ends]
        return Standing(
            page=number,
            number=len(before.pages) + 1,
            total=len(before.pages) + 1 + len(questions_to_come),
            is_last=not to_come and not compiled.definition.review,
            can_go_back=bool(before.pages),
            is_change=any(name == "_edit" and value for name, value in own),
            code_href=self._code_href(locale, own) if not before.pages else "",
            hidden=views.settled(compiled, number, before),
        )

    def made(
        self,
        locale: Locale,
        standing: Standing,
        values: Fields,
        *,
        token: str,
        variant: int,
        own: tuple[tuple[str, str], ...],
        carried: tuple[tuple[str, str], ...],
        problems: tuple[Problem, ...] = (),
        say: Say | None = None,
    ) -> str:
        """The page itself; say: how answers are said that its texts refer to."""
        compiled = self.compiled
        page = compiled.definition.pages[standing.page]
        if say is not None:
            page = filled(page, say)
        conditions = views.for_browser(compiled, standing.page)
        words = views.words(compiled, standing.page, locale) if conditions else {}
        view = views.View(
            definition=compiled.definition,
            version=self.version,
            page=page,
            number=standing.number,
            total=standing.total,
            is_last=standing.is_last,
            can_go_back=standing.can_go_back,
            is_change=standing.is_change,
            action=self.path(locale.code),
            draft=self.draft,
            token=token,
            variant=variant,
            own=own,
            code_href=standing.code_href,
            closes_at=self.survey.closes_at,
            minutes=compiled.minutes,
            is_test=self.is_test,
            values=values,
            files=self._files(values) if compiled.file_questions else {},
            problems=views.spoken(problems, locale, say),
            carried=carried,
            words={name: fill(sentence, say) for name, sentence in words.items()} if say else words,
            hidden=standing.hidden,
            conditions=conditions,
            pictures=self.pictures,
            alternates=self.alternates(locale),
        )
        return self.html(locale, "surveys/survey.html", view=view, problems=view.problems)

    def _code_href(self, locale: Locale, own: tuple[tuple[str, str], ...]) -> str:
        """Where somebody with an invitation's code may type it; nowhere for those who came with theirs."""
        has_way = self.survey.access.who == "mixed" and not self.is_test
        is_new = not any(name in ("_t", "_edit") for name, _ in own)
        return f"{self.path(locale.code)}/code" if has_way and is_new else ""

    def _files(self, values: Fields) -> dict[str, Sent]:
        """The files that were sent before, by question."""
        tokens = {q.key: next(iter(values.get(q.key, ())), "") for q in self.compiled.file_questions}
        read = {key: self.file_signer.read(key, token) for key, token in tokens.items() if token}
        return {key: sent for key, sent in read.items() if sent is not None}

    def alternates(self, locale: Locale) -> tuple[views.Alternate, ...]:
        """The same survey in the other languages, for the buttons that switch."""
        return views.alternates({code: self.path(code) for code in languages()}, locale.code)

    def _is_out(self, later: int, number: int, before: Decoded, plan: tuple[int, ...]) -> bool:
        """Whether earlier pages alone have ruled out a later page."""
        condition = self.compiled.pages[later].condition
        if condition is None:
            return False
        known = frozenset().union(*(self.compiled.pages[n].own for n in plan[: plan.index(number)]))
        return condition.looks_at <= known and not condition.is_met(before.bindings)

    def carried(self, number: int, values: Fields, before: Decoded, variant: int) -> list[tuple[str, str]]:
        """Answers of the other pages; those that conditions have hidden on earlier pages are left behind."""
        found, plan = [], self.compiled.plan(variant)
        passed = frozenset(plan[: plan.index(number)])
        from_link = self.compiled.parameters.values()
        for name, given in values.items():
            place = self.compiled.page_of.get(name)
            if place is None or (place == number and name not in from_link):
                continue
            is_hidden = place not in before.pages or name.partition(".")[0] in before.hidden
            if place in passed and is_hidden and name not in from_link:
                continue
            # An empty field among points means 0, which the browser's conditions could not tell from a hidden option.
            found += [(name, value or "0") for value in given if value or name in self.compiled.zeros]
        return found

    def receipt(self, locale: Locale) -> Spliced:
        """The page that says thank you; receipt_gaps has what goes into it for one response."""
        page = self.receipts.get(locale.code)
        if page is None:
            own = "" if self.is_test else f"/answers/{KEY}"
            html = self.html(
                locale,
                "surveys/receipt.html",
                below=own,
                definition=self.compiled.definition,
                is_test=self.is_test,
                draft=self.draft,
                closes_at=self.survey.closes_at,
                code=CODE,
                day=Markup(DAY),
                answers_href=f"{self.path(locale.code)}{own}",
                copy=Markup(COPY),
            )
            parts = MARKS.split(html)
            page = Spliced([part.encode() for part in parts[::2]])
            self.receipts[locale.code], self.receipt_marks[locale.code] = page, parts[1::2]
        return page

    def receipt_gaps(self, locale: Locale, response_id: UUID, day: date, answers: dict[str, object]) -> list[bytes]:
        """The code, the day, the key of the page that keeps the answers, and their copy, where the receipt wants them.

        The key stands in the links to other languages too: a switch leads to the answers, not to an empty form.
        """
        gaps = {
            CODE: receipt_code(response_id).encode(),
            DAY: day_in(locale, day),
            KEY: self.keys.key_of(response_id),
            COPY: self.copier(locale).copy(answers).encode(),
        }
        return [gaps[mark] for mark in self.receipt_marks[locale.code]]

    def copier(self, locale: Locale) -> Copier:
        copier = self.copiers.get(locale.code)
        if copier is None:
            copier = self.copiers[locale.code] = Copier(self.compiled.definition, locale)
        return copier

    def html(self, locale: Locale, template: str, /, *, below: str = "", **context: object) -> str:
        surroundings = layout_context(self.shell, locale, self.path(locale.code) + below)
        context = {**surroundings, **self.shell.extras, **context, "is_framed": self.is_framed}
        html = render(locale, template, **context)
        return with_links_outside(html, locale, self.survey.slug) if self.is_framed else html


@lru_cache(maxsize=64)
def day_in(locale: Locale, day: date) -> bytes:
    return locale.date(day).encode()


def packed(body: bytes, accepts_gzip: bool) -> tuple[bytes, bool]:
    return (gzip.compress(body, compresslevel=4, mtime=0), True) if accepts_gzip else (body, False)


def shows_dates_of(face: Face, survey: Survey) -> bool:
    """Whether a face still shows the survey as it is."""
    return face.survey is survey or replace(face.survey, version=0) == replace(survey, version=0)
