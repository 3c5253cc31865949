"""XLSForm workbooks taken over: the sheets survey, choices and settings as a definition.

    groups of the first level       pages; questions between them are a page of their own
    groups within a page            their questions, with the group's condition; its label as an information block
    groups with table-list          matrix questions
    relevant, constraint, calculate conditions, limits or rules, calculated values

Repeats, files of choices and data about devices have no counterpart; all of it is told by place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consult.errors import N_
from consult.exchange.assembling import Draft, PageDraft, Texts, assembled
from consult.exchange.names import Names, key_of, slug_of
from consult.exchange.report import Place, Report, Taken
from consult.exchange.workbooks import Sheet, refused, sheets
from consult.exchange.xlsform_choices import ChoiceList, choice_lists
from consult.exchange.xlsform_matrices import MATRIX_SELECTS, matrix_of
from consult.exchange.xlsform_questions import Builder, kind_of
from consult.exchange.xlsform_sheets import Line, Sheets

NO_SURVEY = N_("The workbook has no sheet “survey”, so it is no XLSForm.")
NO_TYPES = N_("The sheet “survey” has no columns “type” and “name”, so this is no XLSForm.")
REPEAT = N_("Questions cannot be repeated here. The whole group was left out.")
REPEAT_ADVICE = N_("Ask for a fixed number of times, or make it a survey of its own.")
RENAMED = N_("Keys here have only a to z, digits and _: it is “%(key)s” now.")
RENAMED_ADVICE = N_("Use the new key where old answers are joined with new ones.")
UNCLOSED = N_("The beginnings and ends of groups do not fit each other.")
NO_TITLE = N_("The form has no title. It is called “%(title)s” now.")
NO_SETTING = N_("This setting of the form has no counterpart here.")
GROUP_TITLE = N_("The title of a group around several pages is not kept.")
KEPT_SETTINGS = frozenset({"form_title", "form_id", "default_language", "style", "name", "sms_keyword"})
SHEETS = ("survey", "choices", "settings")
BEGIN = {"begin group": "group", "begin_group": "group", "begin repeat": "repeat", "begin_repeat": "repeat",
         "begin loop": "repeat", "begin_loop": "repeat"}  # fmt: skip
END = {"end group", "end_group", "end repeat", "end_repeat", "end loop", "end_loop"}


@dataclass
class Group:
    """A group with what it holds, in order."""

    line: Line
    kind: str
    members: list[Line | Group] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.line.get("name")

    @property
    def appearance(self) -> list[str]:
        return self.line.get("appearance").split()


def take(content: bytes, *, language: str = "en", name: str = "") -> Taken:
    """Take over a workbook. language: that of texts whose column names none. Raises NotReadable."""
    return from_tables(sheets(content, SHEETS), language=language, name=name)


def from_tables(found: Mapping[str, Sheet], *, language: str = "en", name: str = "") -> Taken:
    """The same from the cells of its sheets."""
    if "survey" not in found:
        raise refused(NO_SURVEY)
    report = Report()
    book = Sheets(found, report, language)
    if not any(line.get("type") for line in book.survey):
        raise refused(NO_TYPES)
    return _Form(book, report).taken(name)


class _Form:
    def __init__(self, book: Sheets, report: Report) -> None:
        self.book, self.report = book, report
        self.lists = choice_lists(book.choices, report)
        self.builder = Builder(self.lists, book.languages, report)
        self.keys: dict[str, str] = {}
        self.names, self.pages = Names(), Names()
        self.texts = Texts(self.keys, report)
        self.intro: dict[str, str] = {}
        self.thanks: dict[str, str] = {}

    def taken(self, name: str) -> Taken:
        root = self.tree()
        self.name_all(root)
        pages = self.page_drafts(root)
        settings = self.book.settings
        title = settings.get("form_title") or settings.get("form_id") or name or "survey"
        if not settings.get("form_title"):
            self.report.add(settings.at("form_title"), "", NO_TITLE, title=title)
        for column, said in settings.cells.items():
            if column not in KEPT_SETTINGS:
                self.report.add(settings.at(column), said, NO_SETTING)
        definition = assembled(
            key=slug_of(settings.get("form_id") or name or title),
            title=dict.fromkeys(self.book.languages, title),
            intro=self.intro,
            thanks=self.thanks,
            languages=tuple(self.book.languages),
            pages=pages,
            report=self.report,
        )
        return Taken(definition, self.report.in_order(SHEETS))

    def tree(self) -> Group:
        root = Group(Line(Place("survey"), {}), "root")
        open_ = [root]
        for line in self.book.survey:
            kind = " ".join(line.get("type").lower().split())
            if not kind or line.get("disabled").lower() in ("yes", "true"):
                continue
            if kind in BEGIN:
                group = Group(line, BEGIN[kind])
                open_[-1].members.append(group)
                open_.append(group)
            elif kind in END:
                if len(open_) == 1:
                    self.report.add(line.at("type"), kind, UNCLOSED)
                else:
                    open_.pop()
            else:
                open_[-1].members.append(line)
        if len(open_) > 1:
            self.report.add(open_[-1].line.at("type"), open_[-1].name, UNCLOSED)
        return root

    def name_all(self, group: Group) -> None:
        """Keys for all questions first, since texts and conditions refer to them."""
        for member in group.members:
            if isinstance(member, Group):
                if member.kind == "group":
                    if not self.is_matrix(member):
                        self.name_all(member)
                    else:
                        self.name_one(member.line)
            elif not self.is_own_text(member):
                self.name_one(member)

    def name_one(self, line: Line) -> None:
        name = line.get("name")
        if not name or name in self.keys:
            return
        self.keys[name] = self.names.take(key_of(name))
        if self.keys[name] != name:
            self.report.add(line.at("name"), name, RENAMED, RENAMED_ADVICE, key=self.keys[name])

    def is_matrix(self, group: Group) -> bool:
        if "table-list" not in group.appearance or not group.members:
            return False
        kinds = {kind_of(member.get("type")) for member in group.members if isinstance(member, Line)}
        one = next(iter(kinds), None)
        return (
            len(kinds) == 1
            and all(isinstance(member, Line) for member in group.members)
            and one is not None
            and one.name in MATRIX_SELECTS
            and not one.or_other
            and one.list_name in self.lists
        )

    def is_own_text(self, line: Line) -> bool:
        """Notes by which our own workbooks carry the introduction and the thanks."""
        return line.get("type") == "note" and line.get("name") in ("survey_intro", "survey_thanks")

    def page_drafts(self, root: Group) -> list[PageDraft]:
        pages: list[PageDraft] = []
        loose: PageDraft | None = None
        for member in root.members:
            if isinstance(member, Group) and member.kind == "group":
                loose = None
                self.group_pages(member, [], pages)
            elif isinstance(member, Group):
                self.repeat(member)
            elif self.is_own_text(member):
                text = dict(member.texts.get("label", {}))
                if member.get("name") == "survey_intro":
                    self.intro = text
                else:
                    self.thanks = text
            else:
                if loose is None:
                    loose = PageDraft(key="", place=member.place)
                    pages.append(loose)
                self.add_line(member, loose, [])
        pages = [page for page in pages if page.drafts]
        for number, page in enumerate(pages, start=1):
            page.key = page.key or self.pages.take(f"page_{number}")
        return pages

    def repeat(self, group: Group) -> None:
        self.report.add(group.line.at("type"), group.name, REPEAT, REPEAT_ADVICE)

    def group_pages(self, group: Group, conditions: Sequence[tuple[str, Place]], pages: list[PageDraft]) -> None:
        """A page of a group, or several when it holds only groups."""
        conditions = [*conditions, *self.conditions(group.line)]
        inner = [member for member in group.members if isinstance(member, Group) and member.kind == "group"]
        if inner and len(inner) == len(group.members) and not any(self.is_matrix(member) for member in inner):
            if group.line.texts.get("label"):
                self.report.add(group.line.at("label"), next(iter(group.line.texts["label"].values())), GROUP_TITLE)
            for member in inner:
                self.group_pages(member, conditions, pages)
            return
        page = PageDraft(key=self.pages.take(key_of(group.name or "page")), place=group.line.place)
        if self.is_matrix(group):
            self.add_matrix(group, page, [])
            page.conditions = list(conditions)
        else:
            page.title = self.texts.of(group.line, "label")
            page.conditions = list(conditions)
            self.fill(group, page)
        pages.append(page)

    def fill(self, group: Group, page: PageDraft, conditions: Sequence[tuple[str, Place]] = ()) -> None:
        for member in group.members:
            if isinstance(member, Line):
                if page.is_empty and member.get("type") == "note" and member.get("name") == f"{group.name}_intro":
                    page.intro = self.texts.of(member, "label")
                else:
                    self.add_line(member, page, conditions)
            elif member.kind == "repeat":
                self.repeat(member)
            elif self.is_matrix(member):
                self.add_matrix(member, page, conditions)
            else:
                inner = [*conditions, *self.conditions(member.line)]
                self.add_heading(member, page, inner)
                self.fill(member, page, inner)

    def add_heading(self, group: Group, page: PageDraft, conditions: Sequence[tuple[str, Place]]) -> None:
        text = self.texts.of(group.line, "label")
        if text:
            question = self.builder.information(group.line, self.names.take(key_of(group.name or "heading")), NOTHING)
            page.drafts.append(Draft(question, group.line.place, list(conditions), text=text))

    def conditions(self, line: Line) -> list[tuple[str, Place]]:
        written = line.get("relevant")
        return [(written, line.at("relevant"))] if written else []

    def add_line(self, line: Line, page: PageDraft, conditions: Sequence[tuple[str, Place]]) -> None:
        name = line.get("name") or f"row{line.place.row}"
        key = self.keys.get(name) or self.names.take(key_of(name))
        question = self.builder.question(line, key)
        if question is None:
            return
        choices = self.lists.get(kind_of(line.get("type")).list_name, NOTHING)
        messages = dict(line.texts.get("constraint_message", {}))
        page.drafts.append(
            Draft(
                question,
                line.place,
                [*conditions, *self.conditions(line)],
                name=name,
                codes=choices.codes,
                choices=choices,
                constraint=line.get("constraint"),
                message=messages,
                calculation=line.get("calculation"),
                text=self.texts.of(line, "label"),
                hint=self.texts.of(line, "hint"),
            )
        )

    def add_matrix(self, group: Group, page: PageDraft, conditions: Sequence[tuple[str, Place]]) -> None:
        members = [member for member in group.members if isinstance(member, Line)]
        key = self.keys.get(group.name) or self.names.take(key_of(group.name or "matrix"))
        choices = self.lists[kind_of(members[0].get("type")).list_name]
        page.drafts.append(
            matrix_of(
                group.line, members, key, choices, self.texts, self.builder,
                conditions=[*conditions, *self.conditions(group.line)],
            )
        )  # fmt: skip


NOTHING = ChoiceList((), {})
