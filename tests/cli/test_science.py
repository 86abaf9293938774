"""`shoshin fit` and `shoshin signals` as somebody types them: golden tables, files for other programs, exit codes."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from shoshin.cli.science_words import WORDS, reason_words
from shoshin.mart import fitting
from shoshin.science.mixed import NotFitted
from shoshin.science.reasons import Reason
from tests.science.published_tables import DYESTUFF2, dyestuff, pastes, sleepstudy
from tests.science.test_mixed_golden import (
    PASTES_ML,
    PASTES_REML,
    SLEEP_APART,
    SLEEP_ML,
    SLEEP_REML,
    TRIAL_ML,
    TRIAL_PACE,
    TRIAL_REML,
    Golden,
    needs_trial,
    trial,
)

DYESTUFF2_REML = Golden((5.6656,), (0.6783880312,), ((0.0,),), 13.80630963, 161.828277812)
KEYS = ["fixed", "random", "sigma", "minus2loglik", "method", "singular", "converged", "n", "groups"]
TRIAL = "bdi ~ pre + month + treatment + drug + length + "


def csv_file(path: Path, columns: dict) -> Path:
    lines = zip(*(np.asarray(values).tolist() for values in columns.values()), strict=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([columns, *lines])
    return path


def assert_agrees(written: dict, golden: Golden, rel: float) -> None:
    assert list(written) == KEYS
    assert written["minus2loglik"] == pytest.approx(golden.m2ll, abs=1e-6)
    assert [one["estimate"] for one in written["fixed"].values()] == pytest.approx(golden.beta, rel=rel)
    assert [one["se"] for one in written["fixed"].values()] == pytest.approx(golden.errors, rel=rel)
    assert written["sigma"] ** 2 == pytest.approx(golden.residual, rel=rel)
    for found, expected in zip(written["random"], golden.variances, strict=True):
        corr = [[0.0 if one is None else one for one in row] for row in found["corr"]]
        covariance = np.outer(found["sd"], found["sd"]) * np.array(corr)
        assert covariance.ravel() == pytest.approx(expected, abs=rel * max(map(abs, expected)) + 1e-12)


@pytest.mark.parametrize(
    ("columns", "formula", "more", "golden", "singular"),
    [
        (sleepstudy(), "ms ~ days + (days | driver)", (), SLEEP_REML, False),
        (sleepstudy(), "ms ~ days + (days | driver)", ("--ml",), SLEEP_ML, False),
        (sleepstudy(), "ms ~ days + (days || driver)", (), SLEEP_APART, False),
        (dyestuff(DYESTUFF2), "yield ~ (1 | batch)", (), DYESTUFF2_REML, True),
        (pastes(), "strength ~ (1 | batch/cask)", (), PASTES_REML, False),
        (pastes(), "strength ~ (1 | cask) + (1 | batch)", ("--ml",), PASTES_ML, False),
    ],
    ids=["sleep", "sleep-ml", "sleep-apart", "dyestuff2", "pastes", "pastes-ml"],
)
def test_golden_tables_come_out_of_the_terminal(shoshin, tmp_path, columns, formula, more, golden, singular):
    path, out = csv_file(tmp_path / "rows.csv", columns), tmp_path / "fit.json"
    answer = shoshin("fit", str(path), formula, *more, "--json", str(out))
    assert answer.exit_code == 0, answer.output
    written = json.loads(out.read_text())
    assert_agrees(written, golden, rel=5e-6)
    assert (written["method"], written["converged"]) == ("ML" if more else "REML", True)
    assert written["singular"] is singular
    assert ("(singular)" in answer.output) is singular
    assert f"−2 log likelihood: {golden.m2ll:.6f}" in answer.output


@needs_trial
@pytest.mark.parametrize(
    ("random", "more", "golden"),
    [("(1 | person)", ("--ml",), TRIAL_ML), ("(1 | person)", (), TRIAL_REML), ("(month | person)", (), TRIAL_PACE)],
)
def test_a_trial_of_psychotherapy_comes_out_of_the_terminal(shoshin, tmp_path, random, more, golden):
    columns = {name: ["" if v is None else v for v in values.tolist()] for name, values in trial().items()}
    path, out = csv_file(tmp_path / "trial.csv", columns), tmp_path / "fit.json"
    answer = shoshin("fit", str(path), TRIAL + random, *more, "--json", str(out))
    assert "120 rows were left out, since a value is missing (bdi 120)." in answer.output
    assert_agrees(json.loads(out.read_text()), golden, rel=2e-5)
    assert json.loads(out.read_text())["n"] == 280


def test_what_could_not_be_fitted_prints_no_estimates_and_ends_with_3(shoshin, tmp_path, monkeypatch):
    reasons = (Reason("not_converged", {"newton_decrement": 0.2, "most": 1e-9}),)
    monkeypatch.setattr(fitting, "fit", lambda table, model: NotFitted(model, reasons))
    path, out, plot = csv_file(tmp_path / "rows.csv", sleepstudy()), tmp_path / "fit.json", tmp_path / "fit.png"
    answer = shoshin("fit", str(path), "ms ~ days + (1 | driver)", "--json", str(out), "--plot", str(plot))
    assert answer.exit_code == 3
    assert "Not fitted: the search did not come to rest." in answer.output
    assert "estimate  " not in answer.output and "251" not in answer.output
    assert not plot.exists()
    written = json.loads(out.read_text())
    assert written["converged"] is False
    assert (written["fixed"], written["random"], written["sigma"], written["minus2loglik"]) == ({}, [], None, None)


def test_mixedlm_that_does_not_converge_prints_no_estimates_either(shoshin, tmp_path, monkeypatch):
    monkeypatch.setattr("shoshin.mart.crossed.fit_crossed", lambda *given: None)
    columns = {**sleepstudy(), "lab": np.arange(180) % 7}
    answer = shoshin("fit", str(csv_file(tmp_path / "rows.csv", columns)), "ms ~ days + (1 | driver) + (1 | lab)")
    assert answer.exit_code == 3
    assert "Groups cross (driver" in answer.output and "Not fitted: mixedlm did not converge." in answer.output


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_pictures_are_drawn(shoshin, tmp_path, suffix):
    path, plot = csv_file(tmp_path / "rows.csv", sleepstudy()), tmp_path / f"fit.{suffix}"
    answer = shoshin("fit", str(path), "ms ~ days + (1 | driver)", "--plot", str(plot))
    assert answer.exit_code == 0, answer.output
    if suffix == "png":
        assert plot.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    else:
        words = " ".join(ElementTree.parse(plot).getroot().itertext())
        assert "What goes with ms" in words and "days" in words


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("fit", "none.csv", "y ~ x + (1|g)"), 2, "does not exist"),
        (("fit", "rows.csv"), 2, "Missing argument 'FORMULA'"),
        (("fit", "rows.csv", "y ~ x + (1|g)", "--plot", "fit.jpg"), 2, "ends with .png or .svg"),
        (("fit", "rows.csv", "y ~ x + (1|g)", "--ml", "--logistic"), 2, "exclude each other"),
        (("fit", "rows.csv", "y ~ x"), 1, "has no group"),
        (("fit", "rows.csv", "y ~ zeal + (1|g)"), 1, "no column 'zeal'"),
        (("fit", "rows.csv", "y ~ x + (1|g)", "--json", "no/such/folder.json"), 1, "cannot be written"),
        (("signals", "rows.csv"), 2, "Missing option '--define'"),
        (("signals", "rows.csv", "--define", "phq-9"), 1, "give its published reliable change"),
        (("signals", "rows.csv", "--define", "phq-9 reliable=six"), 1, "does not describe a measure"),
        (("signals", "rows.csv", "--define", "phq-9 reliable=6 colour=3"), 1, "colour= is not known"),
        (("signals", "rows.csv", "--define", "phq-9 reliable=-6"), 1, "lies above 0"),
        (("signals", "rows.csv", "--define", "phq-9 reliable=6"), 1, "no column 'client' for the client"),
        (("signals", "rows.csv", "--define", "phq-9 reliable=6", "--column", "who=y"), 2, "--column who=y"),
    ],
)
def test_exit_codes_tell_mistakes_apart(shoshin, tmp_path, monkeypatch, words, code, said):
    monkeypatch.chdir(tmp_path)
    csv_file(Path("rows.csv"), {"y": np.arange(40) * 7 % 11, "x": np.arange(40) % 3, "g": np.arange(40) // 5})
    answer = shoshin(*words)
    assert answer.exit_code == code, answer.output
    assert said in " ".join(answer.output.split())
    assert "Traceback" not in answer.output


SCORES = """client,date,measure,score
a,2026-01-01,phq-9,14
a,2026-01-08,phq-9,15
a,2026-01-15,phq-9,21
b,2026-01-01,phq-9,18
b,2026-01-08,phq-9,
b,2026-01-15,phq-9,
b,2026-01-22,phq-9,
c,2026-01-01,phq-9,15
c,2026-01-08,phq-9,4
"""
ORS = "client,occasion,measure,score\n" + "".join(f"d,{at},ors,{15 + at // 4}\n" for at in range(1, 7))
PHQ, LOW = "phq-9 reliable=6 cutoff=10", "ors worse=low sd=8.4 reliability=0.86 cutoff=25"


def test_each_course_has_its_level_its_rule_and_its_reason(shoshin, tmp_path):
    path, out, plot = tmp_path / "scores.csv", tmp_path / "signals.json", tmp_path / "signals.svg"
    path.write_text(SCORES)
    answer = shoshin("signals", str(path), "--define", PHQ, "--json", str(out), "--plot", str(plot))
    assert answer.exit_code == 0, answer.output
    lines = [line.split(None, 4) for line in answer.stdout.splitlines() if line.startswith(("a ", "b ", "c "))]
    assert lines == [
        ["a", "phq-9", "signal", "worse", "7 points worse than at the start (14 → 21; reliable from 6)"],
        ["b", "phq-9", "signal", "missing", "3 forms in a row without an answer"],
    ]
    assert "3 courses: 2 with a signal, 0 to watch." in answer.stdout
    written = json.loads(out.read_text())
    assert [(one["client"], one["level"], one["rule"]) for one in written] == [
        ("a", "signal", "worse"), ("b", "signal", "missing"), ("c", "none", "worse"),
    ]  # fmt: skip
    assert written[0]["reasons"][0]["code"] == "worse_than_first"
    assert "a, phq-9" in " ".join(ElementTree.parse(plot).getroot().itertext())
    assert "c      " in shoshin("signals", str(path), "--define", PHQ, "--all").stdout


def test_no_change_where_a_low_score_is_worse(shoshin, tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text(ORS)
    answer = shoshin("signals", str(path), "--define", LOW)
    assert "signal  no_change  not reliably better by appointment 6 (15 → 16; reliable from 8.71)" in answer.stdout
    assert "still on the clinical side of 25" in answer.stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("c,2026-01-08,phq-9", "c,2026-01-08,gad-7", "Measure 'gad-7' is not described"),
        ("c,2026-01-08", "c,2026-01-01", "has 'phq-9' twice at 2026-01-01"),
        ("b,2026-01-01,phq-9,18", "b,2026-01-01,phq-9,many", "Column 'score' is not made of numbers"),
        ("b,2026-01-01,phq-9,18", "b,2026-01-01,phq-9,inf", "Column 'score' has infinite values"),
        ("b,2026-01-01", "b,someday", "neither numbers nor dates"),
        ("b,2026-01-01", ",2026-01-01", "Column 'client' is empty in 1 rows"),
    ],
)
def test_scores_that_no_rule_can_read(shoshin, tmp_path, old, new, said):
    path = tmp_path / "scores.csv"
    path.write_text(SCORES.replace(old, new, 1))
    answer = shoshin("signals", str(path), "--define", PHQ)
    assert answer.exit_code == 1
    assert said in answer.output


def test_every_reason_of_a_rule_or_of_no_fit_has_words():
    needed = {"worse_than_first", "worse_than_best", "not_better", "still_clinical", "no_cutoff", "early_watch_only"}
    needed |= {"unanswered_in_a_row", "not_converged", "not_identified", "no_residual_left", "boundary_not_settled"}
    needed |= {"arithmetic_broke_down", "no_finite_spread", "at_boundary", "few_groups", "starts_differ"}
    assert needed <= set(WORDS)
    assert reason_words(Reason("unanswered_in_a_row", {"unanswered": 2, "asked": 4})) == (
        "2 forms in a row without an answer"
    )


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"ibis", "duckdb", "formulaic", "mixedlm", "pandas", "scipy", "pyarrow"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from shoshin.cli import main
main()
"""


@pytest.mark.parametrize("words", [("fit", "rows.csv", "y ~ x + (1|g)"), ("signals", "rows.csv", "--define", PHQ)])
def test_a_command_that_needs_the_extra_names_it(tmp_path, words):
    csv_file(tmp_path / "rows.csv", {"y": [1, 2], "x": [1, 2], "g": [1, 2]})
    answer = subprocess.run(
        [sys.executable, "-c", WITHOUT, *words], capture_output=True, text=True, cwd=tmp_path, env={**os.environ}
    )
    assert answer.returncode == 1
    assert "pip install 'shoshin[analytics]'" in answer.stderr
    assert "Traceback" not in answer.stderr


ALONE = """
import importlib, pkgutil, sys
class Refused:
    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first not in {"shoshin", "numpy", *sys.stdlib_module_names}:
            raise ImportError(f"{first} is neither ours, nor numpy")
sys.meta_path.insert(0, Refused())
import shoshin.science as home
for one in pkgutil.walk_packages(home.__path__, "shoshin.science."):
    importlib.import_module(one.name)
print(len([name for name in sys.modules if name.startswith("shoshin.science.")]))
"""


def test_the_science_needs_numpy_only():
    answer = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert int(answer.stdout) > 20
