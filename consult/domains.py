"""What each domain brings to the application: ways in, words of its acts, background work. New modules go here."""

from __future__ import annotations

from types import ModuleType

from consult.coding import acts as coding_acts
from consult.columns import jobs as columns_jobs
from consult.consultations import api as consultations_api
from consult.consultations import rules_pages, shift_pages
from consult.consultations import staff_pages as consultations_staff
from consult.consultations.following import jobs as following_jobs
from consult.consultations.following import pages as following_pages
from consult.consultations.papers import pages as papers_pages
from consult.drafts import api as drafts_api
from consult.drafts import staff_pages as drafts_staff
from consult.drafts.answers import acts as answer_acts
from consult.drafts.answers import api as answers_api
from consult.drafts.answers import effect_pages, release_pages
from consult.drafts.answers import staff_pages as answers_staff
from consult.drafts.answers import work_pages as answers_work
from consult.drafts.comments import entry_pages as comment_entry
from consult.drafts.comments import file_pages as comment_files
from consult.drafts.comments import jobs as comment_jobs
from consult.drafts.comments import pages as comments_pages
from consult.drafts.comments import staff_pages as comments_staff
from consult.drafts.comments import thread_pages as comment_threads
from consult.drafts.moderation import acts as moderation_acts
from consult.drafts.moderation import cover_pages, group_pages, queue_pages
from consult.drafts.moderation import jobs as moderation_jobs
from consult.drafts.moderation import pages as moderation_pages
from consult.drafts.opendata import pages as comments_open_data
from consult.drafts.sources import acts as draft_sources_acts
from consult.drafts.sources import document_pages as draft_documents_staff
from consult.drafts.sources import pages as draft_sources_pages
from consult.drafts.sources import staff_pages as draft_sources_staff
from consult.drafts.versions import api as versions_api
from consult.drafts.versions import pages as versions_pages
from consult.drafts.versions import publish_pages
from consult.explorer import pages as explorer_staff
from consult.explorer import text_forms as explorer_text_forms
from consult.explorer import text_pages as explorer_texts
from consult.explorer import view_pages as explorer_views
from consult.fieldwork import acts as fieldwork_acts
from consult.fieldwork import entry_pages as fieldwork_entry
from consult.fieldwork import import_pages as contact_files_staff
from consult.fieldwork import jobs as fieldwork_jobs
from consult.fieldwork import kiosk_pages
from consult.fieldwork import letter_pages as paper_staff
from consult.fieldwork import mailing_pages as mailing_staff
from consult.fieldwork import pages as fieldwork_pages
from consult.fieldwork import paper_pages as fieldwork_paper
from consult.fieldwork import progress_jobs as fieldwork_progress_jobs
from consult.fieldwork import progress_pages as fieldwork_progress
from consult.fieldwork import staff_pages as contacts_staff
from consult.forums import acts as forum_acts
from consult.forums import agenda_staff_pages as forum_agenda_pages
from consult.forums import api as forums_api
from consult.forums import jobs as forums_jobs
from consult.forums import own_pages as forum_own_pages
from consult.forums import pages as forums_pages
from consult.forums import session_staff_pages as forum_session_pages
from consult.forums import staff_pages as forums_staff
from consult.forums.afterwards import acts as afterwards_acts
from consult.forums.afterwards import pages as afterwards_pages
from consult.forums.afterwards import photo_pages, promise_pages
from consult.forums.afterwards import staff_pages as afterwards_staff
from consult.forums.door import acts as door_acts
from consult.forums.door import jobs as door_jobs
from consult.forums.door import sheet_pages as door_sheets
from consult.forums.door import staff_pages as door_staff
from consult.forums.gatherings import pages as gathering_pages
from consult.forums.gatherings import staff_pages as gathering_staff
from consult.forums.questions import acts as question_acts
from consult.forums.questions import jobs as question_jobs
from consult.forums.questions import pages as question_pages
from consult.forums.questions import staff_pages as question_staff
from consult.forums.questions import stage_pages
from consult.forums.slots import acts as slot_acts
from consult.forums.slots import jobs as slot_jobs
from consult.forums.slots import pages as slot_pages
from consult.forums.slots import request_staff_pages as slot_request_staff
from consult.forums.slots import staff_pages as slot_staff
from consult.forums.speakers import acts as speaker_acts
from consult.forums.speakers import jobs as speaker_jobs
from consult.forums.speakers import staff_pages as speaker_staff
from consult.indices import acts as index_acts
from consult.indices import jobs as index_jobs
from consult.indices import staff_pages as index_staff
from consult.mail import jobs as mail_jobs
from consult.people import device_pages, oidc_pages, second_pages, session_pages, trail, unit_pages
from consult.people import jobs as people_jobs
from consult.people import staff_pages as people_staff
from consult.portal import acts as portal_acts
from consult.portal import belongs_pages, calendar_pages, consultation_pages, dossier_pages, feedback_pages
from consult.portal import jobs as portal_jobs
from consult.portal import pages as portal_pages
from consult.portal import staff_pages as portal_staff
from consult.privacy import acts as privacy_acts
from consult.privacy import pages as privacy_pages
from consult.privacy import staff_pages as privacy_staff
from consult.proceedings import acts as proceedings_acts
from consult.proceedings import jobs as proceedings_jobs
from consult.proceedings import pages as proceedings_pages
from consult.proceedings import staff_pages as proceedings_staff
from consult.reports import acts as report_acts
from consult.reports import jobs as report_jobs
from consult.reports import staff_pages as reports_staff
from consult.results import acts as results_acts
from consult.results import api as results_api
from consult.results import pages as results_pages
from consult.results import staff_pages as results_staff
from consult.results.downloads import jobs as download_jobs
from consult.results.downloads import pages as download_pages
from consult.results.opendata import api as open_data_api
from consult.results.opendata import pages as open_data_pages
from consult.studio import acts as studio_acts
from consult.studio import (
    bank_pages,
    check_pages,
    condition_pages,
    editor_pages,
    exchange_pages,
    preview_pages,
    translation_file_pages,
    translation_pages,
    version_pages,
)
from consult.studio import ledger_acts as studio_ledger_acts
from consult.surveys import acts as survey_acts
from consult.surveys import api as survey_api
from consult.surveys.answering import invited_pages, own_pages, survey_pages
from consult.surveys.files import picture_pages, upload_jobs
from consult.surveys.responses import anonymity, saved_answers_jobs
from consult.surveys.staff import access_pages as survey_access
from consult.surveys.staff import file_pages as survey_files
from consult.surveys.staff import pages as survey_staff
from consult.web import site
from consult.weighting import acts as weighting_acts
from consult.weighting import design_pages, weights_pages

# The ways in, one line a module; each has `routes`, and staff pages `nav` besides.
PUBLIC: tuple[ModuleType, ...] = (
    site,
    portal_pages,
    consultation_pages,
    calendar_pages,
    survey_pages,
    invited_pages,
    picture_pages,
    own_pages,
    following_pages,
    proceedings_pages,
    rules_pages,
    comments_pages,
    moderation_pages,
    draft_sources_pages,
    comment_threads,
    versions_pages,
    forums_pages,
    forum_own_pages,
    gathering_pages,
    afterwards_pages,
    question_pages,
    slot_pages,
    results_pages,
    open_data_pages,
    fieldwork_pages,
    kiosk_pages,
    privacy_pages,
)
STAFF: tuple[ModuleType, ...] = (
    consultations_staff,
    papers_pages,
    shift_pages,
    proceedings_staff,
    drafts_staff,
    queue_pages,
    publish_pages,
    draft_sources_staff,
    draft_documents_staff,
    comments_staff,
    answers_work,
    comment_entry,
    comment_files,
    answers_staff,
    release_pages,
    effect_pages,
    cover_pages,
    group_pages,
    survey_staff,
    survey_files,
    survey_access,
    fieldwork_progress,
    translation_pages,
    translation_file_pages,
    contacts_staff,
    contact_files_staff,
    fieldwork_entry,
    fieldwork_paper,
    editor_pages,
    exchange_pages,
    condition_pages,
    preview_pages,
    bank_pages,
    check_pages,
    version_pages,
    mailing_staff,
    paper_staff,
    forums_staff,
    forum_agenda_pages,
    gathering_staff,
    forum_session_pages,
    door_staff,
    door_sheets,
    afterwards_staff,
    promise_pages,
    photo_pages,
    question_staff,
    stage_pages,
    speaker_staff,
    slot_staff,
    slot_request_staff,
    results_staff,
    explorer_staff,
    explorer_views,
    download_pages,
    reports_staff,
    explorer_texts,
    explorer_text_forms,
    index_staff,
    design_pages,
    weights_pages,
    portal_staff,
    belongs_pages,
    feedback_pages,
    dossier_pages,
    session_pages,
    second_pages,
    device_pages,
    oidc_pages,
    unit_pages,
    people_staff,
    privacy_staff,
)
API: tuple[ModuleType, ...] = (
    consultations_api,
    drafts_api,
    answers_api,
    versions_api,
    comments_open_data,
    survey_api,
    forums_api,
    results_api,
    open_data_api,
)

# The words of the audit trail: each has KINDS and WORDS.
ACTS: tuple[ModuleType, ...] = (
    trail,
    unit_pages,
    consultations_staff,
    drafts_staff,
    comments_staff,
    answer_acts,
    moderation_acts,
    draft_sources_acts,
    survey_acts,
    studio_ledger_acts,
    fieldwork_acts,
    studio_acts,
    forum_acts,
    afterwards_acts,
    door_acts,
    question_acts,
    speaker_acts,
    slot_acts,
    weighting_acts,
    results_acts,
    coding_acts,
    index_acts,
    report_acts,
    proceedings_acts,
    portal_acts,
    privacy_acts,
)

# Background work is registered by being imported.
JOBS: tuple[ModuleType, ...] = (
    mail_jobs,
    moderation_jobs,
    people_jobs,
    comment_jobs,
    following_jobs,
    portal_jobs,
    forums_jobs,
    door_jobs,
    question_jobs,
    slot_jobs,
    speaker_jobs,
    fieldwork_progress_jobs,
    fieldwork_jobs,
    index_jobs,
    upload_jobs,
    saved_answers_jobs,
    anonymity,
    columns_jobs,
    download_jobs,
    report_jobs,
    proceedings_jobs,
)
