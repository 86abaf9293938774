"""What an analysis needs beyond the default installation, said in one sentence where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["CannotWithout", "needed"]


class CannotWithout(ImportError):
    """A package that is not installed; the message names the extra that brings it."""


@contextmanager
def needed(package: str) -> Iterator[None]:
    """Import inside of this what the extra `analytics` brings."""
    try:
        yield
    except ImportError as problem:
        raise CannotWithout(
            f"This needs {package}, which is not installed ({problem.name or package}): "
            "install it with pip install 'shoshin[analytics]'."
        ) from None
