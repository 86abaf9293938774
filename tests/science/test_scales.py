"""Scores: methods, reverse keys, missing answers, refusals. Expected figures are worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoshin.science.scales import BadAnswer, BadRule, ScoreRule, Subgroup, round_half_up, score

NINE = tuple(f"q{n}" for n in range(1, 10))
PHQ9 = ScoreRule("phq9", NINE, "sum", low=0, high=3, max_missing=2, decimals=1)
TEN = tuple(f"q{n}" for n in range(1, 11))
CORE10 = ScoreRule("core10", TEN, "mean_x10", low=0, high=4, reverse=("q2", "q3"), max_missing=1, decimals=2)
# The raw-to-metric table of SWEMWBS (measures note 1.5: 7-28 read in CamCOPS, 29-35 from memory).
METRIC = dict(zip(range(7, 36), [
    7.00, 9.51, 11.25, 12.40, 13.33, 14.08, 14.75, 15.32, 15.84, 16.36, 16.88, 17.43, 17.98, 18.59, 19.25,
    19.98, 20.73, 21.54, 22.35, 23.21, 24.11, 25.03, 26.02, 27.03, 28.13, 29.31, 30.70, 32.55, 35.00,
], strict=True))  # fmt: skip
SEVEN = tuple(f"q{n}" for n in range(1, 8))
SWEMWBS = ScoreRule("swemwbs", SEVEN, "lookup", low=1, high=5, table=METRIC)


def answers(items: tuple[str, ...], *values: float | None) -> dict[str, float | None]:
    return dict(zip(items, values, strict=True))


def test_a_sum_adds_the_answers() -> None:
    result = score(answers(NINE, 3, 2, 1, 0, 3, 2, 1, 0, 1), PHQ9)
    assert (result.value, result.raw, result.answered, result.prorated) == (13, 13, 9, False)
    assert result.reasons == ()


def test_core10_reverses_two_items_and_multiplies_the_mean_by_ten() -> None:
    # 8 items at 2, and items 2 and 3 at 1, which count as 3: 22 / 10 x 10.
    result = score(answers(TEN, 2, 1, 1, 2, 2, 2, 2, 2, 2, 2), CORE10)
    assert (result.value, result.raw) == (22, 22)


def test_core10_with_one_missing_uses_the_mean_of_the_nine_answered() -> None:
    result = score(answers(TEN, 2, 1, 1, 2, 2, 2, 2, 2, 2, None), CORE10)
    assert (result.value, result.raw, result.missing, result.prorated) == (22.22, 20, ("q10",), True)


@pytest.mark.parametrize(
    ("method", "decimals", "expected"),
    [("sum", 0, 6), ("mean", 2, 1.5), ("mean_x10", 0, 15), ("sum_x2", 0, 12), ("sum_x4", 0, 24)],
)
def test_it_adds_up_by_each_method(method, decimals, expected) -> None:
    rule = ScoreRule("m", ("a", "b", "c", "d"), method, low=0, high=3, decimals=decimals)
    assert score({"a": 0, "b": 1, "c": 2, "d": 3}, rule).value == expected


def test_who5_turns_a_raw_25_into_100() -> None:
    who5 = ScoreRule("who5", ("a", "b", "c", "d", "e"), "sum_x4", low=0, high=5, decimals=0)
    assert score(dict.fromkeys(who5.items, 5), who5).value == 100


@pytest.mark.parametrize(("each", "metric"), [(1, 7.00), (3, 19.25), (4, 25.03), (5, 35.00)])
def test_swemwbs_looks_its_raw_sum_up(each, metric) -> None:
    assert score(dict.fromkeys(SEVEN, each), SWEMWBS).value == metric


def test_a_filled_in_sum_is_rounded_before_it_is_looked_up_and_stays_in_the_table() -> None:
    rule = ScoreRule("s", SEVEN, "lookup", low=1, high=5, max_missing=1, table=METRIC)
    # Six answers sum to 21, mean 3.5, so 24.5, rounded to 25.
    assert score(answers(SEVEN, 3, 4, 3, 4, 3, 4, None), rule).value == METRIC[25]
    assert score(answers(SEVEN, 5, 5, 5, 5, 5, 5, None), rule).value == 35


def test_a_percentage_mean_reads_five_steps_as_0_to_100() -> None:
    cbi = ScoreRule("personal", ("a", "b", "c", "d", "e", "f"), "percent_mean", low=0, high=4, max_missing=3)
    assert score(answers(cbi.items, 4, 3, 2, 1, 0, 2), cbi).value == 50
    assert score(answers(cbi.items, 4, 3, 2, None, None, None), cbi).value == 75
    assert score(answers(cbi.items, 4, 3, None, None, None, None), cbi).value is None


@pytest.mark.parametrize(("missing", "value"), [(0, 18), (1, 18), (2, 18), (3, None)])
def test_phq9_fills_in_up_to_two_answers(missing, value) -> None:
    result = score(answers(NINE, *[2] * (9 - missing), *[None] * missing), PHQ9)
    assert (result.value, result.prorated) == (value, missing in (1, 2))
    assert result.raw == 2 * (9 - missing)


def test_a_refused_score_says_how_many_are_missing_and_how_many_may_be() -> None:
    reasons = score({"q1": 2}, PHQ9).reasons
    assert [(r.code, r.facts) for r in reasons] == [("too_many_missing", {"missing": 8, "allowed": 2})]
    assert score({}, PHQ9).reasons[0].code == "nothing_answered"
    assert score({}, PHQ9).raw is None


def test_a_group_of_items_may_allow_fewer_missing_than_the_whole() -> None:
    rule = ScoreRule(
        "om", TEN, "mean", low=0, high=4, max_missing=3, subgroups=(Subgroup("risk", ("q1", "q2", "q3"), 1),)
    )
    assert score(answers(TEN, None, 1, 1, None, None, 1, 1, 1, 1, 1), rule).value == 1
    refused = score(answers(TEN, None, None, 1, 1, 1, 1, 1, 1, 1, 1), rule)
    assert refused.value is None
    assert refused.reasons[0].facts == {"group": "risk", "missing": 2, "allowed": 1}


def test_items_of_different_ranges_are_filled_in_by_place_not_by_points() -> None:
    mixed = ScoreRule(
        "ceq",
        ("a", "b", "p"),
        "sum",
        low={"a": 1, "b": 1, "p": 0},
        high={"a": 9, "b": 9, "p": 100},
        max_missing=1,
    )
    # 5 and 7 on 1..9 are places .5 and .75, mean .625: 62.5 on 0..100.
    assert score({"a": 5, "b": 7, "p": None}, mixed).value == 74.5
    with pytest.raises(BadAnswer, match=r"ceq, item a: 40 is outside 1 to 9"):
        score({"a": 40}, mixed)
    assert score({"a": 5, "b": 5, "p": 40}, mixed).value == 50


@pytest.mark.parametrize("value", [-1, 4, 3.5, float("nan"), float("inf"), True])
def test_an_answer_outside_the_range_is_refused_by_name(value) -> None:
    with pytest.raises(BadAnswer, match=r"phq9, item q4: .* is outside 0 to 3"):
        score({"q4": value}, PHQ9)


@pytest.mark.parametrize("value", [1, None])
def test_an_unknown_item_is_refused_by_name(value) -> None:
    with pytest.raises(BadAnswer, match="phq9 has no item q10; its items are q1, q2"):
        score({"q10": value}, PHQ9)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"items": ()}, "at least one"),
        ({"items": ("a", "a")}, "each item once"),
        ({"method": "product"}, "unknown method"),
        ({"max_missing": 2}, "max_missing"),
        ({"reverse": ("z",)}, "z is not among its items"),
        ({"low": {"a": 0}}, "b has no lowest"),
        ({"low": 3}, "not below the highest"),
        ({"table": {0: 1.0}}, "table belongs to"),
        ({"method": "lookup"}, "table belongs to"),
        ({"method": "lookup", "table": {0: 1.0, 1: 2.0}}, "no row for 2, 3, 4, 5, 6"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(wrong, sentence) -> None:
    facts = {"id": "x", "items": ("a", "b"), "method": "sum", "low": 0, "high": 3}
    with pytest.raises(BadRule, match=sentence):
        ScoreRule(**(facts | wrong))


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(0.5, 0, 1), (2.5, 0, 3), (-2.5, 0, -3), (1.005, 2, 1.01), (22.2249, 2, 22.22), (7, 0, 7)],
)
def test_round_half_up_sends_a_half_away_from_zero(value, decimals, expected) -> None:
    assert round_half_up(value, decimals) == expected


@given(st.lists(st.integers(0, 4), min_size=10, max_size=10), st.sets(st.sampled_from(TEN)))
def test_reversing_all_other_items_of_a_turned_form_gives_the_same_score(values, flipped) -> None:
    plain = ScoreRule("p", TEN, "sum", low=0, high=4)
    turned = ScoreRule("t", TEN, "sum", low=0, high=4, reverse=tuple(flipped))
    form = dict(zip(TEN, values, strict=True))
    mirrored = {item: 4 - value if item in flipped else value for item, value in form.items()}
    assert score(form, plain).value == score(mirrored, turned).value


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9), st.sampled_from(NINE))
def test_a_reversed_item_mirrors_alone(values, item) -> None:
    reversed_rule = ScoreRule("r", NINE, "sum", low=0, high=3, reverse=(item,))
    form = dict(zip(NINE, values, strict=True))
    plain, turned = score(form, PHQ9).value, score(form, reversed_rule).value
    assert plain is not None and turned is not None
    assert turned - plain == 3 - 2 * form[item]


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9), st.sets(st.sampled_from(NINE), max_size=2))
def test_a_filled_in_sum_is_the_persons_mean_times_the_items(values, gone) -> None:
    form = {i: None if i in gone else v for i, v in zip(NINE, values, strict=True)}
    kept = [v for v in form.values() if v is not None]
    assert score(form, PHQ9).value == pytest.approx(sum(kept) / len(kept) * 9, abs=0.0500001)
