"""Which backups stay: all of today, one a day for two weeks, one a week for eight, one a month for twelve."""

from datetime import UTC, datetime, timedelta

import pytest

from shoshin.kit.backup import ladder

AT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)


def every(step: timedelta, back: timedelta) -> list[datetime]:
    return [AT - step * n for n in range(int(back / step) + 1)]


def test_all_of_today_stay():
    today = every(timedelta(minutes=5), timedelta(hours=20))
    assert ladder.kept(today, AT) == set(today)


def test_older_ones_thin_out_to_days_weeks_and_months():
    taken = every(timedelta(hours=1), timedelta(days=800))
    stay = sorted(ladder.kept(taken, AT))
    older = [moment for moment in stay if moment.date() < AT.date()]
    days = [moment for moment in older if AT - moment <= timedelta(days=14)]
    weeks = [moment for moment in older if timedelta(days=15) < AT - moment <= timedelta(weeks=8)]
    months = [moment for moment in older if AT - moment > timedelta(weeks=9)]
    print(f"{len(stay)} of {len(taken):,} stay")
    assert 14 <= len(days) <= 15
    assert 6 <= len(weeks) <= 10
    assert 10 <= len(months) <= 12
    assert AT - stay[0] <= timedelta(days=366)


def test_of_each_day_the_last_stays():
    yesterday = [AT - timedelta(days=1, hours=hours) for hours in (0, 3, 6)]
    assert ladder.kept([*yesterday, AT], AT) == {yesterday[0], AT}


def test_the_newest_stays_however_old_it_is():
    old = [AT - timedelta(days=days) for days in (900, 1000)]
    assert ladder.kept(old, AT) == {old[0]}


def test_pruning_touches_no_file_it_did_not_write(tmp_path):
    ours = [tmp_path / ladder.name_at(AT - timedelta(days=days)) for days in (0, 900, 1000)]
    foreign = [tmp_path / "shoshin-old.tar.age", tmp_path / "holiday.jpg"]
    for path in (*ours, *foreign):
        path.touch()
    assert set(ladder.prune(tmp_path, AT)) == set(ours[1:])
    assert set(tmp_path.iterdir()) == {ours[0], *foreign}


@pytest.mark.parametrize("hours", [0, 5, -8])
def test_a_name_tells_its_moment(tmp_path, hours):
    moment = AT + timedelta(hours=hours)
    (tmp_path / ladder.name_at(moment)).touch()
    assert list(ladder.backups_in(tmp_path)) == [moment]
