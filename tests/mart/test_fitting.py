"""A file and a formula give what lme4 gives; rows are left out and counted; words, levels and crossings are handled."""

import csv
from pathlib import Path

import mixedlm
import numpy as np
import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from shoshin.mart.fitting import FileFit, fit_file
from shoshin.science.mixed import NestedModel, RandomTerm, fit, gram_table
from tests.science.published_tables import herds, pastes, sleepstudy


def table_file(path: Path, columns: dict) -> Path:
    names = list(columns)
    lines = list(zip(*(np.asarray(columns[name]).tolist() for name in names), strict=True))
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pyarrow.table({name: np.asarray(columns[name]) for name in names}), path)
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in (names, *lines):
            book.active.append(list(line))
        book.save(path)
    else:
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([names, *lines])
    return path


def estimates(found: FileFit) -> dict[str, tuple[float, float]]:
    return {one.name: (one.estimate, one.se) for one in found.fixed}


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_the_sleep_of_drivers_agrees_from_every_kind_of_file(tmp_path: Path, suffix: str) -> None:
    found = fit_file(table_file(tmp_path / f"sleep{suffix}", sleepstudy()), "ms ~ days + (days | driver)")
    assert found.minus2loglik == pytest.approx(1743.628271958, abs=1e-6)
    assert estimates(found)["days"] == pytest.approx((10.46728596, 1.545788932), rel=5e-6)
    assert (found.n, found.groups, found.engine, found.singular) == (180, {"driver": 18}, "exact", False)


def test_one_workbook_after_another(tmp_path: Path) -> None:
    columns = sleepstudy()
    twice = {**columns, "ms": np.asarray(columns["ms"]) * 2}
    one = fit_file(table_file(tmp_path / "one.xlsx", columns), "ms ~ days + (1 | driver)")
    two = fit_file(table_file(tmp_path / "two.xlsx", twice), "ms ~ days + (1 | driver)")
    assert two.sigma == pytest.approx(2 * one.sigma, rel=1e-6)


def test_casks_within_batches_agree_however_the_nesting_is_written(tmp_path: Path) -> None:
    columns = pastes()
    columns["place"] = np.asarray(columns["cask"]) % 3  # the same numbers in every batch
    path = table_file(tmp_path / "pastes.csv", columns)
    told = fit_file(path, "strength ~ (1 | batch/place)")
    seen = fit_file(path, "strength ~ (1 | batch) + (1 | cask)")
    for found in (told, seen):
        assert found.engine == "exact"
        assert found.minus2loglik == pytest.approx(246.990745853, abs=1e-6)
        assert found.random[0].sd[0] ** 2 == pytest.approx(8.433666671, rel=2e-6)
        assert found.random[1].sd[0] ** 2 == pytest.approx(1.657309063, rel=2e-6)
    assert [one.group for one in told.random] == ["place:batch", "batch"]
    assert told.groups == {"batch": 10, "place:batch": 30}


@pytest.mark.filterwarnings("ignore:The 'float_precision'")  # how mixedlm reads the table that it brings
def test_groups_that_cross_are_seen_said_and_fitted_elsewhere(tmp_path: Path) -> None:
    # Penicillin (Davies & Goldsmith 1972): lme4 gives 330.8606, spreads .8467, 1.9316 and .5499 (Bates 2010).
    data = mixedlm.load_penicillin()
    path = table_file(tmp_path / "penicillin.csv", {name: data[name].to_numpy() for name in data})
    found = fit_file(path, "diameter ~ (1 | plate) + (1 | sample)")
    assert found.engine == "mixedlm"
    assert found.crossed is not None and found.crossed[:2] == ("plate", "sample")
    assert found.minus2loglik == pytest.approx(330.8606, abs=5e-5)
    assert [one.sd[0] for one in found.random] == pytest.approx([0.8467, 1.9316], abs=5e-5)
    assert found.sigma == pytest.approx(0.5499, abs=5e-5)
    assert estimates(found)["(Intercept)"] == pytest.approx((22.9722, 0.8086), abs=5e-5)


def test_the_way_back_from_mixedlm_is_that_of_our_own_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = sleepstudy()
    path = table_file(tmp_path / "sleep.csv", {**columns, "ms": np.asarray(columns["ms"]) * 3 + 4000})
    formula = "ms ~ days + (days | driver)"
    ours = fit_file(path, formula)
    monkeypatch.setattr("shoshin.mart.sums._crossing", lambda groups, ids: ("driver", "driver", "0"))
    other = fit_file(path, formula)
    assert (ours.engine, other.engine) == ("exact", "mixedlm")
    assert other.minus2loglik == pytest.approx(ours.minus2loglik, abs=1e-5)
    for name, pair in estimates(ours).items():
        assert estimates(other)[name] == pytest.approx(pair, rel=1e-4)
    assert other.random[0].sd == pytest.approx(ours.random[0].sd, rel=1e-3)
    assert other.random[0].corr[0][1] == pytest.approx(ours.random[0].corr[0][1], abs=1e-3)


def test_a_logistic_model_agrees_with_glmer_on_herds(tmp_path: Path) -> None:
    # Lesnoff 2004, a row an animal. At nine points glmer gives −1.3992, −.9914, −1.1278, −1.5795 and .6475.
    counted = herds()
    rows = [
        (herd, period, int(at < ill))
        for herd, ill, animals, period in zip(
            counted["herd"], counted["ill"], counted["animals"], _periods(counted), strict=True
        )
        for at in range(int(animals))
    ]
    herd, period, ill = (np.array(column) for column in zip(*rows, strict=True))
    path = table_file(tmp_path / "herds.csv", {"herd": herd, "period": period, "ill": ill})
    found = fit_file(path, "ill ~ C(period) + (1 | herd)", logistic=True)
    assert [one.estimate for one in found.fixed] == pytest.approx([-1.39923, -0.9914, -1.12782, -1.57947], abs=2e-4)
    assert [one.name for one in found.fixed] == ["(Intercept)", "period2", "period3", "period4"]
    assert found.random[0].sd[0] == pytest.approx(0.6475, abs=2e-3)
    assert (found.n, found.sigma) == (842, None)


def _periods(counted: dict) -> np.ndarray:
    names = [name for name in counted if name not in ("herd", "ill", "animals")]
    return 1 + sum((at + 1) * np.asarray(counted[name]).astype(int) for at, name in enumerate(names))


ARMS = {
    "arm": ["usual", "new", "usual", "old"] * 10,
    "pre": [float(at * 7 % 11) for at in range(40)],
    "y": [float(at * 13 % 17 + at % 4) for at in range(40)],
    "g": [at // 5 for at in range(40)],
}


def test_words_are_coded_against_the_reference_that_is_named(tmp_path: Path) -> None:
    path = table_file(tmp_path / "arms.csv", ARMS)
    found = fit_file(path, 'y ~ C(arm, ref="usual") * pre + (1 | g)')
    arms = np.array(ARMS["arm"])
    hand = {**ARMS, "new": (arms == "new") * 1.0, "old": (arms == "old") * 1.0}
    hand |= {"newpre": hand["new"] * np.array(ARMS["pre"]), "oldpre": hand["old"] * np.array(ARMS["pre"])}
    hand = {name: np.array(values) for name, values in hand.items()}
    model = NestedModel("y", ("1", "new", "old", "pre", "newpre", "oldpre"), (RandomTerm("g"),))
    by_hand = fit(gram_table(hand, model), model)
    assert [one.name for one in found.fixed] == ["(Intercept)", "armnew", "armold", "pre", "armnew:pre", "armold:pre"]
    assert [one.estimate for one in found.fixed] == pytest.approx(by_hand.beta, rel=1e-7)
    assert found.minus2loglik == pytest.approx(by_hand.m2ll, abs=1e-8)


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("y ~ arm + (1|g)", ["(Intercept)", "armold", "armusual"]),
        ("y ~ 0 + arm + (1|g)", ["armnew", "armold", "armusual"]),
        ("y ~ pre + arm:pre + (1|g)", ["(Intercept)", "pre", "armold:pre", "armusual:pre"]),
        ("y ~ arm:pre + (1|g)", ["(Intercept)", "armnew:pre", "armold:pre", "armusual:pre"]),
    ],
)
def test_words_are_coded_as_in_r(tmp_path: Path, formula: str, names: list[str]) -> None:
    found = fit_file(table_file(tmp_path / "arms.csv", ARMS), formula)
    assert [one.name for one in found.fixed] == names


def test_rows_with_gaps_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    lines = [f"{at // 6},{at * 7 % 10},{at * 3 % 7}" for at in range(60)]
    lines[3], lines[20], lines[41] = "0,,4", ",NA,3", "6,4,NaN"
    path.write_text("\n".join(["g,y,x", *lines]) + "\n")
    found = fit_file(path, "y ~ x + (1 | g)")
    assert (found.n, found.n_dropped, found.missing) == (57, 3, {"y": 2, "x": 1, "g": 1})


def test_nan_in_parquet_is_a_gap_too(tmp_path: Path) -> None:
    # The file's statistics leave NaN out; a database that trusts them finds none.
    columns = {"y": np.arange(60) * 7 % 10 + 0.0, "x": np.arange(60) * 3 % 7 + 0.0, "g": np.arange(60) // 6}
    columns["x"][[4, 9]] = np.nan
    found = fit_file(table_file(tmp_path / "gaps.parquet", columns), "y ~ x + (1 | g)")
    assert (found.n, found.n_dropped, found.missing) == (58, 2, {"x": 2})


def test_decimal_commas_are_understood_beside_semicolons(tmp_path: Path) -> None:
    plain, comma = tmp_path / "plain.csv", tmp_path / "comma.csv"
    rows = [(at // 6, at * 7 % 10 + 0.5, at * 3 % 7 + 0.25) for at in range(60)]
    plain.write_text("\n".join(["g,y,x", *(f"{g},{y},{x}" for g, y, x in rows)]))
    comma.write_text("\n".join(["g;y;x", *(f"{g};{y};{x}".replace(".", ",") for g, y, x in rows)]))
    assert fit_file(comma, "y ~ x + (1|g)").as_json() == fit_file(plain, "y ~ x + (1|g)").as_json()


def test_an_outcome_far_from_zero_keeps_its_digits(tmp_path: Path) -> None:
    columns = sleepstudy()
    near = fit_file(table_file(tmp_path / "near.csv", columns), "ms ~ days + (1 | driver)")
    far = {**columns, "ms": np.round(np.asarray(columns["ms"]) + 1e7, 4)}
    found = fit_file(table_file(tmp_path / "far.csv", far), "ms ~ days + (1 | driver)")
    assert found.minus2loglik == pytest.approx(near.minus2loglik, abs=1e-5)


def test_the_column_of_ones_may_vary_without_being_fixed(tmp_path: Path) -> None:
    path = table_file(tmp_path / "sleep.csv", sleepstudy())
    columns = {name: np.asarray(values) for name, values in sleepstudy().items()}
    model = NestedModel("ms", ("days",), (RandomTerm("driver", ("1", "days")),))
    by_hand = fit(gram_table(columns, model), model)
    found = fit_file(path, "ms ~ 0 + days + (days | driver)")
    assert found.minus2loglik == pytest.approx(by_hand.m2ll, abs=1e-8)
