"""The rules of a comment. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from markupsafe import Markup

from consult.drafts.answers.answer import Answer
from consult.drafts.comments.anchor import LONGEST_QUOTE, TOO_LONG, Anchor, Standing
from consult.drafts.markup import to_plain
from consult.errors import N_, Problem
from consult.i18n import AUTONYMS, Text, languages
from consult.mail.message import BadAddress, email_address
from consult.records.attachment import Attachment

LONGEST_TEXT = 10_000
LONGEST_NAME = 80
LONGEST_POSTAL = 500


class Kind(StrEnum):
    COMMENT = "comment"
    PROPOSAL = "proposal"
    QUESTION = "question"
    SUPPORT = "support"
    OBJECTION = "objection"


class State(StrEnum):
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REFUSED = "refused"


class Moderation(StrEnum):
    """When a comment is read by the town hall: before everybody can see it, or after."""

    BEFORE = "before"
    AFTER = "after"


KIND_NAMES: Mapping[Kind, str] = {
    Kind.COMMENT: N_("Comment"),
    Kind.PROPOSAL: N_("Proposal for the wording"),
    Kind.QUESTION: N_("Question"),
    Kind.SUPPORT: N_("Support"),
    Kind.OBJECTION: N_("Objection"),
}


class Channel(StrEnum):
    """The way in. Whatever does not come by the web is entered by a clerk on behalf of its author."""

    WEB = "web"
    LETTER = "letter"
    PHONE = "phone"
    COUNTER = "counter"
    FORUM = "forum"


CHANNEL_NAMES: Mapping[Channel, str] = {
    Channel.WEB: N_("On this website"),
    Channel.LETTER: N_("By letter"),
    Channel.PHONE: N_("By telephone"),
    Channel.COUNTER: N_("At the counter"),
    Channel.FORUM: N_("At a public meeting"),
}

# Languages that people here write in, besides those of the pages, each by its own name.
OTHER_LANGUAGES: Mapping[str, str] = {
    "sq": "Shqip",
    "tr": "Türkçe",
    "rom": "Romani",
    "sr": "Српски",
    "bs": "Bosanski",
    "rup": "Armãneashti",
    "ru": "Русский",
    "hy": "Հայերեն",
    "az": "Azərbaycanca",
    "ab": "Аԥсуа",
    "os": "Ирон",
    "uk": "Українська",
    "de": "Deutsch",
    "fr": "Français",
}


def written_languages() -> dict[str, str]:
    """What an author may choose from: the languages of the pages first."""
    own = {code: AUTONYMS.get(code, code) for code in languages()}
    return own | {code: name for code, name in OTHER_LANGUAGES.items() if code not in own}


STATE_NAMES: Mapping[State, str] = {
    State.SUBMITTED: N_("Waiting for a check"),
    State.PUBLISHED: N_("Published"),
    State.REFUSED: N_("Not published"),
}

# The only reasons for which a comment may be refused. The list is public: it stands beside the comment form.
REFUSALS: Mapping[str, str] = {
    "insult": N_("It insults or threatens somebody."),
    "personal-data": N_("It holds personal data of other people."),
    "hatred": N_("It calls for hatred or violence."),
    "unrelated": N_("It does not concern this draft regulation."),
    "advertising": N_("It advertises goods, services or a party."),
    "unlawful": N_("Publishing it would break the law."),
}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as it is shown. article is None for one on the whole draft; email and postal never leave staff pages.

    text        what the author wrote; only staff and the author see it
    shown       the words that the public sees where something is covered, else None: public_text is right for both
    language    what it is written in; letters and the answer are in letters_in, a language of this installation
    standing    what became of the quoted words in the version that is being read, where it is another than its own
    replies     those that are shown below it; reply_count counts all
    """

    id: UUID
    number: str
    draft: UUID
    version: UUID
    version_number: int
    article: UUID | None
    article_number: str | None
    article_label: Text
    article_heading: Text
    language: str
    kind: Kind
    text: str
    name: str
    email: str
    state: State
    refusal: str
    supports: int
    submitted_at: datetime
    published_at: datetime | None
    moderated_at: datetime | None
    erased_at: datetime | None
    answer: Answer | None
    shown: str | None = None
    letters_in: str = ""
    channel: Channel = Channel.WEB
    received_on: date | None = None
    postal: str = ""
    quoted: Anchor | None = None
    standing: Standing | None = None
    reply_to: UUID | None = None
    reply_to_number: str = ""
    reply_count: int = 0
    replies: tuple["Comment", ...] = ()
    files: tuple[Attachment, ...] = ()

    @property
    def public_text(self) -> str:
        """The words for everybody: the one place where what is covered is left out."""
        return self.text if self.shown is None else self.shown

    @property
    def is_waiting(self) -> bool:
        return self.state is State.SUBMITTED

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    @property
    def anchor(self) -> str:
        return f"comment-{self.number}"

    @property
    def html(self) -> Markup:
        """The words for everybody as paragraphs; empty when they were erased."""
        return to_plain(self.public_text)

    @property
    def own_html(self) -> Markup:
        """The words as they were written, for their author and for staff."""
        return to_plain(self.text)

    @property
    def language_name(self) -> str:
        """What the language of the words calls itself."""
        return written_languages().get(self.language, self.language)

    @property
    def quote(self) -> str:
        return self.quoted.quote if self.quoted else ""

    @property
    def released_answer(self) -> Answer | None:
        return self.answer if self.answer and self.answer.released_at else None


@dataclass(frozen=True, slots=True)
class Submission:
    """What the comment form carries, cleaned of nothing: the words are stored as they were written.

    quote_before are the letters before the quoted words, where the browser knows them; written_in is "" for the page's
    language.
    """

    text: str
    kind: str = Kind.COMMENT
    name: str = ""
    email: str = ""
    quote: str = ""
    quote_before: str = ""
    written_in: str = ""

    def problems(self) -> list[Problem]:
        found = []
        if not self.text.strip():
            found.append(Problem("text", N_("Write your comment.")))
        if len(self.text) > LONGEST_TEXT:
            found.append(
                Problem(
                    "text",
                    N_("Your comment has %(length)s characters. Shorten it to at most %(most)s."),
                    {"length": len(self.text), "most": LONGEST_TEXT},
                )
            )
        if len(self.quote) > LONGEST_QUOTE:
            found.append(Problem("quote", TOO_LONG, {"most": LONGEST_QUOTE}))
        if self.written_in and self.written_in not in written_languages():
            found.append(Problem("written_in", N_("Choose a language from the list.")))
        if self.kind not in {kind.value for kind in Kind}:
            found.append(Problem("kind", N_("Choose what you are sending.")))
        if len(self.name) > LONGEST_NAME or "\n" in self.name:
            found.append(Problem("name", N_("Write a name of at most %(most)s characters."), {"most": LONGEST_NAME}))
        return found + self._email_problems()

    def _email_problems(self) -> list[Problem]:
        if self.email:
            try:
                email_address(self.email)
            except BadAddress as bad:
                return list(bad.problems)
        return []


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """How a comment came that a clerk enters for its author; postal is where an answer goes that travels by post."""

    channel: str
    received_on: date | None
    postal: str = ""

    def problems(self, today: date) -> list[Problem]:
        found = []
        if self.channel not in {one.value for one in Channel} - {Channel.WEB.value}:
            found.append(Problem("channel", N_("Choose how the comment came.")))
        if self.received_on is None:
            found.append(Problem("received_on", N_("Write the day on which the comment was received.")))
        elif self.received_on > today:
            found.append(Problem("received_on", N_("This day is still to come.")))
        if len(self.postal) > LONGEST_POSTAL:
            found.append(Problem("postal", N_("Use at most %(most)s characters."), {"most": LONGEST_POSTAL}))
        return found
