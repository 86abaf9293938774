"""`shoshin federate` from keys to the merged fit, as three people at three terminals type it."""

import pytest

from tests.mart.sites import mart_of, rows_of_site

ASK = ("--measure", "phq-9", "--fixed", "first", "--group", "therapist")


@pytest.fixture
def places(shoshin, tmp_path):
    lines = []
    for number, name in enumerate(("ash", "birch")):
        mart_of(tmp_path / name, rows_of_site(number))
        lines.append(f"{name} {shoshin('federate', 'key', str(tmp_path / f'{name}.key')).output.strip()}")
    (tmp_path / "sites.txt").write_text("\n".join(lines))
    return tmp_path


def means(shoshin, places, name, *more):
    given = ("--key", f"{places / name}.key", "--to", f"{places / name}-means.json")
    return shoshin("federate", "means", str(places / name), *ASK, *given, *more)


def export(shoshin, places, name, *more):
    given = ("--key", f"{places / name}.key", "--to", f"{places / name}-sums.json", "--sites", f"{places}/sites.txt")
    both = [word for each in ("ash", "birch") for word in ("--means", f"{places / each}-means.json")]
    return shoshin("federate", "export", str(places / name), *ASK, *given, *both, *more)


def merge(shoshin, places):
    files = [f"{places / name}-sums.json" for name in ("ash", "birch")]
    return shoshin("federate", "merge", *files, "--sites", f"{places}/sites.txt")


def test_from_keys_to_the_merged_fit(shoshin, places):
    for step in (means, export):
        for name in ("ash", "birch"):
            answer = step(shoshin, places, name, "--yes")
            assert answer.exit_code == 0, answer.output
            assert "What this file reveals:" in answer.stderr and "Written and signed" in answer.output
    answer = merge(shoshin, places)
    assert answer.exit_code == 0, answer.output
    assert "ash: 8 units of 'therapist', 4 withheld" in answer.output
    assert "-2 log likelihood (REML) " in answer.output and "348 courses" in answer.output
    assert "standard deviation between 16 units" in answer.output


def test_without_a_yes_nothing_is_written(shoshin, places):
    answer = means(shoshin, places, "ash")
    assert answer.exit_code == 1
    assert "It tells the mean and spread of each column" in answer.stderr
    assert not (places / "ash-means.json").exists()


def test_a_changed_file_ends_the_merge_with_a_sentence(shoshin, places):
    for step in (means, export):
        for name in ("ash", "birch"):
            step(shoshin, places, name, "--yes")
    path = places / "birch-sums.json"
    path.write_text(path.read_text().replace("n_obs", "n_obz"))
    answer = merge(shoshin, places)
    assert answer.exit_code == 1
    assert "was changed after birch signed it" in answer.stderr


def test_what_the_model_lacks_is_said_in_a_sentence(shoshin, places):
    answer = means(shoshin, places, "ash", "--fixed", "age", "--yes")
    assert answer.exit_code == 1
    assert "There is no column 'age'" in answer.stderr
    answer = means(shoshin, places, "ash", "--group", "client", "--yes")
    assert answer.exit_code == 1
    assert "personal data and leave no site" in answer.stderr
