"""What follows when the last backup or the last drill is old: first a reminder, then no new forms."""

from datetime import timedelta

import pytest

from shoshin.kit.backup import state
from shoshin.kit.backup.state import State, note_backup, note_drill, note_installed, read_state
from tests.cast import NOW

DAY = timedelta(days=1)
GOOD = State(installed_at=NOW - 60 * DAY, backup_at=NOW - DAY / 2, drill_at=NOW - 7 * DAY)


@pytest.mark.parametrize(
    ("backup", "drill", "said"),
    [
        (NOW - DAY / 2, NOW - 7 * DAY, []),
        (NOW - DAY, NOW - 14 * DAY, []),
        (NOW - 2 * DAY, NOW - 7 * DAY, ["The last backup is older than a day."]),
        (None, NOW - 7 * DAY, ["No backup has been made yet."]),
        (NOW, None, ["No backup has been tried out yet."]),
        (NOW, NOW - 15 * DAY, ["The last time a backup was tried out is more than two weeks ago."]),
        (None, None, ["No backup has been made yet.", "No backup has been tried out yet."]),
    ],
)
def test_what_is_overdue_is_said(backup, drill, said):
    assert state.overdue(State(NOW - 60 * DAY, backup, drill), NOW) == said


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME, settings.DEMO = tmp_path, False
    return tmp_path


def test_a_new_clinic_may_send_for_two_weeks_without_a_backup(home):
    note_installed(home, NOW)
    assert state.sending_refused_because(NOW + 14 * DAY) == ""
    refused = state.sending_refused_because(NOW + 15 * DAY)
    assert refused.startswith("No backup has been made yet.")
    assert "answers still come in" in refused


def test_a_backup_and_a_drill_open_sending_again(home):
    note_installed(home, NOW - 60 * DAY)
    assert state.sending_refused_because(NOW)
    note_backup(home, NOW)
    assert state.sending_refused_because(NOW)
    note_drill(home, NOW)
    assert state.sending_refused_because(NOW) == ""
    assert state.sending_refused_because(NOW + 2 * DAY)


def test_a_demo_needs_no_backup(home, settings):
    settings.DEMO = True
    note_installed(home, NOW - 60 * DAY)
    assert state.sending_refused_because(NOW) == ""


def test_the_first_start_is_written_down_once(home):
    note_installed(home, NOW)
    note_installed(home, NOW + DAY)
    assert read_state(home).installed_at == NOW


@pytest.mark.parametrize("content", ["", "[]", "{", '{"backup": "yesterday"}', '{"backup": {"at": 5}}'])
def test_a_file_that_cannot_be_read_counts_as_nothing_known(home, content):
    (home / state.NAME).write_text(content)
    assert read_state(home) == State()
    note_backup(home, NOW)
    assert read_state(home).backup_at == NOW
