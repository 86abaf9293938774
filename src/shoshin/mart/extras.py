"""What the mart needs beyond the least installation, named where it is missing."""

import importlib
from types import ModuleType

__all__ = ["CannotDoWithout", "the"]

EXTRAS = dict.fromkeys(("pyarrow", "ibis", "duckdb", "formulaic", "mixedlm"), "analytics") | {"pyspark": "spark"}


class CannotDoWithout(RuntimeError):
    """A library is not installed; the message names the extra that brings it."""


def the(module: str) -> ModuleType:
    """The module, or one sentence that names the extra."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as problem:
        library = module.partition(".")[0]
        if (problem.name or "").partition(".")[0] != library:
            raise
        raise CannotDoWithout(
            f"This needs {library}, which is not installed: pip install 'shoshin[{EXTRAS[library]}]'"
        ) from None
