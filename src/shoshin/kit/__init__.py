"""Plumbing without a domain word in it: clock, actions, records, the audit trail, the route policy."""
