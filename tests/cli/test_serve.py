"""`shoshin serve`: safe ways of serving work, and the others are refused with a sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from shoshin.kit import setup_code
from tests.chaos.rig import free_port


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def test_a_fresh_installation_prints_where_to_begin_and_its_setup_code(shoshin, served, db, home):
    answer = shoshin("serve", "--no-setup", "--port", str(free_port()))
    assert answer.exit_code == 0
    assert "/start/" in answer.output
    code = answer.output.split("setup code: ")[1].split()[0]
    assert setup_code.code_fits(home, code)
    assert len(served) == 1


def test_a_clinic_that_is_open_prints_its_address_and_no_code(shoshin, served, cast, home):
    port = free_port()
    answer = shoshin("serve", "--no-setup", "--port", str(port))
    assert f"http://127.0.0.1:{port}" in answer.output
    assert "code" not in answer.output
    assert not (home / "setup_code").exists()


def test_it_names_the_command_that_fetches_wording_while_some_is_missing(shoshin, served, cast, measures_loaded, home):
    answer = shoshin("serve", "--no-setup", "--port", str(free_port()))
    assert "the wording of GAD-7, PCL-5, PHQ-8, PHQ-9. Fetch it: shoshin measures wording" in answer.output


def test_without_a_measure_that_lacks_it_the_command_is_not_named(shoshin, served, cast, home):
    assert "measures wording" not in shoshin("serve", "--no-setup", "--port", str(free_port())).output


def test_a_demo_prints_one_line_a_role(shoshin, served, cast, settings):
    settings.DEMO = True
    port = free_port()
    answer = shoshin("serve", "--demo", "--no-setup", "--port", str(port))
    assert f"Enter as therapist: Ada, at http://127.0.0.1:{port}/demo/" in answer.output
    assert answer.output.count("Enter as") == 1


@pytest.mark.parametrize(
    ("words", "environment", "sentence"),
    [
        (("--host", "0.0.0.0"), {}, "needs https"),
        (("--host", "192.168.1.5"), {}, "needs https"),
        (("--host", "0.0.0.0", "--demo"), {}, "on 127.0.0.1 only"),
        (("--host", "0.0.0.0"), {"SHOSHIN_DEMO": "1", "SHOSHIN_BEHIND_PROXY": "1"}, "on 127.0.0.1 only"),
        (("--demo",), {"SHOSHIN_BEHIND_PROXY": "1"}, "without a proxy"),
        (("--host", "0.0.0.0"), {"SHOSHIN_BEHIND_PROXY": "1"}, "SHOSHIN_PUBLIC_ADDRESS"),
    ],
)
def test_unsafe_serving_is_refused_with_one_sentence(shoshin, served, db, words, environment, sentence):
    answer = shoshin("serve", "--no-setup", *words, **environment)
    assert answer.exit_code == 1
    assert sentence in answer.stderr
    assert "Traceback" not in answer.output
    assert served == []


def test_over_the_network_with_a_certificate_it_serves(shoshin, served, cast, settings, tmp_path):
    settings.SECURE, settings.PUBLIC_ADDRESS = True, "https://forms.example.org"
    cert, key = tmp_path / "a.pem", tmp_path / "a.key"
    cert.touch(), key.touch()
    port = free_port()
    answer = shoshin(
        "serve",
        "--no-setup",
        "--host",
        "0.0.0.0",
        "--port",
        str(port),
        "--cert",
        str(cert),
        "--key",
        str(key),
    )
    assert answer.exit_code == 0
    assert "https://forms.example.org" in answer.output
    assert served == [("0.0.0.0", port, cert, key, 2)]


def test_a_taken_port_is_named(shoshin, served, db):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = shoshin("serve", "--no-setup", "--port", str(taken.getsockname()[1]))
    assert answer.exit_code == 1
    assert "Choose another with --port." in answer.stderr
    assert served == []


@pytest.mark.slow
def test_the_real_server_sets_itself_up_and_answers(tmp_path):
    port = free_port()
    environment = {**os.environ, "SHOSHIN_HOME": str(tmp_path), "SHOSHIN_DEMO": "", "SHOSHIN_DATABASE": ""}
    environment.pop("SHOSHIN_DATABASE")
    command = [sys.executable, "-m", "shoshin.cli", "serve", "--port", str(port), "--workers", "2"]
    log = tmp_path / "log"
    with log.open("w") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as server:
        try:
            page = answer_of(f"http://127.0.0.1:{port}/start/", log)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    assert "set up your clinic" in page
    assert "GET" not in log.read_text(), "no log names the addresses that were opened"
    assert (tmp_path / "shoshin.sqlite3").exists()


def answer_of(address: str, log: Path, patience: float = 60) -> str:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address) as page:
                return page.read().decode()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The server did not answer:\n{log.read_text()}")
