"""LimeSurvey surveys taken over: groups as pages, question types by their letters, relevance as conditions.

    L ! O Y G     single              M P         multiple            R     ranking
    5             scale of 5 points   A B         matrix of scales    N K   numbers
    S T U Q       texts               C E F H 1   matrix              D     date
    X             information         *           calculated          |     file

Arrays of numbers or texts and the language question have no counterpart; all of it is told by the code of the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from consult.errors import N_
from consult.exchange import foreign
from consult.exchange.assembling import Draft, PageDraft, assembled
from consult.exchange.limesurvey_questions import Builder
from consult.exchange.lss import Item, Question, Structure, structure
from consult.exchange.names import Names, key_of, slug_of
from consult.exchange.report import Place, Report, Taken
from consult.surveys.definition import schema as d

RENAMED = N_("Keys here have only a to z, digits and _: it is “%(key)s” now.")
RENAMED_ADVICE = N_("Use the new key where old answers are joined with new ones.")
QUOTA = N_("Only quotas over answers to single-choice questions are carried over.")
QUOTA_ADVICE = N_("Add the quota in the editor.")
NO_TEXT = N_("The quota has no text in some languages.")
REFERENCE = N_("A text names “%(name)s”, which cannot be put into texts here.")
REFERENCE_ADVICE = N_("Rewrite the text.")
ACCESS = N_("Who may answer is set here under “Ways in”.")
PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w:.]*|INSERTANS:[\w]+)\}")
ALWAYS = ("", "1", "{1}")


def take(content: bytes, *, language: str = "", name: str = "") -> Taken:
    """Take over an .lss file; it names its languages itself. Raises NotReadable."""
    return _Survey(structure(content)).taken(name)


class _Survey:
    def __init__(self, found: Structure) -> None:
        self.found, self.report = found, Report()
        self.names, self.pages = Names(), Names()
        self.keys: dict[str, str] = {}
        for _, questions in found.groups:
            for question in questions:
                self.keys[question.code] = self.names.take(key_of(question.code))
                if self.keys[question.code] not in (question.code, question.code.lower()):
                    key = self.keys[question.code]
                    self.report.add(question.place.at("title"), question.code, RENAMED, RENAMED_ADVICE, key=key)
        self.builder = Builder(found, self.report, self.names)

    def taken(self, name: str) -> Taken:
        pages = [self.page(group, questions) for group, questions in self.found.groups if questions]
        texts = {column: self.text(said, Place("survey", "", column)) for column, said in self.plain_texts().items()}
        title = texts.get("title") or dict.fromkeys(self.found.languages, name or "survey")
        if self.found.settings.get("usecookie") == "Y" or self.found.settings.get("usecaptcha", "N")[:1] not in "N":
            self.report.add(Place("survey", "", "access"), "", ACCESS)
        definition = assembled(
            key=slug_of(name or title[self.found.languages[0]]), title=title, summary=texts.get("description"),
            intro=texts.get("welcometext"), thanks=texts.get("endtext"), languages=self.found.languages,
            pages=pages, report=self.report, parse=foreign.script,
        )  # fmt: skip
        definition = self.with_quotas(definition, pages)
        return Taken(definition, tuple(self.report.losses))

    def plain_texts(self) -> dict[str, d.Text]:
        return {column: Item({}, {column: said}).text(column) for column, said in self.found.texts.items()}

    def page(self, group: Item, questions: list[Question]) -> PageDraft:
        gid = group.get("gid")
        place = Place("group", gid)
        shown = group.get("grelevance")
        page = PageDraft(
            key=self.pages.take(key_of(f"group_{gid}")),
            place=place,
            title=self.text(group.text("group_name"), place.at("group_name")),
            intro=self.text(group.text("description"), place.at("description")),
            conditions=[(shown, place.at("grelevance"))] if shown not in ALWAYS else [],
        )
        for question in questions:
            for draft in self.builder.drafts(question, self.keys[question.code]):
                relevance = question.get("relevance")
                if relevance not in ALWAYS:
                    draft.conditions.append((relevance, question.place.at("relevance")))
                self.pipe(draft)
                page.drafts.append(draft)
        return page

    def pipe(self, draft: Draft) -> None:
        question = draft.question
        changes = {"text": self.text(question.text, draft.place.at("question"))}
        if isinstance(question, d.Question):
            changes["hint"] = self.text(question.hint, draft.place.at("help"))
        draft.question = msgspec.structs.replace(question, **changes)

    def text(self, text: d.Text, place: Place) -> d.Text:
        """Answers that the text names, by their keys here."""

        def put(match: re.Match[str]) -> str:
            name = match[1]
            for suffix in (".NAOK", ".shown", ".value"):
                name = name.removesuffix(suffix)
            if name in self.keys:
                return f"${{{self.keys[name]}}}"
            self.report.add(place, match[0], REFERENCE, REFERENCE_ADVICE, name=match[1])
            return match[0]

        return {language: PLACEHOLDER.sub(put, said) for language, said in text.items()}

    def with_quotas(self, definition: d.Definition, pages: list[PageDraft]) -> d.Definition:
        drafts = {draft.name: draft for page in pages for draft in page.drafts}
        codes = {question.get("qid"): question.code for _, found in self.found.groups for question in found}
        quotas = []
        for row in self.found.quotas:
            quota = self.quota(row, drafts, codes)
            if quota is None:
                self.report.add(Place("quota", row.get("name", "")), row.get("qlimit", ""), QUOTA, QUOTA_ADVICE)
            else:
                quotas.append(quota)
        return msgspec.structs.replace(definition, quotas=tuple(quotas))

    def quota(self, row: Mapping[str, str], drafts: Mapping[str, Draft], codes: Mapping[str, str]) -> d.Quota | None:
        wanted: dict[str, list[str]] = {}
        for member in self.found.tables.get("quota_members", []):
            if member.get("quota_id") == row.get("id"):
                draft = drafts.get(codes.get(member.get("qid", ""), ""))
                code = draft.codes.get(member.get("code", "")) if draft else None
                if draft is None or code is None or not isinstance(draft.question, d.Single):
                    return None
                wanted.setdefault(draft.question.key, []).append(code)
        limit = row.get("qlimit", "")
        is_number = limit.isascii() and limit.isdigit() and len(limit) < 10
        if not wanted or not is_number or int(limit) < 1 or row.get("active", "1") != "1":
            return None
        terms = [f"{key} in [{', '.join(repr(code) for code in found)}]" for key, found in wanted.items()]
        texts = [one for one in self.found.tables.get("quota_languagesettings", [])
                 if one.get("quotals_quota_id") == row.get("id")]  # fmt: skip
        said = {one.get("quotals_language", "").split("-")[0]: one.get("quotals_message", "") for one in texts}
        text = Item({}, {"message": said}).text("message")
        if set(text) != set(self.found.languages):
            self.report.add(Place("quota", row.get("name", ""), "quotals_message"), "", NO_TEXT, QUOTA_ADVICE)
        key = key_of(row.get("name", "") or f"quota_{row.get('id')}")
        return d.Quota(key=key, when=" && ".join(terms), limit=int(limit), text=text)
