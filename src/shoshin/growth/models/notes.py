"""About which client a private note was: the one place where a feeling and a client meet."""

from django.db import models

from shoshin.kit.record import Record


class NoteAbout(Record):
    """A therapist's own word that one of their private notes was about this client. Only they ever see it.

    Welfare keeps the words under a key and knows no client; this row knows the key and no word. It goes with either.
    """

    clinic = models.ForeignKey("people.Clinic", on_delete=models.PROTECT)
    member = models.ForeignKey("people.Membership", on_delete=models.PROTECT, related_name="+")
    note = models.OneToOneField("welfare.FeelingNote", to_field="key", on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey("care.Client", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()

    class Privacy:
        identifying = ()
        clinical = ("client",)
        personal = ("member", "note", "said_at")
        plain = ("id", "clinic")
        retention = "Its author's own: it goes with the note, with the client's record, or when its author says so."
