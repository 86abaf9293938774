"""No log holds an address that opens a form or a client's page."""

import logging

import pytest

from shoshin.kit.logs import QuietFormatter

TOKEN = "Two5Uqxxihw_v1JyQsd22Ax7b99ZPBG8p3xlb8E0BsM"


@pytest.mark.parametrize("address", [f"/f/{TOKEN}/", f"/p/{TOKEN}/", f"https://forms.example.org/f/{TOKEN}"])
def test_a_fault_is_written_without_the_address(address):
    try:
        raise ValueError(f"broke at {address}")
    except ValueError as fault:
        record = logging.LogRecord(
            "django.request",
            logging.ERROR,
            "x.py",
            1,
            "Internal Server Error: %s",
            (address,),
            (type(fault), fault, fault.__traceback__),
        )
    written = QuietFormatter().format(record)
    assert TOKEN not in written
    assert "Internal Server Error" in written
    assert "Traceback" in written


def test_django_writes_its_faults_through_it(settings):
    handlers = settings.LOGGING["loggers"]["django.request"]["handlers"]
    assert [settings.LOGGING["handlers"][name]["formatter"] for name in handlers] == ["quiet"]


SAID = "while Kanari was looked at"


def written_of(fault: Exception, message: str = "Internal Server Error: /x/") -> str:
    try:
        raise RuntimeError(SAID) from fault
    except RuntimeError as raised:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "x.py", 1, message, (), (type(raised), raised, None)
        )
        record.exc_info = (type(raised), raised, raised.__traceback__)
    return QuietFormatter().format(record)


def test_of_a_fault_stands_where_and_of_what_kind_and_not_what_it_says():
    written = written_of(ValueError("Key (email)=(kanari@example.org) already exists."))
    assert "anari" not in written
    assert "RuntimeError" in written and "ValueError" in written and "test_logs.py" in written


def test_a_line_that_is_only_what_the_fault_says_becomes_its_kind():
    written = written_of(ValueError("x"), message=SAID)
    assert "anari" not in written
    assert written.startswith("RuntimeError")


def test_what_another_writer_has_made_of_a_fault_is_not_taken_over():
    try:
        raise ValueError(SAID)
    except ValueError as fault:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broke", (), (ValueError, fault, fault.__traceback__))
    assert "Kanari" in logging.Formatter().format(record)
    assert "Kanari" not in QuietFormatter().format(record)
