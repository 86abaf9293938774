"""Signing in, the first run, the demo door, and the safety numbers."""

from shoshin.people.views.door import ClosedDoorAdapter, MembershipMiddleware

__all__ = ["ClosedDoorAdapter", "MembershipMiddleware"]
