"""Where the files of segments lie. Apart from `store`, so that saying it loads no arrays."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID


class NoFolder(RuntimeError):
    """`configure` was not called at start-up."""


_folder: Path | None = None


def configure(data: Path) -> None:
    """Say once, at start-up, where the files lie: in DATA/columns."""
    global _folder
    _folder = data / "columns"


def folder_of(survey_id: UUID) -> Path:
    if _folder is None:
        raise NoFolder("call consult.columns.folder.configure first")
    return _folder / str(survey_id)
