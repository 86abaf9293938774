"""Public-domain wording that nobody has fetched: the pages say so, with the command that does it."""

import pytest
from django.urls import reverse

from shoshin.kit.action import OPERATOR
from shoshin.measures.actions import load_wording
from tests.cast import NOW
from tests.measures.test_add_wording import folder_with


@pytest.fixture
def ada(as_member, cast, loaded):
    return as_member(cast.ada)


COMMAND = "<code>shoshin measures wording</code>"


def test_while_public_wording_is_not_fetched_the_pages_name_the_command(ada):
    assert f"the wording of GAD-7, PCL-5, PHQ-8, PHQ-9. It is in the public domain. Run {COMMAND}" in (
        ada.get(reverse("measures:list_measures")).content.decode()
    )
    assert f"the wording of PHQ-9. It is in the public domain. Run {COMMAND}" in (
        ada.get(reverse("measures:measure", args=["phq-9"])).content.decode()
    )


@pytest.mark.parametrize("measure_id", ["shoshin-check", "ors", "core-10"])
def test_a_measure_that_is_worded_or_not_free_does_not_name_it(ada, measure_id):
    assert COMMAND not in ada.get(reverse("measures:measure", args=[measure_id])).content.decode()


def test_once_the_wording_is_there_the_command_is_no_longer_named(ada, tmp_path):
    load_wording(folder=folder_with(tmp_path, "phq-9"), clinic=None, by=OPERATOR, at=NOW)
    assert "the wording of GAD-7, PCL-5. " in ada.get(reverse("measures:list_measures")).content.decode()
    assert COMMAND not in ada.get(reverse("measures:measure", args=["phq-9"])).content.decode()
