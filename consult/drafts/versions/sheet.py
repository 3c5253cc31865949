"""A comparison with every word ready, in one language: what the PDF, files and the terminal are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consult.drafts.draft import Draft, DraftVersion
from consult.drafts.versions.changes import Change, What
from consult.drafts.versions.compared import Compared, Comparison
from consult.drafts.versions.sides import Pair, Paragraph, marked, side_by_side
from consult.i18n import Locale, Text, pick


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, or several in a row in which no word differs (then name says which, and there is no text)."""

    name: str
    what: str
    heading: Paragraph = ()
    chapter: Paragraph = ()
    language: str = ""
    note: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """words: the fixed words around it, by key. list: each article to which something happened, and what."""

    title: str
    heading: str
    language: str
    facts: tuple[str, ...]
    counts: str
    listed: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    words: dict[str, str]
    is_side_by_side: bool


def sheet(
    made: Comparison,
    locale: Locale,
    *,
    title: str,
    names: tuple[str, str],
    facts: Sequence[str] = (),
    sides: bool = False,
) -> Sheet:
    """names: what the two texts are called; facts: lines below the heading (reasons, authentic text)."""
    entries: list[Entry] = []
    if made.preamble.differ:
        pieces = made.preamble.pieces
        entries.append(_entry(locale.gettext("Introduction"), locale.gettext("changed"), (), pieces, made, sides))
    for folded, group in made.blocks:
        if folded:
            entries += _folded(group, locale)
        else:
            entries += [_article(one, locale, sides) for one in group]
    return Sheet(
        title=title,
        heading=locale.gettext("What changed from %(old)s to %(new)s", old=names[0], new=names[1]),
        language=locale.code,
        facts=tuple(fact for fact in facts if fact),
        counts=locale.gettext(
            "changed: %(changed)s, moved or renumbered: %(moved)s, new: %(added)s, left out: %(removed)s, "
            "unchanged: %(same)s",
            **{what.value: count for what, count in made.counts.items()},
        ),
        listed=tuple(
            (full_name(one.change, locale), what_words(one.change, locale))
            for one in made.articles
            if one.change.what is not What.SAME
        ),
        entries=tuple(entries),
        words={
            "marks": locale.gettext("Marks:"),
            "inserted": locale.gettext("inserted words"),
            "deleted": locale.gettext("deleted words"),
            "listed": locale.gettext("What happened, by article"),
            "none": locale.gettext("No word differs between these versions in this language."),
            "old": names[0],
            "new": names[1],
        },
        is_side_by_side=sides,
    )


def sheet_of(draft: Draft, made: Comparison, locale: Locale, *, sides: bool) -> Sheet:
    """The comparison of two published versions with the words around it."""

    def version(one: DraftVersion) -> str:
        return locale.gettext("version %(number)s", number=str(one.number))

    reason = pick(made.new.reason, locale.code, locale.order)[0]
    if locale.code == draft.authentic_language:
        standing = locale.gettext("This is the authentic text.")
    else:
        name = locale.language_within(draft.authentic_language)
        standing = locale.gettext("Translation for information. The authentic text is in: %(language)s.", language=name)
    day = locale.date(made.new.published_at)
    published = locale.gettext("Version %(number)s of %(day)s", number=str(made.new.number), day=day)
    return sheet(
        made,
        locale,
        title=pick(draft.title, locale.code, locale.order)[0],
        names=(version(made.old), version(made.new)),
        facts=(published, reason, standing),
        sides=sides,
    )


def article_name(label: Text, locale: Locale) -> str:
    """ "Article 4", or the label itself where it is a whole name (an annex)."""
    shown = pick(label, locale.code, locale.order)[0]
    return locale.gettext("Article %(number)s", number=shown) if shown[:1].isdigit() else shown


def full_name(change: Change, locale: Locale) -> str:
    heading = pick(change.article.heading, locale.code, locale.order)[0]
    return f"{article_name(change.article.label, locale)}{f'. {heading}' if heading else ''}"


def what_words(change: Change, locale: Locale) -> str:
    """What became of an article, in words."""
    if change.what is What.MOVED and change.old:
        shown = pick(change.old.label, locale.code, locale.order)[0]
        moved = (
            locale.gettext("was article %(number)s", number=shown) if change.is_renumbered else locale.gettext("moved")
        )
        return f"{moved}, {locale.gettext('changed')}" if change.changed_in else moved
    names = {
        What.ADDED: "new",
        What.REMOVED: "left out",
        What.CHANGED: "changed",
        What.SAME: "unchanged",
        What.MOVED: "moved",
    }
    return locale.gettext(names[change.what])


def _article(one: Compared, locale: Locale, sides: bool) -> Entry:
    translated = (
        locale.gettext("The words of this language stayed; another language changed.")
        if one.is_only_translation
        else ""
    )
    return Entry(
        name=article_name(one.change.article.label, locale),
        what=what_words(one.change, locale),
        heading=_line(marked(one.heading.pieces)),
        chapter=_line(marked(one.chapter.pieces)) if one.chapter.differ else (),
        language=one.language,
        note=translated,
        paragraphs=() if sides else marked(one.body.pieces),
        pairs=side_by_side(one.body.pieces) if sides else (),
    )


def _entry(name: str, what: str, heading: Paragraph, pieces: Paragraph, made: Comparison, sides: bool) -> Entry:
    return Entry(
        name=name,
        what=what,
        heading=heading,
        language=made.preamble_language,
        paragraphs=() if sides else marked(pieces),
        pairs=side_by_side(pieces) if sides else (),
    )


def _folded(group: Sequence[Compared], locale: Locale) -> list[Entry]:
    """Runs of untouched articles in a line; those that only have another number are told one by one."""
    entries: list[Entry] = []
    run: list[Compared] = []
    for one in [*group, None]:
        if one is not None and one.change.what is What.SAME:
            run.append(one)
            continue
        if run:
            first, last = (article_name(each.change.article.label, locale) for each in (run[0], run[-1]))
            if len(run) == 1:
                words = locale.gettext("%(article)s: no word differs", article=first)
            else:
                words = locale.gettext(
                    "%(first)s to %(last)s: no word differs (%(count)s articles)",
                    first=first,
                    last=last,
                    count=locale.number(len(run)),
                )
            entries.append(Entry(words, ""))
            run = []
        if one is not None:
            name = article_name(one.change.article.label, locale)
            words = locale.gettext("%(article)s: no word differs", article=name)
            entries.append(Entry(words, what_words(one.change, locale)))
    return entries


def _line(paragraphs: Sequence[Paragraph]) -> Paragraph:
    return tuple(piece for paragraph in paragraphs for piece in paragraph)
