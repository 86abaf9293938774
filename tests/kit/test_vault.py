"""Sealed files open at any place, and not at all once anything about them or their key was changed."""

import secrets
import stat

import pytest

from shoshin.kit.vault import KeyIsGone, KeyStore, SealedFile, Tampered, seal
from shoshin.kit.vault.sealed import HEADER, RECORD, SEALED_RECORD

KEY = bytes(range(32))
WHOLE = secrets.token_bytes(3 * RECORD + 77)
SIZES = [0, 1, RECORD - 1, RECORD, RECORD + 1, 2 * RECORD, len(WHOLE)]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sealed"
    seal([WHOLE[:10], WHOLE[10:]], path, KEY, "a test")
    return path


@pytest.fixture
def keys(tmp_path):
    return KeyStore.at(tmp_path / "keys")


def read(path, start=0, stop=None, key=KEY, about="a test"):
    with SealedFile(path, key, about) as sealed:
        return b"".join(sealed.read(start, stop))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back_whatever_its_size(tmp_path, size):
    path = tmp_path / "sealed"
    assert seal([WHOLE[:size]], path, KEY, "a test") == size
    with SealedFile(path, KEY, "a test") as sealed:
        assert (sealed.size, b"".join(sealed.read())) == (size, WHOLE[:size])
    assert list(tmp_path.iterdir()) == [path], "no passing file stays"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("start", [0, 1, RECORD - 1, RECORD, 2 * RECORD + 5, len(WHOLE) - 1])
@pytest.mark.parametrize("length", [1, 100, RECORD, 2 * RECORD])
def test_any_part_opens_without_the_rest(file, start, length):
    assert read(file, start, start + length) == WHOLE[start : start + length]


def test_a_part_opens_even_where_another_record_is_damaged(file):
    damage(file, HEADER + SEALED_RECORD + 5)
    assert read(file, 0, RECORD) == WHOLE[:RECORD]
    with pytest.raises(Tampered):
        read(file)


def damage(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_changed_byte_anywhere_is_noticed(file):
    whole, noticed = file.read_bytes(), 0
    places = [*range(40), *range(HEADER + SEALED_RECORD - 20, HEADER + SEALED_RECORD + 20), len(whole) - 1]
    for place in places:
        damage(file, place)
        with pytest.raises(Tampered):
            read(file)
        noticed += 1
        file.write_bytes(whole)
    print(f"\n{noticed} of {len(places)} changed bytes noticed")
    assert read(file) == WHOLE, "and unchanged it opens"


@pytest.mark.parametrize("left", [0, 10, HEADER, HEADER + 16, HEADER + SEALED_RECORD, HEADER + 3 * SEALED_RECORD])
def test_a_file_cut_off_is_noticed_before_a_byte_is_given_out(file, left):
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(Tampered):
        SealedFile(file, KEY, "a test")


def test_records_that_were_swapped_left_out_or_repeated_are_noticed(file):
    whole = file.read_bytes()
    head, *records = (
        whole[:HEADER],
        *(whole[place : place + SEALED_RECORD] for place in range(HEADER, len(whole), SEALED_RECORD)),
    )
    first, second, third, last = records
    for order in ([second, first, third, last], [first, third, last], [first, first, second, third, last]):
        file.write_bytes(head + b"".join(order))
        with pytest.raises(Tampered):
            read(file)
    file.write_bytes(head + b"".join(records))
    assert read(file) == WHOLE


def test_another_key_and_another_place_open_nothing(file):
    with pytest.raises(Tampered):
        read(file, key=bytes(32))
    with pytest.raises(Tampered):
        read(file, about="another test")


def test_the_same_bytes_sealed_twice_are_not_the_same_file(tmp_path):
    for name in ("one", "two"):
        seal([WHOLE], tmp_path / name, KEY, "a test")
    one, two = (tmp_path / name for name in ("one", "two"))
    assert one.read_bytes()[HEADER:64] != two.read_bytes()[HEADER:64]
    assert WHOLE[:32] not in one.read_bytes()


def test_a_key_is_kept_wrapped_and_comes_back(keys):
    key = keys.make("a-recording")
    kept = (keys.folder / "a-recording.key").read_bytes()
    assert keys.open("a-recording") == key
    assert key not in kept and keys.master not in kept
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.folder.iterdir()} == {0o600}
    assert KeyStore.at(keys.folder).open("a-recording") == key, "the master key is the same the next time"


def test_a_destroyed_key_is_gone_and_its_name_may_be_destroyed_again(keys):
    keys.make("a-recording")
    keys.destroy("a-recording")
    keys.destroy("a-recording")
    assert not keys.holds("a-recording")
    with pytest.raises(KeyIsGone):
        keys.open("a-recording")


def test_a_key_opens_only_under_its_own_name_and_master(keys, tmp_path):
    keys.make("one")
    (keys.folder / "two.key").write_bytes((keys.folder / "one.key").read_bytes())
    with pytest.raises(KeyIsGone):
        keys.open("two")
    other = KeyStore.at(keys.folder, "another secret of forty characters or more")
    assert other.id != keys.id
    with pytest.raises(KeyIsGone):
        other.open("one")


def test_with_a_secret_of_the_operators_no_master_key_lies_beside(tmp_path):
    keys = KeyStore.at(tmp_path / "keys", "s" * 40)
    keys.make("a-recording")
    assert [path.name for path in keys.folder.iterdir()] == ["a-recording.key"]
    with pytest.raises(ValueError, match="40 random characters"):
        KeyStore.at(tmp_path / "keys", "short")


def test_no_name_leads_out_of_the_folder(keys):
    for name in ("", "../secret_key", "a/b", ".."):
        with pytest.raises(ValueError, match="name"):
            keys.holds(name)
