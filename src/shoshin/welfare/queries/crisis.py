"""Words after which a page shows where human help is. A list to read and mend, never a score."""

import re
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "content" / "crisis_words.yaml"


@cache
def _phrases() -> tuple[str, ...]:
    """Every phrase of every language: somebody may write in another one than the page's."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))["phrases"]
    return tuple(phrase for phrases in listed.values() for phrase in phrases)


def has_crisis_words(text: str) -> bool:
    """Whether a text holds a phrase of the list. False says nothing about how somebody is."""
    plain = re.sub(r"\s+", " ", re.sub(r"['’`´]", "", text)).casefold()
    return any(phrase.casefold() in plain for phrase in _phrases())
