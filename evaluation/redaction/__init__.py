"""Measures the redaction of transcripts: `python -m evaluation.redaction`."""
