"""Three made-up sites with marts of their own, some of whose therapists have too few clients to take part."""

from datetime import UTC, datetime

import numpy as np

from shoshin.mart.build import NewMart
from shoshin.mart.schema import CourseRow

AT = datetime(2026, 11, 3, tzinfo=UTC)
CASELOADS = (40, 25, 12, 10, 9, 3)


def rows_of_site(number, *, loads=CASELOADS):
    """Closed courses of a site; effects of therapists are as large as half a spread within."""
    rng = np.random.default_rng([7, number])
    rows = []
    for therapist, clients in enumerate(loads * 2):
        shift = rng.normal(0, 2)
        for client in range(clients):
            name = f"{number}-{therapist}-{client}"
            first = float(np.round(rng.normal(15, 5)))
            last = 3 + 0.5 * first + shift + rng.normal(0, 4)
            keys = (f"clinic{number}-{therapist % 3}", f"t{number}-{therapist}", f"k{name}", f"o{name}")
            rows.append(CourseRow(*keys, "phq-9", first, last, 1, 6.0, 10.0, 2, 9, 12.0, client % 2 == 0, False))
    return rows


def mart_of(folder, rows):
    mart = NewMart(folder, AT)
    for row in rows:
        mart.add(row)
    mart.finish({})
    mart.put_in_place()
    return folder


def columns(rows):
    """The rows as arrays, for a fit of all of them in one place."""
    held = {name: np.array([getattr(row, name) for row in rows]) for name in ("last", "first", "therapist", "clinic")}
    return held | {"planned": np.array([float(row.planned) for row in rows])}


def taking_part(rows, fewest=10):
    """The rows of therapists with enough clients, counted here by hand."""
    clients = {}
    for row in rows:
        clients.setdefault(row.therapist, set()).add(row.client)
    return [row for row in rows if len(clients[row.therapist]) >= fewest]
