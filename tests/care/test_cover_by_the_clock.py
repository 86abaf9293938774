"""Cover opens and closes by itself, to the minute of the clinic's clock, in six time zones and across clock changes."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shoshin.care.actions import cancel_absence
from shoshin.care.queries.clients import RELATIONS, Relation, clients_of, readers_of
from shoshin.care.queries.cover import covered_by, covers_of
from shoshin.kit.action import OPERATOR
from tests.care.absences import away, covering, move_clinic
from tests.cast import NOW

MINUTE = timedelta(minutes=1)
# A plain week, the night the clocks go forward, the night they go back: wall clock, from and until.
SPANS = {
    "Europe/London": ("2027-03-28 02:15", "2027-10-31 01:30"),
    "Europe/Berlin": ("2027-03-28 03:15", "2027-10-31 02:30"),
    "America/New_York": ("2027-03-14 03:15", "2027-11-07 01:30"),
    "America/St_Johns": ("2027-03-14 03:15", "2027-11-07 01:30"),
    "Australia/Lord_Howe": ("2027-10-03 02:45", "2027-04-04 01:45"),
    "Asia/Kathmandu": ("2027-03-28 02:15", "2027-10-31 01:30"),
}
PLAIN = ("2026-11-10 09:00", "2026-11-12 17:30")


def first_minute(wall: str, zone: ZoneInfo) -> datetime:
    """The first minute at which the clinic's clock shows this, found by looking at the clock minute by minute."""
    wanted = datetime.fromisoformat(wall)
    moment = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
    while moment.astimezone(zone).replace(tzinfo=None) != wanted:
        moment += MINUTE
    return moment


@dataclass
class Tally:
    """What was looked at, and what was wrong."""

    looks: int = 0
    inside: int = 0
    outside: int = 0  # reads outside the absence
    shut: int = 0  # refusals inside it

    def look(self, member, client, at: datetime, expected: bool) -> None:
        by_hat = clients_of(covering(member, at)).filter(pk=client.pk).exists()
        named = member.pk in {reader.member.pk for reader in readers_of(client, at)}
        for opened in (by_hat, named):
            self.looks += 1
            self.inside += expected
            self.outside += opened and not expected
            self.shut += expected and not opened


def spans(zone_name: str):
    zone = ZoneInfo(zone_name)
    for wall in SPANS[zone_name]:
        day_before = (datetime.fromisoformat(wall) - timedelta(days=1)).isoformat(" ", "minutes")
        day_after = (datetime.fromisoformat(wall) + timedelta(days=1)).isoformat(" ", "minutes")
        yield zone, day_before, wall
        yield zone, wall, day_after
    yield zone, *PLAIN


def look_around(cast, zone_name: str) -> Tally:
    """An hour and a half around each beginning and end; each absence is called off before the next."""
    tally = Tally()
    move_clinic(clinic=cast.clinic, zone=zone_name, by=OPERATOR, at=NOW)
    for zone, since, until in spans(zone_name):
        absence = away(cast.ada, since, until, colleague=cast.mia, accepted=True)
        begins, ends = first_minute(since, zone), first_minute(until, zone)
        for edge in (begins, ends):
            for minutes in (*range(-90, -2, 8), -2, -1, 0, 1, 2, *range(8, 90, 8)):
                moment = edge + minutes * MINUTE
                tally.look(cast.mia, cast.ben, moment, begins <= moment < ends)
        cancel_absence(absence=absence, by=cast.ada, at=NOW)
    return tally


@pytest.mark.parametrize("zone_name", SPANS)
def test_cover_opens_and_closes_to_the_minute_of_the_clinics_clock(zone_name, cast):
    tally = look_around(cast, zone_name)
    print(f"K6 {zone_name}: {tally.looks} looks, {tally.inside} inside, {tally.outside} outside, {tally.shut} shut")
    assert tally.looks >= 500 and 100 < tally.inside < tally.looks
    assert (tally.outside, tally.shut) == (0, 0)


@pytest.mark.parametrize("shift", [timedelta(hours=1), timedelta(hours=-1), MINUTE, -MINUTE])
def test_a_rule_that_is_off_by_an_hour_or_a_minute_is_noticed(shift, cast, monkeypatch):
    off = Relation(
        "cover", lambda member, at: covered_by(member, at + shift), lambda who, at: covers_of(who, at + shift)
    )
    monkeypatch.setitem(RELATIONS, "cover", off)
    tally = look_around(cast, "Europe/Berlin")
    assert tally.outside > 0 and tally.shut > 0


@pytest.mark.parametrize("zone_name", SPANS)
def test_the_pages_open_and_close_with_it(zone_name, cast, as_member, monkeypatch):
    move_clinic(clinic=cast.clinic, zone=zone_name, by=OPERATOR, at=NOW)
    away(cast.ada, *PLAIN, colleague=cast.mia, accepted=True)
    begins, ends = (first_minute(wall, ZoneInfo(zone_name)) for wall in PLAIN)
    found = []
    for moment in (begins - MINUTE, begins, ends - MINUTE, ends):
        monkeypatch.setattr("shoshin.kit.clock.now", lambda moment=moment: moment)
        browser = as_member(cast.mia)
        found.append([browser.get("/clients/benbenbe/").status_code, b"B. N." in browser.get("/clients/").content])
    assert found == [[404, False], [200, True], [200, True], [404, False]]


def test_a_hat_without_a_moment_opens_no_cover(cast):
    away(cast.ada, *PLAIN, colleague=cast.mia, accepted=True)
    assert not clients_of(covering(cast.mia, None)).filter(pk=cast.ben.pk).exists()
