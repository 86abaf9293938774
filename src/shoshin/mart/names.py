"""The names of units as an engine hands them over, a million at a time: numbered, and made into words when asked for.

Keys of a mart are plain letters of one length, so that they can be handled as numbers: told apart by a sort of these,
and made into words without Python having to make each.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shoshin.mart.extras import the

__all__ = ["Names", "coded_names"]

ODD = np.uint64(0x9E3779B97F4A7C15)  # mixes well: 2**64 by the golden ratio


@dataclass(frozen=True, eq=False)
class Names:
    """The names that stand at these places of an Arrow column. Most are only counted, so words are made when asked for.

    For numpy this is an array of words.
    """

    column: Any
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, slice):
            return Names(self.column, self.places[which])
        return np.asarray(self)[which]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(_words(self.column, self.places), dtype=dtype)

    def tolist(self) -> list[Any]:
        """The names as Python has them."""
        found: list[Any] = np.asarray(self).tolist()
        return found


def coded_names(column: Any, most: int, *, likely_once: bool) -> tuple[Any, NDArray[np.int64]]:
    """The names in this Arrow column, each once, and for each line the number of its name.

    Up to `most` names stand in order. More stand as they come: so many take long to sort. `likely_once` says that each
    name should be there once, which is then looked at first.
    """
    if likely_once and len(column) > most and _surely_differ(column):
        return column, np.arange(len(column))
    found = column.dictionary_encode().combine_chunks()
    names, codes = found.dictionary, found.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if len(names) > most:
        return names, codes
    order = the("pyarrow.compute").array_sort_indices(names)
    places = np.empty(len(names), dtype=np.int64)
    places[order.to_numpy()] = np.arange(len(names))
    return names.take(order), places[codes]


def _words(column: Any, places: NDArray[np.int64]) -> NDArray[Any]:
    names = column.combine_chunks() if hasattr(column, "chunks") else column
    letters = _letters(names)
    if letters is None:
        return names.take(the("pyarrow").array(places)).to_numpy(zero_copy_only=False)
    width = letters.shape[1]
    taken = letters.view(f"S{width}").reshape(-1)[places]
    return taken.view(np.uint8).astype(np.uint32).view(f"U{width}")


def _surely_differ(column: Any) -> bool:
    """Whether no two are alike, where that can be told without comparing them. Names with different marks differ."""
    marks = np.zeros(len(column), dtype=np.uint64)
    begin = 0
    for names in column.chunks:
        letters = _letters(names)
        if letters is None or letters.shape[1] < 8:
            return False
        size, width = letters.shape
        part = marks[begin : begin + size]
        for start in {*range(0, width - 7, 8), width - 8}:
            part ^= part >> np.uint64(29)
            part *= ODD
            part += np.ndarray(size, np.uint64, letters, start, width)  # eight letters of each name, where they lie
        begin += size
    marks.sort()
    return bool((marks[1:] != marks[:-1]).all())


def _letters(names: Any) -> NDArray[np.uint8] | None:
    """The letters, a line for each name. None unless all names are as long as the first, and of plain letters."""
    if not len(names) or names.type != the("pyarrow").string():
        return None
    _, starts, data = names.buffers()
    ends = np.frombuffer(starts, np.int32)[names.offset : names.offset + len(names) + 1]
    width = int(ends[1] - ends[0])
    if not width or (np.diff(ends) != width).any():
        return None
    letters = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]].reshape(-1, width)
    return letters if letters.min() > 0 and letters.max() < 128 else None
