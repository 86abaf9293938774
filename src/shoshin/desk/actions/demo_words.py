"""The words of the demo clinic, from its content file."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "content" / "demo.yaml"


@cache
def words() -> dict[str, Any]:
    """Everything the demo clinic says, by occasion."""
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def therapist_names(count: int) -> list[str]:
    """As many invented names as asked for: the written ones first, then first and last names in turn."""
    people = words()["people"]
    names = list(people["therapists"][:count])
    for number in range(count - len(names)):
        first = people["first"][number % len(people["first"])]
        last = people["last"][(number + number // len(people["first"])) % len(people["last"])]
        names.append(f"{first} {last}")
    return names
