"""`shoshin federate` from keys to the merged fit, as three people at three terminals type it."""

import csv
import json

import pytest

from shoshin.science import mixed
from shoshin.science.reasons import Reason
from tests.mart.sites import columns, mart_of, rows_of_site, taking_part

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


def merge(shoshin, places, *more):
    files = [f"{places / name}-sums.json" for name in ("ash", "birch")]
    return shoshin("federate", "merge", *files, "--sites", f"{places}/sites.txt", *more)


def exported(shoshin, places):
    for step in (means, export):
        for name in ("ash", "birch"):
            assert step(shoshin, places, name, "--yes").exit_code == 0


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


def test_the_merged_fit_is_written_as_the_fit_of_a_file_with_all_rows(shoshin, places, tmp_path):
    exported(shoshin, places)
    assert merge(shoshin, places, "--json", str(tmp_path / "merged.json")).exit_code == 0
    rows = columns(taking_part([row for number in (0, 1) for row in rows_of_site(number)]))
    with (tmp_path / "all.csv").open("w", newline="") as file:
        csv.writer(file).writerows([rows, *zip(*(column.tolist() for column in rows.values()), strict=True)])
    formula = "last ~ first + (1 | therapist)"
    assert shoshin("fit", str(tmp_path / "all.csv"), formula, "--json", str(tmp_path / "all.json")).exit_code == 0
    apart, together = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("merged", "all"))
    assert list(apart) == list(together) and list(apart["fixed"]) == ["(Intercept)", "first"]
    assert apart.pop("minus2loglik") == pytest.approx(together.pop("minus2loglik"), rel=1e-8, abs=0)
    for one, other in zip(apart.pop("fixed").values(), together.pop("fixed").values(), strict=True):
        assert one == pytest.approx(other, rel=1e-6)
    (one,), (other,) = apart.pop("random"), together.pop("random")
    assert one.pop("sd") == pytest.approx(other.pop("sd"), rel=1e-5) and one == other
    assert apart.pop("sigma") == pytest.approx(together.pop("sigma"), rel=1e-6)
    assert (
        apart
        == together
        == {"method": "REML", "singular": False, "converged": True, "n": 348} | {"groups": {"therapist": 16}}
    )


def test_without_an_optimum_the_file_says_so_and_holds_no_estimate(shoshin, places, tmp_path, monkeypatch):
    exported(shoshin, places)
    reasons = (Reason("not_converged", {}),)
    monkeypatch.setattr(mixed, "fit", lambda table, model: mixed.NotFitted(model, reasons))
    answer = merge(shoshin, places, "--json", str(tmp_path / "merged.json"))
    assert answer.exit_code == 3 and "no optimum could be certified (not converged)" in answer.stderr
    assert "(Intercept)" not in answer.output
    told = json.loads((tmp_path / "merged.json").read_text())
    assert (told["converged"], told["fixed"], told["random"], told["minus2loglik"]) == (False, {}, [], None)
