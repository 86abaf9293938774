"""Measure and wording files, read with one clear sentence per problem. Django-free."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from shoshin.measures.models.definitions import Measure
from shoshin.measures.models.wording import Wording, mismatches
from shoshin.science.scales import BadAnswer, BadRule, score

CONTENT = Path(__file__).resolve().parent.parent / "content"
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: in which file, where in it, what, and what to do."""

    file: str
    path: str
    what: str
    todo: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.path}" if self.path else self.file
        return f"{where}: {self.what}. {self.todo}"


# libyaml's reader where the wheel brings it. These files are ours or the operator's own, never sent in.
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CannotReadMeasure(ValueError):
    """Files that were not understood; `problems` lists each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_measure_file(path: Path) -> Measure:
    """The facts in this file; CannotReadMeasure with every problem found."""
    measure = measure_from(_yaml(path), file=path.name)
    if path.stem != measure.id:
        raise CannotReadMeasure([Problem(path.name, "id", f"says {measure.id}", "Name the file after its id.")])
    return measure


def measure_from(plain: Any, *, file: str) -> Measure:
    """Facts from plain data, with the scored example worked through."""
    measure = _checked(Measure, plain, file)
    wrong = example_problems(measure, file=file)
    if wrong:
        raise CannotReadMeasure(wrong)
    return measure


def wording_from(plain: Any, *, file: str) -> Wording:
    """Wording from plain data; whether it fits its facts is asked of `mismatches`."""
    return _checked(Wording, plain, file)


def read_wording_file(path: Path, measure: Measure) -> Wording:
    """The wording in this file, checked by item and anchor counts against the facts."""
    wording = _checked(Wording, _yaml(path), path.name)
    wrong = mismatches(measure, wording)
    if wrong:
        raise CannotReadMeasure(Problem(path.name, "", what, "Mend the wording or the facts.") for what in wrong)
    return wording


def measure_files() -> list[Path]:
    """The facts files that come with the product."""
    return sorted(CONTENT.glob("*.yaml"))


def wording_files(measure_id: str) -> list[Path]:
    """The wording files of a measure that come with the product: only ours do."""
    return sorted((CONTENT / "wording").glob(f"{measure_id}.*.yaml"))


def example_problems(measure: Measure, *, file: str) -> list[Problem]:
    """Where the scored example of the file does not come out as it says."""
    if measure.example is None:
        return []
    answers = {key: value for key, value in measure.example.answers.items() if not isinstance(value, str)}
    found = []
    for score_id, expected in measure.example.scores.items():
        path, todo = f"example.scores.{score_id}", "Mend the example or the rule."
        if score_id not in measure.rules:
            found.append(Problem(file, path, "is no score of this measure", todo))
            continue
        try:
            value = _scored(measure, score_id, answers)
        except (BadAnswer, BadRule) as refusal:
            found.append(Problem(file, path, str(refusal).rstrip("."), todo))
            continue
        if value is None or abs(value - expected) > 1e-9:
            found.append(Problem(file, path, f"says {expected:g}, the rule gives {value}", todo))
    return found


def _scored(measure: Measure, score_id: str, answers: dict[str, float]) -> float | None:
    rule = measure.rules[score_id]
    return score({i: measure.scale_of(i).scored(answers[i]) for i in rule.items if i in answers}, rule).value


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - safe, and ten times as fast
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CannotReadMeasure([Problem(path.name, f"line {line}", str(error.problem), "Mend the YAML.")]) from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise CannotReadMeasure([Problem(path.name, "", f"cannot be read: {error}", "Check the file.")]) from None


def _checked(model: type[M], plain: Any, file: str) -> M:
    if not isinstance(plain, dict):
        raise CannotReadMeasure([Problem(file, "", "is not a list of named parts", "See docs/measures.md.")])
    try:
        return model.model_validate(plain)
    except BadRule as refusal:
        raise CannotReadMeasure([Problem(file, "scores", str(refusal).rstrip("."), "Mend the rule.")]) from None
    except ValidationError as error:
        found = error.errors(include_url=False)
        inner = {each["loc"][: n + 1] for each in found for n in range(len(each["loc"]) - 1)}
        # A list whose only member is wrong is also "too short": that second sentence would only confuse.
        kept = [each for each in found if each["type"] != "too_short" or each["loc"] not in inner]
        raise CannotReadMeasure(_problem(file, each) for each in kept) from None


MEND = {
    "missing": "Add it.",
    "extra_forbidden": "Remove it, or check its spelling.",
    "literal_error": "Use one of the words named.",
}


def _problem(file: str, error: Any) -> Problem:
    path = ".".join(str(part) for part in error["loc"])
    what = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return Problem(file, path, what, MEND.get(error["type"], "Mend this part of the file."))
