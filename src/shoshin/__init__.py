"""Shoshin: psychotherapists who never stop growing, with their clients' own feedback."""
