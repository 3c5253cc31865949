"""The rules of a comment. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from markupsafe import Markup

from consult.drafts.answers.answer import Answer
from consult.drafts.markup import to_plain
from consult.errors import N_, Problem
from consult.i18n import Text
from consult.mail.message import BadAddress, email_address

LONGEST_TEXT = 10_000
LONGEST_NAME = 80


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
OFFERED_KINDS = (Kind.COMMENT, Kind.PROPOSAL, Kind.QUESTION)

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
    """A comment as it is shown. article is None for one on the whole draft; email never leaves the staff pages."""

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
        """The words as paragraphs; empty when they were erased."""
        return to_plain(self.text)

    @property
    def released_answer(self) -> Answer | None:
        return self.answer if self.answer and self.answer.released_at else None


@dataclass(frozen=True, slots=True)
class Submission:
    """What the comment form carries, cleaned of nothing: the words are stored as they were written."""

    text: str
    kind: str = Kind.COMMENT
    name: str = ""
    email: str = ""

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
        if self.kind not in {kind.value for kind in OFFERED_KINDS}:
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
