"""All tables of the program: each domain's tables module is named here once."""

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

TABLE_MODULES: list[str] = [
    "consult.records.tables",
    "consult.people.tables",
    "consult.mail.tables",
    "consult.consultations.tables",
    "consult.consultations.papers.tables",
    "consult.consultations.following.tables",
    "consult.surveys.tables",
    "consult.surveys.authoring.ledger_tables",
    "consult.surveys.files.picture_tables",
    "consult.studio.tables",
    "consult.drafts.tables",
    "consult.drafts.versions.tables",
    "consult.drafts.sources.tables",
    "consult.drafts.moderation.tables",
    "consult.drafts.comments.tables",
    "consult.drafts.answers.tables",
    "consult.forums.tables",
    "consult.forums.door.tables",
    "consult.forums.afterwards.tables",
    "consult.forums.questions.tables",
    "consult.forums.speakers.tables",
    "consult.forums.slots.tables",
    "consult.fieldwork.progress_tables",
    "consult.fieldwork.tables",
    "consult.fieldwork.entry_tables",
    "consult.weighting.tables",
    "consult.coding.tables",
    "consult.columns.tables",
    "consult.indices.tables",
    "consult.results.tables",
    "consult.reports.tables",
    "consult.portal.tables",
    "consult.portal.feedback_tables",
    "consult.proceedings.tables",
]

APP_CONFIG = AppConfig(
    app_name="consult",
    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
    table_classes=table_finder(modules=TABLE_MODULES, exclude_imported=True),
)
