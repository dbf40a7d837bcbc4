"""Measuring the assistant: each command prints a table and fails below its floor."""
