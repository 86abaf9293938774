"""Forms filled in at random, from a generator the caller seeds."""

from random import Random

from shoshin.measures.models.definitions import Measure


def filled_in(measure: Measure, rng: Random, open_share: float = 0) -> dict[str, float | str]:
    """An answer for each item, but for a share left open; free words are left out."""
    answers: dict[str, float | str] = {}
    for item in measure.items:
        scale = measure.scale_of(item.id)
        if scale.kind == "text" or rng.random() < open_share:
            continue
        low, high = scale.ends
        if scale.values:
            answers[item.id] = rng.choice(scale.values)
        elif scale.step >= 1:
            answers[item.id] = rng.randint(int(low), int(high))
        else:
            answers[item.id] = round(rng.uniform(low, high), 1)
    return answers
