"""What other pages of a forum show of its questions: the first few, and whether one can ask."""

from dataclasses import dataclass
from datetime import datetime

from consult.forums.forum import Forum
from consult.forums.questions import queries
from consult.forums.questions.question import Question

SHOWN = 3


@dataclass(frozen=True, slots=True)
class QuestionsBox:
    first: tuple[Question, ...]
    total: int
    is_open: bool


async def questions_box(forum: Forum, at: datetime) -> QuestionsBox | None:
    """None where there is nothing to see and nothing to do."""
    found = await queries.published(forum.id, size=SHOWN)
    is_open = (await queries.asking(forum.id)).is_due(forum, at)
    return QuestionsBox(tuple(found.items), found.total, is_open) if found.total or is_open else None
