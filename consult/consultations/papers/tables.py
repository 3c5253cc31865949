"""The columns of a consultation's attachments; checks stand in the migration consult_0230."""

from __future__ import annotations

from piccolo.columns import JSONB, ForeignKey, Integer, Text
from piccolo.table import Table

from consult.consultations.tables import Consultation
from consult.records.tables import Attachment
from consult.storage import DB


class ConsultationFile(Table, db=DB, tablename="consultation_file"):
    """language is "" where a file is for all of them."""

    attachment = ForeignKey(Attachment, primary_key=True, null=False)
    consultation = ForeignKey(Consultation, null=False)
    position = Integer(null=False)
    title = JSONB(null=False)
    language = Text(null=False, default="")
