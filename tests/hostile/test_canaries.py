"""Unmistakable names, answers, links and passwords walk through it all; no log, mail or temp file keeps one."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from shoshin.kit.row_security import AS_OPERATOR
from tests import copies
from tests.chaos.rig import free_port
from tests.doors import code_of_app
from tests.people.test_first_run import filled_form

pytestmark = pytest.mark.slow

KEPT = {  # what the database is to hold
    "owner": "Kanari Owner",
    "address": "kanari-address@example.org",
    "code": "KANARI-CODE",
    "strength": "kanari-strength sings",
    "answer": "kanari-answer hurts",
    "imported": "KANARI-IMPORTED",
}
NEVER_KEPT = {
    "password": "kanari-password-1",
    "second": "kanari-password-2",
    "wrong": "kanari-wrong-3",
    "pin": "583920",
}
BREAKS = ("value", "cause", "database", "suspicious")


class Here(urllib.request.HTTPRedirectHandler):
    """Redirects are looked at, not followed."""

    def redirect_request(self, *_given):
        return None


@dataclass
class Somebody:
    """A browser as small as will do. Its cookies travel to loopback although they are for https."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    place: str = ""

    def ask(self, path: str, data: bytes | None = None, kind: str = "", **headers: str) -> int:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if kind:
            headers["Content-Type"] = kind
        request = urllib.request.Request(self.base + path, data, {k.replace("_", "-"): v for k, v in headers.items()})
        try:
            answer = urllib.request.build_opener(Here).open(request, timeout=60)
        except urllib.error.HTTPError as refused:
            answer = refused
        self.page, self.place = answer.read().decode(errors="replace"), answer.headers.get("Location", "")
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _is, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status

    def post(self, path: str, fields: dict[str, str], of: str = "", **headers: str) -> int:
        """Open the page with the form, then send it."""
        self.ask(of or path)
        return self.send(path, fields, **headers)

    def send(self, path: str, fields: dict[str, str], **headers: str) -> int:
        """Send the form of the page that is open."""
        mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        fields = {"csrfmiddlewaretoken": mark[1] if mark else ""} | fields
        return self.ask(path, urlencode(fields).encode(), "application/x-www-form-urlencoded", **headers)

    def send_file(self, path: str, name: str, content: bytes) -> int:
        from django.core.files.uploadedfile import SimpleUploadedFile

        self.ask(path)
        mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": mark[1], "file": SimpleUploadedFile(name, content)})
        return self.ask(path, body, MULTIPART_CONTENT)


@dataclass
class Walked:
    """What the walk leaves behind."""

    folder: Path
    tokens: dict[str, str]

    def text(self, *names: str) -> str:
        return "\n".join((self.folder / name).read_text(errors="replace") for name in names)

    def files(self, name: str) -> list[Path]:
        return [path for path in (self.folder / name).rglob("*") if path.is_file()]


@pytest.fixture
def database(tmp_path, django_db_setup):
    """A database of the same kind as the other tests use, empty, and its own."""
    server = os.environ.get("SHOSHIN_DATABASE", "")
    if not server.startswith("postgres"):
        copies.fresh_file(tmp_path)
        yield f"sqlite:///{tmp_path / 'shoshin.sqlite3'}"
        return
    import psycopg

    name = f"canaries_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copies.template()}"')
    yield f"{server.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def walked(tmp_path, database):
    for name in ("home", "temp", "mails"):
        (tmp_path / name).mkdir(mode=0o700)
    port = free_port()
    environment = os.environ | {
        "SHOSHIN_HOME": str(tmp_path / "home"),
        "SHOSHIN_DATABASE": database,
        "SHOSHIN_DEMO": "",
        "SHOSHIN_PUBLIC_ADDRESS": "https://forms.example.org",
        "SHOSHIN_EMAIL": f"filemail:///{tmp_path / 'mails'}",
        "TMPDIR": str(tmp_path / "temp"),
        "CARELESS_LOG": str(tmp_path / "careless"),
        "DJANGO_SETTINGS_MODULE": "tests.hostile.breaking_settings",
        "PYTHONPATH": "src:.",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "shoshin.cli", "serve", "--port", str(port), "--workers", "1"]
    log = tmp_path / "log"
    with log.open("w") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/safety/", server, log)
            tokens = walk(f"http://127.0.0.1:{port}", log, tmp_path / "mails")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    return Walked(tmp_path, tokens)


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def walk(base: str, log: Path, mails: Path) -> dict[str, str]:
    """Set up, add a client, ask, answer, import, export, sign in wrong and right, a new password, and every fault."""
    ada, ben, eve = Somebody(base), Somebody(base), Somebody(base)
    code = log.read_text().split("setup code: ")[1].split()[0]
    filled = filled_form(name=KEPT["owner"], email=KEPT["address"], password=NEVER_KEPT["password"])
    assert ada.post("/start/?region=gb", filled | {"code": code, "setup_code": code}) == 302, ada.page
    secret, recovery = set_up_app(ada)

    assert ada.post("/clients/new/", {"code": KEPT["code"], "language": "en", "opened_on": "2026-11-02"}) == 302
    record = ada.place
    assert ada.post(f"{record}strengths/", {"text": KEPT["strength"]}, of=record) == 302
    assert ada.post(f"{record}send/", {"measures": "shoshin-check", "language": "en"}) == 200
    form = re.search(r'id="link"[^>]*value="https://[^/]+(/f/[^"]+)"', ada.page)[1]
    assert ada.post(f"{record}page-key/", {"pin": NEVER_KEPT["pin"]}) == 200
    own = re.search(r'id="link"[^>]*value="https://[^/]+(/p/[^"]+)"', ada.page)[1]
    ada.send_file("/import/", "scores.csv", f"client,date,phq-9\n{KEPT['imported']},2025-01-01,12\n".encode())
    padded = "\n" * 3_000_000  # large enough to be put on disk on its way in
    ada.send_file("/import/", "x.csv", f"client,date,phq-9\n{KEPT['imported']},2025-01-01,12\n{padded}".encode())
    ada.send_file("/measures/import/", "x.json", f'{{"resourceType": "{KEPT["code"]}", "item": 1e999}}'.encode())

    assert ben.post(form, {}) == 303
    answers = {"q-understood": "3", "q-amiss-note": KEPT["answer"]}
    for fault in BREAKS:
        for somebody, path, of in ((ben, "/f/now/", "/f/now/"), (ben, own, own), (ada, f"{record}strengths/", record)):
            given = answers | {"text": KEPT["strength"], "pin": NEVER_KEPT["pin"]}
            assert somebody.post(path, given, of=of, X_Break=fault) in (400, 500)
        assert eve.ask(form, X_Break=fault) in (400, 500)
        given = {"login": KEPT["address"], "password": NEVER_KEPT["wrong"]}
        assert eve.post("/accounts/login/", given, X_Break=fault) in (400, 500)
    ben.ask(
        "/f/now/draft/",
        b'{"seq": 1, "answers": {"q-amiss-note": "' + KEPT["answer"].encode() + b'"',
        "application/json",
    )
    assert ben.post("/f/now/", answers | {"gaps-seen": "1"}) == 303, ben.page
    assert ben.post(own, {"pin": "111222"}) == 422
    assert ben.post(own, {"pin": NEVER_KEPT["pin"]}) == 303
    assert ada.ask(f"{record}export/") == 200

    assert eve.post("/accounts/login/", {"login": KEPT["address"], "password": NEVER_KEPT["wrong"]}) == 200
    assert eve.post("/accounts/login/", {"login": KEPT["address"], "password": NEVER_KEPT["password"]}) == 302
    assert eve.post("/accounts/factors/ask/", {"code": "000000"}) == 200
    assert eve.post("/accounts/factors/ask/", {"code": recovery}) == 302, eve.page
    assert eve.ask(record) == 200
    assert ada.post("/accounts/password/reset/", {"email": KEPT["address"]}) == 302
    mail = "".join(path.read_text() for path in mails.iterdir())
    reset = re.search(r"(/accounts/password/reset/key/[^\s]+)", mail)[1]
    somebody = Somebody(base)
    assert somebody.ask(reset, X_Break="value") == 500
    somebody.ask(reset)
    asked = somebody.place
    somebody.post(asked, {"password1": NEVER_KEPT["second"], "password2": NEVER_KEPT["second"]})
    for path in ("/f/a%00b/", f"/clients/?q={KEPT['code']}%00", "/static/%00", f"/none/{KEPT['code']}/"):
        assert somebody.ask(path) in (400, 404)
    assert somebody.ask("/", Host="kanari.example") == 400
    tokens = {"form": form.split("/")[2], "page": own.split("/")[2], "reset": reset.split("-")[-1].strip("/")}
    return tokens | {"session": ada.cookies["__Host-session"], "secret": secret, "recovery": recovery}


def set_up_app(somebody: Somebody) -> tuple[str, str]:
    """An authenticator app as the second factor: its secret, and a code for the day the phone is lost."""
    assert somebody.ask("/") == 302 and somebody.place == "/me/factor/"
    somebody.ask("/accounts/factors/app/")
    secret = re.search(r"\b[A-Z2-7]{32}\b", somebody.page)[0]
    assert somebody.send("/accounts/factors/app/", {"code": code_of_app(secret=secret)}) == 302, somebody.page
    assert somebody.ask("/accounts/factors/codes/") == 200
    return secret, re.search(r"<li><code>([^<]+)</code>", somebody.page)[1]


def hits(text: str, canaries: dict[str, str]) -> list[str]:
    return [name for name, canary in canaries.items() if canary.casefold() in text.casefold()]


def rows_in(database: str) -> dict[str, str]:
    """Everything every table holds, as text; packed session data opened."""
    import sqlite3

    if database.startswith("sqlite"):
        connection = sqlite3.connect(database.removeprefix("sqlite:///"))
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        import psycopg

        connection = psycopg.connect(database, options=AS_OPERATOR)
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with connection:
        tables = [name for (name,) in connection.execute(names).fetchall()]
        rows = {table: connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}
    connection.close()
    return {table: "\n".join(f"{row}{_opened(row)}" for row in held) for table, held in rows.items()}


def _opened(row) -> str:
    """What stands in a session, and in the cache, behind its packing."""
    told = []
    for value in row:
        if isinstance(value, str) and value.count(":") >= 2:
            try:
                data = value.split(":")[0]
                packed = signing.b64_decode(data.lstrip(".").encode())
                told.append(str(zlib.decompress(packed) if data.startswith(".") else packed))
            except Exception:
                continue
    return " ".join(told)


def test_no_log_mail_or_temp_file_and_no_session_keeps_a_name_an_answer_a_link_or_a_password(walked, database, capsys):
    everything = KEPT | NEVER_KEPT | walked.tokens
    rows = rows_in(database)
    assert hits("".join(rows.values()), KEPT) == list(KEPT), "the canaries are in the database"
    never = NEVER_KEPT | {name: walked.tokens[name] for name in ("form", "page", "secret", "recovery")}
    assert hits("".join(rows.values()), never) == [], "no password and no link is kept as it is"
    assert rows["shared_cache"] and rows["people_personsession"]
    assert hits(rows["shared_cache"], everything) == []
    # A session is found by its key. allauth notes in it by which address one signed in, and between the two pages of
    # a new password the key that is good once.
    assert set(hits(rows["people_personsession"], everything)) <= {"session", "address", "reset"}

    careless = walked.text("careless")
    quoted = {"strength", "answer", "pin", "wrong", "form", "page", "reset", "session"}
    assert quoted <= set(hits(careless, everything)), "a log that is written as usual holds them"
    if not database.startswith("sqlite"):
        assert "address" in hits(careless, everything), "PostgreSQL tells the value that came twice"
    log = walked.text("log")
    assert "Internal Server Error" in log and "places only" in log
    assert hits(log, everything) == []

    mails = [path.read_text() for path in walked.files("mails")]
    assert len(mails) >= 1
    allowed = {"address", "reset"}
    assert set(hits("".join(mails), everything)) <= allowed | {"owner"}
    temp = walked.files("temp") + [path for path in walked.files("home") if "sqlite3" not in path.name]
    assert hits("".join(path.read_text(errors="replace") for path in temp), everything) == []
    with capsys.disabled():
        lines = log.count("\n")
        print(f"\n{len(everything)} canaries; {lines} lines of log, {len(mails)} mails, {len(temp)} files: 0 hits")
