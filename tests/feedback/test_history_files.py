"""Reading a workbook: its cells as they stand, whatever size it claims, and nothing dropped in silence."""

import io
import tracemalloc
import zipfile

import pytest

from shoshin.feedback.queries import history_files
from shoshin.feedback.queries.history_files import CannotReadHistory, read_table

HEAD = ("client", "date", "phq-9")


def workbook(*cells: tuple[str, object], claimed: str = "") -> bytes:
    """A workbook with these cells, whose first sheet claims to be of some size."""
    from openpyxl import Workbook

    book, packed = Workbook(), io.BytesIO()
    for place, value in (*zip(("A1", "B1", "C1"), HEAD, strict=True), ("A2", "K1"), ("C2", 20), *cells):
        book.active[place] = value
    book.save(packed)
    return claiming(packed.getvalue(), claimed) if claimed else packed.getvalue()


def claiming(content: bytes, size: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                begin = part.index(b'<dimension ref="') + 16
                part = part[:begin] + size.encode() + part[part.index(b'"', begin) :]
            new.writestr(name, part)
    return out.getvalue()


def test_a_workbook_that_claims_to_be_vast_takes_no_more_room_than_its_cells():
    content = workbook(("A2000", "K2"), ("C2000", 8), claimed="A1:XFD2000")
    tracemalloc.start()
    try:
        table = read_table("x.xlsx", content)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(line.number, line.cells) for line in table.lines] == [(2, ("K1", "", "20")), (2000, ("K2", "", "8"))]
    assert most < 40_000_000


def test_a_workbook_that_claims_to_be_small_is_read_whole():
    content = workbook(("A3", "K2"), ("C3", 8), claimed="A1:B2")
    assert [line.cells for line in read_table("x.xlsx", content).lines] == [("K1", "", "20"), ("K2", "", "8")]


@pytest.mark.parametrize("place", ["GS2", "XFD1", "XFD900"])
def test_a_value_beyond_the_last_column_is_refused_and_not_dropped(place):
    assert len(read_table("x.xlsx", workbook(("GR1", "last"))).header) == history_files.MOST_COLUMNS
    with pytest.raises(CannotReadHistory, match="or 200 columns"):
        read_table("x.xlsx", workbook((place, "far out"), claimed="A1:C2"))


def test_a_row_beyond_the_last_is_refused_and_not_dropped(monkeypatch):
    monkeypatch.setattr(history_files, "MOST_ROWS", 3)
    rows = [(f"A{n}", "K1") for n in (3, 4)]
    assert len(read_table("x.xlsx", workbook(*rows)).lines) == 3
    for place in ("A5", "A6", "A900"):
        with pytest.raises(CannotReadHistory, match="over 3 rows"):
            read_table("x.xlsx", workbook(*rows, (place, "K2")))


def test_rows_wide_with_empty_cells_are_refused_before_they_take_time(monkeypatch):
    from openpyxl import Workbook
    from openpyxl.styles import Font

    monkeypatch.setattr(history_files, "MOST_ROWS", 50)
    book, packed = Workbook(), io.BytesIO()
    book.active.append(HEAD)
    book.active.append(["K1", "2024-01-05", 20])
    for n in range(3, 5):
        book.active.cell(n, 9_000).font = Font(bold=True)
    book.save(packed)
    with pytest.raises(CannotReadHistory, match="over 50 rows"):
        read_table("x.xlsx", packed.getvalue())
