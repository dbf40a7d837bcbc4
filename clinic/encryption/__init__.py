"""Encryption of personal data at rest; docs/encryption.md says what is encrypted, with which key, and why."""
