"""What staff do to surveys, in the words of the audit trail."""

from __future__ import annotations

from consult.errors import N_

KINDS: dict[str, str] = {
    "survey.imported": N_("Survey file taken in"),
    "survey.begun": N_("Survey begun"),
    "survey.picture_added": N_("Picture of a survey added"),
    "survey.published": N_("Survey version published"),
    "survey.scheduled": N_("Dates of a survey set"),
    "survey.closed": N_("Survey closed"),
    "survey.extended": N_("Survey extended"),
    "survey.reopened": N_("Survey opened once more"),
    "survey.retention_set": N_("Time decided for which answers are kept"),
    "survey.answers_erased": N_("All answers erased"),
    "survey.double_entry_set": N_("Double entry decided"),
    "survey.sheet_settled": N_("Sheet of paper settled"),
    "survey.sheet_discarded": N_("Sheet of paper taken out"),
    "survey.eligibility_assumed": N_("Assumption on eligibility decided"),
    "survey.access_set": N_("Ways into a survey set"),
    "survey.belongs": N_("Consultation of a survey chosen"),
    "survey.test_started": N_("Test of a survey started"),
    "survey.test_ended": N_("Test of a survey ended"),
    "survey.response_erased": N_("Single answer erased"),
}
WORDS: dict[str, str] = {
    "survey": N_("Survey"),
    "consultation": N_("Consultation"),
    "key": N_("Address"),
    "version": N_("Version"),
    "hash": N_("Fingerprint of the text"),
    "opens_at": N_("Opens"),
    "closes_at": N_("Closes"),
    "double": N_("Double entry"),
    "number": N_("Number on the sheet"),
    "days": N_("Days after closing"),
    "answers": N_("Answers"),
    "share": N_("Share"),
    "who": N_("Who may answer"),
    "open": N_("Everybody"),
    "invited": N_("Only those who are invited"),
    "mixed": N_("Everybody, and invitations besides"),
    "sites": N_("Sites that may show the survey"),
    "kiosk": N_("Kiosk"),
    "kiosk_idle_s": N_("Seconds until the kiosk begins anew"),
    "least_seconds": N_("Least seconds for a page"),
    "network_rate": N_("Answers from one network in ten minutes"),
    "burst": N_("Answers from neighbouring networks in a minute"),
}
