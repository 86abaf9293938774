"""What a link is made of, what a mail scanner does to it, and what it never opens."""

import hashlib
import re
import statistics
import time

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client as Browser

from shoshin.care.actions import make_page_key
from shoshin.feedback.actions import assignments
from shoshin.feedback.models import Response
from tests.cast import NOW
from tests.feedback.test_start_form import closed_links

SECRET_WORDS = ("Ada", "B. N.", "Willow House", "PHQ", "Made-up", "benbenbe", "Mia", "Depression")


def everything() -> str:
    """All rows of all tables but the trail, as text."""
    models = [model for model in apps.get_models() if model._meta.label != "kit.AuditEvent"]
    return "\n".join(f"{model._meta.label}{row}" for model in models for row in model._base_manager.values_list())


def state() -> str:
    return hashlib.sha256(everything().encode()).hexdigest()


def test_a_scanner_that_looks_a_hundred_times_changes_nothing_and_learns_no_name(ask, phone, capsys):
    sent = ask("phq-9")
    before, seen = state(), ""
    for each in range(100):
        answer = (phone.get, phone.head)[each % 2](f"/f/{sent.token}/")
        assert answer.status_code == 200
        seen += answer.content.decode() + str(answer.headers)
    assert state() == before
    told = re.sub(r"[\w-]{32,}", "", seen)  # three letters in a row come by chance in every tenth hundred of tokens
    assert len(told) > len(seen) / 2 and [word for word in SECRET_WORDS if word in told] == []
    assert phone.post(f"/f/{sent.token}/").status_code == 303, "it can still be begun"
    assert state() != before, "a change would have been seen"
    assert phone.post("/f/now/", {"q-1": "0", "gaps-seen": "1"}).status_code == 303
    with capsys.disabled():
        print(f"\n100 looks, {len(SECRET_WORDS)} names looked for, {len(before)} signs of a hash the same")


def repeated(make, times: int) -> int:
    """How many of so many tokens came twice."""
    return times - len({make() for _ in range(times)})


def test_of_a_hundred_thousand_links_no_two_are_the_same_and_each_has_256_bits(monkeypatch, capsys):
    import random
    import secrets

    bits = []
    real = secrets.token_urlsafe
    monkeypatch.setattr(assignments.secrets, "token_urlsafe", lambda size: bits.append(size * 8) or real(size))
    assert repeated(lambda: assignments.secrets.token_urlsafe(assignments.TOKEN_BYTES), 100_000) == 0
    assert set(bits) == {256}
    poor = random.Random(1)
    assert repeated(lambda: poor.getrandbits(32), 100_000) > 0, "a token of 32 bits would be noticed"
    with capsys.disabled():
        print("\n100,000 links of 256 bits: 0 twice; of 32 bits some are")


def test_the_whole_database_holds_no_link_no_pin_and_no_cookie(ask, phone, cast):
    sent = ask("phq-9")
    key = make_page_key(client=cast.ben, pin="8305", by=cast.ada, at=NOW)
    phone.post(f"/f/{sent.token}/")
    rows = everything()
    secrets_given = [sent.token, key.token, phone.cookies["form"].value]
    assert [secret for secret in secrets_given if secret in rows] == []
    assert hashlib.sha256(sent.token.encode()).hexdigest() in rows, "what is kept would be seen"


def test_every_way_of_being_closed_looks_the_same_to_the_last_header(ask, moment, phone):
    answers = [Browser().get(f"/f/{token}/") for token in closed_links(ask, moment, phone).values()]
    whole = {(answer.status_code, answer.content, tuple(answer.items()), str(answer.cookies)) for answer in answers}
    assert len(answers) == 6 and len(whole) == 1


def ratio(one: str, other: str, times: int) -> float:
    """How much longer one is than the other, as a ratio of medians; they take turns, so that load meets both."""
    took: dict[str, list[float]] = {one: [], other: []}
    phone = Browser()
    for _ in range(times):
        for path in took:
            began = time.perf_counter()
            phone.get(path)
            took[path].append(time.perf_counter() - began)
    return statistics.median(took[one]) / statistics.median(took[other])


@pytest.mark.slow
def test_no_way_of_being_closed_takes_noticeably_longer(ask, moment, phone, monkeypatch, capsys):
    monkeypatch.setattr("shoshin.feedback.views.client_form.count_wrong_try", lambda *_given: False)
    links = {why: f"/f/{token}/" for why, token in closed_links(ask, moment, phone).items()}
    found = {}
    for why in ("declined", "revoked", "expired", "used"):
        for _again in range(3):
            found[why] = ratio(links[why], links["unknown"], times=125)
            if 0.5 < found[why] < 2:
                break
    with capsys.disabled():
        print(
            f"\n500 looks at closed links; each against an unknown one: { {w: round(r, 2) for w, r in found.items()} }"
        )
    assert [why for why, times in found.items() if not 0.5 < times < 2] == []


def test_a_link_alone_reads_nothing_whatever_is_tried_with_it(ask, phone, client, cast, capsys):
    sent = ask("phq-9")
    phone.post(f"/f/{sent.token}/")
    phone.post("/f/now/draft/", {"seq": 1, "answers": {"q-1": "3"}}, "application/json")
    phone.post("/f/now/", {"q-1": "3", "gaps-seen": "1"})
    reference = Response.objects.get().reference
    doors = [f"/f/{sent.token}/", "/f/now/", "/f/received/", f"/p/{sent.token}/", "/p/now/", f"/responses/{reference}/"]
    doors += ["/clients/benbenbe/", "/clients/benbenbe/export/", "/"]
    seen = [client.get(path) for path in doors] + [client.post(path, {"pin": "0000"}) for path in doors]
    pages = "".join(page.content.decode() for page in seen)
    assert [word for word in (*SECRET_WORDS, reference) if word in pages] == []
    assert reference in phone.get("/f/received/").content.decode(), "the browser that sent it has its receipt"
    with capsys.disabled():
        print(f"\n{len(seen)} tries with a used link in another browser: 0 read anything")


def test_a_locked_page_is_told_to_the_therapist_by_name_of_client(cast, measures_loaded, moment, phone, as_member):
    cache.clear()
    token = make_page_key(client=cast.ben, pin="8305", by=cast.ada, at=NOW).token
    for _ in range(5):
        phone.post(f"/p/{token}/", {"pin": "4711"})
    page = as_member(cast.ada).get("/").content.decode()
    assert "B. N." in page and "PIN" in page
