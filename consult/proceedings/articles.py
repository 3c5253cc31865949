"""A draft in the report: its figures, then each article with its changes, comments, answers and charts."""

from __future__ import annotations

from collections.abc import Iterable

from consult.charts.spec import from_builtins
from consult.drafts.answers.answer import DECISION_NAMES, Decision
from consult.drafts.comments.comment import CHANNEL_NAMES, KIND_NAMES, Channel, Kind
from consult.drafts.versions.changes import What
from consult.errors import N_, NN_
from consult.i18n import Locale, Text, pick
from consult.proceedings.record import Answered, Draft, Effect, Provision, Said
from consult.reports.document import Block, Drawn, Facts, Marked, Paragraph, Section, Spoken

BECAME = {
    What.CHANGED: N_("This article was changed. Inserted words are underlined, deleted words are struck out."),
    What.MOVED: N_("This article was moved. Inserted words are underlined, deleted words are struck out."),
    What.ADDED: N_("This article was added."),
    What.REMOVED: N_("This article was left out."),
}
MOVED_ALONE = N_("This article was moved; its words are the same.")
CHANGED_BY = NN_("Changed because of comment %(numbers)s.", "Changed because of comments %(numbers)s.")
QUIET = N_("Articles without comments and without changes: %(articles)s.")
NEW_WORDS = N_("New words: “%(words)s” (version %(version)s)")
OLD_WORDS = N_("Words taken out: “%(words)s” (version %(version)s)")
SUPPORT = NN_("supported by %(num)s person", "supported by %(num)s people")
FILES = NN_("with %(num)s file", "with %(num)s files")


def sections(draft: Draft, locale: Locale) -> list[Section]:
    title = locale.gettext(N_("Article by article: %(title)s"), title=_said(draft.title, locale))
    quiet = [one for one in draft.provisions if _is_quiet(one)]
    blocks: list[Block] = [Facts(_figures(draft, locale))]
    if quiet:
        names = ", ".join(_said(one.label, locale) for one in quiet)
        blocks.append(Paragraph(locale.gettext(QUIET, articles=names)))
    found = [Section(f"draft-{draft.slug}", title, tuple(blocks))]
    for one in draft.provisions:
        if not _is_quiet(one):
            found.append(
                Section(f"{draft.slug}-{one.number}", _heading(one, locale), tuple(_article(one, draft, locale)), 2)
            )
    if draft.whole:
        words = locale.gettext(N_("On the whole draft"))
        said = tuple(block for one in draft.whole for block in spoken(one, locale))
        found.append(Section(f"{draft.slug}-whole", words, said, 2))
    return found


def _is_quiet(one: Provision) -> bool:
    return not (one.comments or one.charts or one.changed_by or one.what != What.SAME.value)


def _heading(one: Provision, locale: Locale) -> str:
    label, heading = _said(one.label, locale), _said(one.heading, locale)
    if label[:1].isdigit():
        label = locale.gettext(N_("Article %(number)s"), number=label)
    return f"{label}. {heading}" if heading else label


def _figures(draft: Draft, locale: Locale) -> tuple[tuple[str, str], ...]:
    figures = draft.figures
    rows = [(N_("Comments, each with an answer"), figures.comments)]
    rows += [(DECISION_NAMES[one], getattr(figures, one.value)) for one in Decision]
    rows += [
        (N_("Led to changed words"), figures.leading_to_text),
        (N_("Replies of residents to each other"), figures.replies),
        (N_("Not published, or hidden by a moderator"), figures.hidden),
    ]
    return tuple((locale.gettext(name), locale.number(n, 0)) for name, n in rows if n)


def _article(one: Provision, draft: Draft, locale: Locale) -> Iterable[Block]:
    what = What(one.what)
    if what in BECAME:
        yield Paragraph(locale.gettext(BECAME[what] if one.became else MOVED_ALONE))
    language = locale.code if locale.code in one.became else draft.authentic_language
    if language in one.became:
        yield Marked(one.became[language], language)
    if one.changed_by:
        numbers = ", ".join(one.changed_by)
        yield Paragraph(locale.ngettext(*CHANGED_BY, len(one.changed_by), numbers=numbers), "note")
    for chart in one.charts:
        yield Drawn(from_builtins(chart))
    for said in one.comments:
        yield from spoken(said, locale)


def spoken(one: Said, locale: Locale) -> Iterable[Block]:
    """A comment, what other residents replied, and the answer to it."""
    yield Spoken(
        head=_head(one, locale), text=one.text, language=one.language, quote=one.quote, note=_note(one, locale)
    )
    for reply in one.replies:
        head = locale.gettext(N_("Reply %(number)s"), number=reply.number)
        who = f" · {reply.name}" if reply.name else ""
        yield Spoken(f"{head}{who} · {locale.date(reply.day)}", reply.text, reply.language, look="reply")
    yield _answer(one.answer, locale)


def _head(one: Said, locale: Locale) -> str:
    parts = [one.number]
    if one.name:
        parts.append(one.name)
    parts += [locale.date(one.day), locale.gettext(KIND_NAMES[Kind(one.kind)])]
    if one.channel != Channel.WEB.value:
        parts.append(locale.gettext(CHANNEL_NAMES[Channel(one.channel)]))
    if one.language != locale.code:
        parts.append(locale.language(one.language))
    return " · ".join(parts)


def _note(one: Said, locale: Locale) -> str:
    parts = []
    if one.supports:
        parts.append(locale.ngettext(*SUPPORT, one.supports))
    if one.files:
        parts.append(locale.ngettext(*FILES, one.files))
    if one.alike:
        parts.append(locale.gettext(N_("near-equal: %(numbers)s"), numbers=", ".join(one.alike)))
    return " · ".join(parts)


def _answer(answer: Answered, locale: Locale) -> Spoken:
    words, language = pick(answer.reason, locale.code, locale.order)
    decision = locale.gettext(DECISION_NAMES[Decision(answer.decision)])
    notes = [_effect(one, locale) for one in answer.effects]
    if answer.correction:
        corrected = locale.gettext(
            N_("This answer corrects an earlier one: %(reason)s"), reason=_said(answer.correction, locale)
        )
        notes.append(corrected)
    return Spoken(f"{decision} · {locale.date(answer.day)}", words, language, note="\n".join(notes), look="town")


def _effect(one: Effect, locale: Locale) -> str:
    words = NEW_WORDS if one.inserted else OLD_WORDS
    return locale.gettext(words, words=(one.inserted or one.deleted).strip(), version=locale.number(one.version))


def _said(text: Text, locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]
