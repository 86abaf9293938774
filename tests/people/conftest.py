"""A browser on the machine that runs Shoshin."""

import pytest
from django.test import Client


@pytest.fixture
def near(db):
    """A browser that asks for 127.0.0.1 from 127.0.0.1."""
    return Client(headers={"host": "127.0.0.1:8000"})
