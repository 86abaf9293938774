"""How finely may effects be told, so that nobody's coming or going tells a colleague's result?

Somebody who sees a clinic's figures before and after one therapist's courses are in them can subtract. Rounding makes
of the difference something that says less about that therapist than the therapist's own interval does.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, floor, log10
from statistics import median

from shoshin.science.therapist_effects.clinic import ClinicShare, ShareAt
from shoshin.science.therapist_effects.own import NoOwnResult, OwnResult

__all__ = ["coarse_results", "coarse_share", "tidy_step"]

STEP_IN_SE = 8.0  # of the step, times the therapists, over one therapist's standard error
STEP_OF_SHARE = 1.0  # of the step, times the therapists
CHANCE_STEP = 0.1
ROUNDING = 1e-9
Z = 1.959964


def tidy_step(least: float) -> float:
    """Which step of 1, 2, 3 or 5 of some decimal place is at least this large?

    Equation: the smallest of {1, 2, 3, 5} × 10^k not below `least`. Source: ours, for readable figures. Units: those
    of `least`, which must be above 0. Worked example: .047 gives .05. Not for: rounding itself.
    """
    if not least > 0:
        raise ValueError(f"A step lies above 0; got {least}.")
    place = 10.0 ** floor(log10(least))
    return next(each * place for each in (1, 2, 3, 5, 10) if each * place >= least * (1 - ROUNDING))


def coarse_results(found: Mapping[str, OwnResult | NoOwnResult]) -> Mapping[str, OwnResult | NoOwnResult]:
    """How are a clinic's own results told, so that no difference of two builds tells a colleague's?

    Equation: one step for the clinic and outcome, s ≥ 8 SE/J (SE the median standard error, J therapists); middle and
    typical go to the nearest multiple, limits outwards. A colleague's result follows from typical results before and
    after they leave as about t + (J − 1)(t − t′), on which rounding puts an error of about J s/√6, three SE. Source:
    ours; tests/research tries the attack. Units: as in OwnResult. Not for: results that one is not to see at all.
    """
    own = [one for one in found.values() if isinstance(one, OwnResult)]
    if not own:
        return found
    step = tidy_step(STEP_IN_SE * median((one.high - one.low) / (2 * Z) for one in own) / own[0].therapists)
    most = 1.0 if own[0].outcome == "dropout" else None

    def told(one: OwnResult) -> OwnResult:
        low, high = _down(one.low, step), _up(one.high, step)
        return replace(
            one,
            estimate=_near(one.estimate, step),
            low=low if most is None else max(0.0, low),
            high=high if most is None else min(most, high),
            typical=_near(one.typical, step),
            chance=_near(one.chance, CHANCE_STEP),
        )

    return {name: told(one) if isinstance(one, OwnResult) else one for name, one in found.items()}


def coarse_share(found: ClinicShare) -> ClinicShare:
    """How is a clinic's share told, so that no difference of two builds tells how far one therapist lies off?

    Equation: step s ≥ 1/J for J therapists; the share goes to the nearest multiple, its limits outwards. One
    therapist's courses move the share by about (u² − τ²)/(J(τ² + σ²)), and the upper limit by more, so that finer
    figures give u² away. Source: ours; tests/research tries the attack. Units: 0 to 1. Not for: comparing two builds.
    """
    step = tidy_step(STEP_OF_SHARE / found.therapists)
    shares = tuple(
        ShareAt(each.severity, _near(each.share, step), max(0.0, _down(each.low, step)), min(1.0, _up(each.high, step)))
        for each in found.shares
    )
    return replace(found, shares=shares)


def _near(value: float, step: float) -> float:
    return _plain(round(value / step) * step)


def _down(value: float, step: float) -> float:
    return _plain(floor(value / step + ROUNDING) * step)


def _up(value: float, step: float) -> float:
    return _plain(ceil(value / step - ROUNDING) * step)


def _plain(value: float) -> float:
    """Without the dust of binary fractions."""
    return round(value, 12) + 0.0
