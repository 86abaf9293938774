"""Two minutes of compassion: text to read, left at any time, kept only if asked."""

import re

from django.urls import reverse

from shoshin.kit.models import AuditEvent
from shoshin.welfare.models import Pause

PAUSE = reverse("welfare:take_pause")


def test_the_pause_is_text_alone_without_sound_motion_or_clock(cast, as_member, now):
    page = as_member(cast.ada).get(PAUSE).content.decode()
    main = page[page.index("<main") :]
    assert len(re.findall(r"<li>", main)) == 6
    assert not re.search(r"<(audio|video|script|meter|progress|animate)", main)
    assert ">Leave<" in main


def test_done_keeps_nothing_not_even_in_the_trail(cast, as_member, now):
    before = AuditEvent.objects.count()
    assert as_member(cast.ada).post(PAUSE).status_code == 302
    assert not Pause.objects.exists()
    assert AuditEvent.objects.count() == before


def test_taken_is_kept_if_asked_and_says_no_more_than_that(cast, as_member, now):
    as_member(cast.ada).post(PAUSE, {"keep": "yes"})
    pause = Pause.objects.get()
    assert (pause.person_id, pause.taken_at) == (cast.ada.person_id, now)
    assert {field.name for field in Pause._meta.concrete_fields} == {"id", "clinic", "person", "taken_at"}
