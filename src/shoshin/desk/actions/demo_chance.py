"""Seeded chance for the demo clinic: the same seed makes the same people."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import numpy as np

T = TypeVar("T")
LOOKALIKE_FREE = "23456789abcdefghjkmnpqrstuvwxyz"


class Chance:
    """Streams of chance. Everything random in the demo comes from here."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = np.random.default_rng(seed)
        self._names: set[str] = set()

    def stream(self, number: int) -> "Chance":
        """A stream of its own for each therapist, so that nobody's clients hang on how many colleagues there are."""
        own = Chance(self.seed)
        own.rng, own._names = np.random.default_rng([self.seed, number]), self._names
        return own

    def happens(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def pick(self, among: Sequence[T]) -> T:
        return among[int(self.rng.integers(len(among)))]

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def several(self, among: Sequence[T], count: int) -> list[T]:
        """Different members of a list, in random order."""
        return [among[int(place)] for place in self.rng.permutation(len(among))[:count]]

    def name(self, length: int = 8) -> str:
        """A short random name nobody else in this clinic has."""
        while True:
            letters = self.rng.integers(len(LOOKALIKE_FREE), size=length)
            made = "".join(LOOKALIKE_FREE[int(letter)] for letter in letters)
            if made not in self._names:
                self._names.add(made)
                return made

    def uuid(self) -> UUID:
        return UUID(bytes=self.rng.bytes(16), version=4)
