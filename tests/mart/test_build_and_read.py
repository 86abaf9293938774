"""A mart is written whole or not at all, and read only by whoever knows its schema."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shoshin.mart import extras
from shoshin.mart.build import NewMart, not_few
from shoshin.mart.extras import CannotDoWithout, the
from shoshin.mart.read import CannotReadMart, closed_courses, mart_facts, table_file
from shoshin.mart.schema import SCHEMA_VERSION, TABLES, CourseRow, ResponseRow, schema_in_words

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
COURSE = CourseRow("c", "t", "k", "o", "phq-9", 16.0, 7.0, 1, 6.0, None, 3, 9, None, True, False)
RESPONSE = ResponseRow("c", "t", "k", "o", "r", "phq-9", "1", "total", True, 1, None, 16.0, False, "link", True)


def written(folder, *rows, left_out=None):
    mart = NewMart(folder, AT)
    for row in rows:
        mart.add(row)
    mart.finish(left_out or {})
    mart.put_in_place()
    return folder


def test_what_was_written_is_read(tmp_path):
    folder = written(tmp_path, RESPONSE, COURSE, COURSE._replace(course="o2", planned=False, weeks=4.0, cutoff=10.0))
    held = closed_courses(folder)
    assert held.course.tolist() == ["o", "o2"]
    assert (held.first[0], held.last[0], held.direction[0], held.reliable[0]) == (16.0, 7.0, 1, 6.0)
    assert np.isnan(held.cutoff).tolist() == [True, False]
    assert np.isnan(held.weeks).tolist() == [True, False]
    assert held.planned.tolist() == [True, False]
    assert (held.appointments.dtype, held.direction.dtype, held.weeks.dtype) == (np.int64, np.int8, np.float64)
    (answer,) = pq.read_table(table_file(folder, "responses")).to_pylist()
    assert answer == RESPONSE._asdict()


def test_an_empty_mart_is_a_mart(tmp_path):
    folder = written(tmp_path)
    assert len(closed_courses(folder).first) == 0
    assert mart_facts(folder).rows == {"responses": 0, "courses": 0}


def test_many_rows_at_once_are_the_same_as_one_by_one(tmp_path):
    one = written(tmp_path / "one", COURSE, COURSE._replace(client="k2"))
    other = NewMart(tmp_path / "other", AT)
    columns = dict(zip(CourseRow._fields, zip(COURSE, COURSE._replace(client="k2"), strict=True), strict=True))
    other.add_columns("courses", columns)
    facts = other.finish({})
    other.put_in_place()
    assert facts.rows == mart_facts(one).rows and facts.clients == 2
    assert closed_courses(one).client.tolist() == closed_courses(tmp_path / "other").client.tolist()


def test_rows_bear_the_columns_of_the_schema_in_order():
    for name, row in (("responses", ResponseRow), ("courses", CourseRow)):
        assert [column.name for column in TABLES[name].columns] == list(row._fields)


def test_a_lacking_value_where_none_may_lack_is_no_mart(tmp_path):
    mart = NewMart(tmp_path, AT)
    mart.add(RESPONSE._replace(value=None))
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        mart.finish({})
    mart.abandon()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_a_small_count_of_people_is_not_told(tmp_path, count, told):
    assert not_few(count) == told
    assert mart_facts(written(tmp_path, left_out={"said_no": count})).left_out == {"said_no": told}


def test_until_all_of_it_is_written_the_old_one_stands(tmp_path):
    written(tmp_path, COURSE)
    mart = NewMart(tmp_path, AT)
    mart.add(COURSE._replace(first=20.0))
    assert closed_courses(tmp_path).first.tolist() == [16.0]
    mart.finish({})
    assert closed_courses(tmp_path).first.tolist() == [16.0]
    mart.put_in_place()
    mart.abandon()
    assert closed_courses(tmp_path).first.tolist() == [20.0]
    assert {path.name for path in tmp_path.iterdir()} == {"responses.parquet", "courses.parquet", "mart.json"}


def test_files_of_two_builds_are_not_read_together(tmp_path):
    old, new = written(tmp_path / "old", COURSE), written(tmp_path / "new", COURSE)
    (new / "courses.parquet").replace(old / "courses.parquet")
    with pytest.raises(CannotReadMart, match="another build"):
        closed_courses(old)


def test_its_files_are_for_their_owner_only(tmp_path):
    folder = written(tmp_path / "mart", COURSE)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_another_schema_is_refused_with_a_sentence(tmp_path):
    folder = written(tmp_path, COURSE)
    told = json.loads((folder / "mart.json").read_text())
    (folder / "mart.json").write_text(json.dumps(told | {"schema_version": SCHEMA_VERSION + 1}))
    with pytest.raises(CannotReadMart, match="has schema 2, and this Shoshin reads schema 1"):
        closed_courses(folder)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"schema_version": 1}'])
def test_what_is_no_mart_is_refused_with_a_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / "mart.json").write_text(content)
    with pytest.raises(CannotReadMart, match="shoshin mart build"):
        mart_facts(tmp_path)


def test_a_damaged_file_is_refused_with_a_sentence(tmp_path):
    folder = written(tmp_path, COURSE)
    (folder / "courses.parquet").write_bytes(b"no parquet")
    with pytest.raises(CannotReadMart, match="missing or damaged"):
        closed_courses(folder)
    (folder / "courses.parquet").unlink()
    with pytest.raises(CannotReadMart, match="missing or damaged"):
        closed_courses(folder)


def test_a_missing_library_is_named_with_the_extra_that_brings_it(monkeypatch):
    def absent(module):
        raise ModuleNotFoundError(name=module.partition(".")[0])

    monkeypatch.setattr(extras.importlib, "import_module", absent)
    with pytest.raises(CannotDoWithout, match=r"pip install 'shoshin\[analytics\]'"):
        the("pyarrow.parquet")


def test_the_document_says_what_the_schema_says():
    told = Path("docs/mart.md").read_text().partition("## The schema\n\n")[2]
    assert told == schema_in_words(), "write it anew: the end of docs/mart.md is schema_in_words()"
