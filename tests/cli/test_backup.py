"""`shoshin backup-key`, `backup`, `restore`, `drill`: what is typed, and what is said where it cannot be done."""

import pytest
from django.db import connections

from shoshin.kit.backup.state import read_state

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def key(shoshin, home, tmp_path):
    """The file with the private key, and the public one as it was told."""
    file = tmp_path / "shoshin.key"
    answer = shoshin("backup-key", str(file))
    assert answer.exit_code == 0
    return file, answer.output.split("SHOSHIN_BACKUP_KEY=")[1].strip()


def test_the_private_key_is_in_its_file_only(key, home):
    file, public = key
    assert file.stat().st_mode & 0o777 == 0o600
    assert "AGE-SECRET-KEY-1" in file.read_text()
    assert public.startswith("age1") and public in file.read_text()
    assert list(home.iterdir()) == []


def test_a_key_is_never_written_over_nor_beside_the_data(shoshin, key, home):
    file, _public = key
    before = file.read_text()
    assert "was left as it is" in shoshin("backup-key", str(file)).stderr
    assert file.read_text() == before
    answer = shoshin("backup-key", str(home / "backup.key"))
    assert answer.exit_code == 1
    assert "outside" in answer.stderr


def test_a_backup_says_what_is_in_it(shoshin, cast, key, home, tmp_path):
    connections.close_all()
    answer = shoshin("backup", "--to", str(tmp_path / "out"), "--recipient", key[1], "--prune")
    assert answer.exit_code == 0
    (file,) = (tmp_path / "out").iterdir()
    assert f"{file}: " in answer.output and " rows, " in answer.output
    assert "Deleted 0 older backups." in answer.output
    assert read_state(home).backup_at is not None


def test_without_a_folder_it_lies_in_the_home_folder(shoshin, cast, key, home, settings):
    settings.BACKUP_KEYS = [key[1]]
    connections.close_all()
    assert shoshin("backup").exit_code == 0
    assert len(list((home / "backups").glob("shoshin-*.tar.age"))) == 1


@pytest.mark.parametrize(
    ("recipient", "sentence"),
    [
        ((), "set SHOSHIN_BACKUP_KEY"),
        (("--recipient", "banana"), "is no backup key"),
        (("--recipient", "AGE-SECRET-KEY-1QQQ"), "the private part"),
    ],
)
def test_without_a_good_key_nothing_is_written(shoshin, cast, home, settings, recipient, sentence):
    settings.BACKUP_KEYS = []
    answer = shoshin("backup", *recipient)
    assert answer.exit_code == 1
    assert sentence in answer.stderr
    assert list(home.iterdir()) == []


def test_a_folder_that_is_a_file_is_named(shoshin, cast, key):
    answer = shoshin("backup", "--to", str(key[0]), "--recipient", key[1])
    assert answer.exit_code == 1
    assert "Name a folder" in answer.stderr


def test_restoring_over_a_database_is_refused(shoshin, cast, key, home, tmp_path):
    connections.close_all()
    shoshin("backup", "--to", str(tmp_path / "out"), "--recipient", key[1])
    answer = shoshin("restore", str(tmp_path / "out"), "--identity", str(key[0]))
    assert answer.exit_code == 1
    assert "Nothing was changed." in answer.stderr


@pytest.mark.skipif("connections['default'].vendor != 'sqlite'", reason="only SQLite lies in a folder; next test")
def test_restoring_into_another_folder_says_what_came_back(shoshin, cast, key, home, tmp_path):
    connections.close_all()
    shoshin("backup", "--to", str(tmp_path / "out"), "--recipient", key[1])
    answer = shoshin("restore", str(tmp_path / "out"), "--identity", str(key[0]), "--into", str(tmp_path / "new"))
    assert answer.exit_code == 0
    assert "every one as it was" in answer.output
    assert (tmp_path / "new" / "shoshin.sqlite3").exists()


@pytest.mark.skipif("connections['default'].vendor != 'postgresql'", reason="the same of PostgreSQL")
def test_a_backup_of_postgresql_does_not_go_into_a_folder_and_is_told_where_it_fits(shoshin, cast, key, home, tmp_path):
    connections.close_all()
    shoshin("backup", "--to", str(tmp_path / "out"), "--recipient", key[1])
    answer = shoshin("restore", str(tmp_path / "out"), "--identity", str(key[0]), "--into", str(tmp_path / "new"))
    assert answer.exit_code == 1
    assert "This backup is of postgresql" in answer.stderr and "Nothing was changed." in answer.stderr
    assert not list(tmp_path.glob("new/*.sqlite3"))


@pytest.mark.parametrize("command", ["restore", "drill"])
def test_what_is_no_key_and_what_is_no_backup_is_said(shoshin, db, key, home, tmp_path, command):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "There is no backup in" in shoshin(command, str(empty), "--identity", str(key[0])).stderr
    banana = tmp_path / "banana"
    banana.write_bytes(b"\xffbanana")
    answer = shoshin(command, str(banana), "--identity", str(banana))
    assert answer.exit_code == 1
    assert "no private backup key" in answer.stderr
    answer = shoshin(command, str(banana), "--identity", str(tmp_path / "nowhere"))
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output


def test_a_file_that_is_no_backup_is_refused_by_a_drill(shoshin, db, key, home, tmp_path, monkeypatch):
    banana = tmp_path / "banana"
    banana.write_bytes(b"banana")
    answer = shoshin("drill", str(banana), "--identity", str(key[0]))
    assert answer.exit_code == 1
    assert "The backup is damaged" in answer.stderr
    assert read_state(home).drill_at is None
