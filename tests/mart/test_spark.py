"""Spark makes the same sums: on a cluster inside one machine, and on one of a master and two workers of their own.

Each is another process, since a process has one Spark for its life. By `make test-scale`.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shoshin.mart.engines import parquet_table
from shoshin.mart.grams import gathered
from shoshin.science.mixed import fit
from tests.mart.test_grams import spoilt, with_names
from tests.science.made_courses import MODELS, made_set

pytestmark = [pytest.mark.scale, pytest.mark.timeout(900)]

FITS = """
import json, sys
from pathlib import Path
from shoshin.mart.engines import connect, parquet_table
from shoshin.mart.grams import gathered
from shoshin.science.mixed import BadData, fit
from tests.science.made_courses import MODELS
folder = Path(sys.argv[1])
found = [fit(gathered(parquet_table(folder / "rows"), model).grams, model) for model in MODELS]
try:
    refusal = gathered(parquet_table(folder / "moved.parquet"), MODELS[0]) and ""
except BadData as problem:
    refusal = str(problem)
session = connect()._session
spark = session.sparkContext
executors = spark._jsc.sc().getExecutorMemoryStatus().size() - 1  # the driver is in the list
parts = session.read.parquet(str(folder / "rows")).rdd.getNumPartitions()
told = {"master": spark.master, "executors": executors, "parts": parts, "refusal": refusal}
told |= {"m2ll": [each.m2ll for each in found], "beta": [list(each.beta) for each in found]}
Path(sys.argv[2]).write_text(json.dumps(told))
"""


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Courses far from zero in six files, as a mart of several sites has them; and one table that is wrong."""
    folder = tmp_path_factory.mktemp("rows")
    columns = with_names(made_set(8))
    columns["y"] = columns["y"] + 1e5
    whole = pa.table(columns)
    (folder / "rows").mkdir()
    for part, places in enumerate(np.array_split(np.random.default_rng(1).permutation(whole.num_rows), 6)):
        pq.write_table(whole.take(places), folder / "rows" / f"{part}.parquet")
    pq.write_table(pa.table(spoilt("therapist", lambda t: np.arange(len(t)) % 7)), folder / "moved.parquet")
    return folder


def assert_same_on(master: str, rows: Path, tmp_path: Path, executors: int):
    out = tmp_path / "found.json"
    named = {"SHOSHIN_ANALYTICS": "spark", "SHOSHIN_SPARK_MASTER": master, "PYTHONPATH": "src:."}
    subprocess.run([sys.executable, "-c", FITS, rows, out], env=os.environ | named, check=True, timeout=600)
    found = json.loads(out.read_text())
    assert (found["master"], found["executors"]) == (master, executors)
    assert found["parts"] > 1, "one task makes no cluster"
    for model, m2ll, beta in zip(MODELS, found["m2ll"], found["beta"], strict=True):
        ours = fit(gathered(parquet_table(rows / "rows", "duckdb"), model).grams, model)
        assert m2ll == pytest.approx(ours.m2ll, rel=1e-8, abs=0)
        assert beta == pytest.approx(ours.beta, rel=1e-6)
    assert "under more than one 'therapist'" in found["refusal"]


def test_a_local_cluster_gives_the_same_fit(rows, tmp_path):
    assert_same_on("local-cluster[2,1,1024]", rows, tmp_path, executors=2)


@pytest.fixture
def cluster(tmp_path):
    """A master and two workers, each a process of its own with its own folder, as they would be on three machines."""
    import pyspark

    home = Path(pyspark.__file__).parent
    settings = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOG_DIR": str(tmp_path)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, started = f"spark://127.0.0.1:{port}", ExitStack()

    def start(name: str, *words: str) -> Path:
        log = tmp_path / f"{name}.log"
        with log.open("w") as said:
            command = [home / "bin" / "spark-class", *words]
            process = subprocess.Popen(command, env=settings, stdout=said, stderr=subprocess.STDOUT)
        started.callback(process.wait, 60)
        started.callback(process.terminate)
        return log

    with started:
        place = ("--host", "127.0.0.1", "--webui-port", "0")
        master = start("master", "org.apache.spark.deploy.master.Master", *place, "--port", str(port))
        wait_for(master, "I have been elected leader")
        for name in ("one", "two"):
            room = ("--cores", "1", "--memory", "1g", "--work-dir", str(tmp_path / name))
            start(name, "org.apache.spark.deploy.worker.Worker", *place, *room, address)
        wait_for(master, "Registering worker", times=2)
        yield address


def wait_for(log: Path, words: str, times: int = 1):
    for _ in range(1200):
        if len(re.findall(words, log.read_text())) >= times:
            return
        time.sleep(0.1)
    raise AssertionError(f"{words!r} did not come {times} times:\n{log.read_text()}")


def test_a_master_with_two_workers_gives_the_same_fit(cluster, rows, tmp_path):
    assert_same_on(cluster, rows, tmp_path, executors=2)
