"""How fast and how large the running assistant is, against floors: `python -m evaluation.speed`."""
