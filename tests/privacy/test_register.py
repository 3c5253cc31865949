"""Every column of the database has its entry in the register, and the committed record is made from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consult.i18n import standalone
from consult.jobs import registry
from consult.migrations.piccolo_app import APP_CONFIG
from consult.privacy.activities import ACTIVITIES
from consult.privacy.holding import Sort
from consult.privacy.holdings import ALL, BY_TABLE
from consult.privacy.record import document
from consult.privacy.retention import KEPT_BY_WORK
from consult.storage import fetch

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
TELL = "say in consult/privacy/holdings/ what each column holds, about whom and for how long"
COLUMNS = """
    SELECT c.relname AS table, a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""


async def test_every_column_of_the_database_has_one_entry(db: None) -> None:
    there = sorted((row["table"], row["name"]) for row in await fetch(COLUMNS))
    entries = sorted((one.table, one.name) for holding in ALL for one in holding.columns())
    assert entries == there, TELL


def test_every_column_that_is_described_has_one_entry() -> None:
    for table in APP_CONFIG.table_classes:
        entries = sorted(one.name for one in BY_TABLE[table._meta.tablename].columns())
        assert entries == sorted(column._meta.db_column_name for column in table._meta.columns), TELL


def test_an_entry_says_what_it_must() -> None:
    assert len(BY_TABLE) == len(ALL), "a table stands in the register twice"
    for one in ALL:
        assert one.activity in ACTIVITIES
        assert one.what or not one.is_personal, f"{one.table}: say in a sentence what it holds"
        named = {name for names in one.sooner for name in names.split()}
        assert named <= {column.name for column in one.columns()}, one.table


def test_who_acted_and_when_are_not_taken_for_nothing() -> None:
    """Names that elsewhere mean a person are personal everywhere."""
    telling = {"name", "email", "phone", "address", "recipient", "answers"}
    town = {"venue", "forum", "survey_image", "unit", "contact_upload", "result_export", "weight_set", "migration",
            "forum_session"}  # fmt: skip
    for holding in ALL:
        for column in holding.columns():
            if column.name.endswith("_by") and column.name != "called_by":
                assert column.sort is Sort.COLLEAGUE, column
            if column.name in telling and column.table not in town:
                assert column.sort is not Sort.NOTHING, column


def test_rules_of_time_name_work_that_exists() -> None:
    from consult import domains  # its imports register all background work

    assert domains.JOBS
    working = {task.name for task in registry.periodic_tasks()}
    assert {rule.job for rule in KEPT_BY_WORK} <= working
    forgetting = {name for name in working if any(word in name for word in ("forget", "purge", "erase"))}
    assert forgetting <= {rule.job for rule in KEPT_BY_WORK}, "work that forgets belongs to a rule in retention.py"


def test_the_committed_record_is_up_to_date() -> None:
    made = document(standalone("en"))
    assert (DEPLOY / "privacy.md").read_text(encoding="utf-8") == made, (
        "write it anew: consult privacy record > deploy/privacy.md"
    )


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
def test_the_record_tells_every_table_in_each_language(language: str) -> None:
    made = document(standalone(language))
    for holding in ALL:
        assert f"| `{holding.table}` |" in made
    assert "%(" not in made
    assert json.dumps(made, ensure_ascii=False).count("|---|") >= 12
