"""Signing in, second factors, sessions, colleagues, the first run, the demo door, and the safety numbers."""

from shoshin.people.views.door import ClosedDoorAdapter, MembershipMiddleware
from shoshin.people.views.sessions import SessionHours

__all__ = ["ClosedDoorAdapter", "MembershipMiddleware", "SessionHours"]
