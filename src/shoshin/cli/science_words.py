"""What the researchers' commands say: tables of estimates, and a sentence for each reason."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shoshin.science.reasons import Reason

if TYPE_CHECKING:
    from shoshin.mart.fitting import FileFit

__all__ = ["fit_lines", "reason_words"]

WORDS = {
    "worse_than_first": "{points:g} points worse than at the start ({from_value:g} → {value:g}; reliable from "
    "{reliable_points:.3g})",
    "worse_than_best": "{points:g} points worse than at their best ({from_value:g} → {value:g}; reliable from "
    "{reliable_points:.3g})",
    "not_worse": "not reliably worse ({from_value:g} → {value:g})",
    "too_few_points": "too few scores ({points}, {needed} needed)",
    "not_better": "not reliably better by appointment {appointment} ({from_value:g} → {value:g}; reliable from "
    "{reliable_points:.3g})",
    "better_than_first": "{points:g} points better than at the start",
    "too_early": "too early for a word on change (appointment {appointment} of {k})",
    "still_clinical": "still on the clinical side of {cutoff:g}",
    "not_clinical_now": "now on the healthy side of {cutoff:g}",
    "no_cutoff": "no cut-off is known",
    "early_watch_only": "before appointment 6 only to watch, since some improve late",
    "unanswered_in_a_row": "{unanswered} forms in a row without an answer",
    "answers_up_to_date": "answers are up to date",
    "not_converged": "the search did not come to rest",
    "not_identified": "the rows do not tell some of the variances apart",
    "no_residual_left": "the groups explain the outcome completely, so that no residual is left",
    "boundary_not_settled": "a variance near 0 could not be settled",
    "arithmetic_broke_down": "no start led anywhere",
    "no_finite_spread": "groups are all yes or all no, and no spread between them is wide enough",
    "too_few_points_logistic": "the integrals are too rough for these groups",
    "at_boundary": "{group}: its units differ in {directions} of {columns} ways, the rest is 0 at the optimum",
    "few_groups": "{group}: {units} units; with fewer than {enough} its spread is a rough figure",
    "starts_differ": "{starts} starts met different optima (−2 log likelihoods {spread:.3g} apart); the best is shown",
}
WAY_OUT = "Leave out a group or a column that varies, or bring more rows of each unit."


def reason_words(reason: Reason) -> str:
    """A reason in words; one without words of its own by its code."""
    form = WORDS.get(reason.code)
    return form.format(**reason.facts) if form else reason.code.replace("_", " ")


def fit_lines(found: "FileFit", *, logistic: bool) -> Iterator[str]:
    """A fit as lines: what was fitted to what, the estimates, and what to mind."""
    yield f"{_engine(found, logistic)}, {found.n:,} rows, " + ", ".join(
        f"{count:,} {group}" for group, count in found.groups.items()
    )
    if found.n_dropped:
        gaps = ", ".join(f"{name} {count:,}" for name, count in found.missing.items())
        yield f"{found.n_dropped:,} rows were left out, since a value is missing ({gaps})."
    if found.crossed:
        inner, outer, unit = found.crossed
        yield f"Groups cross ({inner} {unit} is in more than one {outer}), so this was fitted by mixedlm."
        yield f"If the ids of {inner} only count within {outer}, write (1 | {outer}/{inner}) and fit again."
    if not found.converged:
        why = "; ".join(_no_fit(reason) for reason in found.reasons) or "mixedlm did not converge"
        yield f"Not fitted: {why}. {WAY_OUT}"
        return
    yield f"−2 log likelihood: {found.minus2loglik:.6f}" + ("  (singular)" if found.singular else "")
    yield ""
    yield from _estimates(found, logistic)
    notes = [one for one in found.reasons if one.code in ("at_boundary", "few_groups", "starts_differ")]
    if found.singular and not any(one.code == "at_boundary" for one in notes):
        yield "Note: a variance is 0 or a correlation ±1 at the optimum. That is a result, not an error."
    for note in notes:
        yield f"Note: {reason_words(note)}."


def _engine(found: "FileFit", logistic: bool) -> str:
    if logistic:
        return f"Logistic mixed model of {found.outcome} by ML (adaptive quadrature)"
    return f"Linear mixed model of {found.outcome} by {found.method}"


def _no_fit(reason: Reason) -> str:
    if reason.code == "too_few_points":
        return WORDS["too_few_points_logistic"]
    return reason_words(reason)


def _estimates(found: "FileFit", logistic: bool) -> Iterator[str]:
    width = max(len("Between groups"), *(len(one.name) for one in found.fixed), *_spread_widths(found))
    ratio = "z" if logistic else "t"
    yield f"{'Fixed':<{width}}  {'estimate':>12}  {'std. error':>12}  {ratio:>8}"
    for one in found.fixed:
        yield f"{one.name:<{width}}  {one.estimate:>12.6g}  {one.se:>12.6g}  {one.estimate / one.se:>8.2f}"
    yield ""
    yield f"{'Between groups':<{width}}  {'std. dev.':>12}  correlations"
    for spread in found.random:
        for at, (term, sd) in enumerate(zip(spread.terms, spread.sd, strict=True)):
            row = spread.corr[at][:at]
            told = "  ".join("   –" if value is None else f"{value:6.3f}" for value in row)
            yield f"{f'{spread.group} {term}':<{width}}  {sd:>12.6g}  {told}".rstrip()
    if found.sigma is not None:
        yield f"{'residual':<{width}}  {found.sigma:>12.6g}"


def _spread_widths(found: "FileFit") -> Iterator[int]:
    return (len(f"{one.group} {term}") for one in found.random for term in one.terms)
