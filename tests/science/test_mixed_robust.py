"""Small sets in which an optimum is easily missed: never worse than the better of lme4's two optimisers.

The figures are −2 log likelihoods (REML) of lme4 1.1-31, the smaller of nloptwrap's and bobyqa's, both at tight
tolerances. Where R and lme4 are at hand, all sixty sets are compared anew: pytest -m chaos tests/science
"""

import csv
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from shoshin.science.mixed import Fitted, fit, gram_table
from tests.science.made_courses import FORMULAS, MODELS, SETS, made_set

LME4_BEST = {
    0: (2576.935507, 2576.854129, 2573.343633),
    7: (1505.525999, 1452.716809, 1451.324347),
    12: (2429.445950, 2428.191256, 2428.162997),
    14: (2547.770559, 2543.367688, 2542.967483),
    21: (2505.274194, 2504.576916, 2504.576916),
    28: (1418.005246, 1416.316233, 1416.047510),
    35: (2677.053682, 2651.287264, 2649.982193),
    42: (1358.336643, 1325.516032, 1325.516032),
    49: (1735.007076, 1732.375188, 1732.374420),
    56: (2172.555204, 2172.472127, 2172.425756),
}
MISSED_BY_LME4 = (12, 2)  # both of its optimisers end 0.0857 higher
CLOSE = 1e-5

IN_R = """
suppressMessages(library(lme4))
formulas <- list(%s)
controls <- list(
  lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE,
              optCtrl = list(xtol_abs = 1e-10, ftol_abs = 1e-12, maxeval = 20000)),
  lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 20000), calc.derivs = FALSE))
for (number in 0:%d) {
  rows <- read.csv(file.path("%s", paste0(number, ".csv")))
  for (formula in formulas) {
    found <- sapply(controls, function(control)
      -2 * as.numeric(logLik(suppressMessages(suppressWarnings(lmer(formula, rows, control = control))))))
    cat(sprintf("%%.9f\\n", min(found)))
  }
}
"""


def ours(seed: int, place: int) -> Fitted:
    found = fit(gram_table(made_set(seed), MODELS[place]), MODELS[place])
    assert isinstance(found, Fitted), found.reasons
    return found


def test_the_sets_are_those_that_lme4_saw() -> None:
    assert [len(made_set(seed)["y"]) for seed in (0, 7)] == [651, 362]
    assert made_set(0)["y"].sum() == pytest.approx(5853.431684855653, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", LME4_BEST)
def test_no_optimum_is_missed(seed: int) -> None:
    for place, best in enumerate(LME4_BEST[seed]):
        found = ours(seed, place)
        assert found.m2ll < best + CLOSE
        if (seed, place) == MISSED_BY_LME4:
            assert found.m2ll == pytest.approx(best - 0.08566, abs=1e-4)
        else:
            assert found.m2ll == pytest.approx(best, abs=CLOSE)


def test_some_of_these_optima_lie_on_the_boundary_and_some_do_not() -> None:
    assert ours(0, 2).singular and ours(0, 1).singular
    assert not ours(56, 0).singular and not ours(7, 1).singular


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_no_optimum_of_sixty_sets_is_missed_beside_lme4(tmp_path: Path) -> None:
    if (
        not shutil.which("Rscript")
        or subprocess.run(["Rscript", "-e", "library(lme4)"], capture_output=True).returncode
    ):
        pytest.skip("this compares with lme4. On Debian and Ubuntu: apt-get install r-cran-lme4")
    for seed in range(SETS):
        rows = made_set(seed)
        with (tmp_path / f"{seed}.csv").open("w") as file:
            writer = csv.writer(file)
            writer.writerow(rows)
            writer.writerows(zip(*(map(repr, values.tolist()) for values in rows.values()), strict=True))
    script = tmp_path / "best.R"
    script.write_text(IN_R % (", ".join(FORMULAS), SETS - 1, tmp_path))
    done = subprocess.run(["Rscript", str(script)], capture_output=True, text=True, check=True)
    best = np.array([float(line) for line in done.stdout.split()]).reshape(SETS, len(MODELS))
    gains = np.array([[best[seed, k] - ours(seed, k).m2ll for k in range(len(MODELS))] for seed in range(SETS)])
    print(f"\n{gains.size} fits: worse by at most {-gains.min():.1e}, better in {(gains > 1e-4).sum()}")
    assert gains.min() > -CLOSE
