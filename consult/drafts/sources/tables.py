"""The columns of the documents beside a draft. Checks, indexes and triggers are raw SQL in consult_0180."""

from piccolo.columns import JSONB, UUID, Bytea, ForeignKey, Integer, Text, Timestamptz
from piccolo.table import Table

from consult.drafts.tables import Draft, DraftVersion
from consult.records.tables import Attachment
from consult.storage import DB


class DraftBasis(Table, db=DB, tablename="draft_basis"):
    """The legal basis of the working copy."""

    draft = ForeignKey(Draft, primary_key=True, null=False)
    legal_basis = JSONB(null=False)
    changed_at = Timestamptz(null=False)
    changed_by = UUID(null=True, default=None)


class DraftFile(Table, db=DB, tablename="draft_file"):
    """An attachment of the working copy; language is "" where it is for all."""

    attachment = ForeignKey(Attachment, primary_key=True, null=False)
    draft = ForeignKey(Draft, null=False)
    position = Integer(null=False)
    kind = Text(null=False)
    title = JSONB(null=False)
    language = Text(null=False, default="")


class VersionBasis(Table, db=DB, tablename="version_basis"):
    """The legal basis as it was published with a version; append-only."""

    version = ForeignKey(DraftVersion, primary_key=True, null=False)
    legal_basis = JSONB(null=False)


class VersionFile(Table, db=DB, tablename="version_file"):
    """An attachment as it was published with a version; append-only, and its bytes stay."""

    id = UUID(primary_key=True, null=False)
    version = ForeignKey(DraftVersion, null=False)
    attachment = ForeignKey(Attachment, null=False)
    position = Integer(null=False)
    kind = Text(null=False)
    title = JSONB(null=False)
    language = Text(null=False)
    sha256 = Bytea(null=False)
