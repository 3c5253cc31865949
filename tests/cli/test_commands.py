"""What every command has in common: help, exit codes, and one clear line instead of a traceback."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from consult.cli import COMMANDS, _told
from consult.cli.privacy import record
from consult.storage import embedded, measures
from tests.cli.town import ROOT, Town

HEAVY = ("litestar", "scipy", "plotly", "numpy", "piccolo", "asyncpg")


def loaded(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout
    return {name.partition(".")[0] for name in told.splitlines()}


def test_help_loads_nothing_heavy() -> None:
    ask = "from consult.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert loaded(ask).isdisjoint(HEAVY)


def test_surveys_and_staff_are_handled_without_the_web_framework_and_plotly() -> None:
    assert loaded("import consult.cli.surveys, consult.cli.staff").isdisjoint({"litestar", "plotly", "scipy"})


def test_every_command_says_what_it_does(town: Town) -> None:
    told = town.consult("--help")
    assert told.returncode == 0
    assert all(re.search(rf"^  {name}\b", told.stdout, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("name", ["survey", "responses", "staff"])
def test_help_of_groups_lists_their_commands(town: Town, name: str) -> None:
    told = town.consult(name, "--help")
    assert (told.returncode, "Commands:" in told.stdout) == (0, True)


def test_wrong_command_line_ends_with_two(town: Town) -> None:
    assert town.consult("survey", "check", "nowhere.yaml").returncode == 2
    assert town.consult("serve", "--port", "70000").returncode == 2
    assert town.consult("dance").returncode == 2


def test_the_record_of_processing_is_in_one_of_our_languages() -> None:
    told = CliRunner().invoke(record, ["--lang", "fr"])
    assert (told.exit_code, "'fr' is not one of" in told.output) == (2, True)
    assert "Евиденција на обработката" in CliRunner().invoke(record, ["--lang", "mk"]).output


def refused(town: Town, *words: str, **settings: str) -> str:
    """What a command says when it refuses: on standard error, with exit code 1 and no traceback."""
    done = town.consult(*words, **settings)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def test_a_survey_that_is_not_there_is_named(town: Town) -> None:
    assert refused(town, "rehearse", "nosuch").startswith("There is no survey “nosuch”.")


def test_bad_settings_are_all_named(town: Town) -> None:
    told = refused(town, "survey", "list", CONSULT_PORT="many", CONSULT_COLOUR="red")
    assert "CONSULT_PORT" in told
    assert "CONSULT_COLOUR" in told


def test_unknown_profile_is_named(town: Town) -> None:
    told = refused(town, "serve", CONSULT_PROFILE="atlantis")
    assert "atlantis.toml" in told
    assert "skopje, telavi" in told


def test_invalid_profile_tells_all_faults_by_key(town: Town, tmp_path: Path) -> None:
    good = (ROOT / "deploy" / "profiles" / "skopje.toml").read_text()
    bad = re.sub(r"(?m)^time_zone = .*$", 'time_zone = "Europe/Atlantis"', good)
    bad = re.sub(r"(?m)^authentic_language = .*$", 'authentic_language = "la"', bad)
    (tmp_path / "bad.toml").write_text(bad)
    told = refused(town, "serve", CONSULT_PROFILE=str(tmp_path / "bad"))
    assert "time_zone: " in told
    assert "authentic_language: " in told


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "answers.csv.part"
    assert _told(FileNotFoundError(2, "No such file", str(missing))).startswith(f"There is no folder {missing.parent}.")
    assert _told(FileNotFoundError(2, "No such file", str(tmp_path / "a"))) == f"{tmp_path / 'a'}: No such file"
    assert _told(OSError(28, "No space left on device")) == "No space left on device"


def test_database_away_is_said_in_one_line(town: Town) -> None:
    told = refused(town, "survey", "list", CONSULT_DATABASE_URL="postgresql://consult@127.0.0.1:1/consult")
    assert told.startswith("The database cannot be reached: ")
    assert told.count("\n") == 1


@pytest.fixture(scope="module")
def empty_database(town: Town) -> str:
    """The address of a database without any table, on the same server."""
    told = town.consult("doctor", "--json")
    assert told.returncode == 0, told.stdout
    return another_database(town, "unused")


def another_database(town: Town, name: str) -> str:
    async def create(dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute(f"create database {name}")
        await connection.close()

    with embedded.start(town.data) as server:
        asyncio.run(create(server.dsn))
        return server.dsn.replace("/consult?", f"/{name}?")


@pytest.mark.parametrize("words", [("serve",), ("survey", "list"), ("worker",)])
def test_an_empty_database_is_refused_with_what_to_do(town: Town, empty_database: str, words: tuple[str, ...]) -> None:
    told = refused(town, *words, CONSULT_DATABASE_URL=empty_database)
    assert "nothing in the database yet" in told
    assert "consult migrate" in told


def test_doctor_tells_what_to_do_about_an_empty_database(town: Town, empty_database: str) -> None:
    done = town.consult("doctor", CONSULT_DATABASE_URL=empty_database)
    assert done.returncode == 1
    assert "consult migrate" in done.stdout


def test_migrating_twice_changes_nothing(town: Town) -> None:
    assert town.consult("migrate").stdout == "The database is up to date.\n"


def test_backup_refuses_a_file_that_exists(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    assert town.json("backup", file)["file"] == str(file)
    assert str(file) in refused(town, "backup", str(file))


def test_backup_makes_no_folder_that_was_mistyped(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "bakcups"
    for words in (("backup", str(folder / "x.backup")), ("backup", "--into", str(folder))):
        assert refused(town, *words).startswith(f"There is no folder {folder}.")
    assert not folder.exists()


def test_restoring_with_another_secret_is_told_there_and_by_doctor(town: Town, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "file", tmp_path / "elsewhere"
    town.json("backup", file)
    ours = {"CONSULT_DATA": str(elsewhere), "CONSULT_DATABASE_URL": another_database(town, "restored")}
    done = town.consult("restore", file, **ours)
    assert (done.returncode, "another secret than the one here" in done.stderr) == (0, True)
    told = town.consult("doctor", **ours)
    assert (told.returncode, "WRONG    secret: another one" in told.stdout) == (1, True)
    shutil.copy(town.data / "secret", elsewhere / "secret")
    told = town.consult("doctor", **ours)
    assert (told.returncode, "ok       secret: that of the backup" in told.stdout) == (0, True), told.stdout


def test_an_account_is_made_with_a_link_that_works_once(town: Town) -> None:
    done = town.consult("staff", "add", "ana@example.org", "--name", "Ана", "--role", "admin")
    assert done.returncode == 0, done.stderr
    assert re.search(r"http://localhost:8000/staff/\S+", done.stdout)
    assert refused(town, "staff", "add", "ana@example.org", "--name", "Ана", "--role", "admin").count("\n") == 1
    reset = town.consult("staff", "reset-second-factor", "ana@example.org")
    assert "had no second factor" in reset.stdout
    assert "no active account" in refused(town, "staff", "reset-second-factor", "eva@example.org")


def test_backups_into_a_folder_are_named_by_the_moment_and_the_oldest_go(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("consult-20200101-023000.backup", "consult-20210101-023000.backup", "consult-mine.backup", "notes"):
        (folder / name).touch()
    made = Path(town.json("backup", "--into", folder, "--keep", "2")["file"])
    kept = {path.name for path in folder.iterdir()}
    assert kept == {"consult-20210101-023000.backup", made.name, "consult-mine.backup", "notes"}
    assert made.stat().st_size
    assert abs(measures.last_backup(town.data) - made.stat().st_mtime) < 60
    assert town.consult("backup", "--keep", "2").returncode == 2
