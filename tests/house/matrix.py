"""Trying every route with every method as everybody on every object, against the table in who_may_open.txt."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.walls import ABSENT, MEMBERS, ROLES, Walls

TABLE = Path(__file__).parent / "who_may_open.txt"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS")
WORDS = ("yes", "own", "clinic", "opened", "no", "login")
# What any page may leave behind, read or written: who looked, the session, a limit's count.
LEFT_BY_LOOKING = ("kit_", "people_personsession", "account_emailaddress", "shared_cache")


@dataclass(frozen=True)
class Line:
    """One line of the table: a route, what its address names, its methods, and a word for each role."""

    route: str
    kind: str
    methods: tuple[str, ...]
    words: dict[str, str]


def lines(text: str = "") -> list[Line]:
    """The table, one line a route."""
    found = []
    for row in (text or TABLE.read_text()).splitlines():
        if row.strip() and not row.startswith("#"):
            route, kind, methods, *words = row.split()
            assert len(words) == len(ROLES), f"{route}: a word for each of {', '.join(ROLES)}, please"
            assert set(words) <= set(WORDS), f"{route}: {set(words) - set(WORDS)} is none of {', '.join(WORDS)}"
            found.append(Line(route, kind, tuple(methods.split(",")), dict(zip(ROLES, words, strict=True))))
    return found


def routes(patterns=None, namespace="") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URLconf with its full name."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


def disagreements(table: list[Line], names: set[str], policy: dict) -> list[str]:
    """Where URLconf, table and policy do not name the same routes with the same methods."""
    listed = {line.route: line for line in table}
    found = [
        f"{name} is a route without a line in who_may_open.txt: say who may open it." for name in names - {*listed}
    ]
    found += [f"{name} has a line in who_may_open.txt, and no such route exists." for name in {*listed} - names]
    found += [f"{name} is a route without a row in policy.py: it opens for nobody." for name in names - {*policy}]
    found += [f"{name} has a row in policy.py, and no such route exists." for name in {*policy} - names]
    found += [
        f"{name}: the table says {', '.join(line.methods)}, the policy {', '.join(policy[name].methods)}."
        for name, line in listed.items()
        if name in policy and set(line.methods) != set(policy[name].methods)
    ]
    return sorted(found)


def objects_of(walls: Walls, line: Line) -> dict[str, dict]:
    """The objects a route is tried on, each with the arguments of its address."""
    if line.kind != "-":
        return walls.named[line.kind]
    plain = {"token": "x" * 43, "uidb36": "zz", "key": "no-key"}
    wanted = dict(routes())[line.route].pattern
    names = set(wanted.converters) | set(wanted.regex.groupindex)
    return {"-": {name: plain[name] for name in names}}


def expected(walls: Walls, line: Line, role: str, name: str, method: str) -> str:
    """What the table says happens: refused method, said, opens, 404, or sent to sign in."""
    if method == "OPTIONS":
        return "said"
    if method not in line.methods and not (method == "HEAD" and "GET" in line.methods):
        return "refused"
    word = line.words[role]
    opens = {"own": walls.holds(role), "clinic": walls.clinic_of(role), "opened": walls.opened_by(role)}.get(word, ())
    if word == "login":
        return "login"
    if word == "no" or name == ABSENT:
        return "no"
    return "yes" if word == "yes" or name in opens else "no"


def happened(response) -> str:
    """What an answer amounts to, in the table's words."""
    if response.status_code in (301, 302, 303) and response["Location"].startswith("/accounts/login/"):
        return "login"
    if response.status_code >= 500:
        return f"fault {response.status_code}"
    return {404: "no", 405: "refused", 204: "said"}.get(response.status_code, "yes")


class Undone(Exception):
    """Raised to take everything back that a request did."""


def tried(walls: Walls, role: str, method: str, address: str, data=None, look=None):
    """One request whose every trace is taken back, with the tables it wrote to; `look` sees them before that."""
    browser, written = walls.browsers[role], []
    cookies = deepcopy(browser.cookies)

    def note(execute, sql, params, many, context):
        verb, _, rest = sql.partition(" ")
        if verb in ("INSERT", "UPDATE", "DELETE"):
            written.append(rest.replace("INTO ", "").replace("FROM ", "").split(" ")[0].strip('"'))
        return execute(sql, params, many, context)

    response = None
    try:
        with transaction.atomic(), connection.execute_wrapper(note):
            response = browser.generic(method, address) if data is None else browser.post(address, data)
            if look is not None and written:
                look(set(written))
            raise Undone
    except Undone:
        browser.cookies = cookies
    return response, written


def deviations(walls: Walls, table: list[Line], methods: tuple[str, ...] = METHODS) -> tuple[int, list[str]]:
    """Try all cells of these lines. Returns how many, and a sentence for each that is not as the table says."""
    cells, wrong = 0, []
    for line in table:
        for place, (name, arguments) in enumerate(objects_of(walls, line).items()):
            address = reverse(line.route, kwargs=arguments)
            # What no row names, HEAD and OPTIONS are answered before anything is looked up, so one object tells of all.
            tries = [each for each in methods if not place or each in line.methods]
            for role in ROLES:
                if place and line.words[role] == "login":
                    continue  # sent away at the door, before anything is looked up: one object tells of all
                for method in tries:
                    response, written = tried(walls, role, method, address, {} if method == "POST" else None)
                    wanted, got = expected(walls, line, role, name, method), happened(response)
                    cells += 1
                    if got != wanted:
                        wrong.append(f"{method} {line.route} as {role} on {name}: {got}, and the table says {wanted}.")
                    marks = [each for each in written if not each.startswith(LEFT_BY_LOOKING)]
                    if marks and method in SAFE:
                        wrong.append(f"{method} {line.route} as {role} on {name} only looks, and wrote to {marks}.")
    return cells, wrong


def opened_cells(table: list[Line]) -> int:
    """How many words of the table let somebody in: a matrix in which nobody opens anything proves nothing."""
    return sum(word not in ("no", "login") for line in table for word in line.words.values())


__all__ = ["MEMBERS", "Line", "deviations", "disagreements", "lines", "opened_cells", "routes", "tried"]
