"""B3: every one of the seeded corruptions is found, and the untouched file passes, so that this can fail."""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
import pytest

from shoshin.kit.backup.manifest import CannotRestore

Members = list[tuple[str, bytes]]


def torn(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """What disks, cables and strangers without any key do to the encrypted file."""
    header = raw.index(b"\n---") + 4
    places = {
        "the first line": 5,
        "the wrapped key": header - 30,
        "the header's seal": header + 10,
        "the first block": header + 80,
        "a quarter": len(raw) // 4,
        "the middle": len(raw) // 2,
        "three quarters": len(raw) * 3 // 4,
        "the last byte": len(raw) - 1,
    }
    for words, place in places.items():
        yield f"a bit flipped in {words}", raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
    yield "an empty file", b""
    yield "cut off in the header", raw[: header - 20]
    yield "cut off in the middle", raw[: len(raw) // 2]
    yield "the last byte missing", raw[:-1]
    yield "a byte too many", raw + b"\0"
    yield "two blocks swapped", raw[: header + 100] + raw[header + 200 : header + 300] + raw[header + 100 :]
    yield "no backup at all", b"PK\x03\x04 something else entirely" * 100


def forged(members: Members) -> Iterator[tuple[str, Members]]:
    """What somebody does who has the public key and can make a new encrypted file."""
    (name, listed), *files = members

    def manifest(change: Callable[[dict], object]) -> Members:
        plain = json.loads(listed)
        change(plain)
        return [(name, json.dumps(plain).encode()), *files]

    yield "the list of contents missing", files
    yield "the database missing", [member for member in members if member[0] != "database"]
    yield "a recording missing", members[:-1]
    yield "a member nobody listed", [*members, ("media/third.webm", b"hello")]
    yield "two recordings swapped", [*members[:-2], (members[-2][0], members[-1][1]), (members[-1][0], members[-2][1])]
    yield "a member that leaves the folder", manifest(lambda m: m["files"].update({"../out": m["files"]["database"]}))
    yield "another hash of a file", manifest(lambda m: m["files"]["database"].update(sha256="0" * 64))
    yield "another number of rows", manifest(lambda m: m["tables"]["care_client"].update(rows=3))
    yield "another hash of rows", manifest(lambda m: m["tables"]["care_client"].update(sha256="0" * 64))
    yield "a table too many", manifest(lambda m: m["tables"].update(ghost={"rows": 0, "sha256": ""}))
    yield "a table left out", manifest(lambda m: m["tables"].pop("care_client"))
    yield "the other kind of database", manifest(lambda m: m.update(engine={"sqlite": "postgresql"}.get(m["engine"])))
    yield "a later version's tables", manifest(lambda m: m["migrations"].append("care.9999_later"))
    yield "an unknown format", manifest(lambda m: m.update(format=99))
    yield "no moment", manifest(lambda m: m.update(taken_at="yesterday"))
    yield "a list of contents that is none", [(name, b"[]"), *files]


def members_of(file: Path, keys) -> Members:
    plain = io.BytesIO()
    with file.open("rb") as source:
        pyrage.decrypt_io(source, plain, keys)
    plain.seek(0)
    with tarfile.open(fileobj=plain) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]


def packed(members: Members, keys) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return pyrage.encrypt(plain.getvalue(), keys)


def found(rig, raw: bytes, private=None) -> str:
    """The sentence a corrupted file is refused with; empty where it passes."""
    file = rig.folder / "corrupted.tar.age"
    file.write_bytes(raw)
    try:
        rig.bring_back(file, private=private)
    except CannotRestore as problem:
        return str(problem)
    return ""


def test_every_seeded_corruption_is_found_and_the_untouched_file_passes(rig):
    taken = rig.take()
    raw, members = taken.file.read_bytes(), members_of(taken.file, rig.private)
    assert found(rig, raw) == "", "the untouched file passes"
    assert found(rig, packed(members, rig.public)) == "", "and so does one that is only packed anew"
    told = {words: found(rig, corrupted) for words, corrupted in torn(raw)}
    told |= {words: found(rig, packed(changed, rig.public)) for words, changed in forged(members)}
    told["the wrong key"] = found(rig, raw, private=[pyrage.x25519.Identity.generate()])
    missed = [words for words, sentence in told.items() if not sentence]
    print(f"{rig.store.engine}: {len(told) - len(missed)} of {len(told)} corruptions found")
    assert len(told) >= 20
    assert missed == []
    assert [sentence for sentence in told.values() if "Traceback" in sentence or len(sentence) > 300] == []


CHANGES = (
    "UPDATE care_client SET code = 'X. Y.' WHERE ref = 'benbenbe'",
    "UPDATE care_appointment SET state = 'missed' WHERE id = (SELECT MIN(id) FROM care_appointment)",
    "DELETE FROM care_appointment WHERE id = (SELECT MIN(id) FROM care_appointment)",
    "DELETE FROM kit_auditevent",
    "DROP TABLE care_strength",
    "CREATE TABLE ghost (id integer)",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_changed_after_the_restore_is_found(rig, change):
    taken, place = rig.take(), rig.empty_place()
    rig.bring_back(taken.file, place)
    place.check(taken.manifest.tables)
    run(place, change)
    with pytest.raises(CannotRestore, match="not what was recorded"):
        place.check(taken.manifest.tables)


def test_a_torn_database_inside_a_whole_file_is_found(rig):
    """As if the copy had been made from a database that was already damaged."""
    if rig.store.engine != "sqlite":
        pytest.skip("PostgreSQL reads every row while it dumps")
    taken, place = rig.take(), rig.empty_place()
    rig.bring_back(taken.file, place)
    raw = bytearray(place.path.read_bytes())
    for page in range(4096 * 3, len(raw), 4096):
        raw[page : page + 64] = b"\xff" * 64
    place.path.write_bytes(raw)
    with pytest.raises(CannotRestore, match="not what was recorded"):
        place.check(taken.manifest.tables)


def run(place, statement: str) -> None:
    if place.engine == "sqlite":
        import sqlite3

        with sqlite3.connect(place.path) as connection:
            connection.execute(statement)
        connection.close()
        return
    with place.connect() as connection:
        connection.execute(statement.replace("DROP TABLE care_strength", "DROP TABLE care_strength CASCADE"))
