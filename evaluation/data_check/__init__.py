"""Checks on what the assistant knows and says, before anything is trained: `python -m evaluation.data_check`."""
