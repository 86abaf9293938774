"""Therapist effects: closed forms, brute force, published anchors, coverage, and what is refused."""

import numpy as np
import pytest

from shoshin.science.therapist_effects import (
    FEWEST_COLLEAGUES,
    FEWEST_COURSES,
    FEWEST_EACH,
    FEWEST_OF_MEASURE,
    FEWEST_OWN,
    FEWEST_THERAPISTS,
    OUTCOMES,
    PRIORS,
    Cases,
    ClinicShare,
    NoClinicShare,
    NoOwnResult,
    Outcome,
    OwnResult,
    ShareAt,
    SharePrior,
    cases_of,
    clinic_share,
    coarse_results,
    coarse_share,
    outcome_rows,
    own_results,
    reliability,
    tidy_step,
)


def columns(therapist, first, last, planned=None, appointments=None, measure=None, direction=None):
    n = len(first)
    return {
        "therapist": np.asarray(therapist),
        "course": np.array([f"c{i}" for i in range(n)]),
        "measure": np.full(n, "phq-9") if measure is None else measure,
        "first": np.asarray(first, float),
        "last": np.asarray(last, float),
        "direction": np.ones(n, np.int8) if direction is None else direction,
        "appointments": np.full(n, 8) if appointments is None else appointments,
        "planned": np.ones(n, bool) if planned is None else planned,
    }


def cases(k, n, u, rng, *, slope=0.0, residual=1.0, left=None):
    """Cases of k therapists with n courses each, whose effects on change are u, and slopes by severity."""
    therapist = np.repeat([f"t{i:03}" for i in range(k)], n)
    x = rng.normal(size=k * n)
    change = 0.9 + 0.4 * x + np.repeat(u, n) + slope * x + rng.normal(0, residual, k * n)
    left = np.zeros(k) if left is None else left
    unplanned = (rng.random(k * n) < 1 / (1 + np.exp(1 - 0.2 * x - np.repeat(left, n)))).astype(float)
    return Cases(therapist, x, change, change / 8, unplanned, 0)


def test_a_course_counts_once_by_the_measure_that_most_courses_have_and_improvement_is_positive():
    rng = np.random.default_rng(1)
    first = np.append(rng.permutation(np.arange(30.0)), [5.0, 20.0])
    rows = columns(["t"] * 32, first, first - 3)
    rows["course"] = np.append([f"c{i}" for i in range(30)], ["c0", "c30"])  # c0 has two measures, c30 a rare one
    rows["measure"] = np.append(np.full(30, "phq-9"), ["gad-7", "gad-7"])
    found = cases_of(**rows)
    sd = np.std(np.arange(30.0), ddof=1)
    assert len(found) == 30 and found.left_out == 1 and FEWEST_OF_MEASURE == 20
    assert found.change == pytest.approx(np.full(30, 3 / sd)) and found.severity.mean() == pytest.approx(0)
    assert found.rate == pytest.approx(found.change / 8)


def test_a_measure_on_which_lower_is_worse_is_turned_round():
    first = np.arange(40.0)
    up = cases_of(**columns(["t"] * 40, first, first + 5, direction=np.full(40, -1)))
    rows = columns(["t"] * 40, first, first + 5)
    assert (up.change > 0).all() and up.severity == pytest.approx(-cases_of(**rows).severity)
    assert (cases_of(**rows).change < 0).all()


def test_one_appointment_has_no_rate_and_unplanned_is_one():
    held, planned = np.array([1, *[4] * 29]), np.array([False, *[True] * 29])
    found = cases_of(**columns(["t"] * 30, np.arange(30.0), np.arange(30.0) - 2, planned, held))
    assert len(outcome_rows(found, "rate")["outcome"]) == 29 and len(outcome_rows(found, "change")["outcome"]) == 30
    assert outcome_rows(found, "dropout")["outcome"].tolist() == [1.0, *[0.0] * 29]


def test_columns_of_different_length_are_refused():
    rows = columns(["t"] * 30, np.arange(30.0), np.arange(30.0)) | {"last": np.zeros(29)}
    with pytest.raises(ValueError, match="differ in length"):
        cases_of(**rows)


def balanced(k, n, rng, tau=0.3):
    """The same severities in every therapist's caseload, so that the analysis of variance has a closed form."""
    x = np.tile(np.linspace(-1.5, 1.5, n), k)
    y = 1 + 0.5 * x + np.repeat(rng.normal(0, tau, k), n) + rng.normal(size=k * n)
    return Cases(np.repeat([f"t{i:03}" for i in range(k)], n), x, y, y / 8, np.zeros(k * n), 0)


@pytest.mark.parametrize(("k", "n"), [(10, 20), (24, 30)])
def test_the_share_of_a_balanced_clinic_is_that_of_the_analysis_of_variance(k, n):
    made = balanced(k, n, np.random.default_rng(k))
    y, x = made.change.reshape(k, n), made.severity[:n]
    inside = y - y.mean(axis=1, keepdims=True)
    slope = (inside @ x).sum() / (k * x @ x)
    within = ((inside - slope * x) ** 2).sum() / (k * n - k - 1)
    between = n * y.mean(axis=1).var(ddof=1)
    wanted = max(0.0, (between - within) / n) / (max(0.0, (between - within) / n) + within)
    found = clinic_share(made, "change")
    assert isinstance(found, ClinicShare) and (found.therapists, found.courses) == (k, k * n)
    assert [each.severity for each in found.shares] == [0.0]
    one = found.shares[0]
    assert isinstance(one, ShareAt) and one.share == pytest.approx(wanted, abs=1e-6) and one.low < one.share < one.high


@pytest.mark.parametrize(
    ("k", "n", "missing"), [(9, 40, (1, 0)), (12, 16, (0, 8)), (3, 10, (7, 170)), (10, 20, None), (10, 19, (0, 10))]
)
def test_a_clinic_share_needs_ten_therapists_and_two_hundred_courses(k, n, missing):
    assert (FEWEST_THERAPISTS, FEWEST_COURSES, FEWEST_EACH) == (10, 200, 4)
    found = clinic_share(cases(k, n, np.zeros(k), np.random.default_rng(3)), "change")
    if missing is None:
        assert isinstance(found, ClinicShare)
        return
    assert isinstance(found, NoClinicShare) and (found.missing_therapists, found.missing_courses) == missing
    assert found.reasons[0].code == "too_few_for_clinic_share"


def test_therapists_with_hardly_a_course_do_not_make_up_the_ten():
    made = cases(9, 40, np.zeros(9), np.random.default_rng(3))
    few = cases(20, 3, np.zeros(20), np.random.default_rng(4))
    names = np.append(made.therapist, np.char.add("x", few.therapist))
    both = Cases(
        names, *(np.append(getattr(made, c), getattr(few, c)) for c in ("severity", "change", "rate", "unplanned")), 0
    )
    assert isinstance(clinic_share(both, "change"), NoClinicShare)


def test_the_published_size_is_found_again_with_its_interval():
    """As many clients and therapists as Saxon & Barkham 2012, made with their 6.6 %."""
    rng, k, n = np.random.default_rng(2012), 119, 91
    made = cases(k, n, rng.normal(0, np.sqrt(0.066 / 0.934), k), rng)
    found = clinic_share(made, "change")
    assert found.shares[0].low < 0.066 < found.shares[0].high
    assert found.shares[0].high - found.shares[0].low < 0.06


def test_a_share_that_rises_with_severity_is_given_at_three_points():
    rng, k, n = np.random.default_rng(8), 60, 80
    slopes = rng.normal(0, 0.25, k)
    made = cases(k, n, slopes, rng, slope=np.repeat(slopes, n))  # u0 = u1: no difference at -1, a large one at +1
    found = clinic_share(made, "change")
    average, mild, severe = found.shares
    assert (average.severity, mild.severity, severe.severity) == (0.0, -1.0, 1.0)
    spread = slopes.var(ddof=1)
    assert mild.share < 0.02 and average.low < spread / (spread + 1) < average.high
    assert severe.low < 4 * spread / (4 * spread + 1) < severe.high
    assert found.reasons[0].code == "share_differs_by_severity"


def test_drop_out_has_its_share_on_the_latent_scale():
    rng, k, n = np.random.default_rng(5), 60, 60
    true = 0.126
    left = rng.normal(0, np.sqrt(true / (1 - true) * np.pi**2 / 3), k)
    found = clinic_share(cases(k, n, np.zeros(k), rng, left=left), "dropout")
    assert found.shares[0].low < true < found.shares[0].high and found.reasons[0].code == "share_on_latent_scale"


def test_where_nobody_dropped_out_there_is_no_figure_and_no_estimate():
    made = balanced(10, 20, np.random.default_rng(1))
    assert clinic_share(made, "dropout").reasons[0].code == "outcome_without_spread"
    assert {each.reasons[0].code for each in own_results(made, "dropout").values()} == {"outcome_without_spread"}


def test_reliability_reaches_its_tabled_caseloads():
    """n for .5, .7, .8, .9 at 5 %, and at 6.6 %: solved by hand from n = λ(1 − ρ)/((1 − λ)ρ)."""
    for share, caseloads in ((0.05, (19, 45, 77, 171)), (0.066, (15, 34, 57, 128)), (0.03, (33, 76, 130, 292))):
        reached = [reliability(share, n) for n in caseloads]
        assert reached == pytest.approx([0.5, 0.7, 0.8, 0.9], abs=0.02)
    for wrong in ((1.0, 5), (-0.1, 5), (0.05, 0)):
        with pytest.raises(ValueError, match="A share lies"):
            reliability(*wrong)


def beta_weights(prior: SharePrior, shares):
    size = prior.mean * (1 - prior.mean) / prior.sd**2 - 1
    return shares ** (prior.mean * size - 1) * (1 - shares) ** ((1 - prior.mean) * size - 1)


def test_an_own_result_is_what_whole_matrices_give():
    """Generalised least squares with the full covariance matrix at each share, by trapezoids over an even grid."""
    rng = np.random.default_rng(11)
    sizes = (20, 25, 30, 22, 40)
    therapist = np.repeat([f"t{i}" for i in range(5)], sizes)
    x = rng.normal(size=len(therapist))
    y = 1 + 0.3 * x + np.repeat(rng.normal(0, 0.4, 5), sizes) + rng.normal(size=len(x))
    member = (therapist[:, None] == np.unique(therapist)).astype(float)
    design, n = np.column_stack([np.ones(len(x)), x]), len(x)
    shares = np.linspace(0.002, 0.5, 500)
    weights, means, variances, typical = [], [], [], []
    for share in shares:
        v = share * member @ member.T + (1 - share) * np.eye(n)
        inverse = np.linalg.inv(v)
        information = design.T @ inverse @ design
        b = np.linalg.solve(information, design.T @ inverse @ y)
        r = y - design @ b
        total = r @ inverse @ r / (n - 2)
        logdet = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
        weights.append(-0.5 * (logdet + (n - 2) * np.log(total)))
        pull = share * member.T @ inverse
        means.append(pull @ r)
        spare = pull @ design
        inside = share * np.eye(5) - pull @ member * share
        variances.append(total * (np.diag(inside) + np.diag(spare @ np.linalg.inv(information) @ spare.T)))
        typical.append(b[0])
    w = np.exp(np.array(weights) - max(weights)) * beta_weights(PRIORS["change"], shares)
    w /= w.sum()
    mean = w @ np.array(means)
    sd = np.sqrt(w @ (np.array(variances) + (np.array(means) - mean) ** 2))
    found = own_results(Cases(therapist, x, y, y / 8, np.zeros(n), 0), "change")
    for place in range(5):
        one = found[f"t{place}"]
        assert isinstance(one, OwnResult) and one.courses == sizes[place] and one.leans
        assert one.typical == pytest.approx(w @ np.array(typical), abs=2e-3)
        assert one.estimate - one.typical == pytest.approx(mean[place], abs=3e-3)
        assert (one.high - one.low) / 2 == pytest.approx(1.96 * sd[place], rel=0.01)
        assert one.low < one.estimate < one.high and 0 < one.chance < 1


def test_an_own_drop_out_is_what_sums_over_a_fine_grid_give():
    """Two severities, so that counts are enough: β on a grid, each therapist's effect on another, shares on a third."""
    rng = np.random.default_rng(21)
    k, n = 6, 30
    x = np.tile(np.repeat([-1.0, 1.0], n // 2), k)
    y = (rng.random(k * n) < np.repeat([0.1, 0.2, 0.3, 0.3, 0.4, 0.6], n)).astype(float)
    counts = y.reshape(k, 2, n // 2).sum(axis=2)
    b0, b1 = (each.ravel() for each in np.meshgrid(np.linspace(-2.6, 1.0, 49), np.linspace(-1.4, 1.4, 41)))
    z = np.linspace(-5, 5, 121)
    phi = np.exp(-(z**2) / 2)
    total = effects = squares = np.zeros(k)
    middle = 0.0
    shares = np.geomspace(0.002, 0.6, 60)
    for share, prior in zip(shares, beta_weights(PRIORS["dropout"], shares) * shares, strict=True):
        s = np.sqrt(share / (1 - share) * np.pi**2 / 3)
        log_p = np.zeros((k, len(b0), len(z)))
        for side, sign in enumerate((-1, 1)):
            eta = (b0 + sign * b1)[:, None] + s * z
            log_p += counts[:, side, None, None] * eta - n / 2 * np.logaddexp(0, eta)
        moments = [(np.exp(log_p + 18 * n / 30) * phi * (s * z) ** power).sum(axis=2) for power in range(3)]
        w = prior * np.exp(np.log(moments[0]).sum(axis=0))
        total = total + w.sum()
        effects = effects + (w * moments[1] / moments[0]).sum(axis=1)
        squares = squares + (w * moments[2] / moments[0]).sum(axis=1)
        middle += (w * b0).sum()
    mean = effects / total
    sd = np.sqrt(squares / total - mean**2)
    cast = Cases(np.repeat([f"t{i}" for i in range(k)], n), x, y, y, y, 0)
    found = own_results(cast, "dropout")
    logit = lambda p: np.log(p / (1 - p))  # noqa: E731
    for place in range(k):
        one = found[f"t{place}"]
        assert logit(one.typical) == pytest.approx((middle / total)[0], abs=0.05)
        assert logit(one.estimate) - logit(one.typical) == pytest.approx(mean[place], abs=0.06)
        assert (logit(one.high) - logit(one.low)) / 2 == pytest.approx(1.96 * sd[place], rel=0.08)


@pytest.mark.parametrize(("k", "n", "worlds"), [(12, 30, 150), (6, 25, 200), (30, 60, 50)])
def test_the_interval_covers_in_the_assumed_world(k, n, worlds):
    rng = np.random.default_rng(k)
    size = 0.0575 * 0.9425 / 0.03**2 - 1
    inside = []
    for _ in range(worlds):
        share = rng.beta(0.0575 * size, 0.9425 * size)
        u = rng.normal(0, np.sqrt(share), k)
        found = own_results(cases(k, n, u, rng, residual=np.sqrt(1 - share)), "change").values()
        inside += [one.low < one.typical + true < one.high for one, true in zip(found, u, strict=True)]
    print(f"\n{k} therapists, {n} courses: {np.mean(inside):.3f} of {len(inside)} intervals cover")
    assert 0.93 < np.mean(inside) < 0.97


def test_the_interval_of_drop_out_covers_in_the_assumed_world():
    rng, k, n, inside = np.random.default_rng(4), 10, 30, []
    size = 0.126 * 0.874 / 0.06**2 - 1
    for _ in range(30):
        share = rng.beta(0.126 * size, 0.874 * size)
        left = rng.normal(0, np.sqrt(share / (1 - share) * np.pi**2 / 3), k)
        for one, true in zip(own_results(cases(k, n, left * 0, rng, left=left), "dropout").values(), left, strict=True):
            low, high, usual = (np.log(p / (1 - p)) for p in (one.low, one.high, one.typical))
            inside.append(low < usual + true < high)
    print(f"\ndrop-out: {np.mean(inside):.3f} of {len(inside)} intervals cover")
    assert 0.92 < np.mean(inside) < 0.98


def test_an_estimate_lies_between_the_plain_average_and_the_typical_one_and_never_lacks_width():
    rng, k, n = np.random.default_rng(9), 12, 25
    made = cases(k, n, np.zeros(k), rng)  # nobody differs: REML would often say 0
    plain = {t: made.change[made.therapist == t].mean() for t in np.unique(made.therapist)}
    for name, one in own_results(made, "change").items():
        assert abs(one.estimate - one.typical) < abs(plain[name] - one.typical) + 0.15
        assert one.high - one.low > 0.2 and not one.leans and one.reasons[0].code == "own_courses_tell"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_nineteen_own_courses_are_one_too_few(outcome: Outcome):
    rng = np.random.default_rng(2)
    made = cases(6, 30, np.zeros(6), rng)
    keep = np.ones(len(made), bool)
    keep[np.flatnonzero(made.therapist == "t000")[:11]] = False
    keep[np.flatnonzero(made.therapist == "t001")[:10]] = False
    parts = (getattr(made, c)[keep] for c in ("therapist", "severity", "change", "rate", "unplanned"))
    found = own_results(Cases(*parts, 0), outcome)
    few = found["t000"]
    assert isinstance(few, NoOwnResult) and (few.courses, few.missing, FEWEST_OWN) == (19, 1, 20)
    assert few.reasons[0].code == "too_few_own_courses" and not hasattr(few, "estimate")
    assert isinstance(found["t001"], OwnResult) and found["t001"].courses == 20


def test_with_four_therapists_one_s_own_figure_would_tell_a_colleague_s():
    assert FEWEST_COLLEAGUES == 5
    found = own_results(cases(4, 40, np.zeros(4), np.random.default_rng(2)), "change")
    assert {each.reasons[0].code for each in found.values()} == {"too_few_colleagues"}


def test_a_small_clinic_leans_on_the_published_share_and_names_it():
    found = own_results(cases(5, 30, np.zeros(5), np.random.default_rng(2)), "change")["t000"]
    assert found.leans and found.reasons[0].facts == {"share": 0.0575, "source": "Schiefele et al. 2017"}
    assert found.chance == pytest.approx(1 - reliability(0.0575, 30), abs=0.12)


@pytest.mark.parametrize(
    ("least", "step"),
    [(0.116, 0.2), (0.047, 0.05), (0.1, 0.1), (0.11, 0.2), (0.21, 0.3), (0.31, 0.5), (0.51, 1), (7, 10), (1 / 12, 0.1)],
)
def test_a_tidy_step_is_one_two_three_or_five_of_a_decimal_place(least, step):
    assert tidy_step(least) == pytest.approx(step, rel=1e-12)
    with pytest.raises(ValueError, match="A step lies above 0"):
        tidy_step(least - least)


def own(outcome: Outcome, therapists, estimate, se):
    limits = estimate - 1.959964 * se, estimate + 1.959964 * se
    return OwnResult(outcome, 30, therapists, estimate, *limits, 0.874, 0.43, False, ())


def test_own_results_are_told_in_one_step_for_the_clinic_with_limits_outwards():
    """SE .16 of 11 therapists: 8 × .16/11 = .116, and so .2. By hand: 1.03 lies within .716 and 1.344."""
    exact = {"a": own("change", 11, 1.03, 0.16), "b": own("change", 11, 0.71, 0.12), "c": own("change", 11, 0.88, 0.19)}
    found = coarse_results(exact | {"d": NoOwnResult("change", 3, 17, ())})
    a, b, _, d = found.values()
    assert (a.estimate, a.low, a.high, a.typical, a.chance) == (1.0, 0.6, 1.4, 0.8, 0.4)
    assert (b.estimate, b.low, b.high) == (0.8, 0.4, 1.0) and d == NoOwnResult("change", 3, 17, ())
    assert coarse_results({"d": d}) == {"d": d}


def test_a_probability_stays_between_0_and_1_and_many_therapists_are_told_finely():
    few = coarse_results({"a": own("dropout", 6, 0.97, 0.04), "b": own("dropout", 6, 0.03, 0.04)})
    assert [(one.low, one.estimate, one.high) for one in few.values()] == [(0.8, 1.0, 1.0), (0.0, 0.0, 0.2)]
    many = coarse_results({"a": own("change", 100, 1.035, 0.16)})["a"]
    assert (many.low, many.estimate, many.high) == (0.72, 1.04, 1.36)


@pytest.mark.parametrize(
    ("therapists", "told"), [(10, (0.1, 0.0, 0.3)), (12, (0.1, 0.0, 0.3)), (100, (0.07, 0.01, 0.22))]
)
def test_a_share_is_told_in_steps_of_one_over_the_therapists(therapists, told):
    exact = ClinicShare("change", therapists, 400, (ShareAt(0.0, 0.0661, 0.0123, 0.2101),), ())
    (found,) = coarse_share(exact).shares
    assert (found.share, found.low, found.high) == pytest.approx(told)
