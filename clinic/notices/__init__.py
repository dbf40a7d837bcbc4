"""Telling the staff: delivers the notices of `clinic.outbox` by e-mail and webhook, each at least once."""
