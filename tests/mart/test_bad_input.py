"""What cannot be fitted is refused in one sentence that names the column, or the line, and the way out."""

from pathlib import Path

import openpyxl
import pytest

from shoshin.cli.base import Refusal
from shoshin.cli.science import refused_in_a_sentence
from shoshin.mart.fitting import fit_file

HEAD = "client,therapist,x,flat,y,date,name"
LINES = [
    f"{at // 4},{at // 12},{at * 7 % 11 + at % 3},5,{at * 13 % 17 + at % 5 / 10},2026-01-{1 + at % 28:02},n{at}"
    for at in range(72)
]


def refusal(path: Path, formula: str, **asked: bool) -> str:
    with pytest.raises(Refusal) as refused, refused_in_a_sentence():
        fit_file(path, formula, **asked)
    message = refused.value.message
    assert message.endswith("."), message
    assert "\n" not in message and "Error:" not in message
    return message


def written(tmp_path: Path, lines: list[str], name: str = "rows.csv", head: str = HEAD) -> Path:
    path = tmp_path / name
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def changed(at: int, place: int, value: str) -> list[str]:
    cells = LINES[at].split(",")
    cells[place] = value
    return [*LINES[:at], ",".join(cells), *LINES[at + 1 :]]


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("y ~ nothing + (1|client)", "rows.csv has no column 'nothing'; its columns are client, therapist"),
        ("y ~ x + (1|nobody)", "rows.csv has no column 'nobody'"),
        ("y ~ flat + (1|client)", "'flat' is the same in every row: leave it out"),
        ("flat ~ x + (1|client)", "The outcome 'flat' is the same in every row"),
        ("y ~ date + (1|client)", "'date' holds dates: give days or weeks"),
        ("y ~ name + (1|client)", "'name' holds more than 50 different words"),
        ("name ~ x + (1|client)", "The outcome 'name' is not made of numbers"),
        ("y ~ x + (1|x)", "'x' is a group and a part of the model at once"),
        ("y ~ x + (1|flat)", "There is only one 'flat'"),
        ("y ~ x + (1|name)", "cannot be told from the residual"),
        ('y ~ C(therapist, ref="99") + (1|client)', "'therapist' has no '99' to be the reference"),
    ],
)
def test_a_formula_that_does_not_fit_the_file(tmp_path: Path, formula: str, said: str) -> None:
    assert said in refusal(written(tmp_path, LINES), formula)


def test_infinities(tmp_path: Path) -> None:
    said = refusal(written(tmp_path, changed(9, 2, "inf")), "y ~ x + (1|client)")
    assert said == "Column 'x' has 1 infinite value: correct them, or leave those cells empty."


def test_a_column_that_is_empty(tmp_path: Path) -> None:
    lines = [",".join([*line.split(",")[:2], "", *line.split(",")[3:]]) for line in LINES]
    said = refusal(written(tmp_path, lines), "y ~ x + (1|client)")
    assert "column 'x' is empty in 72 of 72" in said


def test_a_column_made_of_others(tmp_path: Path) -> None:
    lines = [f"{line},{2 * float(line.split(',')[2]) + 1}" for line in LINES]
    said = refusal(written(tmp_path, lines, head=HEAD + ",double"), "y ~ x + double + (1|client)")
    assert "'double' can be made from" in said and "leave one of them out" in said


def test_a_column_made_of_others_where_groups_cross(tmp_path: Path) -> None:
    lines = [f"{line},{2 * float(line.split(',')[2]) + 1},{at % 5}" for at, line in enumerate(LINES)]
    path = written(tmp_path, lines, head=HEAD + ",double,room")
    assert "'double' can be made from" in refusal(path, "y ~ x + double + (1|client) + (1|room)")
    assert "There is only one 'flat'" in refusal(path, "y ~ x + (1|client) + (1|room) + (1|flat)")


def test_an_outcome_that_is_no_yes_or_no(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    assert "values other than 0 and 1" in refusal(path, "y ~ x + (1|client)", logistic=True)
    assert "has one group whose level differs" in refusal(path, "y ~ (x|client)", logistic=True)
    assert "has one group whose level differs" in refusal(path, "y ~ (1|client) + (1|therapist)", logistic=True)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("1,2,3", "it has 3 columns and the first line has 7"),
        ("1,2,3,4,5,6,7,8", "it has 8 columns and the first line has 7"),
        ('1,"2,3,4,5,2026-01-01,n', "cannot be read"),
    ],
)
@pytest.mark.parametrize("at", [1, 40, 30_000])
def test_a_broken_line_is_named(tmp_path: Path, broken: str, said: str, at: int) -> None:
    lines = [*(LINES * 420)[:at], broken, *LINES]
    message = refusal(written(tmp_path, lines), "y ~ x + (1|client)")
    assert said in message
    if '"' not in broken:
        assert message.startswith(f"Line {at + 2:,} of rows.csv cannot be read")


def test_a_word_among_numbers_is_named(tmp_path: Path) -> None:
    late = (LINES * 420)[:30_000] + changed(0, 2, "abc")
    message = refusal(written(tmp_path, late), "y ~ x + (1|client)")
    assert "Line 30,002 of rows.csv" in message and "column 'x' has 'abc'" in message
    message = refusal(written(tmp_path, changed(3, 4, "abc")), "y ~ x + (1|client)")
    assert message == "The outcome 'y' is not made of numbers: correct what is written in words."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,a\n1,2\n", "names the column 'a' twice"),
        ("a,,b\n1,2,3\n", "leaves a column without a name"),
        ("y,x,g\n", "has no rows below its first line"),
        ("y,x,g\n1,2,3\n", "There is only one 'g'"),
    ],
)
def test_a_file_without_rows_or_names(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(text)
    assert said in refusal(path, "y ~ x + (1|g)")


def test_files_of_other_kinds(tmp_path: Path) -> None:
    for name, content, said in [
        ("rows.sav", b"$FL2", "neither CSV, XLSX nor Parquet"),
        ("rows.parquet", b"PAR1 not at all", "cannot be read"),
        ("rows.xlsx", b"PK nothing", "is not a workbook"),
        ("latin.csv", "y,grüße,g\n1,2,3\n".encode("latin-1"), "not written in UTF-8"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        assert said in refusal(path, "y ~ x + (1|g)")


def test_a_word_in_a_column_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["y", "x", "g"], [1, 2, "a"], [2, "three", "a"], [4, 4, "b"]):
        book.active.append(line)
    book.save(tmp_path / "rows.xlsx")
    assert "'x' has 'three' among its numbers" in refusal(tmp_path / "rows.xlsx", "y ~ x + (1|g)")
