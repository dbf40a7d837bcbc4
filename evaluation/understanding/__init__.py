"""How well messages are understood, against floors: `python -m evaluation.understanding`."""
