"""One table with one row a request."""

from django.db import models


class Note(models.Model):
    """What came in, and when."""

    text = models.TextField()
    at = models.DateTimeField()
