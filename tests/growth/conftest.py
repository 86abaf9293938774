"""Ben does not improve, so a signal waits; a small pack of exercises is there."""

import pytest

from shoshin.feedback.models import SignalRow
from shoshin.practice.actions import install_pack
from tests.cast import NOW
from tests.feedback.conftest import moment
from tests.forms_of_ben import ben_answers
from tests.practice.packs import small_pack

__all__ = ["moment"]


@pytest.fixture
def pack(cast):
    return install_pack(pack=small_pack(), clinic=cast.clinic, by=cast.ada, at=NOW)


@pytest.fixture
def signal(cast, measures_loaded):
    ben_answers(cast, 16, weeks=3, source="paper")
    ben_answers(cast, 16, source="paper")
    return SignalRow.objects.get()
