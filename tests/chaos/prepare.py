"""A clinic with so many forms that wait for their answers, in the database the environment names.

python -m tests.chaos.prepare 200      prints the forms as JSON: [[assignment, token], …]
"""

import io
import json
import secrets
import sys
from datetime import timedelta

import django

FORMS_A_CLIENT = 10


def main(count: int) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if "people_clinic" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
    call_command("load_measures", stdout=io.StringIO())
    print(json.dumps(make_forms(count)))


def make_forms(count: int) -> list[tuple[int, str]]:
    """Clients of Ada's, each with a course and open PHQ-9 forms."""
    from shoshin.kit.action import OPERATOR
    from shoshin.kit.clock import now
    from tests.cast import cast_at

    at = now()
    return send_forms(cast=cast_at(at), count=count, by=OPERATOR, at=at)


def send_forms(**facts) -> list[tuple[int, str]]:
    """The forms as rows: what sending writes, without waiting for a public address."""
    from shoshin.kit.action import action

    return action("tests.send_forms")(_send_forms)(**facts)


def _send_forms(*, cast, count, by, at):
    from shoshin.care.models import Client, Course
    from shoshin.feedback.models import Assignment
    from shoshin.feedback.queries.forms import fingerprint
    from shoshin.measures.queries import measure_version

    version, sent = measure_version("phq-9"), []
    for place in range(count):
        if place % FORMS_A_CLIENT == 0:
            ref = secrets.token_hex(4)
            client = Client.objects.create(clinic=cast.clinic, therapist=cast.ada, ref=ref, code=ref, added_at=at)
            course = Course.objects.create(
                clinic=cast.clinic, client=client, therapist=cast.ada, opened_on=at.date() - timedelta(days=60)
            )
        token = secrets.token_urlsafe(32)
        made = Assignment.objects.create(
            clinic=cast.clinic,
            client=client,
            course=course,
            version=version,
            language="en",
            way="link",
            token_hash=fingerprint(token),
            sent_at=at - timedelta(seconds=count - place),
            sent_by=cast.ada,
            expires_at=at + timedelta(days=1),
        )
        sent.append((made.pk, token))
    return sent


if __name__ == "__main__":
    main(int(sys.argv[1]))
