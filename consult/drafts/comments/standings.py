"""What became of quoted words in the version that is being read: computed at reading, stored nowhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from consult.drafts.comments.anchor import Standing, standing
from consult.drafts.comments.comment import Comment
from consult.drafts.markup import to_words
from consult.i18n import Text
from consult.storage import fetch


async def placed(comments: Sequence[Comment], version: UUID, bodies: Mapping[UUID, Text]) -> list[Comment]:
    """Give each comment that quotes words of another version its standing in this one.

    bodies are the articles of the version that is being read, in Markdown.
    """
    elsewhere = [one for one in comments if one.quoted and one.article and one.version != version]
    old = await _bodies(elsewhere)
    found = {one.id: _standing(one, old, bodies) for one in elsewhere}
    return [replace(one, standing=found[one.id]) if one.id in found else one for one in comments]


def _standing(comment: Comment, old: Mapping[tuple[UUID, UUID], Text], new: Mapping[UUID, Text]) -> Standing:
    if comment.quoted is None or comment.article is None:
        return Standing.ORPHANED
    language = comment.quoted.language
    before = old[comment.version, comment.article].get(language, "")
    after = new.get(comment.article, {}).get(language)
    return standing(comment.quoted, to_words(before), None if after is None else to_words(after)).standing


async def _bodies(comments: Iterable[Comment]) -> dict[tuple[UUID, UUID], Text]:
    wanted = {(one.version, one.article) for one in comments}
    if not wanted:
        return {}
    rows = await fetch(
        "select version, article, body from article_text "
        "where (version, article) in (select * from unnest($1::uuid[], $2::uuid[]))",
        [version for version, _ in wanted],
        [article for _, article in wanted],
    )
    return {(row["version"], row["article"]): row["body"] for row in rows}
