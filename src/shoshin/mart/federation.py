"""Several sites, one fit: sums of products by therapist leave a site, and no row does.

One round for common means (`means_of_site`), one for the sums about them (`sums_of_site`); `merged` puts the sums side
by side, which gives exactly the fit of all their rows together. Therapists with few clients are withheld, at every site
and in both rounds. Models that need sums of single clients are refused: those are the client's own data, and
many rounds of sums over all clients tell them too (docs/mart.md has the figures).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shoshin.mart.build import FEWEST, not_few
from shoshin.mart.envelopes import Opened
from shoshin.mart.grams import centering_of_table, gathered, without_gaps
from shoshin.science.mixed import INTERCEPT, Centering, GramTable, NestedModel, RandomTerm, merge, pool_centerings

__all__ = ["CannotFederate", "Question", "common_centering", "means_of_site", "merged", "revealed", "sums_of_site"]

PERSONS = ("client", "course", "response")  # groups that are one person each
USUAL_FEWEST = 10
Payload = dict[str, Any]


class CannotFederate(ValueError):
    """This may not or cannot be brought together; the message says why, and what to do."""


@dataclass(frozen=True)
class Question:
    """What the sites ask together: a model of closed courses of one measure, and how many clients a therapist needs."""

    measure: str
    model: NestedModel
    fewest: int = USUAL_FEWEST

    def __post_init__(self) -> None:
        persons = [group for group in self.model.groups if group in PERSONS]
        if persons:
            raise CannotFederate(
                f"A model with {persons[0]!r} as a group needs sums of products of single clients, and those can be "
                "read back: they are personal data and leave no site. Take therapists as the innermost group, or fit "
                "this model at each site by itself."
            )
        if self.fewest < FEWEST:
            raise CannotFederate(f"At least {FEWEST} clients a {self.model.groups[0]} are needed, or one can be told.")

    @property
    def told(self) -> Payload:
        """The question as sites send it, to be compared word by word."""
        random = [{"group": term.group, "columns": list(term.columns)} for term in self.model.random]
        model = {"outcome": self.model.outcome, "fixed": list(self.model.fixed), "random": random}
        return {"measure": self.measure, "fewest": self.fewest, "model": {**model, "reml": self.model.reml}}


def question_of(told: Mapping[str, Any]) -> Question:
    """The question behind what was sent."""
    model = told["model"]
    terms = tuple(RandomTerm(term["group"], tuple(term["columns"])) for term in model["random"])
    nested = NestedModel(model["outcome"], tuple(model["fixed"]), terms, model["reml"])
    return Question(told["measure"], nested, told["fewest"])


def means_of_site(courses: Any, question: Question) -> Payload:
    """The first round: means and spreads over all rows of this site that may take part. `courses` is an Ibis table."""
    rows, withheld = _taking_part(courses, question)
    about = centering_of_table(rows, question.model)
    return {"kind": "means", "question": question.told, "withheld": withheld, "centering": _told(about)}


def common_centering(means: Sequence[Opened], question: Question) -> Centering:
    """The centring that all sites agree on; the order of files makes no difference to any digit."""
    _refuse_unlike(means, "means", question)
    return pool_centerings([_centering(one.payload) for one in sorted(means, key=lambda one: one.digest)])


def sums_of_site(courses: Any, question: Question, means: Sequence[Opened]) -> Payload:
    """The second round: sums of products of each therapist who may take part, under numbers instead of keys."""
    about = common_centering(means, question)
    rows, withheld = _taking_part(courses, question)
    grams = gathered(rows, question.model, about).grams
    return {
        "kind": "sums",
        "question": question.told,
        "withheld": withheld,
        "means": sorted(one.digest for one in means),
        "centering": _told(about),
        "gram": grams.gram.tolist(),
        "n_obs": grams.n_obs.tolist(),
        "parents": [parent.tolist() for parent in grams.parents],
        "units": [len(ids) for ids in grams.ids],
    }


def merged(parts: Sequence[Opened]) -> tuple[Question, GramTable]:
    """The question, and the table of all sites together. Refuses parts of other questions, means or sites twice."""
    if not parts:
        raise CannotFederate("There is nothing to merge: name one file of each site.")
    question = question_of(parts[0].payload["question"])
    _refuse_unlike(parts, "sums", question)
    for part in parts:
        if part.payload["means"] != parts[0].payload["means"]:
            raise CannotFederate(
                f"{part.site} has used other means than {parts[0].site}: let every site export with the same files."
            )
    return question, merge([_grams(part, question) for part in parts])


def revealed(payload: Mapping[str, Any]) -> list[str]:
    """What a file tells whoever opens it, in sentences, to be read before it is written."""
    question = question_of(payload["question"])
    group, columns = question.model.groups[0], ", ".join(question.model.pool)
    withheld = payload["withheld"]
    rows = f"fewer than {FEWEST}" if withheld["rows"] is None else f"{withheld['rows']:,}"
    lines = [f"It is about closed courses with {question.measure}, and the columns {columns}."]
    if payload["kind"] == "means":
        lines.append(f"It tells the mean and spread of each column over {payload['centering']['n_rows']:,} courses.")
        lines.append("It tells nothing of a single client or therapist.")
    else:
        units, n_obs = len(payload["n_obs"]), payload["n_obs"]
        lines.append(f"It tells, for each of {units:,} units of {group!r}, how many courses ({min(n_obs)} or more).")
        lines.append("It tells the sums of each column and of each product of two columns over those courses.")
        lines.append("From these follow the mean, spread and correlation of every column within each unit:")
        lines.append(f"whoever knows which unit is which {group} knows how that {group}'s clients fared on average.")
        lines.append("Units bear numbers, no keys and no names. No row of a client is in it.")
    lines.append(
        f"Withheld are {withheld['units']:,} units ({rows} courses): fewer than {question.fewest} clients, or fewer "
        f"than {FEWEST} on one side of a column with two values."
    )
    return lines


def _taking_part(courses: Any, question: Question) -> tuple[Any, Payload]:
    """The complete rows of innermost groups with enough clients, and how many groups and rows are withheld."""
    group = question.model.groups[0]
    rows = without_gaps(courses.filter(courses.measure == question.measure), question.model)
    sizes = rows.group_by(group).aggregate(
        clients=rows.client.nunique(), courses=rows.count(), **_sides(rows, question.model)
    )
    enough = sizes.clients >= question.fewest
    for name in sizes.columns:
        if name.startswith("side"):
            enough &= (sizes[name] == 0) | (sizes[name] >= FEWEST)
    sizes = sizes.mutate(enough=enough)
    (found,) = (
        sizes.aggregate(
            units=sizes.count(),
            small=(~sizes.enough).cast("int64").sum(),
            courses=sizes.enough.ifelse(0, sizes.courses).sum(),
        )
        .to_pyarrow()
        .to_pylist()
    )
    if found["units"] in (0, found["small"]):
        raise CannotFederate(
            f"No {group} here has {question.fewest} clients whose columns are all known: nothing could be sent."
        )
    withheld = {"units": int(found["small"]), "rows": not_few(int(found["courses"]))}
    return rows.semi_join(sizes.filter(sizes.enough), group), withheld


def _sides(rows: Any, model: NestedModel) -> dict[str, Any]:
    """For each column with two values, how many clients of a group have the one and how many the other.

    Where a single client of a therapist has a 1, the sum of its products with the outcome is that client's outcome.
    """
    names = [name for name in model.pool if name != INTERCEPT]
    looked = {f"values{place}": rows[name].nunique() for place, name in enumerate(names)}
    looked |= {f"most{place}": rows[name].max() for place, name in enumerate(names)}
    (found,) = rows.aggregate(**looked).to_pyarrow().to_pylist()
    sides = {}
    for place, name in enumerate(names):
        if found[f"values{place}"] == 2:
            is_most = rows[name] == found[f"most{place}"]
            sides[f"side{place}_one"] = rows.client.nunique(where=is_most)
            sides[f"side{place}_other"] = rows.client.nunique(where=~is_most)
    return sides


def _refuse_unlike(parts: Sequence[Opened], kind: str, question: Question) -> None:
    if not parts:
        raise CannotFederate("Name the file of means of every site.")
    for part in parts:
        if part.payload.get("kind") != kind:
            raise CannotFederate(f"The file of {part.site} holds {part.payload.get('kind')}; {kind} are needed here.")
        if part.payload["question"] != question.told:
            raise CannotFederate(
                f"{part.site} has asked another question (measure, model or fewest clients): agree on one first."
            )
    twice = sorted({part.site for part in parts if sum(part.site == other.site for other in parts) > 1})
    if twice:
        raise CannotFederate(f"There are two files of {twice[0]}: give one of each site.")


def _told(about: Centering) -> Payload:
    return {"mean": dict(about.mean), "scale": dict(about.scale), "n_rows": about.n_rows}


def _centering(payload: Mapping[str, Any]) -> Centering:
    told = payload["centering"]
    return Centering(told["mean"], told["scale"], told["n_rows"])


def _grams(part: Opened, question: Question) -> GramTable:
    """The table a site has sent; its units bear the site's name and a number."""
    payload, model = part.payload, question.model
    gram, n_obs = np.array(payload["gram"], dtype=np.float64), np.array(payload["n_obs"], dtype=np.int64)
    parents = tuple(np.array(parent, dtype=np.int64) for parent in payload["parents"])
    d, units = len(model.pool), payload["units"]
    fits = gram.shape == (d * (d + 1) // 2, len(n_obs)) and units[:1] == [len(n_obs)]
    fits = fits and len(units) == len(model.groups) and [len(parent) for parent in parents] == units[:-1]
    if not fits or (len(n_obs) and n_obs.min() < question.fewest):
        raise CannotFederate(f"The sums of {part.site} do not fit its question: ask for the file anew.")
    ids = tuple(np.array([f"{part.site} {number}" for number in range(1, count + 1)]) for count in units)
    return GramTable(model.pool, model.groups, gram, n_obs, parents, ids, _centering(payload))
