"""Whether a candidate model is better than the one in force: `python -m evaluation.teaching BEFORE AFTER`."""
