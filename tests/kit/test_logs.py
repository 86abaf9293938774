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
