"""Reading a pack's folder into checked parts, with one clear line for each problem."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from shoshin.practice.models.packs import (
    CONTENT,
    CannotReadPack,
    ExerciseFile,
    Manifest,
    PackFile,
    Part,
    Problem,
    SkillFile,
    digest_of,
    vocabulary,
)

P = TypeVar("P", bound=Part)
MEND = {
    "missing": "Add it.",
    "extra_forbidden": "Remove it, or check its spelling.",
    "literal_error": "Use one of the values named.",
}


def built_in_packs() -> list[PackFile]:
    """The packs that come with Shoshin."""
    return [read_folder(path.parent) for path in sorted(CONTENT.glob("*/pack.yaml"))]


def read_folder(folder: Path) -> PackFile:
    """The pack in this folder. `CannotReadPack` names everything that is wrong with it."""
    paths = (path for path in sorted(folder.rglob("*.yaml")) if path.is_file())
    return read_files({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def read_files(files: dict[str, bytes]) -> PackFile:
    """The pack in these files, by their names inside its folder."""
    problems: list[Problem] = []
    manifest = _part(Manifest, "pack.yaml", files, problems)
    skills = _parts(SkillFile, "skills/", files, problems)
    exercises = _parts(ExerciseFile, "exercises/", files, problems)
    if not exercises and not problems:
        problems.append(Problem("exercises/", "", "has no exercise", "Add at least one file."))
    problems += [problem for name, skill in skills.items() for problem in _skill_problems(name, skill)]
    problems += [problem for name, each in exercises.items() for problem in _exercise_problems(name, each, skills)]
    if problems or manifest is None:
        raise CannotReadPack(problems)
    return PackFile(manifest, skills, exercises, digest_of(files))


def _parts(kind: type[P], folder: str, files: dict[str, bytes], problems: list[Problem]) -> dict[str, P]:
    names = [name for name in files if name.startswith(folder) and name.endswith(".yaml") and name.count("/") == 1]
    read = {name.removeprefix(folder).removesuffix(".yaml"): _part(kind, name, files, problems) for name in names}
    return {name: part for name, part in read.items() if part is not None}


def _part(kind: type[P], name: str, files: dict[str, bytes], problems: list[Problem]) -> P | None:
    if name not in files:
        problems.append(Problem(name, "", "is missing", "Every pack has one; see docs/packs.md."))
        return None
    try:
        plain: Any = yaml.safe_load(files[name].decode("utf-8"))
        if not isinstance(plain, dict):
            problems.append(Problem(name, "", "is not a list of named parts", "See docs/packs.md."))
            return None
        return kind.model_validate(plain)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(Problem(name, f"line {line}", str(error.problem), "Mend the YAML."))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        problems.append(Problem(name, "", f"cannot be read: {error}", "Save it as UTF-8 text in YAML."))
    except ValidationError as error:
        problems += [_problem(name, each) for each in error.errors(include_url=False)]
    return None


def _problem(file: str, error: Any) -> Problem:
    path = ".".join(str(part) for part in error["loc"])
    what = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    return Problem(file, path, what, MEND.get(error["type"], "Mend this part of the file."))


def _skill_problems(name: str, skill: SkillFile) -> list[Problem]:
    words, file = vocabulary(), f"skills/{name}.yaml"
    found = [_unknown(file, "family", skill.family, words.families)]
    found += [_unknown(file, "helps_with", problem, words.problems) for problem in skill.helps_with]
    return [problem for problem in found if problem]


def _exercise_problems(name: str, exercise: ExerciseFile, skills: dict[str, SkillFile]) -> list[Problem]:
    words, file = vocabulary(), f"exercises/{name}.yaml"
    found = [_unknown(file, "skill", exercise.skill, skills)]
    found += [_unknown(file, "flags", flag, words.flags) for flag in exercise.flags]
    for statement in exercise.statements:
        at = f"statements.{statement.id}"
        found += [
            _unknown(file, f"{at}.problem", statement.problem, words.problems),
            _unknown(file, f"{at}.affect", statement.affect, words.affects),
            *(_unknown(file, f"{at}.flags", flag, words.flags) for flag in statement.flags),
            *(_unknown(file, f"{at}.models", model.manner, words.manners) for model in statement.models),
        ]
    return [problem for problem in found if problem]


def _unknown(file: str, path: str, word: str, known: Any) -> Problem | None:
    if word in known:
        return None
    return Problem(file, path, f"{word} is not known", f"Known are: {', '.join(sorted(known))}.")
