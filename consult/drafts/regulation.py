"""A draft regulation written as Markdown, one text for each language: parsing, aligning. No I/O.

    Preamble, any number of paragraphs.

    # Глава 1. Општи одредби          a chapter; optional
    ## Член 4. Дрвја на паркиралишта  an article: word, number, heading
    (1) First paragraph.
    (2) Second paragraph.

    > A note in plain words. It is shown beside the article and is not part of the law.

    ## Прилог 1. Табела         an annex: it stands after the articles and is read, commented and compared like one
    | a | b |                   tables are those of Markdown; [^1] marks a footnote, whose text stands at the end of
    |---|---|                   the article in a line that begins with "[^1]: "

`##` begins an article in every language: `## Член 12-а. …`, `## მუხლი 4. …`, `## Article 4A. …`. The number may carry
a letter or a superscript; `key` writes it the same way in all languages (12-а, 12-ა and 12A are all 12-a), so that
texts are aligned by it; an annex is annex-1. Articles are ordered by where they stand, never by parsing their number.
Headings of a part, a chapter and a section may follow each other: they become the lines of the next article's chapter.
Where chapters have no word, `# I. …` begins one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from consult.errors import N_, Problem
from consult.i18n import Text

MOST_CHARACTERS = 1_000_000
MOST_TOLD = 5
ARTICLE_WORDS: Mapping[str, str] = {"mk": "Член", "ka": "მუხლი", "en": "Article", "sq": "Neni"}
CHAPTER_WORDS: Mapping[str, tuple[str, ...]] = {
    "mk": ("Глава", "Дел", "Оддел", "Отсек", "Поглавје"),
    "ka": ("თავი", "კარი", "ქვეთავი", "ნაწილი", "წიგნი", "განყოფილება"),
    "en": ("Chapter", "Part", "Section", "Subsection", "Division", "Book"),
    "sq": ("Kreu", "Pjesa", "Seksioni"),
}
ANNEX_WORDS: Mapping[str, tuple[str, ...]] = {
    "mk": ("Прилог", "Анекс"),
    "ka": ("დანართი",),
    "en": ("Annex", "Appendix", "Schedule"),
    "sq": ("Shtojca",),
}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# Macedonian and Georgian count letters in their own order: 12-в is the third there and 12-c in Latin, after z comes za.
_LATIN = [*"abcdefghijklmnopqrstuvwxyz", *(f"z{letter}" for letter in "abcdefgh")]
_LETTERS: Mapping[str, str] = {
    **dict(zip("абвгдѓежзѕијклљмнњопрстќуфхцчџш", _LATIN, strict=False)),
    **dict(zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", _LATIN, strict=False)),
}
NUMBER = r"\d{1,4}(?:\s?[-–]?\s?[a-zа-шѓѕјљњќџა-ჰ](?![a-zа-шѓѕјљњќџა-ჰ])|[⁰¹²³⁴-⁹]{1,2})?"
_WORDS = "|".join(ARTICLE_WORDS.values())
_ARTICLE = re.compile(rf"##\s+({_WORDS})\s+({NUMBER})\s*(?:[.:–—-]\s*|\s+|$)(.*)", re.IGNORECASE)
_CHAPTER = re.compile(
    rf"#\s+(?:({'|'.join(word for words in CHAPTER_WORDS.values() for word in words)})\b"
    r"|([IVXLCІХ]{1,7}[a-zа-ш]?)[.)]?(?!\w)).*",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    rf"#{{1,2}}\s+((?:{'|'.join(word for words in ANNEX_WORDS.values() for word in words)})"
    r"(?:\s*№?\s*(\d{1,3}|[IVXLCІХ]{1,7}(?!\w)|[a-zа-шѓѕјљњќџა-ჰ](?!\w)))?)(?!\w)\s*(?:[.:–—-]\s*|\s+|$)(.*)",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"[^\W\d]+")


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """One article of one language; line is where its heading stands, counted from 1."""

    key: str
    label: str
    heading: str
    body: str
    plain_words: str
    chapter: str
    line: int


@dataclass(frozen=True, slots=True)
class Parsed:
    preamble: str
    articles: tuple[ParsedArticle, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class AlignedArticle:
    """One article in all its languages, in the order of the authentic text."""

    position: int
    number: str
    label: Text
    chapter: Text
    heading: Text
    body: Text
    plain_words: Text


@dataclass(frozen=True, slots=True)
class Regulation:
    preamble: Text
    articles: tuple[AlignedArticle, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Open:
    """An article whose lines are still being read."""

    key: str
    label: str
    heading: str
    chapter: str
    line: int
    lines: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)

    def close(self) -> ParsedArticle:
        return ParsedArticle(
            key=self.key,
            label=self.label,
            heading=self.heading,
            body="\n".join(self.lines).strip(),
            plain_words=" ".join(self.note).strip(),
            chapter=self.chapter,
            line=self.line,
        )


def article_key(label: str) -> str:
    """Write a number the same way in every language: "12-а", "12-ა" and "12A" give "12-a", "4¹" gives "4-1".

    The label of an annex begins with its word: "Прилог 1" gives "annex-1", "Annex" alone gives "annex".
    """
    digits = re.match(r"\d+", label)
    annex = _ANNEX.fullmatch(f"## {label}")
    if annex is not None:
        own = (annex[2] or "").lower()
        return f"annex-{_LETTERS.get(own, own).translate(_SUPERSCRIPTS)}" if own else "annex"
    if digits is None:
        raise ValueError(f"{label!r} does not begin with a digit")
    rest = label[digits.end() :].strip(" -–").lower().translate(_SUPERSCRIPTS)
    suffix = "".join(_LETTERS.get(letter, letter) for letter in rest)
    number = str(int(digits.group()))
    return f"{number}-{suffix}" if suffix else number


def parse(markdown: str, language: str) -> Parsed:
    """Read one language. Every problem names its line; its place is the form field text-xx."""
    reader = _Reader(language)
    if len(markdown) > MOST_CHARACTERS:
        message = N_("Line %(line)s: the text is too long; use at most %(most)s characters.")
        reader.problem(1, message, most=MOST_CHARACTERS)
        return Parsed("", (), tuple(reader.problems))
    for number, line in enumerate(markdown.replace("\r\n", "\n").split("\n"), start=1):
        reader.read(number, line.rstrip())
    return reader.finish()


class _Reader:
    def __init__(self, language: str) -> None:
        self.language = language
        self.preamble: list[str] = []
        self.articles: list[ParsedArticle] = []
        self.problems: list[Problem] = []
        self.open: _Open | None = None
        self.chapter = ""
        self.chapter_words: list[str] = []
        self.seen: dict[str, int] = {}

    def problem(self, line: int, message: str, **parameters: object) -> None:
        self.problems.append(Problem(f"text-{self.language}", message, {"line": line, **parameters}))

    def read(self, number: int, line: str) -> None:
        if re.match(r"#{1,2}(?!#)", line):
            self.heading(number, line)
        elif self.open is None:
            if self.chapter and line:
                message = N_("Line %(line)s: this text stands between a chapter and its first article; move it.")
                self.problem(number, message)
            self.preamble.append(line)
        elif line.startswith(">"):
            self.open.note.append(line.lstrip("> ").strip())
        else:
            self.open.lines.append(line)

    def heading(self, number: int, line: str) -> None:
        article = _ARTICLE.fullmatch(line)
        annex = _ANNEX.fullmatch(line)
        if article:
            self.expect_word(number, article[1])
            self.article(number, re.sub(r"\s", "", article[2]), article[3])
        elif annex:
            self.article(number, re.sub(r"\s+", " ", annex[1]), annex[3])
        elif line.startswith("##"):
            example = f"## {ARTICLE_WORDS.get(self.language, 'Article')} 4. …"
            self.problem(
                number, N_("Line %(line)s: write the heading of an article like this: %(example)s"), example=example
            )
        elif _CHAPTER.fullmatch(line):
            self.close()
            self.chapter_line(number, line.lstrip("# ").strip())
        else:
            example = f"# {CHAPTER_WORDS.get(self.language, ('Chapter',))[0]} 1. …"
            self.problem(
                number,
                N_("Line %(line)s: a heading with one # begins a chapter: %(example)s The title has its own field."),
                example=example,
            )

    def chapter_line(self, number: int, words: str) -> None:
        """Part, chapter and section may follow each other before an article; two of the same kind may not."""
        found = _FIRST_WORD.match(words)
        word = found[0].lower() if found else ""
        if word in self.chapter_words:
            self.problem(number, N_("Line %(line)s: the chapter before this one has no article."))
            self.chapter_words, self.chapter = [], ""
        self.chapter_words.append(word)
        self.chapter = f"{self.chapter}\n{words}".strip()

    def expect_word(self, number: int, word: str) -> None:
        expected = ARTICLE_WORDS.get(self.language)
        if expected and word.lower() != expected.lower():
            self.problem(
                number,
                N_("Line %(line)s: the heading says “%(word)s”; in this language write “%(expected)s”."),
                word=word,
                expected=expected,
            )

    def article(self, number: int, label: str, heading: str) -> None:
        key = article_key(label)
        if key in self.seen:
            self.problem(
                number,
                N_("Line %(line)s: article %(number)s was already written in line %(first)s."),
                number=label,
                first=self.seen[key],
            )
        self.close()
        self.seen.setdefault(key, number)
        self.open = _Open(key=key, label=label, heading=heading.strip(), chapter=self.chapter, line=number)
        self.chapter, self.chapter_words = "", []

    def close(self) -> None:
        if self.open is None:
            return
        article = self.open.close()
        self.open = None
        if not article.body:
            self.problem(article.line, N_("Line %(line)s: article %(number)s has no text."), number=article.label)
        self.articles.append(article)

    def finish(self) -> Parsed:
        self.close()
        if self.chapter:
            self.problem(1, N_("Line %(line)s: the last chapter has no article."))
        if not self.articles:
            example = f"## {ARTICLE_WORDS.get(self.language, 'Article')} 1. …"
            self.problem(
                1,
                N_("Line %(line)s: there is no article yet. An article begins like this: %(example)s"),
                example=example,
            )
        self.problems.sort(key=lambda problem: int(str(problem.parameters["line"])))
        return Parsed("\n".join(self.preamble).strip(), tuple(self.articles), tuple(self.problems))


def align(texts: Mapping[str, str], authentic: str) -> Regulation:
    """Put the languages side by side by article number, in the order of the authentic text.

    A language without any text is simply absent. Problems of all languages come together: of each text by line, then
    articles that one language has and the other has not, or has in another order.
    """
    parsed = {language: parse(text, language) for language, text in texts.items() if text.strip()}
    problems = [problem for part in parsed.values() for problem in part.problems]
    if authentic not in parsed:
        problems.append(Problem(f"text-{authentic}", N_("Write the authentic text; the other languages follow it.")))
        return Regulation({}, (), tuple(problems))
    leading = parsed[authentic]
    by_key = {
        language: {article.key: article for article in reversed(part.articles)} for language, part in parsed.items()
    }
    for language, part in parsed.items():
        if language != authentic:
            problems += _difference(leading.articles, part.articles, language)
    articles = tuple(
        _aligned(position, [(language, found[key]) for language, found in by_key.items() if key in found])
        for position, key in enumerate(dict.fromkeys(article.key for article in leading.articles), start=1)
    )
    preamble = {language: part.preamble for language, part in parsed.items() if part.preamble}
    return Regulation(preamble, articles, tuple(problems))


def _aligned(position: int, parts: Sequence[tuple[str, ParsedArticle]]) -> AlignedArticle:
    def text(name: str) -> Text:
        return {language: str(getattr(article, name)) for language, article in parts if getattr(article, name)}

    return AlignedArticle(
        position=position,
        number=parts[0][1].key,
        label=text("label"),
        chapter=text("chapter"),
        heading=text("heading"),
        body=text("body"),
        plain_words=text("plain_words"),
    )


def _difference(leading: Sequence[ParsedArticle], other: Sequence[ParsedArticle], language: str) -> Iterable[Problem]:
    place = f"text-{language}"
    ours = {article.key: article for article in leading}
    theirs = {article.key: article for article in other}
    missing = list(dict.fromkeys(article.label for article in leading if article.key not in theirs))
    if missing:
        yield Problem(
            place,
            N_("Articles of the authentic text that are missing in this language: %(numbers)s."),
            {"numbers": ", ".join(missing)},
        )
    extra = [article for article in other if article.key not in ours]
    if len(extra) > MOST_TOLD:
        yield Problem(
            place,
            N_("The authentic text has no articles with these numbers: %(numbers)s."),
            {"numbers": ", ".join(dict.fromkeys(article.label for article in extra))},
        )
        extra = []
    for article in extra:
        yield Problem(
            place,
            N_("Line %(line)s: the authentic text has no article %(number)s."),
            {"line": article.line, "number": article.label},
        )
    common = [key for key in dict.fromkeys(article.key for article in leading) if key in theirs]
    found = [article for article in other if article.key in ours]
    for key, article in zip(common, found, strict=False):
        if key != article.key:
            yield Problem(
                place,
                N_("Line %(line)s: article %(number)s stands in another place than in the authentic text."),
                {"line": article.line, "number": article.label},
            )
            return
