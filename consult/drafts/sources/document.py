"""The documents beside the text of a draft: its legal basis and its attachments, each of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from consult.drafts.draft import Rendered, rendered
from consult.errors import N_
from consult.i18n import Text

MOST_FILES = 30
KINDS: Mapping[str, str] = {
    "map": N_("Map or plan"),
    "study": N_("Study or analysis"),
    "opinion": N_("Opinion of another body"),
    "comparison": N_("Comparison with the rules in force"),
    "form": N_("Form"),
    "other": N_("Other document"),
}


@dataclass(frozen=True, slots=True)
class Attached:
    """A file beside a draft. id is that of its bytes; language is "" where it is for all languages."""

    id: UUID
    kind: str
    title: Text
    language: str
    name: str
    media_type: str
    size: int

    @property
    def kind_name(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Documents:
    """What stands beside the text of one version, or of the working copy."""

    legal_basis: Text = field(default_factory=dict)
    files: tuple[Attached, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.files) or any(self.legal_basis.values())

    def legal_basis_in(self, language: str, order: Iterable[str] = ()) -> Rendered:
        return rendered(self.legal_basis, language, order)
