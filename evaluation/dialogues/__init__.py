"""Playing written dialogues through the real channels: `python -m evaluation.dialogues`, see docs/dialogues.md."""
