"""Consultations, evidence on articles, reports on consultations."""

from __future__ import annotations

from consult.errors import N_
from consult.privacy.activities import PUBLISHING
from consult.privacy.holding import Holding
from consult.privacy.retention import LASTING, PUBLISHED

HOLDINGS = (
    Holding(
        table="consultation",
        activity=PUBLISHING,
        rule=PUBLISHED,
        what=N_("A consultation with the colleague or office that answers questions about it."),
        office="contact",
        rest="id slug kind title summary plain_words legal_basis authentic_language state announced_at opens_at"
        " closes_at answers_due minimum_days short_reason phases outcome is_demo created_at changed_at",
    ),
    Holding(
        table="consultation_shift",
        activity=PUBLISHING,
        rule=PUBLISHED,
        colleague="decided_by",
        rest="id consultation closed_at closes_at reason decided_at",
    ),
    Holding(
        table="consultation_file",
        activity=PUBLISHING,
        rule=PUBLISHED,
        rest="attachment consultation position title language",
    ),
    Holding(
        table="proceedings",
        activity=PUBLISHING,
        rule=PUBLISHED,
        what=N_(
            "The report on a consultation: comments with the names chosen for them, and the answers, as they were"
            " public on that day."
        ),
        words="data",
        colleague="compiled_by published_by",
        rest="id consultation number sha256 reason compiled_at published_at",
    ),
    Holding(
        table="proceedings_file",
        activity=PUBLISHING,
        rule=PUBLISHED,
        what=N_("The same report as files."),
        words="content",
        rest="id proceedings language format sha256 made_at",
    ),
    Holding(
        table="evidence",
        activity=PUBLISHING,
        rule=LASTING,
        colleague="attached_by",
        rest="id draft article survey query position attached_at frozen_at snapshot chart kind",
    ),
    Holding(
        table="forum_feedback",
        activity=PUBLISHING,
        rule=LASTING,
        colleague="chosen_by",
        rest="forum survey chosen_at first_sent_at letters",
    ),
)
