"""A record said in one language, as sections that PDF, DOCX and the page all set. Residents' words stay as they are."""

from __future__ import annotations

from consult.charts.spec import from_builtins
from consult.consultations.consultation import KIND_NAMES
from consult.consultations.consultation import Kind as ConsultationKind
from consult.errors import N_, NN_
from consult.forums.afterwards.minutes import ENTRY_NAMES, EntryKind
from consult.i18n import Locale, Text, pick
from consult.proceedings import articles, taking_part
from consult.proceedings.record import Entry, Forum, Question, Record
from consult.profile import Profile
from consult.reports.document import Block, Document, Drawn, Facts, Numeral, Numerals, Paragraph, Section, Spoken
from consult.reports.writing import WORDS

KIND = N_("Report on the public consultation")
ASKED = (N_("We asked"), N_("You said"), N_("We did"))
DEMO = N_("Demonstration: comments, answers and people are invented.")
HOW = N_(
    "This report was compiled by the platform from what is kept in it: every published comment stands here with its"
    " answer, in the language in which it was written. It cannot be made while one of them has none."
)
COVERED = N_(
    "Words that are personal data of others are covered, and the reason stands in their place. Comments that broke the"
    " public rules are not in it; their number and the reasons stand in the public log."
)
SMALL = N_("Numbers below %(least)s people are not shown where they could tell of single persons.")
FROZEN = N_("The data of this report never change. Their fingerprint (SHA-256): %(hash)s")


def document(record: Record, locale: Locale, profile: Profile, *, fingerprint: str) -> Document:
    """The whole report in one language. Parts with nothing in them are left out."""
    _ = locale.gettext
    parts = [
        Section("outcome", _(N_("We asked, you said, we did")), _outcome(record, locale)),
        Section("course", _(N_("How it went")), _course(record, locale)),
        Section("people", _(N_("Who took part")), taking_part.blocks(record, locale)),
        *(section for draft in record.drafts for section in articles.sections(draft, locale)),
        *_surveys(record, locale),
        *_forums(record, locale),
        Section("method", _(N_("How this report was made")), _method(locale, fingerprint)),
    ]
    return Document(
        language=locale.code,
        title=said(record.title, locale),
        kind=_(KIND),
        sender=said(profile.name, locale),
        facts=_title_facts(record, locale),
        contact=f"{said(profile.contact.department, locale)} · {profile.contact.phone} · {profile.contact.email}",
        sections=tuple(part for part in parts if part.blocks or part.level == 1),
        words={name: _(words) for name, words in WORDS.items()} | {"demo": _(DEMO)},
        brand=profile.colours.brand,
        emblem=profile.emblem,
        is_demo=record.is_demo,
    )


def said(text: Text, locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]


def _title_facts(record: Record, locale: Locale) -> tuple[tuple[str, str], ...]:
    _ = locale.gettext
    facts = [(_(N_("What it is about")), _(KIND_NAMES[ConsultationKind(record.kind)]))]
    if record.opened and record.closed:
        facts.append((_(N_("Period")), f"{locale.date(record.opened)} – {locale.date(record.closed)}"))
    return tuple(facts)


def _outcome(record: Record, locale: Locale) -> tuple[Block, ...]:
    comments = sum(draft.figures.comments for draft in record.drafts)
    accepted = sum(draft.figures.accepted + draft.figures.partly for draft in record.drafts)
    leading = sum(draft.figures.leading_to_text for draft in record.drafts)
    answers = sum(survey.count for survey in record.surveys)
    came = sum(forum.present for forum in record.forums)
    figures = (
        (N_("Comments, each with an answer"), comments),
        (N_("Accepted, wholly or in part"), accepted),
        (N_("Led to changed words"), leading),
        (N_("Answers to surveys"), answers),
        (N_("People at meetings"), came),
    )
    shown = [Numeral(locale.gettext(name), locale.number(n, 0), "", "") for name, n in figures if n]
    a_row = 2 if len(shown) in (2, 4) else 3
    blocks: list[Block] = [Numerals(tuple(shown[at : at + a_row])) for at in range(0, len(shown), a_row)]
    texts = (record.asked, record.said, record.did)
    told = tuple((locale.gettext(name), said(text, locale)) for name, text in zip(ASKED, texts, strict=True))
    return (*blocks, Facts(told))


def _course(record: Record, locale: Locale) -> tuple[Block, ...]:
    _ = locale.gettext
    rows = []
    if record.opened and record.closed:
        rows.append((_(N_("Period")), f"{locale.date(record.opened)} – {locale.date(record.closed)}"))
    for draft in record.drafts:
        for edition in draft.editions:
            name = _(N_("Version %(number)s of the draft"), number=locale.number(edition.number))
            reason = said(edition.reason, locale)
            rows.append((name, f"{locale.date(edition.day)} – {reason}" if reason else locale.date(edition.day)))
    for move in record.moves:
        words = _(
            N_("The last day was moved from %(before)s to %(after)s: %(reason)s"),
            before=locale.date(move.before),
            after=locale.date(move.after),
            reason=said(move.reason, locale),
        )
        rows.append((locale.date(move.day), words))
    rows += [(locale.date(forum.day), said(forum.title, locale)) for forum in record.forums if forum.day]
    if record.legal_basis:
        rows.append((_(N_("Legal basis")), said(record.legal_basis, locale)))
    if record.short_reason:
        rows.append((_(N_("Reason for a shorter period")), record.short_reason))
    summary = said(record.summary, locale)
    return (*((Paragraph(summary, "lead"),) if summary else ()), Facts(tuple(rows)))


def _surveys(record: Record, locale: Locale) -> list[Section]:
    found = []
    for survey in record.surveys:
        if survey.charts:
            words = locale.ngettext(*NN_("%(num)s answer counts.", "%(num)s answers count."), survey.count)
            charts = tuple(Drawn(from_builtins(chart)) for chart in survey.charts)
            title = locale.gettext(N_("Survey: %(title)s"), title=said(survey.title, locale))
            found.append(Section(f"survey-{survey.slug}", title, (Paragraph(words), *charts)))
    return found


def _forums(record: Record, locale: Locale) -> list[Section]:
    found = []
    for forum in record.forums:
        title = locale.gettext(N_("Meeting: %(title)s"), title=said(forum.title, locale))
        found.append(Section(f"forum-{forum.slug}", title, _about(forum, locale)))
        for number, item in enumerate(forum.items, start=1):
            blocks = tuple(_entry(entry, locale) for entry in item.entries)
            found.append(Section(f"forum-{forum.slug}-{number}", said(item.heading, locale), blocks, 2))
        if forum.questions:
            asked = tuple(block for question in forum.questions for block in _question(question, locale))
            words = locale.gettext(N_("Questions asked in advance"))
            found.append(Section(f"forum-{forum.slug}-questions", words, asked, 2))
    return found


def _about(forum: Forum, locale: Locale) -> tuple[Block, ...]:
    _ = locale.gettext
    rows = [(_(N_("Day")), locale.date(forum.day))] if forum.day else []
    if place := said(forum.place, locale):
        rows.append((_(N_("Place")), place))
    if forum.present:
        rows.append((_(N_("People present")), locale.number(forum.present, 0)))
    if not forum.items:
        rows.append((_(N_("Minutes")), _(N_("not published"))))
    summary = said(forum.summary, locale)
    return (Facts(tuple(rows)), *((Paragraph(summary),) if summary else ()))


def _entry(entry: Entry, locale: Locale) -> Spoken:
    """A piece of the minutes; a promise says who keeps it by when."""
    head = locale.gettext(ENTRY_NAMES[EntryKind(entry.kind)])
    if entry.unit and entry.due is not None:
        by = locale.gettext(N_("by %(day)s"), day=locale.date(entry.due))
        head = f"{head} · {said(entry.unit, locale)} · {by}"
    return Spoken(head, *pick(entry.text, locale.code, locale.order))


def _question(question: Question, locale: Locale) -> tuple[Block, ...]:
    head = locale.gettext(N_("Question %(number)s"), number=locale.number(question.number))
    asked = Spoken(head, question.text, question.language)
    if not question.answer:
        return (asked,)
    return (asked, Spoken(locale.gettext(N_("Answer")), *pick(question.answer, locale.code, locale.order), look="town"))


def _method(locale: Locale, fingerprint: str) -> tuple[Block, ...]:
    return (
        Paragraph(locale.gettext(HOW)),
        Paragraph(locale.gettext(COVERED)),
        Paragraph(locale.gettext(SMALL, least=5)),
        Paragraph(locale.gettext(FROZEN, hash=fingerprint), "note"),
    )
