"""Whole conversations through the real processes: `make run`'s supervisor, the real model, actions and database."""
