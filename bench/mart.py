"""How long does a fit take from the files of an outcomes mart on?

    python bench/mart.py                      1,000, 10,000 and 100,000 clients
    python bench/mart.py 1000000              a million clients, ten million scores
    SHOSHIN_ANALYTICS=spark python bench/mart.py 10000

Made-up marts (bench/_made_mart.py). `level` is the last score by the first, therapists and clinics differing, a row
a course; `growth` is level and pace of each client and the level of each therapist, a row a score. Beside the time of
the sums stands that of the floor: the same engine reads the same columns of the same files once, and adds them up. Each
fit runs in a process of its own; libraries are imported and the engine is started before the clock runs.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _machine import heading, table
from mixed_models import peak_megabytes

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    heading("From the outcomes mart to a fit")
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or list(SIZES)
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="shoshin-bench-") as folder:
            began = time.perf_counter()
            subprocess.run([sys.executable, __file__, "--make", str(size), folder], check=True)
            print(f"{size:,} clients made in {time.perf_counter() - began:.1f} s", flush=True)
            for model in ("level", "growth"):
                command = [sys.executable, "-W", "ignore", __file__, "--here", model, folder]
                done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
                rows.append([f"{model}: {size:,} clients", *cells(json.loads(done.stdout.splitlines()[-1]))])
    print()
    table(["", "rows", "floor", "sums", "of the floor", "fit", "together", "peak MB"], rows)


def cells(found: dict[str, Any]) -> list[str]:
    times = [f"{found[name]:.2f} s" for name in ("floor", "sums")]
    ends = [f"{found['fit']:.2f} s", f"{found['sums'] + found['fit']:.2f} s", f"{found['megabytes']:.0f}"]
    return [f"{found['rows']:,}", *times, f"{found['sums'] / found['floor']:.1f} x", *ends]


def here(model: str, folder: Path) -> None:
    """One model of one mart: seconds for the floor, the sums and the fit, as one line of JSON."""
    from shoshin.mart.engines import connect, mart_table
    from shoshin.mart.grams import gathered
    from shoshin.science import mixed

    connect()
    if model == "level":
        rows = mart_table(folder, "courses")
        spec = mixed.NestedModel("last", ("1", "first"), (mixed.RandomTerm("therapist"), mixed.RandomTerm("clinic")))
        read = {"last": rows["last"].sum(), "first": rows["first"].sum(), "clinic": rows.clinic.max()}
    else:
        rows = mart_table(folder, "responses")
        read = {"value": rows.value.sum(), "week": rows.week.sum(), "client": rows.client.max()}
        rows = rows.mutate(t=(rows.week + 1).ln())
        random = (mixed.RandomTerm("client", ("1", "t")), mixed.RandomTerm("therapist"))
        spec = mixed.NestedModel("value", ("1", "t"), random)
    rows.count().to_pyarrow()
    began = time.perf_counter()
    rows.aggregate(**read, therapist=rows.therapist.max()).to_pyarrow()
    floor = time.perf_counter()
    grams = gathered(rows, spec).grams
    sums = time.perf_counter()
    found = mixed.fit(grams, spec)
    done = time.perf_counter()
    if isinstance(found, mixed.NotFitted):
        raise SystemExit(str(found.reasons))
    told = {"floor": floor - began, "sums": sums - floor, "fit": done - sums}
    print(json.dumps({**told, "rows": grams.n_rows, "m2ll": found.m2ll, "megabytes": peak_megabytes()}))


if __name__ == "__main__":
    if "--make" in sys.argv:
        from _made_mart import made_mart

        made_mart(Path(sys.argv[-1]), int(sys.argv[-2]))
    elif "--here" in sys.argv:
        here(sys.argv[-2], Path(sys.argv[-1]))
    else:
        main()
