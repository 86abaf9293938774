"""How long does a mixed model take, and do others find the same optimum?

    python bench/mixed_models.py                     1,000, 10,000 and 100,000 clients, ours beside what is installed
    python bench/mixed_models.py 1000 10000          these sizes
    python bench/mixed_models.py --only ours,mixedlm 1000000      these alone

Made-up clients of made-up therapists: about 20 clients a therapist, unequal caseloads, about ten sessions a client.
`level` is one row a client (last score by first score, age and sex, therapists differing), `growth` is a row a session
(level and pace of each client, level of each therapist), both by REML; `logistic` is recovered or not. Beside ours:
lme4 (through Rscript), mixedlm and statsmodels, each only where it is installed, each in a process of its own. Time is
that of the fit, with the data in memory; for ours it includes making the table of sums. −2 log likelihood is shown as
its distance from the smallest found.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from _machine import ROOT, heading, table

SIZES = (1_000, 10_000, 100_000)
MODELS = ("level", "growth", "logistic")
ENGINES = ("ours", "lme4", "mixedlm", "statsmodels")
PATIENCE = 900  # seconds for one fit
SEED = 20261122

FORMULAS = {
    "level": "y ~ first + age + female + (1 | therapist)",
    "growth": "y ~ t + first + (t | client) + (1 | therapist)",
    "logistic": "recovered ~ first + age + female + (1 | therapist)",
}
IN_R = """
suppressMessages(library(lme4))
rows <- read.csv("{rows}")
began <- proc.time()
found <- {call}
took <- proc.time() - began
peak <- as.numeric(gsub("[^0-9]", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE)))
cat(sprintf('{{"seconds": %.4f, "processor": %.4f, "megabytes": %.0f, "m2ll": %.9f}}',
            took[["elapsed"]], took[["user.self"]] + took[["sys.self"]], peak / 1024, -2 * as.numeric(logLik(found))))
"""
R_CALLS = {
    "level": "lmer({formula}, rows)",
    "growth": "lmer({formula}, rows, control = lmerControl(calc.derivs = FALSE))",
    "logistic": "glmer({formula}, rows, family = binomial, nAGQ = 7, control = glmerControl(calc.derivs = FALSE))",
}
PASSED_OVER = {
    ("statsmodels", "growth"): "cannot",
    ("statsmodels", "logistic"): "cannot",
}


def main() -> None:
    heading("Mixed models")
    wanted = sys.argv[sys.argv.index("--only") + 1].split(",") if "--only" in sys.argv else ENGINES
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or list(SIZES)
    engines = [name for name in ENGINES if name in wanted and installed(name)]
    absent = [name for name in ENGINES if name in wanted and name not in engines]
    if absent:
        print(f"Not installed here, so left out: {', '.join(absent)}.\n")
    for model in MODELS:
        table([f"{model}: clients", *engines], [row(model, size, engines) for size in sizes])
    print(
        "Seconds on the clock and of the processor, peak memory in MB, −2 log likelihood above the smallest in the row."
    )


def installed(engine: str) -> bool:
    """Whether the engine is at hand."""
    if engine == "lme4":
        ready = ["Rscript", "-e", "library(lme4)"]
        return bool(shutil.which("Rscript")) and subprocess.run(ready, capture_output=True, check=False).returncode == 0
    return engine == "ours" or importlib.util.find_spec(engine) is not None


def row(model: str, size: int, engines: list[str]) -> list[str]:
    """One size of one model, by every engine, on the same rows."""
    with tempfile.TemporaryDirectory(prefix="shoshin-bench-") as folder:
        rows = made_rows(model, size)
        np.savez(Path(folder) / "rows.npz", **rows)
        if "lme4" in engines:
            write_csv(rows, Path(folder) / "rows.csv")
        found = {engine: measured(engine, model, folder) for engine in engines}
    least = min((each["m2ll"] for each in found.values() if "m2ll" in each), default=inf)
    return [f"{size:,} ({len(rows['first']):,} rows)", *(cell(found[engine], least) for engine in engines)]


def cell(found: dict[str, Any], least: float) -> str:
    if "m2ll" not in found:
        return str(found["said"])
    times = f"{found['seconds']:.2f} s, {found['processor']:.2f} s"
    return f"{times}, {found['megabytes']:.0f} MB, +{found['m2ll'] - least:.1e}"


def measured(engine: str, model: str, folder: str) -> dict[str, Any]:
    """What one fit in a process of its own has printed."""
    if (engine, model) in PASSED_OVER:
        return {"said": PASSED_OVER[engine, model]}
    if engine == "lme4":
        call = R_CALLS[model].format(formula=FORMULAS[model])
        script = Path(folder) / "fit.R"
        script.write_text(IN_R.format(rows=Path(folder) / "rows.csv", call=call))
        command = ["Rscript", str(script)]
    else:
        command = [sys.executable, __file__, "--here", engine, model, folder]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'bench'}"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return {"said": f"over {PATIENCE} s"}
    if done.returncode:
        print(f"{engine}, {model}: {done.stderr.strip().splitlines()[-1:]}")
        return {"said": "failed"}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def here(engine: str, model: str, folder: str) -> None:
    """Fit once, and print time, peak memory and −2 log likelihood as one line of JSON."""
    with np.load(Path(folder) / "rows.npz") as stored:
        rows = {name: stored[name] for name in stored.files}
    call = {"ours": ours, "mixedlm": by_mixedlm, "statsmodels": by_statsmodels}[engine](model, rows)
    began, processor = time.perf_counter(), time.process_time()
    m2ll = call()
    found = {"seconds": time.perf_counter() - began, "processor": time.process_time() - processor, "m2ll": m2ll}
    print(json.dumps({**found, "megabytes": peak_megabytes()}))


def peak_megabytes() -> float:
    """The most memory this process has held since it began."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def ours(model: str, rows: dict[str, np.ndarray]) -> Callable[[], float]:
    """The functions of shoshin.science.mixed, from the rows on."""
    from shoshin.science import mixed

    therapist = mixed.RandomTerm("therapist")
    logistic = mixed.LogisticModel("recovered", ("1", "first", "age", "female"), "therapist")
    level = mixed.NestedModel("y", ("1", "first", "age", "female"), (therapist,))
    growth = mixed.NestedModel("y", ("1", "t", "first"), (mixed.RandomTerm("client", ("1", "t")), therapist))

    def call() -> float:
        if model == "logistic":
            found = mixed.fit_logistic(rows, logistic, nodes=7)
        else:
            spec = level if model == "level" else growth
            found = mixed.fit(mixed.gram_table(rows, spec), spec)
        if isinstance(found, mixed.NotFitted):
            raise SystemExit(str(found.reasons))
        return found.m2ll

    return call


def by_mixedlm(model: str, rows: dict[str, np.ndarray]) -> Callable[[], float]:
    """The package of that name, with its defaults."""
    import mixedlm
    import pandas as pd

    frame = pd.DataFrame(rows)
    family = mixedlm.families.Binomial()

    def call() -> float:
        if model == "logistic":
            return -2 * float(mixedlm.glmer(FORMULAS[model], frame, family=family, nAGQ=7).logLik().value)
        return -2 * float(mixedlm.lmer(FORMULAS[model], frame).logLik().value)

    return call


def by_statsmodels(model: str, rows: dict[str, np.ndarray]) -> Callable[[], float]:
    """MixedLM with its defaults."""
    import pandas as pd
    import statsmodels.formula.api as smf

    frame = pd.DataFrame(rows)
    return lambda: -2 * float(smf.mixedlm("y ~ first + age + female", frame, groups=frame["therapist"]).fit().llf)


def made_rows(model: str, clients: int) -> dict[str, np.ndarray]:
    """Made-up clients with their therapists; `growth` has a row a session, the others one a client."""
    rng = np.random.default_rng([SEED, clients])
    therapists = max(12, clients // 20)
    caseload = rng.lognormal(0, 0.6, therapists)
    therapist = np.sort(rng.choice(therapists, size=clients, p=caseload / caseload.sum()))
    first = np.round(np.clip(rng.normal(15, 5, clients), 0, 27))
    age, female = np.round(rng.gamma(9, 4.2, clients) + 16), rng.random(clients) < 0.65
    shift = rng.normal(0, 1.2, therapists)[therapist]
    if model == "growth":
        sessions = np.minimum(1 + rng.negative_binomial(2, 2 / 11, clients), 40)
        client = np.repeat(np.arange(clients), sessions)
        starts = np.cumsum(sessions) - sessions
        t = np.log1p(np.arange(len(client)) - starts[client])
        level = rng.normal(0, 3, clients)
        pace = -0.3 * level + rng.normal(0, 1.2, clients)
        y = 4 + 0.6 * first[client] - 2 * t + (shift + level)[client] + pace[client] * t + rng.normal(0, 3, len(t))
        return {"y": y, "t": t, "first": first[client], "client": client, "therapist": therapist[client]}
    y = 2 + 0.45 * first + 0.01 * age - 0.3 * female + shift + rng.normal(0, 5, clients)
    return {"y": y, "recovered": (y < 10) * 1, "first": first, "age": age, "female": female * 1, "therapist": therapist}


def write_csv(rows: dict[str, np.ndarray], path: Path) -> None:
    with path.open("w") as file:
        file.write(",".join(rows) + "\n")
        columns = [values.tolist() for values in rows.values()]
        file.writelines(",".join(map(repr, line)) + "\n" for line in zip(*columns, strict=True))


if __name__ == "__main__":
    if "--here" in sys.argv:
        here(*sys.argv[-3:])
    else:
        main()
