"""How much of a single client would a site tell by answering rounds of a growth model?

    python bench/federated_rounds.py

In the model `(t | client) + (1 | therapist)` a site could answer each proposal of variances with one matrix of sums
over all its clients, client and therapist blocks eliminated, and nothing of one client in it. Here somebody who knows
when every client came, and each baseline, puts the answers of all rounds together: they are linear in the clients' own
sums of scores. Told is the part of the variance of one client's mean score that the answers leave no doubt of, 0 to 1,
for the most exposed client and the median one; what squares of scores tell comes on top. Numbers are taken to be sent
with 12 digits. `with slopes` is an answer with its derivatives by the four variance parameters, from which a fit needs
about a dozen rounds; without, it needs many more.
"""

import numpy as np
from _machine import heading, table

STEP, STEP_TWICE, DIGITS = 1e-4, 1e-2, 12
START, END = np.array([1.0, 0.0, 1.0, 1.0]), np.array([1.0, 0.05, 0.8, 0.2])  # client (3 entries), therapist


def main() -> None:
    heading("What rounds of a growth model tell of one client")
    rows = []
    for clients in (400, 2_000):
        for rounds, order in ((1, 0), (12, 0), (25, 0), (60, 0), (12, 1), (12, 2)):
            most, median = told(clients, rounds, order)
            name = ("values", "with slopes", "with second slopes")[order]
            rows.append([f"{clients:,}", f"{rounds}", name, f"{most:.2f}", f"{median:.2f}"])
    table(["clients", "rounds", "answers", "most exposed", "median"], rows)


def told(clients: int, rounds: int, order: int) -> tuple[float, float]:
    """The part of one client's variance that is told, of the most exposed client and the median one."""
    rng = np.random.default_rng(1)
    count = np.clip(rng.geometric(0.12, clients) + 2, 3, 40)
    weeks = [np.sort(rng.choice(2 * n + 2, n, replace=False)) for n in count]
    sums = np.array([[np.log1p(each).sum(), (np.log1p(each) ** 2).sum()] for each in weeks])
    inner = np.array([[count, sums[:, 0]], [sums[:, 0], sums[:, 1]]]).transpose(2, 0, 1)
    baseline, home = rng.normal(size=clients), np.arange(clients) % (clients // 20)
    answers = []
    for number in range(rounds):
        part = 1.0 if number == rounds - 1 else 1 - 0.5**number
        theta = START + (END - START) * part + (rng.normal(0, 0.02, 4) if 0 < number < rounds - 1 else 0)
        answers.append(answer(lambda at: weights(at, inner, baseline, home), theta, order))
    factor = np.array([[END[0], 0], [END[1], END[2]]])
    half = np.linalg.cholesky(inner @ (factor @ factor.T) @ inner + inner)  # of a client's two sums of scores
    return exposure(np.concatenate(answers), half)


def weights(theta, inner, baseline, home):
    """How the answer's three products with the outcome depend on each client's sums of y and t y: 3 × clients × 2."""
    factor = np.array([[theta[0], 0], [theta[1], theta[2]]])
    shrunk = factor @ np.linalg.inv(factor.T @ inner @ factor + np.eye(2)) @ factor.T
    crossed = np.concatenate([inner, baseline[:, None, None] * inner[:, :1]], axis=1)  # rows 1, t, baseline
    plain = np.concatenate([np.tile(np.eye(2), (len(home), 1, 1)), baseline[:, None, None] * np.eye(2)[:1]], axis=1)
    leaf = plain - crossed @ shrunk
    level = (crossed - crossed @ shrunk @ inner)[:, :, 0]  # products with 1, once clients are eliminated
    above = np.stack([np.bincount(home, weights=level[:, row]) for row in range(3)], axis=1)
    pull = theta[3] ** 2 / (1 + theta[3] ** 2 * above[:, 0])
    return (leaf - (above * pull[:, None])[home][:, :, None] * leaf[:, :1]).transpose(1, 0, 2)


def answer(at, theta, order):
    """The answer at one proposal, with its derivatives up to this order."""
    found, units = [at(theta)], np.eye(len(theta))
    if order >= 1:
        found += [(at(theta + STEP * e) - at(theta - STEP * e)) / (2 * STEP) for e in units]
    if order == 2:
        for place, one in enumerate(STEP_TWICE * units):
            for other in STEP_TWICE * units[: place + 1]:
                ends = at(theta + one + other) - at(theta + one - other) - at(theta - one + other)
                found.append((ends + at(theta - one - other)) / (4 * STEP_TWICE**2))
    return np.concatenate(found)


def exposure(answers, half):
    """Known of each client's sum of scores after all answers, as a part of what was unknown before."""
    told = np.einsum("ecp,cpq->ecq", answers, half)
    told = (told / np.sqrt((told**2).sum(axis=(1, 2), keepdims=True))).reshape(len(told), -1)
    _, strengths, ways = np.linalg.svd(told, full_matrices=False)
    kept = strengths**2 / (strengths**2 + 10.0 ** (-2 * DIGITS))
    along = np.einsum("kcq,cq->kc", ways.reshape(len(strengths), -1, 2), half[:, 0])
    parts = (kept[:, None] * along**2).sum(axis=0) / (half[:, 0] ** 2).sum(axis=1)
    return float(parts.max()), float(np.median(parts))


if __name__ == "__main__":
    main()
