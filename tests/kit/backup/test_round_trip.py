"""B1, B2: what comes back is what was there, row by row, on both databases; and nothing is written over."""

import os

import pytest
from django.db import connection

from shoshin.kit.backup.archive import CannotBackUp, file_of
from shoshin.kit.backup.drill import drill
from shoshin.kit.backup.manifest import CannotRestore
from shoshin.kit.backup.state import read_state
from shoshin.kit.backup.stores import sqlite_store
from shoshin.kit.backup.take import media_of
from tests.cast import NOW

only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="files of SQLite")


def test_every_row_comes_back_as_it_was(rig):
    taken = rig.take()
    place = rig.empty_place()
    back = rig.bring_back(taken.file, place)
    place.check(taken.manifest.tables)
    print(f"{len(taken.manifest.tables)} tables, {taken.manifest.rows:,} rows, all as they were")
    assert back.manifest == taken.manifest
    assert len(taken.manifest.tables) > 30
    assert taken.manifest.tables["care_client"].rows == 2
    assert taken.manifest.tables["measures_measureversion"].rows > 5


def test_a_backup_of_what_came_back_has_the_same_hashes(rig):
    taken = rig.take()
    place = rig.empty_place()
    rig.bring_back(taken.file, place)
    rig.store = place
    again = rig.take("again")
    assert again.manifest.tables == taken.manifest.tables
    assert again.file != taken.file


def test_files_people_added_come_back_and_the_secret_key_is_never_in_it(rig):
    (rig.home / "secret_key").write_text("sesame")
    manifest = rig.look_inside(rig.take().file, rig.folder / "inside")
    assert set(manifest.files) == {"database", "media/first.webm", "media/second.webm"}
    home = rig.bring_back(rig.folder / "backups" / "shoshin-20261103T090000Z.tar.age")
    assert home.set_aside == ()
    (back,) = rig.folder.glob("home-*/media/second.webm")
    assert back.read_bytes() == b"second" * 5000


def test_the_file_is_encrypted_and_only_its_owner_may_read_it(rig):
    file = rig.take().file
    raw = file.read_bytes()
    assert raw.startswith(b"age-encryption.org/v1")
    assert b"care_client" not in raw and b"benbenbe" not in raw
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name], "no passing file stays behind"
    assert not list(rig.home.glob(".backup-*"))


def test_a_backup_is_written_down_with_its_moment(rig):
    rig.take()
    assert read_state(rig.home).backup_at == NOW


def test_it_is_taken_while_somebody_writes(rig):
    """The snapshot is of one moment: a change that is not committed is not in it, and does not hold it up."""
    before = rig.take("before").manifest.tables["people_clinic"]
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE people_clinic SET name = 'Half done'")
        during = rig.take("during").manifest.tables["people_clinic"]
        cursor.execute("COMMIT")
    after = rig.take("after").manifest.tables["people_clinic"]
    assert before == during
    assert after != during


def test_it_refuses_to_write_over_a_database_that_is_there(rig):
    taken = rig.take()
    with pytest.raises(CannotRestore, match="Nothing was changed"):
        rig.bring_back(taken.file, rig.store)
    rig.store.check(taken.manifest.tables)


@only_sqlite
def test_replacing_keeps_the_present_database_beside_the_restored_one(rig):
    from shoshin.kit.backup.restore import restore

    taken = rig.take()
    place = rig.empty_place()
    rig.bring_back(taken.file, place)
    place.path.with_name("shoshin.sqlite3-wal").write_bytes(b"left behind")
    back = restore(taken.file, rig.private, place, home=place.path.parent, at=NOW, replace=True)
    place.check(taken.manifest.tables)
    assert "shoshin.sqlite3.before-20261103T090000Z" in {path.name for path in back.set_aside}
    sqlite_store(back.set_aside[0]).check(taken.manifest.tables)


@only_sqlite
def test_a_database_in_use_is_not_replaced(rig):
    from shoshin.kit.backup.restore import restore

    taken = rig.take()
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM people_clinic")
    with pytest.raises(CannotRestore, match="Stop the server first"):
        restore(taken.file, rig.private, rig.store, home=rig.home, at=NOW, replace=True)
    connection.close()
    rig.store.check(taken.manifest.tables)


def test_an_empty_database_is_not_backed_up(rig):
    rig.store = rig.empty_place()
    if rig.store.engine == "sqlite":
        rig.store.path.parent.mkdir()
        rig.store.path.touch()
    with pytest.raises(CannotBackUp, match="shoshin setup"):
        rig.take()
    assert read_state(rig.home).backup_at is None


@pytest.mark.slow
def test_a_drill_restores_compares_starts_and_looks_at_pages(rig, monkeypatch):
    """B2: the whole drill, with the time until pages stood there again."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["src", os.environ.get("PYTHONPATH", "")]))
    said = []
    done = drill(rig.take().file, rig.private, rig.store, home=rig.home, at=NOW, say=said.append)
    print(f"{rig.store.engine}: back after {done.seconds:.1f} s, {done.manifest.rows:,} rows, pages {done.pages}")
    assert done.pages == ["/accounts/login/", "/"]
    assert len(done.steps) == len(said) == 3
    assert read_state(rig.home).drill_at == NOW
    assert not list(rig.home.glob(".backup-*"))
    left = [name for name in databases(rig.store) if "drill" in name]
    assert left == []


@pytest.mark.slow
def test_a_drill_of_a_copy_that_does_not_start_is_no_drill(rig, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "src")
    monkeypatch.setenv("SHOSHIN_EMAIL", "banana")
    with pytest.raises(CannotRestore, match="does not start"):
        drill(rig.take().file, rig.private, rig.store, home=rig.home, at=NOW, say=print)
    assert read_state(rig.home).drill_at is None


def databases(store) -> list[str]:
    if store.engine == "sqlite":
        return []
    with store.connect() as server:
        return [name for (name,) in server.execute("SELECT datname FROM pg_database")]


def test_a_recording_that_is_removed_while_a_backup_is_taken_does_not_end_the_backup(tmp_path):
    home, work = tmp_path / "home", tmp_path / "work"
    kept, half = home / "media" / "recordings" / "one", home / "media" / "recordings" / ".two.ab.part"
    kept.parent.mkdir(parents=True)
    work.mkdir()
    kept.write_bytes(b"sealed")
    half.write_bytes(b"half")
    held = media_of(home, work)
    kept.unlink()
    assert list(held) == ["media/recordings/one"]
    assert file_of(held["media/recordings/one"]).size == 6
