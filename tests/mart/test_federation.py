"""Sites that share no row fit one model, exactly; what is too small stays at home, and what was changed is refused."""

import json

import pytest

from shoshin.mart.engines import mart_table
from shoshin.mart.envelopes import (
    CannotOpen,
    new_key,
    open_envelope,
    public_key,
    read_key,
    read_sites,
    write_envelope,
)
from shoshin.mart.federation import CannotFederate, Question, means_of_site, merged, revealed, sums_of_site
from shoshin.science.mixed import Fitted, NestedModel, RandomTerm, fit, gram_table
from tests.mart.sites import CASELOADS, columns, mart_of, rows_of_site, taking_part

THERAPISTS = NestedModel("last", ("1", "first", "planned"), (RandomTerm("therapist"),))
SLOPES = NestedModel("last", ("1", "first"), (RandomTerm("therapist", ("1", "first")),), reml=False)
CLINICS = NestedModel("last", ("1", "first"), (RandomTerm("therapist"), RandomTerm("clinic")))
SITES = ("ash", "birch", "cedar")


class Site:
    def __init__(self, folder, name, number, **how):
        folder.mkdir(exist_ok=True)
        self.folder, self.name, self.rows = folder, name, rows_of_site(number, **how)
        new_key(folder / f"{name}.key")
        self.key = read_key(folder / f"{name}.key")
        self.courses = mart_table(mart_of(folder / name, self.rows), "courses", "duckdb")

    def send(self, payload):
        path = self.folder / f"{self.name}-{payload['kind']}.json"
        write_envelope(path, payload, self.key)
        return path


@pytest.fixture
def three(tmp_path):
    return [Site(tmp_path, name, number) for number, name in enumerate(SITES)]


def listed(sites):
    return {public_key(site.key): site.name for site in sites}


def both_rounds(sites, question):
    known = listed(sites)
    means = [open_envelope(site.send(means_of_site(site.courses, question)), known) for site in sites]
    return [open_envelope(site.send(sums_of_site(site.courses, question, means)), known) for site in sites]


@pytest.mark.parametrize("model", [THERAPISTS, SLOPES, CLINICS], ids=["therapists", "slopes", "clinics"])
def test_the_merged_fit_is_the_fit_of_all_rows_that_take_part(three, model):
    question, grams = merged(both_rounds(three, Question("phq-9", model)))
    rows = taking_part([row for site in three for row in site.rows])
    together, apart = fit(gram_table(columns(rows), model), model), fit(grams, question.model)
    assert isinstance(together, Fitted) and isinstance(apart, Fitted)
    assert question.model == model and apart.n_rows == len(rows)
    assert apart.m2ll == pytest.approx(together.m2ll, rel=1e-8, abs=0)
    assert apart.beta == pytest.approx(together.beta, rel=1e-8)
    assert apart.beta_covariance == pytest.approx(together.beta_covariance, rel=1e-5)


def test_therapists_with_few_clients_are_withheld_and_counted(three):
    ash, question = three[0], Question("phq-9", SLOPES)
    parts = both_rounds(three, question)
    small = [load for load in CASELOADS if load < 10]
    assert parts[0].payload["withheld"] == {"units": 2 * len(small), "rows": 2 * sum(small)}
    assert min(parts[0].payload["n_obs"]) == 10
    assert means_of_site(ash.courses, question)["centering"]["n_rows"] == len(taking_part(ash.rows))
    few = Question("phq-9", SLOPES, fewest=5)
    assert means_of_site(ash.courses, few)["withheld"]["units"] == 2


def test_a_small_number_of_withheld_rows_is_not_told(tmp_path):
    site = Site(tmp_path, "ash", 0, loads=(40, 2))
    payload = means_of_site(site.courses, Question("phq-9", SLOPES))
    assert payload["withheld"] == {"units": 2, "rows": None}
    assert any("Withheld are 2 units (fewer than 5 courses)" in line for line in revealed(payload))


def test_one_client_on_one_side_of_a_column_would_be_told_and_is_withheld(tmp_path):
    site = Site(tmp_path, "ash", 0, loads=(40, 30))
    rows = [row._replace(planned=row.client != "k0-0-7") if row.therapist == "t0-0" else row for row in site.rows]
    courses = mart_table(mart_of(tmp_path / "other", rows), "courses", "duckdb")
    assert means_of_site(site.courses, Question("phq-9", THERAPISTS))["withheld"]["units"] == 0
    assert means_of_site(courses, Question("phq-9", THERAPISTS))["withheld"] == {"units": 1, "rows": 40}
    assert means_of_site(courses, Question("phq-9", SLOPES))["withheld"]["units"] == 0


def test_no_key_of_the_mart_leaves_a_site(three):
    both_rounds(three, Question("phq-9", CLINICS))
    for site in three:
        text = (site.folder / f"{site.name}-sums.json").read_text()
        assert not [row for row in site.rows if any(key in text for key in row[:4])]


def test_models_of_single_clients_are_refused_with_the_reason():
    growth = NestedModel("last", ("1", "first"), (RandomTerm("client", ("1", "first")), RandomTerm("therapist")))
    with pytest.raises(CannotFederate, match="sums of products of single clients, and those can be read back"):
        Question("phq-9", growth)


def test_fewer_than_five_clients_can_never_be_asked_for():
    with pytest.raises(CannotFederate, match="At least 5 clients"):
        Question("phq-9", SLOPES, fewest=4)


def test_where_nobody_has_enough_clients_nothing_is_sent(tmp_path):
    site = Site(tmp_path, "ash", 0, loads=(9, 3))
    for measure in ("phq-9", "gad-7"):
        with pytest.raises(CannotFederate, match="No therapist here has 10 clients"):
            means_of_site(site.courses, Question(measure, SLOPES))


def test_what_a_file_reveals_is_said(three):
    means, sums = [
        means_of_site(three[0].courses, Question("phq-9", SLOPES)),
        both_rounds(three, Question("phq-9", SLOPES)),
    ]
    assert any("nothing of a single client or therapist" in line for line in revealed(means))
    told = " ".join(revealed(sums[0].payload))
    assert "for each of 8 units of 'therapist', how many courses (10 or more)" in told
    assert "how that therapist's clients fared on average" in told


# --- what is refused


def test_a_changed_file_is_refused(three):
    path = three[0].send(means_of_site(three[0].courses, Question("phq-9", SLOPES)))
    envelope = json.loads(path.read_text())
    payload = json.loads(envelope["payload"])
    payload["centering"]["mean"]["last"] += 1e-9
    path.write_text(json.dumps(envelope | {"payload": json.dumps(payload, sort_keys=True, separators=(",", ":"))}))
    with pytest.raises(CannotOpen, match="was changed after ash signed it"):
        open_envelope(path, listed(three))


@pytest.mark.parametrize("field", ["signature", "key", "payload"])
def test_an_unsigned_file_is_refused(three, field):
    path = three[0].send(means_of_site(three[0].courses, Question("phq-9", SLOPES)))
    envelope = json.loads(path.read_text())
    del envelope[field]
    path.write_text(json.dumps(envelope))
    with pytest.raises(CannotOpen, match="is not signed"):
        open_envelope(path, listed(three))
    path.write_text(json.dumps(envelope | {field: ""}))
    with pytest.raises(CannotOpen):
        open_envelope(path, listed(three))


def test_a_signature_of_somebody_else_is_refused(three):
    path = three[0].send(means_of_site(three[0].courses, Question("phq-9", SLOPES)))
    with pytest.raises(CannotOpen, match="not in your list of sites"):
        open_envelope(path, listed(three[1:]))
    envelope = json.loads(path.read_text())
    path.write_text(json.dumps(envelope | {"key": public_key(three[1].key)}))
    with pytest.raises(CannotOpen, match="was changed after birch signed it"):
        open_envelope(path, listed(three))


def test_sums_about_other_means_are_refused(three):
    question, known = Question("phq-9", SLOPES), listed(three)
    means = [open_envelope(site.send(means_of_site(site.courses, question)), known) for site in three]
    one = open_envelope(three[0].send(sums_of_site(three[0].courses, question, means)), known)
    other = open_envelope(three[1].send(sums_of_site(three[1].courses, question, means[:2])), known)
    with pytest.raises(CannotFederate, match="birch has used other means than ash"):
        merged([one, other])


def test_other_questions_kinds_and_sites_twice_are_refused(three):
    parts = both_rounds(three, Question("phq-9", SLOPES))
    other = both_rounds(three, Question("phq-9", SLOPES, fewest=12))
    means = open_envelope(three[0].folder / "ash-means.json", listed(three))
    with pytest.raises(CannotFederate, match="birch has asked another question"):
        merged([parts[0], other[1]])
    with pytest.raises(CannotFederate, match="holds means; sums are needed"):
        merged([means])
    with pytest.raises(CannotFederate, match="two files of ash"):
        merged([parts[0], parts[0]])
    with pytest.raises(CannotFederate, match="nothing to merge"):
        merged([])


def test_sums_that_do_not_fit_their_question_are_refused(three):
    part = both_rounds(three, Question("phq-9", SLOPES))[0]
    for change in ({"gram": part.payload["gram"][:-1]}, {"n_obs": [3] * 8}, {"units": [7]}, {"parents": [[0] * 8]}):
        with pytest.raises(CannotFederate, match="do not fit its question"):
            merged([type(part)(part.site, {**part.payload, **change}, part.digest)])


@pytest.mark.parametrize(
    "text", ["ash", "ash notakey", "ash {key} more", "ash {key}\nash {other}", "ash {key}\nbirch {key}"]
)
def test_a_list_of_sites_is_read_strictly(three, tmp_path, text):
    keys = [public_key(site.key) for site in three]
    path = tmp_path / "sites.txt"
    path.write_text(f"# ours\n\nash {keys[0]}\n")
    assert read_sites(path) == {keys[0]: "ash"}
    path.write_text(text.format(key=keys[0], other=keys[1]))
    with pytest.raises(CannotOpen, match="Line "):
        read_sites(path)


def test_a_key_is_never_written_over_and_is_for_its_owner_only(tmp_path):
    told = new_key(tmp_path / "site.key")
    assert (tmp_path / "site.key").stat().st_mode & 0o777 == 0o600
    assert public_key(read_key(tmp_path / "site.key")) == told
    with pytest.raises(CannotOpen, match="left as it is"):
        new_key(tmp_path / "site.key")
    (tmp_path / "other.key").write_text("no key")
    with pytest.raises(CannotOpen, match="holds no key"):
        read_key(tmp_path / "other.key")
