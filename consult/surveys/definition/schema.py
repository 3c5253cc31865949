"""A survey definition, format version 1: frozen structs that serve the file, the database and the pages alike.

A file begins with `consult: survey/1`. Keys and codes are given by the author and never change their meaning;
texts are one string per language. Answers are kept by codes, never by labels:

    absent            the question was not asked (a condition hid it)
    null              asked and skipped
    "code", 4, [..]   the answer; an option flagged `missing` says "don't know" or "refused"

Structs below that stand in NOT_YET belong to the format already, but `checks.check` refuses them until they work.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

FORMAT = "survey/1"
SCHEMA_PATH = "/schema/survey-1.json"

Key: TypeAlias = Annotated[
    str,
    Meta(pattern=r"^[a-z][a-z0-9_]*$", max_length=40, description="Lower-case letters, digits and _; first a letter."),
]
Code: TypeAlias = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40, description="Lower-case letters, digits, _ and -."),
]
Slug: TypeAlias = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="Lower-case letters and digits, joined by -."),
]
Concept: TypeAlias = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=80, description="A permanent name across surveys and waves."),
]
Language: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$", description="A language code.")]
Text: TypeAlias = Annotated[dict[str, str], Meta(description="One text in every language of the survey.")]
Condition: TypeAlias = Annotated[
    str, Meta(max_length=2000, description="A condition in CEL that looks only at earlier questions.")
]

MissingKind: TypeAlias = Literal["dont_know", "refused"]
Measure: TypeAlias = Literal["satisfaction", "agreement", "importance", "effort", "quality", "likelihood", "none"]
Mode: TypeAlias = Literal["anonymous", "confidential", "identified"]


class Base(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class Image(Base, frozen=True, kw_only=True):
    """A picture; `alt` says what it shows."""

    file: str
    alt: Text


class Rule(Base, frozen=True, kw_only=True):
    """A validation rule of the author's own: `must` has to hold, else `message` is shown."""

    must: Condition
    message: Text


class Option(Base, frozen=True, kw_only=True):
    code: Code
    text: Text
    hint: Text = {}
    show_if: Condition = ""
    exclusive: bool = False
    other: bool = False
    missing: MissingKind | None = None
    value: float | None = None
    image: Image | None = None


class Row(Base, frozen=True, kw_only=True):
    code: Key
    text: Text
    show_if: Condition = ""
    concept: Concept | None = None


class BaseQuestion(Base, frozen=True, kw_only=True, tag_field="type"):
    key: Key
    text: Text
    show_if: Condition = ""


class Question(BaseQuestion, frozen=True, kw_only=True):
    """What every question that is answered may say."""

    hint: Text = {}
    help: Text = {}
    required: bool = False
    concept: Concept | None = None
    sensitive: bool = False
    public: bool = True
    image: Image | None = None
    rules: tuple[Rule, ...] = ()


Order: TypeAlias = Literal["fixed", "random"]


class Single(Question, tag="single", frozen=True, kw_only=True):
    options: tuple[Option, ...]
    order: Order = "fixed"


class Multiple(Question, tag="multiple", frozen=True, kw_only=True):
    options: tuple[Option, ...]
    min: Annotated[int, Meta(ge=0)] | None = None
    max: Annotated[int, Meta(ge=1)] | None = None
    order: Order = "fixed"


class Scaled(Question, frozen=True, kw_only=True):
    """A scale from `first` to `first + points - 1`; the high end is the better one unless `reversed`."""

    points: Annotated[int, Meta(ge=2, le=11)]
    first: Annotated[int, Meta(ge=0, le=1)] = 1
    low: Text = {}
    high: Text = {}
    labels: tuple[Text, ...] = ()
    outside: tuple[Option, ...] = ()
    measure: Measure = "none"
    reversed: bool = False

    @property
    def values(self) -> range:
        return range(self.first, self.first + self.points)


class Scale(Scaled, tag="scale", frozen=True, kw_only=True):
    pass


class Smiley(Scaled, tag="smiley", frozen=True, kw_only=True):
    pass


class Nps(Question, tag="nps", frozen=True, kw_only=True):
    """How likely to recommend, 0 to 10."""

    low: Text = {}
    high: Text = {}
    outside: tuple[Option, ...] = ()

    @property
    def values(self) -> range:
        return range(11)


class MatrixScale(Scaled, tag="matrix_scale", frozen=True, kw_only=True):
    rows: tuple[Row, ...]
    order: Order = "fixed"


class MatrixSingle(Question, tag="matrix_single", frozen=True, kw_only=True):
    rows: tuple[Row, ...]
    options: tuple[Option, ...]
    order: Order = "fixed"


class MatrixMultiple(Question, tag="matrix_multiple", frozen=True, kw_only=True):
    rows: tuple[Row, ...]
    options: tuple[Option, ...]
    order: Order = "fixed"


class Ranking(Question, tag="ranking", frozen=True, kw_only=True):
    options: tuple[Option, ...]
    top: Annotated[int, Meta(ge=1)] | None = None
    order: Order = "fixed"


class Allocation(Question, tag="allocation", frozen=True, kw_only=True):
    """Points shared out among options; they add up to `total`."""

    options: tuple[Option, ...]
    total: Annotated[int, Meta(ge=1)] = 100


class Number(Question, tag="number", frozen=True, kw_only=True):
    unit: Text = {}
    min: float | None = None
    max: float | None = None
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    outside: tuple[Option, ...] = ()


SHORT_LENGTH, LONG_LENGTH, LONGEST = 200, 2000, 10_000


class Free(Question, tag="text", frozen=True, kw_only=True):
    long: bool = False
    min_length: Annotated[int, Meta(ge=0, le=LONGEST)] = 0
    max_length: Annotated[int, Meta(ge=1, le=LONGEST)] | None = None

    @property
    def most(self) -> int:
        return self.max_length or (LONG_LENGTH if self.long else SHORT_LENGTH)


class Email(Question, tag="email", frozen=True, kw_only=True):
    pass


class Phone(Question, tag="phone", frozen=True, kw_only=True):
    pass


class Date(Question, tag="date", frozen=True, kw_only=True):
    earliest: str | None = None
    latest: str | None = None


class Time(Question, tag="time", frozen=True, kw_only=True):
    pass


class DateRange(Question, tag="date_range", frozen=True, kw_only=True):
    earliest: str | None = None
    latest: str | None = None


class File(Question, tag="file", frozen=True, kw_only=True):
    kinds: tuple[str, ...] = ()
    max_mib: Annotated[int, Meta(ge=1, le=10)] = 10


class Photo(Question, tag="photo", frozen=True, kw_only=True):
    max_mib: Annotated[int, Meta(ge=1, le=10)] = 10


class Place(Question, tag="place", frozen=True, kw_only=True):
    coordinates: bool = False


class Consent(Question, tag="consent", frozen=True, kw_only=True):
    agree: Text = {}


class Information(BaseQuestion, tag="information", frozen=True, kw_only=True):
    """A paragraph between questions; it takes no answer."""

    image: Image | None = None


class Calculated(BaseQuestion, tag="calculated", frozen=True, kw_only=True):
    value: Condition


class Hidden(BaseQuestion, tag="hidden", frozen=True, kw_only=True):
    """A value that comes with the link, such as the place where a poster hangs."""

    parameter: str
    options: tuple[Option, ...] = ()


AnyQuestion: TypeAlias = (
    Single | Multiple | Scale | Smiley | Nps | MatrixScale | MatrixSingle | MatrixMultiple | Ranking | Allocation
    | Number | Free | Email | Phone | Date | Time | DateRange | File | Photo | Place | Consent | Information
    | Calculated | Hidden
)  # fmt: skip
NOT_YET: tuple[type[BaseQuestion], ...] = ()


class Page(Base, frozen=True, kw_only=True):
    """A page; with `screen_out` it has no questions and ends the survey for those whom its condition lets in."""

    key: Key
    title: Text = {}
    intro: Text = {}
    show_if: Condition = ""
    questions: tuple[AnyQuestion, ...] = ()
    screen_out: Text = {}


class Design(Base, frozen=True, kw_only=True):
    """How respondents were chosen. Only `sample` and `census` permit statements about the population."""

    kind: Literal["open", "sample", "census"] = "open"
    population: Annotated[int, Meta(ge=1)] | None = None
    description: Text = {}


class Results(Base, frozen=True, kw_only=True):
    public: bool = True
    breaks: tuple[Key, ...] = ()


class Quota(Base, frozen=True, kw_only=True):
    """At most `limit` responses that meet `when`; `text` is what a respondent reads once it is full."""

    key: Key
    when: Condition
    limit: Annotated[int, Meta(ge=1)]
    text: Text


class Definition(Base, frozen=True, kw_only=True):
    """A whole survey.

    source     where its questions come from: a standard, an article, an earlier survey
    review     whether a page with all answers stands before sending
    resume     whether one may go on later by a link sent by e-mail
    editable   whether what was sent may be changed until the survey closes
    order      of the pages; the first one, and pages that conditions depend on, keep their places
    """

    consult: Literal["survey/1"]
    key: Slug
    title: Text
    summary: Text = {}
    source: Text = {}
    intro: Text = {}
    languages: tuple[Language, ...]
    mode: Mode = "anonymous"
    design: Design = Design()
    minutes: Annotated[int, Meta(ge=1, le=120)] | None = None
    thanks: Text = {}
    review: bool = False
    resume: bool = False
    editable: bool = False
    results: Results = Results()
    order: Order = "fixed"
    quotas: tuple[Quota, ...] = ()
    pages: tuple[Page, ...]

    @property
    def questions(self) -> tuple[AnyQuestion, ...]:
        return tuple(question for page in self.pages for question in page.questions)

    def question(self, key: str) -> AnyQuestion:
        """Raises KeyError when there is none."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)


def from_builtins(value: object) -> Definition:
    """From the stored document (plain dicts and lists). Raises msgspec.ValidationError."""
    return msgspec.convert(value, Definition)


def to_builtins(definition: Definition) -> dict[str, Any]:
    """The document as plain dicts and lists, defaults left out."""
    plain: dict[str, Any] = msgspec.to_builtins(definition)
    return {name: value for name, value in plain.items() if value != {}}


def json_schema() -> dict[str, Any]:
    """The format as a JSON Schema: editors complete and check a file that names it in its first line."""
    schema = msgspec.json.schema(Definition)
    schema["$id"] = SCHEMA_PATH
    schema["title"] = "Consult survey, format 1"
    return schema
