"""Names by the million are numbered and brought into order as numpy would do it, whatever they are made of."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from shoshin.mart import names
from shoshin.mart.names import Names, coded_names

KEYS = [f"{number * 7919 % 1000:03}-{number:020x}" for number in range(40)]
COLUMNS = {
    "keys": KEYS,
    "keys of nine letters": [f"k{number * 17 % 97:08}" for number in range(40)],
    "short keys": ["b", "a", "d", "c"] * 3,
    "each twice": KEYS + KEYS[::-1],
    "words of other lengths": [f"client {number}" for number in range(95, 105)],
    "words as long in bytes, not in letters": ["Zoë Adlers", "Zoe Ahlers2", "Jon Ahlers2"],
    "letters beyond the plain ones": ["Müller-Lüdenscheidt", "Möller-Lödenscheidt"],
    "a letter that is none": ["a\0\0\0\0\0\0\0\0", "b\0\0\0\0\0\0\0\0"],
    "nothing but no letters": ["", "", ""],
    "numbers": [5, 3, 9, 3],
    "one": ["only one of them"],
}


@pytest.fixture(params=list(COLUMNS), ids=list(COLUMNS))
def column(request):
    """In three pieces, and cut out of longer ones, as engines hand columns over."""
    whole = pa.array([COLUMNS[request.param][-1], *COLUMNS[request.param], COLUMNS[request.param][0]]).slice(1)
    whole = whole.slice(0, len(whole) - 1)
    cuts = [0, len(whole) // 3, len(whole) // 2, len(whole)]
    return pa.chunked_array([whole.slice(one, other - one) for one, other in pairwise(cuts)])


@pytest.mark.parametrize("likely_once", [True, False])
@pytest.mark.parametrize("most", [0, 1_000])
def test_each_line_has_the_number_of_its_name(column, most, likely_once):
    found, codes = coded_names(column, most, likely_once=likely_once)
    distinct = sorted(set(column.to_pylist()))
    assert [found.to_pylist()[code] for code in codes] == column.to_pylist()
    assert sorted(found.to_pylist()) == distinct
    assert most == 0 or found.to_pylist() == distinct


def test_names_are_taken_in_any_order(column):
    for held in (column, column.combine_chunks(), column.chunk(2)):
        order = np.random.default_rng(4).permutation(len(held))
        found, expected = Names(held, order), [held.to_pylist()[place] for place in order]
        assert found.tolist() == np.asarray(found).tolist() == np.concatenate([found]).tolist() == expected
        assert (len(found), found[0], found[:2].tolist()) == (len(expected), expected[0], expected[:2])


def in_pieces(*keys):
    return pa.chunked_array([list(keys[:7]), list(keys[7:])])


def test_keys_that_differ_are_not_compared():
    assert names._surely_differ(in_pieces(*KEYS))
    assert not names._surely_differ(in_pieces(*KEYS, KEYS[3]))
    for place in range(len(KEYS[0])):
        other = KEYS[3][:place] + "z" + KEYS[3][place + 1 :]
        assert names._surely_differ(in_pieces(*KEYS, other)), place


def test_names_with_the_same_mark_are_compared(monkeypatch):
    monkeypatch.setattr(names, "ODD", np.uint64(0))  # marks are then the last eight letters
    alike = [f"{number:010}-of-them" for number in range(20)]
    found, codes = coded_names(pa.chunked_array([alike]), 0, likely_once=True)
    assert not names._surely_differ(pa.chunked_array([alike]))
    assert [found.to_pylist()[code] for code in codes] == alike
