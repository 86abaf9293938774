"""Which clinics live in this installation."""

from django.conf import settings
from django.http import Http404

from shoshin.people.models import Clinic


def has_clinic() -> bool:
    """Whether anybody has opened a clinic here yet."""
    return Clinic.objects.exists()


def the_clinic() -> Clinic | None:
    """The only clinic of this installation; nothing where there is none yet, or more than one."""
    found = list(Clinic.objects.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def unopened_ground() -> None:
    """Answer 404 once a clinic exists, and in the demo: the first run happens once."""
    if settings.DEMO or has_clinic():
        raise Http404("This installation has its clinic already.")
