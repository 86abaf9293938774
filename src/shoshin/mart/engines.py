"""Where sums are made: DuckDB in this process, or Spark, which may be a cluster. A setting decides, the code is one.

`SHOSHIN_ANALYTICS` is `duckdb` (the default) or `spark`; `SHOSHIN_SPARK_MASTER` names a cluster, as `spark://host:7077`,
and without it Spark does as its own configuration says.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from shoshin.mart.extras import the
from shoshin.mart.read import table_file

__all__ = ["ENGINES", "CannotUseEngine", "connect", "mart_table", "parquet_table"]

ENGINES = ("duckdb", "spark")


class CannotUseEngine(ValueError):
    """There is no such engine, or it does not start; the message says what to do."""


def connect(engine: str | None = None) -> Any:
    """The Ibis connection of an engine, one for this process; without a name the one of the settings."""
    name = engine or os.environ.get("SHOSHIN_ANALYTICS", "") or ENGINES[0]
    if name not in ENGINES:
        raise CannotUseEngine(f"SHOSHIN_ANALYTICS is {name!r}, and can be duckdb or spark.")
    return _connected(name)


@cache
def _connected(name: str) -> Any:
    ibis = the("ibis")
    if name == "duckdb":
        return ibis.duckdb.connect()
    the("pyspark")
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("shoshin").config("spark.sql.session.timeZone", "UTC")
    if master := os.environ.get("SHOSHIN_SPARK_MASTER", ""):
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as problem:
        first = str(problem).splitlines()[0]
        raise CannotUseEngine(f"Spark does not start ({first}). It needs Java 17 or newer.") from None
    return ibis.pyspark.connect(session)


def parquet_table(path: Path, engine: str | None = None) -> Any:
    """A Parquet file, or a folder of them, as an Ibis table. With Spark every machine must see the path."""
    files = f"{path}/*.parquet" if path.is_dir() else str(path)
    connection = connect(engine)
    # Unless told, DuckDB takes isnan() from the file's own statistics, which leave NaN out, and so overlooks it.
    return connection.read_parquet(files, **({"can_have_nan": True} if connection.name == "duckdb" else {}))


def mart_table(folder: Path, name: str, engine: str | None = None) -> Any:
    """A table of a mart (`responses`, `courses`) as an Ibis table, its schema and build looked at first."""
    return parquet_table(table_file(folder, name), engine)
