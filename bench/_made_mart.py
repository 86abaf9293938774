"""A made-up outcomes mart of any size: therapists who differ, clients who differ in level and pace, weekly scores."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from shoshin.mart.build import NewMart

SEED = 20261201
AT_ONCE = 50_000  # clients
BUILT_AT = datetime(2026, 11, 3, tzinfo=UTC)


def made_mart(folder: Path, clients: int, progress: Callable[[float], None] = lambda _share: None) -> Path:
    """Write a mart of so many clients: about 20 a therapist, 10 therapists a clinic, about ten weekly scores each."""
    rng = np.random.default_rng([SEED, clients])
    therapists = max(12, clients // 20)
    caseload = rng.lognormal(0, 0.6, therapists)
    therapist_of = rng.choice(therapists, size=clients, p=caseload / caseload.sum())
    shift = rng.normal(0, 1.2, therapists)
    names = pa.array([_key("therapist", number) for number in range(therapists)])
    clinics = pa.array([_key("clinic", number // 10) for number in range(therapists)])
    mart = NewMart(folder, BUILT_AT)
    for start in range(0, clients, AT_ONCE):
        therapist = therapist_of[start : start + AT_ONCE]
        _add_part(mart, rng, start, therapist, shift[therapist], names.take(therapist), clinics.take(therapist))
        progress(min(1.0, (start + AT_ONCE) / clients))
    mart.finish({"said_no": 0, "not_asked": 0})
    mart.put_in_place()
    return folder


def _add_part(
    mart: NewMart,
    rng: np.random.Generator,
    start: int,
    therapist: np.ndarray,
    shift: np.ndarray,
    therapists: pa.Array,
    clinics: pa.Array,
) -> None:
    size = len(therapist)
    sessions = np.minimum(2 + rng.negative_binomial(2, 2 / 10, size), 40)
    client = np.repeat(np.arange(size), sessions)
    ends = np.cumsum(sessions)
    week = np.arange(len(client)) - (ends - sessions)[client]
    level = rng.normal(15, 4, size) + shift
    pace = -2 - 0.1 * (level - 15) + rng.normal(0, 1.2, size)
    value = level[client] + pace[client] * np.log1p(week) + rng.normal(0, 3, len(client))
    keys = {
        "clinic": clinics,
        "therapist": therapists,
        "client": pa.array([_key("client", start + number) for number in range(size)]),
        "course": pa.array([_key("course", start + number) for number in range(size)]),
    }
    count = len(client)
    numbers = range(64 * start, 64 * start + count)
    words = {"measure": "phq-9", "version": "1", "score": "total", "source": "link"}
    columns = {name: each.take(client) for name, each in keys.items()}
    columns |= {name: pa.repeat(word, count) for name, word in words.items()}
    columns |= {name: np.full(count, is_so) for name, is_so in (("headline", True), ("prorated", False))}
    columns["closed"] = np.full(count, True)
    columns["response"] = pa.array([f"{number:024x}" for number in numbers])
    mart.add_columns("responses", columns | {"occasion": week + 1, "week": week, "value": value})
    one = {"direction": np.full(size, 1), "reliable": np.full(size, 6.0), "cutoff": np.full(size, 10.0)}
    ending = {"planned": rng.random(size) < 0.7, "imported": np.full(size, False), "measure": pa.repeat("phq-9", size)}
    counts = {"scores": sessions, "appointments": sessions, "weeks": (sessions - 1).astype(float)}
    ends_with = {"first": value[ends - sessions], "last": value[ends - 1]}
    mart.add_columns("courses", keys | ends_with | one | counts | ending)


def _key(kind: str, number: int) -> str:
    return hashlib.blake2b(f"{kind}:{number}".encode(), digest_size=12).hexdigest()
