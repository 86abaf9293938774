"""S3: each unsafe setting stops the server with one sentence that says what to change; the usual settings pass."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection

from shoshin.kit import boot, boot_facts, sqlite
from shoshin.kit.boot import DatabaseFacts, Facts, sentences

CLINIC = Facts(
    host="0.0.0.0",
    has_certificate=True,
    has_public_address=True,
    is_in_use=True,
    database=DatabaseFacts(settings={"journal_mode": "wal"}, wanted={"journal_mode": "wal"}),
)
SERVER = replace(
    CLINIC,
    database=DatabaseFacts(
        vendor="postgresql",
        name="shoshin",
        is_elsewhere=True,
        role="app",
        settings={"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"},
    ),
)
DEMO = Facts(demo=True)
EVERY = boot.OF_SETTINGS + boot.OF_DATABASE


def with_database(facts: Facts, **changes) -> Facts:
    return replace(facts, database=replace(facts.database, **changes))


UNSAFE = {
    "the demo on the network": (
        replace(DEMO, host="0.0.0.0", has_certificate=True, has_public_address=True),
        "on 127.0.0.1 only",
    ),
    "the demo behind a proxy": (replace(DEMO, behind_proxy=True), "without a proxy"),
    "debugging": (replace(CLINIC, debug=True), "unset it"),
    "debugging on loopback": (Facts(debug=True), "unset it"),
    "no https": (replace(CLINIC, has_certificate=False), "give --cert and --key"),
    "no public address": (replace(CLINIC, has_public_address=False), "Set SHOSHIN_PUBLIC_ADDRESS"),
    "a short key": (replace(CLINIC, given_key_length=49), "use 50 random ones"),
    "every host": (replace(CLINIC, hosts=("forms.example.org", "*")), "name each host"),
    "a cache for one process": (replace(CLINIC, cache="LocMemCache"), "not shared by the 2 processes"),
    "no cache": (replace(CLINIC, cache="DummyCache"), "forgets everything"),
    "an open folder": (replace(CLINIC, home_is_open=True), "chmod o-rwx var"),
    "an open key": (replace(CLINIC, key_is_open=True), "chmod 600 var/secret_key"),
    "public data": (replace(CLINIC, static_holds_data=True), "keep them apart"),
    "a network drive": (with_database(CLINIC, file_system="nfs4"), "set SHOSHIN_HOME to a local folder"),
    "no password": (with_database(SERVER, has_password=False), "put one into SHOSHIN_DATABASE"),
    "no surely encrypted way": (with_database(SERVER, demands_tls=False), "sslmode=verify-full"),
    "waiting migrations": (with_database(CLINIC, pending_migrations=3), "3 changes to the tables are waiting"),
    "a faulty log": (with_database(CLINIC, library=(3, 40, 1)), "install pysqlite3"),
    "a setting astray": (
        with_database(CLINIC, wanted={"synchronous": "2"}, settings={"synchronous": "1"}),
        "synchronous is 1 and not 2",
    ),
    "no sync": (with_database(SERVER, settings={"fsync": "off"}), "turn on fsync"),
    "torn pages": (with_database(SERVER, settings={"full_page_writes": "off"}), "turn on full_page_writes"),
    "late commits": (with_database(SERVER, settings={"synchronous_commit": "off"}), "turn on synchronous_commit"),
    "a role above the walls": (
        with_database(replace(SERVER, strict=True), role_sees_everything=True),
        "ALTER ROLE app NOSUPERUSER NOBYPASSRLS",
    ),
    "a role that owns the tables": (
        with_database(replace(SERVER, strict=True), role_owns_tables=True),
        "could remove the walls",
    ),
}


@pytest.mark.parametrize("unsafe", UNSAFE)
def test_each_unsafe_setting_is_refused_with_one_sentence_that_says_what_to_change(unsafe):
    facts, sentence = UNSAFE[unsafe]
    said = sentences(facts, EVERY)
    assert len(said) == 1
    assert sentence in said[0]
    assert "\n" not in said[0]


def test_every_rule_is_broken_by_one_of_these():
    broken = {rule.sentence for rule in EVERY for facts, _ in UNSAFE.values() if rule.is_broken(facts)}
    print(f"{len(UNSAFE)} unsafe settings, {len(EVERY)} rules")
    assert {rule.sentence for rule in EVERY} - broken == set()


@pytest.mark.parametrize("facts", [Facts(), CLINIC, SERVER, DEMO, replace(DEMO, debug=True, home_is_open=True)])
def test_the_usual_settings_pass(facts):
    assert sentences(facts, EVERY) == []
    assert sentences(facts, boot.WARNINGS) == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (replace(CLINIC, can_reach_people=False), "set SHOSHIN_EMAIL"),
        (replace(CLINIC, overdue_backups="No backup has been made yet."), "No backup has been made yet."),
        (with_database(SERVER, role_sees_everything=True), "SHOSHIN_STRICT=1 refuses it"),
        (with_database(SERVER, role_owns_tables=True), "SHOSHIN_STRICT=1 refuses it"),
    ],
)
def test_what_is_only_warned_of_does_not_stop_the_server(facts, sentence):
    assert sentences(facts, EVERY) == []
    (said,) = sentences(facts, boot.WARNINGS)
    assert sentence in said


def test_an_empty_installation_is_not_warned_about_mail_and_backups():
    facts = Facts(can_reach_people=False, overdue_backups="No backup has been made yet.")
    assert sentences(facts, boot.WARNINGS) == []


def test_the_facts_of_this_installation_are_safe(db, settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(boot, "DURABLE", ())
    facts = boot_facts.with_database(boot_facts.facts_of_settings())
    assert sentences(facts, EVERY) == []
    if connection.vendor == "sqlite":
        assert facts.database.settings == {name: str(value) for name, value in sqlite.wanted().items()}
        assert facts.database.settings["secure_delete"] == "1"
    else:
        assert facts.database.role != ""


def test_settings_of_postgresql_are_read_back(db):
    if connection.vendor != "postgresql":
        pytest.skip("of PostgreSQL only")
    read = boot_facts.with_database(Facts()).database.settings
    assert set(read) == {"fsync", "full_page_writes", "synchronous_commit"}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert "synchronous_commit" in boot_facts.with_database(Facts()).database.not_durable


def test_a_pragma_that_was_changed_is_noticed(db):
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite only")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=0")
    try:
        assert "secure_delete is 0 and not 1" in boot_facts.with_database(Facts()).database.astray
    finally:
        connection.close()


def test_files_that_others_can_read_are_noticed(settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "secret_key").touch(mode=0o600)
    assert not boot_facts.facts_of_settings().home_is_open
    (tmp_path / "secret_key").chmod(0o644)
    assert boot_facts.facts_of_settings().key_is_open
    tmp_path.chmod(0o755)
    assert boot_facts.facts_of_settings().home_is_open


def test_public_files_that_hold_the_data_are_noticed(settings, tmp_path):
    settings.HOME, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    assert not boot_facts.facts_of_settings().static_holds_data
    for folder in (tmp_path, tmp_path.parent):
        settings.STATIC_ROOT = folder
        assert boot_facts.facts_of_settings().static_holds_data


def test_a_cache_for_one_process_is_known_by_its_name():
    cache = LocMemCache.__name__
    assert [bool(replace(CLINIC, cache=cache, processes=many).cache_refusal) for many in (1, 2)] == [False, True]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/srv/shoshin/x.sqlite3", "nfs4"), ("/srv/other/x.sqlite3", "ext4"), ("/srv/a b/x", "cifs")],
)
def test_the_file_system_is_that_of_the_nearest_mount_point(path, kind):
    mounts = "disk / ext4 rw 0 0\nserver:/a /srv/shoshin nfs4 rw 0 0\n//server/b /srv/a\\040b cifs rw 0 0\n"
    assert boot_facts.file_system_of(Path(path), mounts) == kind
    assert boot_facts.file_system_of(Path(path), "") == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"SHOSHIN_DEBUG": "1"}, "SHOSHIN_DEBUG shows"),
        ({"SHOSHIN_SECRET_KEY": "short"}, "has 5 characters"),
        ({"SHOSHIN_HOSTS": "*"}, "name each host"),
        ({}, "run shoshin setup once"),
    ],
)
def test_the_process_exits_whoever_serves_the_application(tmp_path, setting, sentence):
    environment = {**os.environ, "SHOSHIN_HOME": str(tmp_path), "PYTHONPATH": "src", "SHOSHIN_DEMO": ""} | setting
    environment["SHOSHIN_DATABASE"] = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    answer = subprocess.run(
        [sys.executable, "-c", "import shoshin.wsgi"], env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("Shoshin does not start. ")
    assert sentence in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(("begins", "loaded"), [("import shoshin.wsgi", "True"), ("pass", "False")])
def test_a_process_that_serves_loads_every_page_before_its_first_request(tmp_path, begins, loaded):
    """In a process of its own: what is loaded in this one stays for the tests that follow."""
    alone = "django.setup(); from shoshin.kit import boot_facts, tasks"
    alone += "; boot_facts.refuse_at_import = tasks.stand_in = lambda: None"
    asks = "print('shoshin.practice.views' in sys.modules, flush=True); os._exit(0)"
    environment = os.environ | {"SHOSHIN_HOME": str(tmp_path), "SHOSHIN_DATABASE": "", "SHOSHIN_DEMO": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "shoshin.settings"}
    environment = {name: value for name, value in environment.items() if value}
    answer = subprocess.run(
        [sys.executable, "-c", f"import os, sys, django; {alone}; {begins}; {asks}"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.stdout.split()[-1:] == [loaded], answer.stderr
