"""A clinic to be broken, on the database the tests run on."""

import contextlib

import pytest

from tests.chaos.rig import clinic_in, keep_figure


@pytest.fixture
def broken_clinic(tmp_path, django_db_setup):
    """`broken_clinic(200)`: an installation with so many forms that wait, torn down at the end."""
    with contextlib.ExitStack() as stack:
        yield lambda count: stack.enter_context(clinic_in(tmp_path, count))


@pytest.fixture
def say(capsys, request):
    """Print a denominator past the test runner's capture, and keep it for `bench/trust.py`."""

    def line(words: object) -> None:
        with capsys.disabled():
            print(f"\n  {words}", flush=True)
        keep_figure(request.node.name, str(words))

    return line
