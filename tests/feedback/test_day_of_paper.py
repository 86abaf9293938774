"""Paper was filled in on a day that has been, and not before 1950."""

import pytest

from shoshin.feedback.models import Response
from tests.feedback.test_enter_paper import PHQ9, typed


@pytest.mark.parametrize("day", ["0001-01-01", "1949-12-31", "9999-12-31"])
def test_paper_from_a_year_nobody_means_is_not_filed(cast, measures_loaded, moment, as_member, day):
    refused = as_member(cast.ada).post(PHQ9, typed(total="14") | {"answered_on": day})
    assert refused.status_code == 422
    assert refused.context["form"].errors["answered_on"]
    assert not Response.objects.exists()
