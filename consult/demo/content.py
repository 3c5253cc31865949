"""The files of one town's demonstration, read into frozen structs. Days count from the day of seeding; -3 is past."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from consult.i18n import Text
from consult.surveys.definition.schema import Quota

FOLDER = Path(__file__).resolve().parent / "content"
# The safe loader that is written in C reads these files ten times as fast; a wheel of PyYAML may lack it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Phase(File, frozen=True, kw_only=True):
    key: str
    label: Text
    starts: int | None = None
    ends: int | None = None


class Outcome(File, frozen=True, kw_only=True):
    asked: Text
    said: Text
    did: Text


class Extended(File, frozen=True, kw_only=True):
    """On which day the end was moved, from which day; `closes` is the day to which."""

    day: int
    closed: int
    reason: Text


class Consultation(File, frozen=True, kw_only=True):
    slug: str
    kind: str
    title: Text
    summary: Text
    legal_basis: Text
    opens: int
    closes: int
    answers_due: int
    phases: list[Phase]
    plain_words: Text = {}
    contact: Text = {}
    outcome: Outcome | None = None
    extended: Extended | None = None


class Answer(File, frozen=True, kw_only=True):
    decision: str
    day: int
    reason: Text


class CommentReply(File, frozen=True, kw_only=True):
    day: int
    language: str
    text: str
    name: str = ""
    state: str = "published"


class Comment(File, frozen=True, kw_only=True):
    """article is its number, None for the whole draft; state is submitted, published or refused.

    quote are words of the first version in the comment's language, written_in another language than the page's;
    channel is how it came: whatever is not "web" is entered by a clerk.
    """

    article: str | None
    day: int
    language: str
    kind: str
    text: str
    name: str = ""
    state: str = "published"
    refusal: str = ""
    answer: Answer | None = None
    quote: str = ""
    written_in: str = ""
    channel: str = "web"
    supports: int = 0
    replies: tuple[CommentReply, ...] = ()


class Version(File, frozen=True, kw_only=True):
    """text is the stem of its Markdown files, one for each language."""

    text: str
    day: int
    reason: Text = {}


class Evidence(File, frozen=True, kw_only=True):
    article: str
    survey: str
    question: str


class Draft(File, frozen=True, kw_only=True):
    slug: str
    consultation: str
    title: Text
    summary: Text
    versions: list[Version]
    comments: list[Comment]
    memorandum: str | None = None
    evidence: list[Evidence] = []
    released: int | None = None


class Session(File, frozen=True, kw_only=True):
    day: int
    starts: str
    ends: str
    title: Text
    speakers: Text
    capacity: int
    registered: int
    waiting: int = 0
    settlement: str = ""
    venue: Text = {}
    address: Text = {}
    point: str = ""
    facts: list[str] = []
    transport: Text = {}


class AgendaItem(File, frozen=True, kw_only=True):
    """An item of a meeting's agenda; session counts from 1, None is every session."""

    title: Text
    speakers: Text = {}
    starts: str | None = None
    session: int | None = None


class Gathering(File, frozen=True, kw_only=True):
    settlement: str
    called_by: str
    voters: int
    counted_on: int
    source: Text
    supporters: int | None = None


class Forum(File, frozen=True, kw_only=True):
    slug: str
    title: Text
    summary: Text
    access: Text
    registration_opens: int
    registration_closes: int
    sessions: list[Session]
    kind: str = "citizens_forum"
    consultation: str | None = None
    venue: Text = {}
    address: Text = {}
    point: str = ""
    facts: list[str] = []
    transport: Text = {}
    stream: str = ""
    spoken: list[str] = []
    interpreted: list[str] = []
    one_session: bool = False
    remind_before: tuple[int, ...] = (24,)
    agenda: list[AgendaItem] = []
    gathering: Gathering | None = None


class Group(File, frozen=True, kw_only=True):
    """A trait of the person who answers: its distribution, and how much each value lifts the latent satisfaction.

    margin names a variable of the profile's census margins; without one the shares stand here.
    """

    shares: dict[str, float] = {}
    margin: str | None = None
    extra: dict[str, float] = {}
    effects: dict[str, float] = {}
    refused: float = 0.0


class Item(File, frozen=True, kw_only=True):
    """How one question is answered.

    shares   a list of percentages for the points of a scale from low to high, or option code -> percentage
    ordered  the options run from dissatisfied to satisfied, so the latent satisfaction drives them too
    loading  how closely the answer follows the latent satisfaction, -1 to 1
    rows     shares of each row of a matrix
    median, sigma   a number: log-normal with this median; `zero` percent write 0
    share, low, high, any   a text: percentage who write, and what dissatisfied, satisfied or all people write
    other    what people write beside "other"
    dont_know, skip   percentages
    """

    shares: list[float] | dict[str, float] = []
    ordered: bool = False
    loading: float = 0.0
    rows: dict[str, list[float]] = {}
    median: float | None = None
    sigma: float = 0.6
    zero: float = 0.0
    share: float = 0.0
    low: dict[str, list[str]] = {}
    high: dict[str, list[str]] = {}
    other: dict[str, list[str]] = {}
    dont_know: float = 0.0
    skip: float = 0.0


class Fieldwork(File, frozen=True, kw_only=True):
    """A survey in the field. file is the survey file; key, title and summary replace the file's own where given.

    results is the day on which its results became public, if they have. left: percentages of those who begin that leave
    the survey on each of its pages but the last. flagged: percentages by flag. weights: the name of those by census.
    """

    file: str
    opens: int
    closes: int
    responses: int
    channels: dict[str, float]
    languages: dict[str, float]
    key: str | None = None
    title: Text = {}
    summary: Text = {}
    sample: Text = {}
    consultation: str | None = None
    lift: float = 0.0
    results: int | None = None
    review: bool = False
    resume: bool = False
    kiosk: bool = False
    left: list[float] = []
    flagged: dict[str, float] = {}
    weights: str = ""

    @property
    def slug(self) -> str:
        return self.key or self.file


class Rewritten(File, frozen=True, kw_only=True):
    """An edit of a text: place as in surveys/definition/texts.py, words in one language; none take it out."""

    place: str
    language: str
    words: str = ""


class Prepared(File, frozen=True, kw_only=True):
    """A survey that is being made: what its designer changed since the file was taken over."""

    file: str
    key: str
    day: int
    changes: list[Rewritten]


class Reply(File, frozen=True, kw_only=True):
    """What an invited person sends: contact counts from 0, fields are those of the form."""

    contact: int
    day: int
    fields: dict[str, str]


class Sheet(File, frozen=True, kw_only=True):
    """A sheet of paper as it was typed the first time, and the second time where that has happened."""

    number: str
    language: str
    day: int
    first: dict[str, str]
    second: dict[str, str] = {}


class Invited(File, frozen=True, kw_only=True):
    """A survey for people with an invitation. contacts: a table with its head; days of its rounds of letters."""

    file: str
    key: str
    opens: int
    closes: int
    invitation: int
    reminder: int
    quotas: list[Quota]
    contacts: list[list[str]]
    returned: str
    opted_out: int
    replies: list[Reply]
    sheets: list[Sheet]


class Showcase(File, frozen=True, kw_only=True):
    prepared: Prepared
    invited: Invited


class HandCode(File, frozen=True, kw_only=True):
    """A code and the words by which its answers are found."""

    label: Text
    words: list[str]


class Coding(File, frozen=True, kw_only=True):
    """The codes of one open question."""

    survey: str
    question: str
    codes: list[HandCode]


class Answers(File, frozen=True, kw_only=True):
    seed: int
    fieldwork: list[Fieldwork]
    groups: dict[str, Group]
    items: dict[str, Item]
    coding: list[Coding] = []


class Account(File, frozen=True, kw_only=True):
    role: str
    name: str
    language: str


class Residents(File, frozen=True, kw_only=True):
    """First names and surnames that go together."""

    first: list[str]
    last: list[str]


class Earlier(File, frozen=True, kw_only=True):
    """A wave that was measured before the platform was there."""

    year: int
    value: float
    people: int


class Index(File, frozen=True, kw_only=True):
    """A standing index, by the concepts that it is made of, and its earlier waves with where they come from."""

    key: str
    name: Text
    items: list[str]
    target: float
    origin: str
    earlier: list[Earlier]


class Written(File, frozen=True, kw_only=True):
    """What staff wrote for the report of a survey."""

    survey: str
    introduction: Text
    conclusions: Text


class Paper(File, frozen=True, kw_only=True):
    """A document attached to a draft: a heading and a table, made into a Word file."""

    name: str
    kind: str
    language: str
    title: Text
    heading: str
    rows: list[list[str]]
    note: str


class Documents(File, frozen=True, kw_only=True):
    """What stands beside the text of a draft."""

    draft: str
    legal_basis: Text
    files: list[Paper]


class Town(File, frozen=True, kw_only=True):
    key: str
    consultations: list[Consultation]
    drafts: list[Draft]
    documents: list[Documents]
    forums: list[Forum]
    answers: Answers
    showcase: Showcase
    indices: list[Index]
    reports: list[Written]
    staff: list[Account]
    residents: list[Residents]

    def markdown(self, stem: str) -> dict[str, str]:
        """The Markdown of one text in every language that has a file."""
        files = sorted((FOLDER / self.key).glob(f"{stem}.??.md"))
        return {path.name.split(".")[-2]: path.read_text(encoding="utf-8") for path in files}


def town(key: str) -> Town:
    """Raises FileNotFoundError for a profile without demonstration content."""
    return Town(
        key=key,
        consultations=_read(key, "consultations", list[Consultation]),
        drafts=_read(key, "drafts", list[Draft]),
        documents=_read(key, "documents", list[Documents]),
        forums=_read(key, "forums", list[Forum]),
        answers=_read(key, "answers", Answers),
        showcase=_read(key, "showcase", Showcase),
        indices=_read(key, "indices", list[Index]),
        reports=_read(key, "reports", list[Written]),
        staff=_read(key, "staff", list[Account]),
        residents=_read(key, "residents", list[Residents]),
    )


def towns() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def _read(key: str, name: str, kind: type[T]) -> T:
    text = (FOLDER / key / f"{name}.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=LOADER), kind)  # noqa: S506 - safe, in C or in Python
