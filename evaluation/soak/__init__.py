"""Load on a running instance whose processes are killed at random moments, and what must hold all the same."""
