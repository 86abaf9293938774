"""Checks after appointments: what is unusual for this client, what was mended, when two people see it differently."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from shoshin.science.alliance import (
    CHECK_PRIOR,
    DECLINE_AT,
    REPAIR_WITHIN,
    CheckMark,
    Decline,
    RatingsGap,
    UsualCheck,
    alliance_marks,
    ratings_gap,
    slow_decline,
    usual_check,
)
from shoshin.science.signals import PRIOR_WEIGHT

CLINIC = {"group_mean": 34.0, "group_sd": 3.0}


def kinds(*checks: float) -> list[str]:
    return [mark.kind for mark in alliance_marks(checks, **CLINIC)]


def test_what_is_usual_agrees_with_a_calculation_by_hand() -> None:
    # 36, 34, 38: centre (8*34 + 108)/11 = 34.5455, spread² (8*9 + 8)/10 = 8; own mean 36.
    usual = usual_check([36, 34, 38], **CLINIC)
    assert usual == UsualCheck(pytest.approx(380 / 11), pytest.approx(8**0.5), 36.0, 3)
    # By the clinic 34.5455 - 3 * 2.9542 = 25.683; by the client alone 36 - 3 * 3.2660 = 26.202: the lower one counts.
    assert usual.limit(3) == pytest.approx(25.683, abs=0.001)
    assert usual_check([26, 24, 28], **CLINIC).limit(3) == pytest.approx(26 - 3 * (8 * 4 / 3) ** 0.5, abs=0.001)
    assert CHECK_PRIOR == PRIOR_WEIGHT


def test_a_fall_is_a_rupture_and_its_return_a_repair() -> None:
    assert kinds(36, 34, 38, 20, 36, 36) == ["steady"] * 3 + ["rupture", "repaired", "steady"]
    assert kinds(36, 34, 38, 20, 24, 35) == ["steady"] * 3 + ["rupture", "waiting", "repaired"]
    assert kinds(36, 34, 38, 28) == ["steady"] * 3 + ["dip"]


def test_what_stays_down_is_not_repaired_and_then_becomes_usual() -> None:
    found = kinds(36, 34, 38, *[20] * 14)
    assert found[3 : 4 + REPAIR_WITHIN] == ["rupture", "waiting", "waiting", "not_repaired"]
    assert found[-1] == "steady"


def test_a_client_who_always_rates_low_has_no_rupture_for_that() -> None:
    assert set(kinds(24, 25, 23, 24, 24, 25, 23)) == {"steady"}


def test_each_mark_gives_its_ground_and_cannot_be_changed() -> None:
    marks = alliance_marks([36, 34, 38, 20, 24, 24, 24], **CLINIC)
    assert [mark.reasons[0].code for mark in marks] == [
        "too_few_checks", "too_few_checks", "within_limits", "below_signal_limit",
        "not_back_yet", "not_back_yet", "not_back_to_usual",
    ]  # fmt: skip
    assert alliance_marks([36, 34, 38, 20, 36], **CLINIC)[-1].reasons[0].code == "back_to_usual"
    assert alliance_marks([36, 34, 38, 28], **CLINIC)[-1].reasons[0].code == "below_watch_limit"
    assert isinstance(marks[3], CheckMark) and marks[3].place == 3
    with pytest.raises(FrozenInstanceError):
        marks[3].kind = "steady"  # type: ignore[misc]


@pytest.mark.parametrize("between", [1.06, 3.0, 5.0])
@pytest.mark.parametrize("ceiling", [40.0, 1000.0])
def test_steady_clients_have_a_rupture_in_under_five_percent_of_twenty_appointments(between, ceiling) -> None:
    """Whether clients differ as little as the shrinkage assumes or far more, with and without a ceiling."""
    rng = np.random.default_rng(7)
    checks = np.minimum(rng.normal(34, between, (1500, 1)) + rng.normal(0, 3, (1500, 20)), ceiling).tolist()
    assert np.mean([any(mark.kind == "rupture" for mark in alliance_marks(line, **CLINIC)) for line in checks]) < 0.05


@pytest.mark.parametrize("between", [1.06, 3.0, 5.0])
def test_steady_clients_decline_slowly_in_under_three_percent_of_twenty_appointments(between) -> None:
    rng = np.random.default_rng(8)
    checks = (rng.normal(34, between, (800, 1)) + rng.normal(0, 3, (800, 20))).tolist()
    found = [any(slow_decline(line[:n], **CLINIC).found for n in range(6, 21)) for line in checks]
    assert np.mean(found) < 0.03


def test_most_real_falls_and_most_real_declines_are_found() -> None:
    rng = np.random.default_rng(9)
    falls = 34 + rng.normal(0, 3, (400, 9))
    falls[:, 8] -= 12
    found = [alliance_marks(line, **CLINIC)[8].kind == "rupture" for line in falls.tolist()]
    assert np.mean(found) > 0.70
    sinking = 34 + rng.normal(0, 3, (400, 20)) - np.maximum(0, np.arange(20) - 5) * 0.6
    assert np.mean([slow_decline(line, **CLINIC).found for line in sinking.tolist()]) > 0.75


def test_the_sum_of_a_slow_decline_agrees_with_a_calculation_by_hand() -> None:
    # Checks 5 to 7 are 28; usual from the first two (36, 36), then the first three: own 36, centre 34.4, then 34.5455.
    # Spreads √(72/9) = 2.8284, √(72/10) = 2.6833: (34.4 - 28)/2.8284 - .5 = 1.7627 at places 4 and 5, then 1.9394.
    found = slow_decline([36, 36, 36, 36, 28, 28, 28], **CLINIC)
    assert isinstance(found, Decline)
    assert found.reasons[0].facts["sum"] == pytest.approx(2 * 1.7627 + 1.9394, abs=0.001)
    assert not found.found
    far = slow_decline([36, 36, 36, 36, 28, 28, 28, 26, 24], **CLINIC)
    assert far.found and float(far.reasons[0].facts["sum"]) >= DECLINE_AT
    codes = [slow_decline(line, **CLINIC).reasons[0].code for line in ([36] * 5, [36] * 6)]
    assert (codes, far.reasons[0].code) == (["too_few_for_decline", "not_going_down"], "going_down_slowly")


def test_two_views_are_apart_when_their_mean_gap_is_more_than_chance() -> None:
    # Gaps 5, 4, 6, 5: mean 5; s² = (8*9 + 2)/11 = 6.7273; line 2 * 2.5937/2 = 2.5937.
    gap = ratings_gap([30, 31, None, 30, 32], [35, 35, 38, 36, 37], spread=3)
    assert isinstance(gap, RatingsGap) and gap.points == 5 and gap.apart
    assert gap.reasons[0].code == "therapist_higher" and gap.reasons[0].facts["line"] == pytest.approx(
        2.5937, abs=0.001
    )
    turned = ratings_gap([35, 35, 36, 37], [30, 31, 30, 32], spread=3)
    assert (turned.points, turned.reasons[0].code) == (-5, "client_higher")
    assert ratings_gap([30, 31, 30, 32], [31, 30, 31, 31], spread=3).reasons[0].code == "views_together"
    few = ratings_gap([30, 31, 30], [35, 35, 36], spread=3)
    assert (few.points, few.apart, few.reasons[0].code) == (None, False, "too_few_pairs")


def test_impossible_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        usual_check([30], group_mean=34, group_sd=0)
    with pytest.raises(ValueError, match="one earlier check"):
        usual_check([], **CLINIC)
    with pytest.raises(ValueError, match="no later than"):
        alliance_marks([30], z_dip=3, z_rupture=2, **CLINIC)
    with pytest.raises(ValueError, match="one place for each"):
        ratings_gap([30], [], spread=3)
    with pytest.raises(ValueError, match="above 0"):
        ratings_gap([30], [30], spread=0)
