"""Seeding the documents beside drafts: the legal basis and an attachment, before the first version is published."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consult.demo import content
from consult.drafts.sources import operations


async def seed_documents(
    town: content.Town, slug: str, draft_id: UUID, *, staff: Mapping[str, UUID], at: datetime
) -> None:
    for one in town.documents:
        if one.draft != slug:
            continue
        await operations.keep_legal_basis(
            draft_id=draft_id, legal_basis=one.legal_basis, actor=staff["designer"], at=at
        )
        for paper in one.files:
            await operations.attach(
                draft_id,
                name=f"{paper.name}.docx",
                content=_word(paper),
                kind=paper.kind,
                title=paper.title,
                language=paper.language,
                actor=staff["designer"],
                at=at,
            )


def _word(paper: content.Paper) -> bytes:
    from docx import Document  # 0.3 s that only an empty demonstration needs

    document = Document()
    document.add_heading(paper.heading, level=1)
    table = document.add_table(rows=0, cols=len(paper.rows[0]), style="Table Grid")
    for row in paper.rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph(paper.note)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
