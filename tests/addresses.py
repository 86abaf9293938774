"""For tests of a door, not of a page: an address of every route, with arguments of the right shape."""

from django.urls import reverse

from shoshin.kit.policy import MEMBER, OWNER, SIGNED_IN
from shoshin.policy import POLICY
from tests.house.matrix import routes

SHAPES = {"ref": "benbenbe", "pk": 1, "reference": "NONE2222", "measure_id": "shoshin-check", "token": "x" * 43}
SHAPES |= {"measure": "phq-9", "fit": "for-wide", "uidb36": "1", "key": "abc-def", "slug": "hearing"}
SHAPES |= {"reel": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "number": 1}


def parts(name: str) -> list[str]:
    """What the address of this route names, in the route's own words."""
    pattern = dict(routes())[name].pattern
    return list(pattern.converters or pattern.regex.groupindex)


def address(name: str) -> str:
    """An address of this route: ben's where it names a client, and nobody's otherwise."""
    return reverse(name, kwargs={part: SHAPES[part] for part in parts(name)})


WITH_CLIENT = sorted(
    name for name, row in POLICY.items() if row.door in (MEMBER, OWNER, SIGNED_IN) and "ref" in parts(name)
)
