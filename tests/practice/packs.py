"""A small pack for tests: one skill, one spoken and one silent exercise, three statements a level."""

import yaml

from shoshin.practice.models.reading import read_files


def statement(number: int, level: int) -> dict:
    return {
        "id": f"s{number:02}",
        "level": level,
        "says": f"Statement {number} of level {level}.",
        "client": "woman, 40, baker",
        "problem": "grief",
        "affect": "sad",
        "delivery": "Quietly.",
        "flags": [],
        "models": [
            {"manner": "person_centred", "text": f"First model of {number}."},
            {"manner": "systemic", "text": f"Second model of {number}."},
        ],
    }


def exercise(answer: str = "spoken", **changes) -> dict:
    plain = {
        "title": f"An exercise, {answer}",
        "version": 1,
        "skill": "hearing",
        "answer": answer,
        "practise": "Name it first.",
        "miss": "Explaining.",
        "criteria": [{"id": "names_it", "text": "It names the feeling."}, {"id": "is_short", "text": "It is short."}],
        "flags": [],
        "licence": "CC-BY-SA-4.0",
        "statements": [statement(3 * (level - 1) + n, level) for level in (1, 2, 3) for n in (1, 2, 3)],
    }
    return plain | changes


def files_of(name: str = "small", version: int = 1, exercises: dict | None = None) -> dict[str, bytes]:
    """The files of the pack, as they lie in its folder."""
    manifest = {
        "format": 1,
        "id": name,
        "version": version,
        "title": f"Pack {name}",
        "about": "For the tests.",
        "language": "en",
        "school": "any",
        "licence": "CC-BY-SA-4.0",
        "authors": ["The tests"],
        "source": "Made up.",
    }
    skill = {
        "title": "Hearing",
        "version": 1,
        "family": "alliance",
        "about": "Hearing what is said.",
        "helps_with": ["grief"],
        "sources": ["Made up for the tests."],
    }
    parts = {"pack.yaml": manifest, "skills/hearing.yaml": skill}
    both = {"aloud": exercise(), "within": exercise("silent")} if exercises is None else exercises
    parts |= {f"exercises/{slug}.yaml": plain for slug, plain in both.items()}
    return {path: yaml.safe_dump(plain, allow_unicode=True).encode() for path, plain in parts.items()}


def small_pack(**changes):
    """The pack, read and checked."""
    return read_files(files_of(**changes))
