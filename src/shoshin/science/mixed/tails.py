"""Tail areas of the t and chi-squared distributions, for any degrees of freedom that come up here."""

from math import erfc, exp, isinf, lgamma, log, log1p, sqrt
from statistics import NormalDist

__all__ = ["chi2_quantile", "chi2_tail", "t_quantile", "t_tail"]

TINY = 1e-300


def chi2_tail(x: float, df: int) -> float:
    """How often does a chi-squared variable with `df` degrees of freedom reach x or more?

    Equation: erfc(√(x/2)) for 1, e^(−x/2) for 2, and upwards by Q(df + 2) = Q(df) + (x/2)^(df/2) e^(−x/2)/Γ(df/2 + 1);
    for 0 degrees all of it lies at 0. Source: textbook. Units: a share.
    """
    if df < 0:
        raise ValueError(f"Degrees of freedom are 0 or more; got {df}.")
    if x <= 0:
        return 1.0
    if df == 0:
        return 0.0
    at = 1 if df % 2 else 2
    share = erfc(sqrt(x / 2)) if at == 1 else exp(-x / 2)
    while at < df:
        share += exp(at / 2 * log(x / 2) - x / 2 - lgamma(at / 2 + 1))
        at += 2
    return min(share, 1.0)


def chi2_quantile(share: float) -> float:
    """Below which figure does this share of a chi-squared variable with one degree of freedom lie?

    Equation: the square of the normal quantile at (1 + share)/2. Source: textbook. Units: those of a likelihood ratio.
    """
    return NormalDist().inv_cdf((1 + share) / 2) ** 2


def t_tail(t: float, df: float) -> float:
    """How often is a t variable with `df` degrees of freedom (whole or not) as far from 0 as t, either way?

    Equation: I(df/(df + t²); df/2, 1/2), the regularised incomplete beta function. Source: textbook; the continued
    fraction is that of Lentz. Units: a share.
    """
    if not df > 0:
        raise ValueError(f"Degrees of freedom are above 0; got {df}.")
    if isinf(df):
        return erfc(abs(t) / sqrt(2))
    return _beta_share(df / (df + t * t), t * t / (df + t * t), df / 2, 0.5)


def t_quantile(share: float, df: float) -> float:
    """How far from 0 reaches the middle `share` of a t variable with `df` degrees of freedom?

    Equation: t_tail(t, df) = 1 − share, solved by bisection. Source: textbook. Units: standard errors.
    """
    if not 0 < share < 1:
        raise ValueError(f"A share lies between 0 and 1; got {share}.")
    low, high = 0.0, 1.0
    while t_tail(high, df) > 1 - share:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_tail(middle, df) > 1 - share else (low, middle)
    return (low + high) / 2


def _beta_share(x: float, rest: float, a: float, b: float) -> float:
    """I(x; a, b), where rest = 1 − x without the rounding."""
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(rest, x, b, a)
    log_x = log(x) if x < 0.5 else log1p(-rest)
    log_rest = log(rest) if rest < 0.5 else log1p(-x)
    front = exp(a * log_x + b * log_rest + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 / _away(1 - (a + b) * x / (a + 1))
    made = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _away(1 + even * d), _away(1 + even / c)
        made *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _away(1 + odd * d), _away(1 + odd / c)
        made *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return made


def _away(value: float) -> float:
    return value if abs(value) > TINY else TINY
