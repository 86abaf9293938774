"""The owner is told on Today when backups are overdue; nobody else is, and nobody in the first days."""

from datetime import timedelta

import pytest

from shoshin.kit.backup.state import note_backup, note_drill, note_installed
from shoshin.kit.clock import now

WORDS = "Backups need a hand."


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def test_the_owner_is_told_after_the_first_days(as_member, cast, home):
    note_installed(home, now() - timedelta(days=30))
    page = as_member(cast.ada).get("/").content.decode()
    assert WORDS in page
    assert "No backup has been made yet." in page


def test_a_colleague_is_not(as_member, cast, home):
    note_installed(home, now() - timedelta(days=30))
    assert WORDS not in as_member(cast.mia).get("/").content.decode()


def test_in_the_first_days_and_with_a_good_backup_nobody_is(as_member, cast, home):
    note_installed(home, now())
    assert WORDS not in as_member(cast.ada).get("/").content.decode()
    note_installed(home, now() - timedelta(days=30))
    note_backup(home, now())
    note_drill(home, now())
    assert WORDS not in as_member(cast.ada).get("/").content.decode()
