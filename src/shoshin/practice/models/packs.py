"""The pack format: skills, exercises and client statements as files that a therapist can read. Django-free."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

CONTENT = Path(__file__).resolve().parent.parent / "content"
FORMAT = 1
LEVELS = (1, 2, 3)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=240)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]


class Part(BaseModel):
    """A part of a pack: nothing unknown is let through, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Vocabulary(Part):
    """The closed lists: each word of a file with what people read for it."""

    families: dict[Slug, Any]
    problems: dict[Slug, str]
    affects: dict[Slug, str]
    flags: dict[Slug, str]
    manners: dict[Slug, str]


class Manifest(Part):
    """`pack.yaml`: what the pack is, whose, and under which licence it may be used."""

    format: Literal[1]
    id: Slug
    version: int = Field(ge=1)
    title: Line
    about: Text
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
    school: Slug
    licence: Line
    authors: tuple[Line, ...] = Field(min_length=1)
    source: Line
    blind_checked: bool = False


class SkillFile(Part):
    """`skills/<id>.yaml`: one skill, with the client problems in which it is often asked for."""

    title: Line
    version: int = Field(ge=1)
    family: Slug
    about: Text
    helps_with: tuple[Slug, ...] = Field(min_length=1)
    sources: tuple[Line, ...] = Field(min_length=1)


class Criterion(Part):
    """Something observable that a good answer does."""

    id: Slug
    text: Line


class Model(Part):
    """A possible answer in one school's manner, hidden until one's own is given."""

    manner: Slug
    text: Text


class StatementFile(Part):
    """What a client says, how a partner acts it, and two possible answers."""

    id: Slug
    level: Literal[1, 2, 3]
    says: Text
    client: Line
    problem: Slug
    affect: Slug
    delivery: Line
    flags: tuple[Slug, ...] = ()
    models: tuple[Model, Model]

    @model_validator(mode="after")
    def _manners_differ(self) -> Self:
        if self.models[0].manner == self.models[1].manner:
            raise ValueError(f"statement {self.id}: both model answers are in the manner {self.models[0].manner}")
        return self


class ExerciseFile(Part):
    """`exercises/<id>.yaml`: what to practise, by which criteria, on which statements."""

    title: Line
    version: int = Field(ge=1)
    skill: Slug
    answer: Literal["spoken", "silent"]
    practise: Line
    miss: Line
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=3)
    flags: tuple[Slug, ...] = ()
    licence: Line
    statements: tuple[StatementFile, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _levels_and_names(self) -> Self:
        levels = {statement.level for statement in self.statements}
        if levels != set(LEVELS):
            raise ValueError("an exercise has statements of the levels 1, 2 and 3")
        for what, names in (
            ("statement", [statement.id for statement in self.statements]),
            ("criterion", [criterion.id for criterion in self.criteria]),
        ):
            twice = [name for name, times in Counter(names).items() if times > 1]
            if twice:
                raise ValueError(f"{what} {twice[0]} is there twice")
        return self


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a pack: in which file, where, what, and how to mend it."""

    file: str
    path: str
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{', '.join(part for part in (self.file, self.path) if part)}: {self.what}. {self.todo}"


class CannotReadPack(ValueError):
    """A folder that is no pack we can use; the message has one line for each problem."""

    def __init__(self, problems: "list[Problem]"):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class PackFile:
    """A whole pack, read and checked."""

    manifest: Manifest
    skills: dict[str, SkillFile]
    exercises: dict[str, ExerciseFile]
    digest: str


@cache
def vocabulary() -> Vocabulary:
    """The closed lists that every pack keeps to."""
    return Vocabulary.model_validate(yaml.safe_load((CONTENT / "vocabulary.yaml").read_text(encoding="utf-8")))


def digest_of(files: dict[str, bytes]) -> str:
    """One fingerprint for a folder: its names and contents, in order."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return whole.hexdigest()
