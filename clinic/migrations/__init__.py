"""Alembic's folder: `env.py`, and one revision per change of the schema under `versions/`."""
