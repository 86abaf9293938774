"""Whatever is sent to a form, an address, a query or a cookie, nothing breaks and nothing hangs."""

import re
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import quote_from_bytes, unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import Resolver404, resolve

from shoshin.policy import POLICY
from tests.hostile.conftest import Form, forms_on
from tests.hostile.trials import trying
from tests.hostile.values import HOW_MANY, hostile_files, hostile_values

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200), pytest.mark.usefixtures("bare_frame")]
VALUES = hostile_values()
HANG = 2.0  # seconds of this thread's own work
ALONE = 2
EVERY = pytest.mark.parametrize(
    "every", [pytest.param(10, id="a tenth of them"), pytest.param(1, id="all of them", marks=pytest.mark.chaos)]
)
PARTS = 3  # of the forms, so that both cores share them
FLAGS = {"sure", "everywhere", "revoke"}  # only asked whether they are there
QUERY_KEYS = ("q", "page", "course", "format", "region", "about", "all", "next")


@dataclass
class Count:
    """What was sent, and what went wrong."""

    sent: int = 0
    patience: float = HANG
    faults: list[str] = field(default_factory=list)

    def send(self, what: str, browser, method: str, path: str, **given):
        """One request, undone afterwards; its cookies too."""
        cookies, began = {name: morsel.value for name, morsel in browser.cookies.items()}, time.thread_time()
        with transaction.atomic():
            response = browser.generic(method, path, **given)
            transaction.set_rollback(True)
        browser.cookies = SimpleCookie(cookies)
        self.sent += 1
        body = b"" if response.streaming else response.content
        took = time.thread_time() - began
        if response.status_code >= 500:
            self.faults.append(f"{response.status_code} {what}: {_why(response)}")
        if b"Traceback (most recent" in body:
            self.faults.append(f"a stack trace in the page: {what}")
        if took > self.patience:
            self.faults.append(f"{took:.1f} s: {what}")
        return response


def _why(response) -> str:
    kind, value, trace = getattr(response, "exc_info", None) or (None, None, None)
    while trace is not None and trace.tb_next:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{kind and kind.__name__} {str(value)[:90]} at {where}"


def quoted(value: str) -> str:
    return quote_from_bytes(value.encode("utf-8", "surrogatepass"), safe="")


def encoded(fields: dict[str, str]) -> dict:
    body = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields.items())
    return {"data": body.encode(), "content_type": "application/x-www-form-urlencoded"}


def forms_of(house, browsers) -> dict[tuple, tuple]:
    """Every form that a page of ours shows, with the browser that saw it."""
    seen = {}
    for name, row in POLICY.items():
        if "GET" not in row.methods:
            continue
        response = browsers[name].get(house.address(name))
        if response.status_code < 300 and response["Content-Type"].startswith("text/html") and not response.streaming:
            for form in forms_on(response.content.decode(), response.request["PATH_INFO"]):
                if form.route in POLICY:
                    seen.setdefault((form.route, tuple(name for name, _ in form.fields)), (form, browsers[name]))
    return seen


def short(value: str) -> str:
    return ascii(value if len(value) <= 40 else f"{value[:20]}… ({len(value)})")


def told(count: Count) -> str:
    seen: dict[str, str] = {}
    for fault in count.faults:
        seen.setdefault(re.sub(r"'.*?'", "…", fault.split(": ", 1)[-1]), fault)
    return f"{len(count.faults)} faults of {len(seen)} kinds\n" + "\n".join(list(seen.values())[:40])


def all_at_once(names: list[str], every: int) -> list[tuple[str, dict[str, str]]]:
    """Rounds in which each field of a form holds another value; over all of them each field meets them all."""
    return [
        (f"all {short(VALUES[place])}", {name: VALUES[(place + 37 * nth) % HOW_MANY] for nth, name in enumerate(names)})
        for place in range(0, HOW_MANY, every)
    ]


def one_alone(fields: dict[str, str], every: int) -> list[tuple[str, dict[str, str]]]:
    """Rounds in which one field is hostile and the others hold what the page had put there."""
    return [
        (f"{name}={short(VALUES[place % HOW_MANY])}", fields | {name: VALUES[place % HOW_MANY]})
        for nth, name in enumerate(fields)
        for place in range(nth, HOW_MANY + nth, every)
    ]


def try_form(count: Count, form, browser) -> tuple[int, int]:
    """Every value in every field of this form, in trials where its view makes a form, in whole requests where not.

    What the form takes goes on to be kept, so of each field one value that it took is sent whole as well.
    """
    fields = dict(form.fields)
    rounds, alone = all_at_once([*fields], 1), one_alone(fields, 25)
    count.patience = 60 * HANG
    with trying(rounds + alone) as tried:
        count.send(f"{form.route} as it is", browser, "POST", form.action, **encoded(fields))
    count.faults += [f"{form.route} {fault}" for fault in tried.faults]
    count.patience = HANG
    whole = rounds[::50] if tried.forms or FLAGS.issuperset(fields) else rounds
    for name in fields if tried.forms else ():
        of_field = [each for each in alone if each[0].startswith(f"{name}=")]
        whole.append(next((each for each in of_field if each[0] in tried.taken), of_field[0]))
    for what, given in whole:
        count.send(f"{form.route} {what}", browser, "POST", form.action, **encoded(given))
    return tried.count, len(tried.taken)


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.rest) for part in range(1, PARTS))])
def test_every_field_of_every_form_meets_two_hundred_values_and_breaks_on_none(full_house, browsers, capsys, part):
    """Half of it with all fields hostile at once, half one by one: a form that is never whole is never kept."""
    count, fields, trials, taken = Count(), 0, 0, 0
    forms = list(forms_of(full_house, browsers).values())[part::PARTS]
    for form, browser in forms:
        if form.fields:
            fields += len(form.fields)
            tried, took = try_form(count, form, browser)
            trials, taken = trials + tried, taken + took
    with capsys.disabled():
        told_of = f"{trials} trials ({taken} taken) and {count.sent} whole requests, {connection.vendor}"
        print(f"\n{len(forms)} forms, {fields} fields, {HOW_MANY} values each: {told_of}")
    assert len(forms) > 15 and fields > 40 and trials > HOW_MANY * 10 and taken > 100
    assert count.faults == [], told(count)


@pytest.mark.chaos
def test_no_form_field_breaks_a_page(full_house, browsers, capsys):
    """The same in whole requests: all fields at once, then two values of each alone."""
    count = Count()
    forms = forms_of(full_house, browsers)
    for form, browser in forms.values():
        fields = dict(form.fields)
        for what, given in all_at_once([*fields], 1) + one_alone(fields, HOW_MANY // ALONE):
            count.send(f"{form.route} {what}", browser, "POST", form.action, **encoded(given))
    with capsys.disabled():
        print(f"\n{len(forms)} forms, {HOW_MANY} values each: {count.sent} whole requests")
    assert count.faults == [], told(count)


def reaches_a_page(path: str) -> bool:
    try:
        return bool(resolve(unquote(path)))
    except Resolver404:
        return False


@EVERY
def test_no_part_of_an_address_breaks_a_page(full_house, browsers, capsys, every):
    """Every value is led to its route. Of those that reach a page more are sent whole than of those that reach none."""
    count, parts, led, reached = Count(), 0, 0, 0
    for name, row in POLICY.items():
        method = "GET" if "GET" in row.methods else "POST"
        for part in full_house.arguments[name]:
            paths = [(value, _path(full_house, name, part, value)) for value in VALUES]
            opens = {True: [], False: []}
            for value, path in paths:
                if path is not None:
                    opens[reaches_a_page(path)].append((value, path))
            whole = opens[True][parts % every :: every] + opens[False][parts % every :: every * 4]
            led, reached, parts = led + len(opens[True] + opens[False]), reached + len(opens[True]), parts + 1
            for value, path in whole:
                count.send(f"{name} {part}={short(value)}", browsers[name], method, path)
    with capsys.disabled():
        told_of = f"{led} addresses, {reached} reach a page; {count.sent} whole requests, {connection.vendor}"
        print(f"\n{parts} parts of addresses, {HOW_MANY} values each: {told_of}")
    assert parts > 35 and led > parts * 150
    assert count.faults == [], told(count)


def _path(house, name, part, value) -> str | None:
    """The address with this part replaced as it is, whatever the route would take; too long a line no server reads."""
    if not value or len(value) > 8_000:
        return None
    proper = house.arguments[name][part]
    marked = house.address(name)
    head, found, tail = marked.rpartition(f"/{proper}/")
    if not found:
        head, found, tail = marked.rpartition(str(proper))
        return f"{head}{quoted(value)}{tail}"
    return f"{head}/{quoted(value)}/{tail}"


@EVERY
def test_no_query_breaks_a_page(full_house, browsers, capsys, every):
    count = Count()
    pages = [name for name, row in POLICY.items() if "GET" in row.methods]
    short_ones = [value for value in VALUES if len(value) <= 8_000]
    for nth, name in enumerate(pages):
        for place in range(0, len(short_ones), 5 * every):
            keys = {key: short_ones[(place + nth + 11 * at) % len(short_ones)] for at, key in enumerate(QUERY_KEYS)}
            query = "&".join(f"{key}={quoted(value)}" for key, value in keys.items() if len(value) < 900)
            count.send(f"{name}?{query[:60]}", browsers[name], "GET", f"{full_house.address(name)}?{query}")
    for name in ("care:list_clients", "desk:client", "feedback:imported", "people:first_run", "account_login"):
        for what, keys in all_at_once([*QUERY_KEYS], max(1, every // 2)):
            query = "&".join(f"{key}={quoted(value)}" for key, value in keys.items() if len(value) < 900)
            count.send(f"{name}? {what}", browsers[name], "GET", f"{full_house.address(name)}?{query}")
    with capsys.disabled():
        print(f"\n{len(pages)} pages, {len(QUERY_KEYS)} keys, {count.sent} requests, {connection.vendor}")
    assert count.faults == [], told(count)


def test_no_cookie_and_no_draft_breaks_a_form(full_house, browsers, capsys):
    count = Count()
    for cookie, name in (("form", "feedback:form"), ("page", "feedback:client_page"), ("session", "desk:today")):
        for value in VALUES:
            if len(value) < 4_000 and value.isascii() and value.isprintable():
                browsers[name].cookies[cookie] = value.replace(";", "")
                count.send(f"cookie {cookie}={short(value)}", browsers[name], "GET", full_house.address(name))
    count.send("language", browsers["people:safety"], "GET", "/safety/", headers={"accept-language": "x" * 5_000})
    phone = browsers["feedback:form"]
    phone.cookies.clear()
    phone.post(f"/f/{full_house.link}/")
    for value in VALUES:
        raw = value.encode("utf-8", "surrogatepass")
        for body in (
            raw,
            b'{"seq": 1, "answers": ' + raw + b"}",
            b'{"seq": "' + raw + b'", "answers": {"q-understood": 1}}',
        ):
            count.send(
                f"draft {short(value)}", phone, "POST", "/f/now/draft/", data=body, content_type="application/json"
            )
    with capsys.disabled():
        print(f"\n{count.sent} cookies and drafts, {connection.vendor}")
    assert count.faults == [], told(count)


@pytest.mark.parametrize(
    ("name", "field_name"), [("measures:import_measure", "file"), ("feedback:import_outcomes", "file")]
)
def test_no_file_breaks_an_import(full_house, browsers, capsys, name, field_name):
    count, files = Count(), hostile_files()
    for file_name, content in files:
        whole = encode_multipart(BOUNDARY, {field_name: SimpleUploadedFile("x.csv", content)})
        body = whole.replace(b'filename="x.csv"', b'filename="%s"' % file_name.encode())
        given = {"data": body, "content_type": MULTIPART_CONTENT}
        path = full_house.address(name)
        count.send(f"{name} {short(file_name)}", browsers[name], "POST", path, **given)
    with capsys.disabled():
        print(f"\n{len(files)} files into {name}, {connection.vendor}")
    assert count.faults == [], told(count)


def test_a_page_that_breaks_on_one_value_in_two_hundred_is_noticed(full_house, browsers, monkeypatch):
    """The fault that is looked for, put in: a search that fails on one sign of all that are sent."""
    from shoshin.care.views import clients as views

    whole = views.queries.client_list

    def breaks(*args, **kwargs):
        if any("²" in str(each) for each in (*args, *kwargs.values())):
            raise ValueError("a sign that nobody expected")
        return whole(*args, **kwargs)

    monkeypatch.setattr(views.queries, "client_list", breaks)
    count = Count()
    place = VALUES.index("²")
    for value in VALUES[place - 10 : place + 10]:
        path = f"/clients/?q={quoted(value)}"
        count.send(f"care:list_clients?q={short(value)}", browsers["care:list_clients"], "GET", path)
    assert len(count.faults) == 1 and "nobody expected" in count.faults[0]


def tried_note(full_house, browsers) -> Count:
    """The form for a strength, with every value: it has one field, which keeps what it takes."""
    count, whole = Count(), full_house.address("care:note_strength")
    try_form(count, Form("care:note_strength", whole, (("text", "keeps a garden"),)), browsers["care:note_strength"])
    return count


def test_a_form_that_breaks_on_one_value_and_an_action_that_breaks_on_what_a_form_takes_are_noticed(
    full_house, browsers, monkeypatch
):
    from shoshin.care.forms import StrengthForm
    from shoshin.care.views import clients as views

    assert tried_note(full_house, browsers).faults == []

    def breaks_on_a_sign(form):
        if "²" in form.cleaned_data["text"]:
            raise ValueError("a sign that nobody expected")
        return form.cleaned_data["text"]

    def breaks_on_all(**_given):
        raise ValueError("nothing is ever kept")

    with monkeypatch.context() as patch:
        patch.setattr(StrengthForm, "clean_text", breaks_on_a_sign, raising=False)
        found = tried_note(full_house, browsers).faults
        assert found and all("nobody expected" in each for each in found)
    monkeypatch.setattr(views.actions, "note_strength", breaks_on_all)
    assert any("ever kept" in each for each in tried_note(full_house, browsers).faults)
