"""Why a result came out as it did, as codes and figures; the words are written elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Fact", "Reason"]

Fact = float | int | str


@dataclass(frozen=True)
class Reason:
    """One ground of a result.

    Answers: why does the result say so? `code` is a stable name listed in docs/methods/reasons.md; `facts`
    are the figures a sentence about it needs, in the units of the scale they came from. Not for display as it
    stands.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
